"""Where async meets Django, and the only place: every database call of the engine runs in a thread from here.

On SQLite there is one writer thread, so that this process never waits for its own lock; reads have threads of their own.
Raw SQL stands here alone, and only for what runs for every batch of tokens.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.utils import timezone

from parley.conversations.actions import end_answer
from parley.core.announce import announce
from parley.core.faultpoint import faultpoint
from parley.engine import signals
from parley.engine.models import Generation
from parley.engine.values import Page, Verdict
from parley.engine.writer import Writer
from parley.usage.actions import record_usage

P = ParamSpec("P")
T = TypeVar("T")
Verdicts = dict[UUID, Verdict]

JUDGE = "SELECT id, fence, status, stop_requested, last_seq FROM engine_generation WHERE id IN ({})"
INSERT = "INSERT INTO engine_event (generation_id, seq, at, body) VALUES {} ON CONFLICT (generation_id, seq) DO NOTHING"
# Rows in one statement. SQLite's driver gives the interpreter away and wants it back for every statement, and under load
# has to wait for it: a hundred rows one by one took 3 ms where they take 1.5 alone. Few sizes, so that they stay prepared.
ROWS_AT_ONCE = (64, 16, 4, 1)
INSERTS = {count: INSERT.format(", ".join(["(%s, %s, %s, %s)"] * count)) for count in ROWS_AT_ONCE}

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
        verdicts = _judge(pages)
        accepted = [page for page in pages if verdicts[page.turn.generation_id].accepted]
        _insert_events(accepted)
        for page in accepted:
            if page.ending:
                _end(page)
        faultpoint("pages.written")
    faultpoint("pages.committed")
    return verdicts


def _judge(pages: Sequence[Page]) -> Verdicts:
    """Compare each page's fence with the row's, under this transaction's write lock."""
    keys = [_key(page.turn.generation_id) for page in pages]
    lock = " FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""
    with connection.cursor() as cursor:
        cursor.execute(JUDGE.format(", ".join(["%s"] * len(keys))) + lock, keys)
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    verdicts = {}
    for key, page in zip(keys, pages, strict=True):
        fence, status, stop_requested, last_seq = found.get(key, (-1, "", False, 0))
        mine = fence == page.turn.fence
        is_repeat = page.ending is not None and last_seq == page.entries[-1].seq
        verdicts[page.turn.generation_id] = Verdict(
            accepted=mine and (status == Generation.Status.RUNNING or is_repeat), stop_requested=bool(stop_requested)
        )
    return verdicts


def _insert_events(pages: Sequence[Page]) -> None:
    rows = [
        (key, entry.seq, entry.at, entry.body)
        for page in pages
        for key in (_key(page.turn.generation_id),)
        for entry in page.entries
    ]
    done = 0
    with connection.cursor() as cursor:
        for count in ROWS_AT_ONCE:
            while len(rows) - done >= count:
                cursor.execute(INSERTS[count], list(chain.from_iterable(rows[done : done + count])))
                done += count


def _key(generation_id: UUID) -> UUID | str:
    """As this database stores it; the field's own way costs ten times as much, 10,000 times a second."""
    return generation_id if connection.features.has_native_uuid_field else generation_id.hex


def _end(page: Page) -> None:
    ending, turn = page.ending, page.turn
    assert ending is not None
    ended = Generation.objects.filter(id=turn.generation_id, fence=turn.fence, status=Generation.Status.RUNNING).update(
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
        )
    announce(signals.generation_ended, turn=turn, ending=ending)
