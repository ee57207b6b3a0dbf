"""What a model's name asks for.

`mock-150x30` says 150 words, 30 a second, the first at once; `mock-8x0` says 8 without delay. What follows is what goes
wrong or comes on top, each with a number where one is needed: `mock-150x30-cut:5`, `mock-429:2`, `mock-8x0-utf8-length`.

| word | meaning |
|---|---|
| `401` `403` `404` `408` `500` `502` `503` `529` … | refused with this status, in OpenAI's form |
| `429:S` | refused, `Retry-After: S` |
| `flaky:N` | the first N calls of this model get a 500, the next one is answered, and so on |
| `noheaders` | takes the call and never answers |
| `reset:N` | connection reset after word N (0: before the headers) |
| `cut:N` | connection closed after word N, in the middle of the HTTP body |
| `end:N` | the body ends properly after word N, without a finish reason and without `[DONE]` |
| `silence:N` | says nothing more after word N, but holds the line |
| `errorevent:N` | an `error` event after word N, inside the 200 |
| `garbage:N` | after word N comes what is not JSON, then the rest of the reply |
| `html` `json` | a 200 with a web page, or with a JSON array, instead of a stream |
| `giant:N` | after the first word one line of N MiB |
| `gzip` | a stream that is compressed and does not say so |
| `badusage` | a whole reply whose count of tokens cannot be true |
| `halfjson:N` | word N is cut in the middle of its JSON, then `[DONE]` |
| `redirect` | 302 to `/elsewhere`, which counts who follows |
| `drip:MS` | one byte every MS milliseconds |
| `endless` | never stops (1,000 words a second unless the name says how many) |
| `tool` | calls the first tool that was offered, or `lookup`; answers in words once a tool's result is there |
| `form` | says a small JSON document that is valid by the schema of the request's `response_format` |
| `echo` | says the person's last message instead of numbered words |
| `markdown` | headings, paragraphs, lists, tables and code, as models write them, instead of numbered words |
| `letters` | an echo letter by letter |
| `utf8` | each word carries characters of three and four bytes, and the network splits them |
| `messy` | byte order mark, comments, CRLF and unknown fields |
| `reasoning:N` | N words of reasoning come first |
| `length` `filter` | the finish reason is `length` or `content_filter` |
| `think:MS` | milliseconds before the first word |
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_NAME = re.compile(r"mock(?:-(\d+)x(\d+(?:\.\d+)?))?((?:-[a-z0-9]+(?::\d+(?:\.\d+)?)?)*)")
_EXTRA = re.compile(r"-([a-z0-9]+)(?::(\d+(?:\.\d+)?))?")

ENDLESS_RATE = 1000.0


@dataclass(frozen=True, slots=True)
class Script:
    """A model's name, understood. `rate` is words a second, 0 for no delay; `extras` are the words of the table above."""

    tokens: int
    rate: float
    extras: dict[str, float]

    @property
    def interval_s(self) -> float:
        """Seconds between two words."""
        return 1 / self.rate if self.rate else 0.0

    def number(self, extra: str, default: int) -> int:
        """The whole number behind an extra, or the default where the name has none."""
        return int(self.extras.get(extra, default))


@lru_cache(maxsize=1000)
def read_name(model: str) -> Script | None:
    """The script that a model's name asks for; None for a model that this vendor does not have."""
    found = _NAME.fullmatch(model)
    if not found:
        return None
    tokens, rate, rest = found.groups()
    extras = {name: float(number) if number else 0.0 for name, number in _EXTRA.findall(rest)}
    pace = float(rate or 0)
    if "endless" in extras and not pace:
        pace = ENDLESS_RATE
    return Script(int(tokens or 20), pace, extras)
