"""The log of all tapes in raw SQL: who may still write, and the rows of a batch. It runs for every batch of tokens.

On SQLite a batch of any size is two statements, of which the first answers with the exceptions only: after each statement and
each row the thread must win the interpreter back from a busy loop, which lets it wait up to half a millisecond. A row for each
of 250 tapes made a commit of 1 ms last 18.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from parley.core.prepared import prepared_cursor
from parley.engine.models import Generation
from parley.engine.values import Page, Verdict

State = Sequence[Any]  # fence, status, stop_requested, last_seq

FINE = Verdict(accepted=True, stop_requested=False)
NOT_FOUND = (-1, "", False, 0)
INSERT_ON_SQLITE = """INSERT INTO engine_event (generation_id, seq, at, body)
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]')
    FROM json_each(%s)"""
# A commit to SQLite is done or not done. One to a server may be done and its answer lost, and is then made again.
INSERT_ON_POSTGRESQL = """INSERT INTO engine_event (generation_id, seq, at, body)
    SELECT * FROM unnest(%s::uuid[], %s::int[], %s::bigint[], ARRAY(SELECT json_array_elements_text(%s::json)))
    ON CONFLICT (generation_id, seq) DO NOTHING"""
ODD_ON_SQLITE = """SELECT page.value ->> 0, g.fence, g.status, g.stop_requested, g.last_seq
    FROM json_each(%s) AS page LEFT JOIN engine_generation AS g ON g.id = page.value ->> 0
    WHERE (g.fence = page.value ->> 1 AND g.status = 'running' AND NOT g.stop_requested) IS NOT TRUE"""
# The same for a frame in which nothing ends, judged and stored in one statement, which is its own transaction: a way to the
# server and back instead of four.
STORE_ON_POSTGRESQL = """WITH fine AS (
        SELECT g.id FROM unnest(%s::uuid[], %s::int[]) AS page (id, fence)
        JOIN engine_generation AS g ON g.id = page.id AND g.fence = page.fence
        WHERE g.status = 'running' AND NOT g.stop_requested FOR NO KEY UPDATE OF g
    ), stored AS (
        INSERT INTO engine_event (generation_id, seq, at, body)
        SELECT entry.* FROM unnest(%s::uuid[], %s::int[], %s::bigint[], ARRAY(SELECT json_array_elements_text(%s::json)))
            AS entry (generation_id, seq, at, body)
        JOIN fine ON fine.id = entry.generation_id
        ON CONFLICT (generation_id, seq) DO NOTHING
    ) SELECT id FROM fine"""
FINE_ON_POSTGRESQL = """SELECT g.id FROM unnest(%s::uuid[], %s::int[]) AS page (id, fence)
    JOIN engine_generation AS g ON g.id = page.id AND g.fence = page.fence
    WHERE g.status = 'running' AND NOT g.stop_requested FOR NO KEY UPDATE OF g"""
JUDGE_ON_POSTGRESQL = """SELECT id, fence, status, stop_requested, last_seq FROM engine_generation
    WHERE id = ANY(%s::uuid[]) FOR NO KEY UPDATE"""


def store_at_once(pages: Sequence[Page]) -> dict[UUID, Verdict]:
    """Store those pages whose generations run under their fence and are not wished to stop, and commit: their verdicts.

    On PostgreSQL, outside of a transaction. Safe to run twice with the same pages.
    """
    keys, fences = _keys(pages), [page.turn.fence for page in pages]
    *columns, bodies = zip(*_rows(keys, pages), strict=True)
    with prepared_cursor() as cursor:
        values = [*map(_array, (keys, fences, *columns)), orjson.dumps(bodies).decode()]
        cursor.execute(STORE_ON_POSTGRESQL, values)
        return dict.fromkeys((row[0] for row in cursor.fetchall()), FINE)


def judge(pages: Sequence[Page]) -> dict[UUID, Verdict]:
    """Compare each page's fence with its generation's, under this transaction's write lock."""
    keys = dict(zip(_keys(pages), pages, strict=True))
    verdicts = {page.turn.generation_id: FINE for page in pages}
    find_odd = _odd_on_postgresql if connection.vendor == "postgresql" else _odd_on_sqlite
    for key, state in find_odd(keys).items():
        page = keys[key]
        verdicts[page.turn.generation_id] = _verdict(page, *state)
    return verdicts


def insert(pages: Sequence[Page]) -> None:
    """Append the entries of `pages`. Safe to run twice with the same pages."""
    rows = _rows(_keys(pages), pages)
    if not rows:
        return
    with prepared_cursor() as cursor:
        if connection.vendor == "postgresql":
            *columns, bodies = zip(*rows, strict=True)
            cursor.execute(INSERT_ON_POSTGRESQL, [*map(_array, columns), orjson.dumps(bodies).decode()])
        else:
            cursor.execute(INSERT_ON_SQLITE, [orjson.dumps(rows).decode()])


def _odd_on_sqlite(keys: dict[Any, Page]) -> dict[Any, State]:
    """The state of those that do not run under the fence of their page, or are wished to stop: nearly always none."""
    fences = [page.turn.fence for page in keys.values()]
    with connection.cursor() as cursor:
        cursor.execute(ODD_ON_SQLITE, [orjson.dumps(list(zip(keys, fences, strict=True))).decode()])
        return {key: NOT_FOUND if state[0] is None else state for key, *state in cursor.fetchall()}


def _odd_on_postgresql(keys: dict[Any, Page]) -> dict[Any, State]:
    """The same, with the rows of all of them locked."""
    fences = [page.turn.fence for page in keys.values()]
    with prepared_cursor() as cursor:
        cursor.execute(FINE_ON_POSTGRESQL, [_array(keys), _array(fences)])
        fine = {row[0] for row in cursor.fetchall()}
        odd = [key for key in keys if key not in fine]
        if not odd:
            return {}
        cursor.execute(JUDGE_ON_POSTGRESQL, [odd])
        return dict.fromkeys(odd, NOT_FOUND) | {key: state for key, *state in cursor.fetchall()}


def _array(plain: Iterable[object]) -> str:
    """An array of what needs no quotes: the driver's own way looks at each element several times."""
    return f"{{{','.join(map(str, plain))}}}"


def _rows(keys: Sequence[Any], pages: Sequence[Page]) -> list[tuple[Any, int, int, str]]:
    return [
        (key, entry.seq, entry.at, entry.body) for key, page in zip(keys, pages, strict=True) for entry in page.entries
    ]


def _verdict(page: Page, fence: int, status: str, stop_requested: bool, last_seq: int) -> Verdict:
    is_repeat = page.ending is not None and last_seq == page.entries[-1].seq
    return Verdict(
        accepted=fence == page.turn.fence and (status == Generation.Status.RUNNING or is_repeat),
        stop_requested=bool(stop_requested),
    )


def _keys(pages: Sequence[Page]) -> list[Any]:
    """The generations' ids as this database stores them; the field's own way costs ten times as much."""
    if connection.features.has_native_uuid_field:
        return [page.turn.generation_id for page in pages]
    return [page.turn.generation_id.hex for page in pages]
