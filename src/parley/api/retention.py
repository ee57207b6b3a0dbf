"""The door of retention: how long things are kept in a workspace, and what a choice would take away. For owners and admins."""

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from parley.api.bodies import Body
from parley.api.who import member_of
from parley.keeping import kept
from parley.keeping.kept import Kept

router = Router(tags=["retention"])


class Days(Body):
    """How many days each is kept; 0: for ever; null: as the environment says."""

    conversations: int | None = Field(None, ge=0, le=kept.MOST_DAYS, description="in which nobody has written")
    archives: int | None = Field(None, ge=0, le=kept.MOST_DAYS, description="of conversations that retention deleted")
    files: int | None = Field(None, ge=0, le=kept.MOST_DAYS, description="since they were uploaded")
    usage: int | None = Field(None, ge=0, le=kept.MOST_DAYS, description="single calls; daily sums and this month stay")


class RetentionIn(Days):
    version: int


class RetentionOut(Schema):
    """`machine`: what the environment says. `archives_are_on`: conversations are archived before they are deleted."""

    days: Days
    machine: Days
    archives_are_on: bool
    version: int


class FateOut(Schema):
    conversations: int
    archives: int
    files: int
    file_bytes: int
    usage_records: int


@router.get("retention", response=RetentionOut)
def get_retention(request: HttpRequest) -> RetentionOut:
    return _out(*kept.chosen_for(member_of(request)))


@router.put("retention", response=RetentionOut)
def put_retention(request: HttpRequest, body: RetentionIn) -> RetentionOut:
    """The whole choice; it takes effect within the hour. `version` is the one that it is based on; 409 when there is a newer."""
    days = body.dict()
    version = days.pop("version")
    return _out(*kept.choose(member_of(request), Kept(**days), version=version))


@router.post("retention/preview", response=FateOut)
def preview_retention(request: HttpRequest, body: Days) -> FateOut:
    """How much would be deleted within the hour, were this chosen now. Nothing changes."""
    fate = kept.preview(member_of(request), Kept(**body.dict()))
    return FateOut(
        conversations=fate.conversations,
        archives=fate.archives,
        files=fate.files,
        file_bytes=fate.file_bytes,
        usage_records=fate.usage_records,
    )


def _out(chosen: Kept, version: int) -> RetentionOut:
    return RetentionOut(
        days=_days(chosen), machine=_days(kept.machine_kept()), archives_are_on=settings.ARCHIVES, version=version
    )


def _days(given: Kept) -> Days:
    return Days(conversations=given.conversations, archives=given.archives, files=given.files, usage=given.usage)
