"""The log of all tapes in raw SQL: who may still write, and the rows of a batch. It runs for every batch of tokens, so it
asks in few statements of few texts: each text is prepared once, and a thread that comes back from SQLite must each time win the
interpreter back from the loop.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from parley.engine.models import Generation
from parley.engine.values import Page, Verdict

FINE = Verdict(accepted=True, stop_requested=False)
NOT_FOUND = (-1, "", False, 0)
ROWS_AT_ONCE = (64, 16, 4, 1)  # SQLite knows no arrays
INSERT_ON_SQLITE = "INSERT INTO engine_event (generation_id, seq, at, body) VALUES {}"
INSERTS_ON_SQLITE = {count: INSERT_ON_SQLITE.format(", ".join(["(%s, %s, %s, %s)"] * count)) for count in ROWS_AT_ONCE}
# A commit to SQLite is done or not done. One to a server may be done and its answer lost, and is then made again.
INSERT_ON_POSTGRESQL = """INSERT INTO engine_event (generation_id, seq, at, body)
    SELECT * FROM unnest(%s::uuid[], %s::int[], %s::bigint[], %s::text[]) ON CONFLICT (generation_id, seq) DO NOTHING"""
FINE_ON_SQLITE = """SELECT g.id FROM json_each(%s) AS page JOIN engine_generation AS g
    ON g.id = page.value ->> 0 AND g.fence = page.value ->> 1 WHERE g.status = 'running' AND NOT g.stop_requested"""
FINE_ON_POSTGRESQL = """SELECT g.id FROM unnest(%s::uuid[], %s::int[]) AS page (id, fence)
    JOIN engine_generation AS g ON g.id = page.id AND g.fence = page.fence
    WHERE g.status = 'running' AND NOT g.stop_requested FOR NO KEY UPDATE OF g"""
JUDGE = "SELECT id, fence, status, stop_requested, last_seq FROM engine_generation WHERE id IN ({})"


def judge(pages: Sequence[Page]) -> dict[UUID, Verdict]:
    """Compare each page's fence with its generation's, under this transaction's write lock."""
    keys = dict(zip(_keys(pages), pages, strict=True))
    fine = set(_fine(keys))
    verdicts = {page.turn.generation_id: FINE for key, page in keys.items() if key in fine}
    if len(verdicts) < len(pages):
        verdicts |= _judge_each({key: page for key, page in keys.items() if key not in fine})
    return verdicts


def insert(pages: Sequence[Page]) -> None:
    """Append the entries of `pages`. Safe to run twice with the same pages."""
    rows = [
        (key, entry.seq, entry.at, entry.body)
        for key, page in zip(_keys(pages), pages, strict=True)
        for entry in page.entries
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(INSERT_ON_POSTGRESQL, [list(column) for column in zip(*rows, strict=True)])
            return
        done = 0
        for count in ROWS_AT_ONCE:
            while len(rows) - done >= count:
                cursor.execute(INSERTS_ON_SQLITE[count], list(chain.from_iterable(rows[done : done + count])))
                done += count


def _fine(keys: dict[Any, Page]) -> list[Any]:
    """Those that run under the fence of their page, with nobody wishing them to stop: nearly always all."""
    fences = [page.turn.fence for page in keys.values()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FINE_ON_POSTGRESQL, [list(keys), fences])
        else:
            cursor.execute(FINE_ON_SQLITE, [orjson.dumps(list(zip(keys, fences, strict=True))).decode()])
        return [row[0] for row in cursor.fetchall()]


def _judge_each(keys: dict[Any, Page]) -> dict[UUID, Verdict]:
    lock = " FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""
    with connection.cursor() as cursor:
        cursor.execute(JUDGE.format(", ".join(["%s"] * len(keys))) + lock, list(keys))
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    verdicts = {}
    for key, page in keys.items():
        fence, status, stop_requested, last_seq = found.get(key, NOT_FOUND)
        is_repeat = page.ending is not None and last_seq == page.entries[-1].seq
        verdicts[page.turn.generation_id] = Verdict(
            accepted=fence == page.turn.fence and (status == Generation.Status.RUNNING or is_repeat),
            stop_requested=bool(stop_requested),
        )
    return verdicts


def _keys(pages: Sequence[Page]) -> list[Any]:
    """The generations' ids as this database stores them; the field's own way costs ten times as much."""
    if connection.features.has_native_uuid_field:
        return [page.turn.generation_id for page in pages]
    return [page.turn.generation_id.hex for page in pages]
