"""Stop means stop (N6): the wish is a row, so that it works from any device and process, and whoever writes is told at once."""

from uuid import UUID

from parley.accounts.access import Member
from parley.core.announce import announce
from parley.core.faultpoint import faultpoint
from parley.engine.access import generation_for
from parley.engine.lease import installed_runner
from parley.engine.models import Generation
from parley.engine.signals import stop_asked


def stop_generation(member: Member, generation_id: UUID) -> Generation:
    """Ask the runner to end this generation and keep its text. Stopping twice, or after the end, changes nothing."""
    generation = generation_for(member, generation_id)
    ask_to_stop([generation.id])
    return generation


def ask_to_stop(generation_ids: list[UUID]) -> None:
    """Store the wish; once it is stored, tell the runner of this process. Others see it with their next commit."""
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


def stop_answers_of_deleted(live_answer_ids: tuple[UUID, ...], **_: object) -> None:
    """Receiver of `conversation_deleted`: the rows are gone, so only the runner can be told."""
    runner = installed_runner()
    if runner:
        runner.stop_answers(live_answer_ids)
