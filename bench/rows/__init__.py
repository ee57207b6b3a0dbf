"""The rows of the table: each takes the stage and returns the figures it measured. A new row is one line here."""

from collections.abc import Callable

from bench.figure import Figure
from bench.rows.app import app, phone
from bench.rows.big import big
from bench.rows.first_token import first_token
from bench.rows.fleet import fleet_first_token, fleet_hundred, fleet_idle, fleet_storm, fleet_two_hundred
from bench.rows.inside import models_inside
from bench.rows.install import install
from bench.rows.reading import reading
from bench.rows.router import router
from bench.rows.short import short
from bench.rows.sockets import accept_rate, sockets
from bench.rows.stalled import fleet_stalled
from bench.rows.start import memory, start
from bench.rows.streams import burst, hundred, most, three_hundred
from bench.stage import Stage

ROWS: dict[str, Callable[[Stage], list[Figure]]] = {
    "start": start,
    "memory": memory,
    "sockets": sockets,
    "first_token": first_token,
    "hundred": hundred,
    "three_hundred": three_hundred,
    "most": most,
    "short": short,
    "router": router,
    "reading": reading,
    "install": install,
    "burst": burst,
    "accept_rate": accept_rate,
}

# Those that take minutes: measured when they are named.
ON_REQUEST: dict[str, Callable[[Stage], list[Figure]]] = {
    "app": app,
    "phone": phone,
    "big": big,
    "models_inside": models_inside,
    "fleet_first_token": fleet_first_token,
    "fleet_hundred": fleet_hundred,
    "fleet_two_hundred": fleet_two_hundred,
    "fleet_idle": fleet_idle,
    "fleet_stalled": fleet_stalled,
    "fleet_storm": fleet_storm,
}
