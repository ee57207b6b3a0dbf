"""Whether two tables hold the same rows, in whatever order they come: no sorting, and one pass."""

from collections.abc import Sequence
from hashlib import blake2b

import orjson

from parley.keeping.tables import Table

Value = str | int | float | None
Row = Sequence[Value]
BYTES = 16


class Digest:
    """Counts rows, and adds their hashes modulo 2¹²⁸: a lost, doubled or altered row shows.

    Columns of JSON are compared by what they say: PostgreSQL keeps neither spaces nor the order of keys.
    """

    def __init__(self, table: Table) -> None:
        self._json = [place for place, column in enumerate(table.columns) if column.kind == "json"]
        self._sum = 0
        self.rows = 0

    def add(self, row: Row, line: bytes | None = None) -> None:
        """`line` is the row as JSON, if it was written already."""
        if self._json or line is None:
            line = orjson.dumps(self._plain(row))
        self._sum += int.from_bytes(blake2b(line, digest_size=BYTES).digest(), "big")
        self.rows += 1

    def hex(self) -> str:
        return (self._sum % (1 << 8 * BYTES)).to_bytes(BYTES, "big").hex()

    def _plain(self, row: Row) -> Row:
        if not self._json:
            return row
        plain = list(row)
        for place in self._json:
            if isinstance(stored := plain[place], str):
                plain[place] = orjson.dumps(orjson.loads(stored), option=orjson.OPT_SORT_KEYS).decode()
        return plain
