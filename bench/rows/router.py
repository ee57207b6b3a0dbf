"""What a rule costs a message, and how soon the next model speaks when the first refuses the connection."""

import sqlite3
from contextlib import closing

from bench.drive import drive_parley
from bench.figure import Figure
from bench.load.crowd import Plan
from bench.load.seen import percentile_ms
from bench.processes import Running, python
from bench.rest import Rest
from bench.stage import PAGE, SHORT, SINGLE, Parley, Stage

ROUTED, FAILOVER = f"{SHORT}-routed", f"{SHORT}-failover"  # names of rules; they say as many words as what they lead to
ASKS = 100
ROUNDS, ASKS_A_ROUND = 10, 4  # after the fifth failure in a row the endpoint would not be asked any more
ADDED_MS, FAILOVER_MS = 2.0, 300.0
UNMET: tuple[dict[str, object], ...] = (  # by what the crowd asks
    {"images": True},
    {"tools": True},
    {"longer_than": 5000},
    {"languages": ["de", "fr"]},
    {"kinds": ["code"]},
    {"kinds": ["maths"]},
    {"images": True, "kinds": ["summary"]},
    {"tools": True, "languages": ["es"]},
    {"longer_than": 100_000},
)


def router(stage: Stage) -> list[Figure]:
    """One user, who asks again and again, each time in a new conversation."""
    stage.parley.target(SHORT)  # until the vendor's models are there
    rest = stage.parley.rest()
    cards = {card["name"]: card["id"] for card in rest.get("/api/v1/models")["items"]}
    return [_added(stage, rest, cards), _failover(stage, rest, cards)]


def _added(stage: Stage, rest: Rest, cards: dict[str, str]) -> Figure:
    """A rule of ten steps, the last of which fits, as the server's own clock has it: told, compared, chosen."""
    others = [{"model": cards[model]} for model in (SINGLE, PAGE)]
    steps: list[dict[str, object]] = [{"when": when, "models": others} for when in UNMET]
    steps.append({"by": "speed", "models": [{"model": cards[SHORT]}]})
    _make_rule(stage.parley, rest, ROUTED, steps)
    before = len(_took_us(stage.parley))
    drive_parley(stage, Plan(1, ROUTED, asks=20 if stage.quick else ASKS, fresh=True))
    took_us = _took_us(stage.parley)[before:]
    notes: dict[str, object] = {
        "decisions": len(took_us),
        "p50_ms": percentile_ms(took_us, 50),
        "max_ms": percentile_ms(took_us, 100),
    }
    return Figure(
        "router",
        "router: added time per message, p95",
        "ms",
        (percentile_ms(took_us, 95),),
        limit=ADDED_MS,
        notes=notes,
    )


def _failover(stage: Stage, rest: Rest, cards: dict[str, str]) -> Figure:
    """From the post to the first word, where the first model's server is gone: its port refuses."""
    gone = Running("vendor", python("-m", "bench.vendor", "--models", SHORT), "listening on")
    address = f"http://127.0.0.1:{gone.port}/v1"
    endpoint = rest.post("/api/v1/endpoints", {"name": "Gone", "base_url": address, "api_key": "sk-gone"})
    gone.end()
    first = next(card["id"] for card in rest.get("/api/v1/models")["items"] if card["endpoint"]["id"] == endpoint["id"])
    _make_rule(stage.parley, rest, FAILOVER, [{"models": [{"model": first}, {"model": cards[SHORT]}]}])
    first_us: list[int] = []
    for _ in range(2 if stage.quick else ROUNDS):
        endpoint = _afresh(rest, endpoint)
        first_us += drive_parley(stage, Plan(1, FAILOVER, asks=ASKS_A_ROUND, fresh=True)).seen.first_us
    rest.patch(f"/api/v1/endpoints/{endpoint['id']}", {"version": endpoint["version"], "enabled": False})
    notes = {p: round(percentile_ms(first_us, p), 2) for p in (50, 95, 100)}
    return Figure(
        "failover",
        "router: first word after a refused connection, p95",
        "ms",
        (percentile_ms(first_us, 95),),
        limit=FAILOVER_MS,
        notes={"first_word_ms": notes, "asks": len(first_us)},
    )


def _afresh(rest: Rest, endpoint: dict[str, object]) -> dict[str, object]:
    """Switched off and on, after which Parley has forgotten that it failed."""
    for enabled in (False, True):
        path = f"/api/v1/endpoints/{endpoint['id']}"
        endpoint = rest.patch(path, {"version": endpoint["version"], "enabled": enabled})
    return endpoint


def _make_rule(parley: Parley, rest: Rest, name: str, steps: list[dict[str, object]]) -> None:
    rest.post("/api/v1/rules", {"name": name, "steps": steps, "live": True})
    parley.target(name)  # until its bot is there


def _took_us(parley: Parley) -> list[int]:
    """Of every decision so far."""
    with closing(sqlite3.connect(f"file:{parley.folder}/parley.sqlite3?mode=ro", uri=True)) as database:
        return [took for (took,) in database.execute("SELECT took_us FROM providers_decision ORDER BY created_at")]
