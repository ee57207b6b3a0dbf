"""The door to the condition of the installation, for owners and admins."""

from typing import Literal

from django.http import HttpRequest
from ninja import Router, Schema

from parley.api.who import member_of
from parley.keeping.condition import condition_for

router = Router(tags=["condition"])


class CheckOut(Schema):
    """`remedy` is empty while all is well. `degraded`: Parley works, but not as well as it could."""

    name: str
    state: Literal["ok", "failing", "degraded"]
    remedy: str


class ProcessOut(Schema):
    name: str
    ready: bool


class ConditionOut(Schema):
    checks: list[CheckOut]
    processes: list[ProcessOut]
    versions: dict[str, str]
    replies_waiting: int
    replies_written: int
    database_bytes: int | None
    disk_free_bytes: int
    disk_bytes: int
    files_in: str
    cleaned_counts: dict[str, int]


@router.get("condition", response=ConditionOut)
def get_condition(request: HttpRequest) -> ConditionOut:
    """Checks with what to do about each, versions, processes of this machine, and sizes."""
    found = condition_for(member_of(request))
    return ConditionOut(
        checks=[CheckOut(name=check.name, state=check.state, remedy=check.remedy) for check in found.checks],
        processes=[ProcessOut(name=name, ready=ready) for name, ready in found.processes.items()],
        versions=found.versions,
        replies_waiting=found.replies_waiting,
        replies_written=found.replies_written,
        database_bytes=found.database_bytes,
        disk_free_bytes=found.disk_free_bytes,
        disk_bytes=found.disk_bytes,
        files_in=found.files_in,
        cleaned_counts=found.cleaned_counts,
    )
