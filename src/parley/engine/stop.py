"""Stop means stop (N6): the wish is a row, so that it works from any device and process, and whoever writes is told at once."""

from uuid import UUID

from parley.accounts.access import Member
from parley.core import hints
from parley.core.announce import announce
from parley.core.faultpoint import faultpoint
from parley.engine.access import generation_for
from parley.engine.lease import installed_runner
from parley.engine.models import Generation
from parley.engine.signals import stop_asked

STOP, STOP_ANSWERS = "stop", "stop_answers"


def stop_generation(member: Member, generation_id: UUID) -> Generation:
    """Ask the runner to end this generation and keep its text. Stopping twice, or after the end, changes nothing."""
    generation = generation_for(member, generation_id)
    ask_to_stop([generation.id])
    return generation


def ask_to_stop(generation_ids: list[UUID]) -> None:
    """Store the wish; once it is stored, tell the runner, wherever it is. Without the hint it sees it within a second."""
    faultpoint("stop.asked")
    Generation.objects.filter(id__in=generation_ids, status__in=Generation.LIVE).update(stop_requested=True)
    faultpoint("stop.stored")
    for generation_id in generation_ids:
        announce(stop_asked, generation_id=generation_id)


def tell_runner(generation_id: UUID, **_: object) -> None:
    """Receiver of `stop_asked`."""
    runner = installed_runner()
    if runner:
        runner.stop(generation_id)
    hints.tell(STOP, generation_id.bytes)


def stop_answers_of_deleted(live_answer_ids: tuple[UUID, ...], **_: object) -> None:
    """Receiver of `conversation_deleted` and `conversation_cleared`: the rows are gone, so only the runner can be told."""
    runner = installed_runner()
    if runner:
        runner.stop_answers(live_answer_ids)
    hints.tell(STOP_ANSWERS, b"".join(answer_id.bytes for answer_id in live_answer_ids))


def hear_stop(body: bytes) -> None:
    """Another process was asked to stop what may be written here."""
    runner = installed_runner()
    if runner:
        runner.stop(UUID(bytes=body))


def hear_stop_answers(body: bytes) -> None:
    """Another process deleted a conversation with these answers."""
    runner = installed_runner()
    if runner:
        runner.stop_answers([UUID(bytes=body[start : start + 16]) for start in range(0, len(body), 16)])


def wished_to_stop(owner: str) -> list[UUID]:
    """What this process writes and somebody wants to stop: also found while its vendor is silent and nothing is committed."""
    rows = Generation.objects.filter(owner=owner, status=Generation.Status.RUNNING, stop_requested=True)
    return list(rows.values_list("id", flat=True))
