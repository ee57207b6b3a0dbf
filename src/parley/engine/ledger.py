"""Where async meets Django, and the only place: every database call of the engine runs in a thread from here.

On SQLite there is one writer thread, so that this process never waits for its own lock; reads have threads of their own.
What is said in raw SQL, because it runs for every batch of tokens, stands in `log.py`.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.utils import timezone

from parley.conversations.actions import end_answer
from parley.core.announce import announce
from parley.core.faultpoint import faultpoint
from parley.core.outage import database, first_line, may_turn_again
from parley.core.statements import Update
from parley.engine import log, signals
from parley.engine.models import Generation, NewestEvent
from parley.engine.values import Page, Verdict
from parley.engine.writer import Writer
from parley.usage.actions import record_usage

P = ParamSpec("P")
T = TypeVar("T")
Verdicts = dict[UUID, Verdict]

ANSWER_S = 2.8  # whoever waits longer for a write is told to try again, and hears it within three seconds
TURNS = 3  # of a transaction that is undone because of another
END = Update(Generation, where=("id", "fence", "status"), tape_to=NewestEvent())

_writer = Writer()
_readers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="reader")
_at_length = ThreadPoolExecutor(max_workers=4, thread_name_prefix="at-length")
_beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")
_heard = threading.local()  # `at`: when this thread's connection answered last, by `time.monotonic`


class DatabaseAway(Exception):
    """The database does not answer or is locked. Nothing was decided; try again."""


async def write(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function that writes, in the writer thread. Raises `DatabaseAway`, and what `function` raises.

    Pages go before everything else that waits: those who are reading must not wait for those who are asking. Only pages
    wait as long as it takes; what else is given up unanswered may still be done, as when an answer of the database is lost.
    """
    is_pages = function is commit_pages
    work = partial(guarded, function, time.monotonic(), *args, **kwargs)
    done = asyncio.wrap_future(_writer.submit(work, first=is_pages))
    try:
        return await asyncio.wait_for(done, None if is_pages else ANSWER_S)
    except TimeoutError:
        raise DatabaseAway("the database took too long") from None


async def read(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function that only reads, or does no harm when it is done twice, beside the writer."""
    work = partial(_guarded, partial(function, *args, **kwargs), time.monotonic(), may_repeat=True)
    return await asyncio.get_running_loop().run_in_executor(_readers, work)


async def read_at_length(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same for what also waits for files or reads long documents: nobody who only reads SQL stands behind it."""
    work = partial(_lent, partial(function, *args, **kwargs), time.monotonic())
    return await asyncio.get_running_loop().run_in_executor(_at_length, work)


def _lent(work: Callable[[], T], since: float) -> T:
    try:
        return _guarded(work, since, may_repeat=True)
    finally:
        connection.close()  # these threads are seldom needed, and a process has few connections


def beside(read: Callable[[], object]) -> None:
    """Run a read that nobody waits for. Should it fail, whoever needs it reads by himself, and hears why."""
    _beside.submit(_guarded, read, time.monotonic(), may_repeat=True)


def guarded(function: Callable[P, T], since: float, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `function`, which somebody has waited for `since`; every failure of the database is `DatabaseAway`.

    Whoever waited behind one that lost it is told at once: each would else try for as long as that one did.
    """
    return _guarded(partial(function, *args, **kwargs), since)


def _guarded(work: Callable[[], T], since: float, *, may_repeat: bool = False) -> T:
    """`may_repeat`: done again when its connection turns out to have died, for a server that is back already."""
    failure: Exception = OperationalError("the database was lost a moment ago")
    for turn in range(TURNS):
        if database.was_since(since):
            break
        _leave_dead_connection()
        try:
            done = work()
        except (OperationalError, InterfaceError) as error:
            failure = error
            is_gone = database.note(error)
            close_old_connections()  # a broken one goes back to the pool, which makes another
            if is_gone and may_repeat and turn == 0:
                since = time.monotonic()
            elif not may_turn_again(error):
                break
        else:
            _heard.at = time.monotonic()
            return done
    raise DatabaseAway(first_line(failure)) from failure


def _leave_dead_connection() -> None:
    """Another thread lost the database since this one heard from it: this one's connection died, too, untried."""
    if database.was_since(getattr(_heard, "at", 0.0)) and not connection.in_atomic_block:
        connection.close()


def commit_pages(pages: Sequence[Page]) -> Verdicts:
    """Store the pages of many generations in one transaction; a page whose fence is stale stores nothing.

    Safe to run twice with the same pages: a commit whose answer was lost is not doubled.
    """
    stored = _store_at_once(pages)
    if len(stored) == len(pages):
        return stored
    return stored | _judge_and_store([page for page in pages if page.turn.generation_id not in stored])


def _store_at_once(pages: Sequence[Page]) -> Verdicts:
    """On PostgreSQL, those of a frame in which nothing ends; none of another."""
    if connection.vendor != "postgresql" or any(page.ending or not page.entries for page in pages):
        return {}
    faultpoint("pages.written")
    stored = log.store_at_once(pages)
    faultpoint("pages.committed")
    return stored


def _judge_and_store(pages: Sequence[Page]) -> Verdicts:
    """One transaction, with all that ends in it."""
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
    ended = END(
        {"id": turn.generation_id, "fence": turn.fence, "status": Generation.Status.RUNNING},
        status=ending.outcome,
        last_seq=page.entries[-1].seq,
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
            purpose=ending.spent.purpose,
        )
    announce(signals.generation_ended, turn=turn, ending=ending)
