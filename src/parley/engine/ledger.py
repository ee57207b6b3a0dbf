"""Where async meets Django, and the only place: every database call of the engine runs in a thread from here.

On SQLite there is one writer thread, so that this process never waits for its own lock; reads have threads of their own.
What is said in raw SQL, because it runs for every batch of tokens, stands in `log.py`.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.utils import timezone

from parley.conversations.actions import end_answer
from parley.core.announce import announce
from parley.core.faultpoint import faultpoint
from parley.engine import log, signals
from parley.engine.models import Generation, NewestEvent
from parley.engine.values import Page, Verdict
from parley.engine.writer import Writer
from parley.usage.actions import record_usage

P = ParamSpec("P")
T = TypeVar("T")
Verdicts = dict[UUID, Verdict]

_writer = Writer()
_readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="reader")


class DatabaseAway(Exception):
    """The database does not answer or is locked. Nothing was decided; try again."""


async def write(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function that writes, in the writer thread. Raises `DatabaseAway`, and what `function` raises.

    Pages go before everything else that waits: those who are reading must not wait for those who are asking.
    """
    work = partial(_guarded, function, *args, **kwargs)
    return await asyncio.wrap_future(_writer.submit(work, first=function is commit_pages))


async def read(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function that only reads, beside the writer."""
    return await asyncio.get_running_loop().run_in_executor(_readers, partial(_guarded, function, *args, **kwargs))


def _guarded(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return function(*args, **kwargs)
    except (OperationalError, InterfaceError) as error:
        close_old_connections()
        raise DatabaseAway(str(error)) from error


def commit_pages(pages: Sequence[Page]) -> Verdicts:
    """Store the pages of many generations in one transaction; a page whose fence is stale stores nothing.

    Safe to run twice with the same pages: a commit whose answer was lost is not doubled.
    """
    with transaction.atomic():
        verdicts = log.judge(pages)
        accepted = [page for page in pages if verdicts[page.turn.generation_id].accepted]
        log.insert(accepted)
        for page in accepted:
            if page.ending:
                _end(page)
        faultpoint("pages.written")
    faultpoint("pages.committed")
    return verdicts


def _end(page: Page) -> None:
    ending, turn = page.ending, page.turn
    assert ending is not None
    ended = Generation.objects.filter(id=turn.generation_id, fence=turn.fence, status=Generation.Status.RUNNING).update(
        status=ending.outcome,
        last_seq=page.entries[-1].seq,
        tape_to=NewestEvent(),
        ended_at=timezone.now(),
        error_code=ending.error_code,
        error_message=ending.error_message,
        error_retryable=ending.error_retryable,
    )
    if ended != 1:
        return  # this very page was committed before; its answer was lost
    end_answer(turn.answer_id, parts=ending.parts, status=ending.outcome)
    if ending.spent:
        record_usage(
            workspace_id=turn.workspace_id,
            user_id=turn.user_id,
            generation_id=turn.generation_id,
            endpoint_id=ending.spent.endpoint_id,
            model=ending.spent.model,
            input_tokens=ending.spent.input_tokens,
            output_tokens=ending.spent.output_tokens,
            estimated=ending.spent.estimated,
        )
    announce(signals.generation_ended, turn=turn, ending=ending)
