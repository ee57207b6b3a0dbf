"""Start-up checks that name the fix. They read rows, so `parley up` and `parley check` run them once the tables are there."""

from collections.abc import Sequence

from django.core import checks
from django.core.checks import CheckMessage, register
from django.db import DatabaseError

from parley.core.errors import EndpointRefused
from parley.providers.models import RULE_WIRE, Endpoint
from parley.providers.routes import route_of
from parley.providers.wire import WIRES


@register("parley")
def check_endpoints(app_configs: object, **options: object) -> Sequence[CheckMessage]:
    try:
        endpoints = list(Endpoint.objects.filter(available=True))
    except DatabaseError:
        return []  # no tables yet: nothing can be wrong in them
    return [message for endpoint in endpoints for message in _problems(endpoint)]


def _problems(endpoint: Endpoint) -> Sequence[CheckMessage]:
    if endpoint.wire not in (*WIRES, RULE_WIRE):
        said = f"The endpoint {endpoint.name} speaks the wire '{endpoint.wire}', which this Parley does not know."
        fix = f"Remove it under Settings, Models, or run a Parley that knows it. This one knows: {', '.join(WIRES)}."
        return [checks.Error(said, fix, id="providers.E001")]
    try:
        route_of(endpoint)
    except EndpointRefused as error:
        fix = "Put the old DATA/secret.key (or PARLEY_SECRET) back, or enter the key again under Settings, Models."
        return [checks.Warning(error.message, fix, id="providers.W001")]
    return []
