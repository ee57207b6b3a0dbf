"""Whether this process lives, and whether it should get work. For supervisors and load balancers; nothing secret."""

import threading

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. It asks nothing else: a slow database is no reason to kill it."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """503 with the reasons while requests would fail."""
    reasons = _reasons()
    if reasons:
        return JsonResponse({"status": "not ready", "reasons": reasons}, status=503)
    return JsonResponse({"status": "ok", "reasons": []})


_up_to_date = threading.Event()  # once they are, the tables stay so; looking takes 20 ms that anyone may ask for


def _reasons() -> list[str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if _up_to_date.is_set():
            return []
        executor = MigrationExecutor(connection)
    except DatabaseError:
        return ["the database does not answer"]
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ["the database has another shape than this version needs: run `parley check`"]
    _up_to_date.set()
    return []
