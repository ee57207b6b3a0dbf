"""A page of Markdown as text: its title, its digest, and the pieces it is cut into."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

MAX_PIECE_CHARS = 1200
HEADING_JOIN = " › "
# Part of every digest: a change of the way pages are cut makes stored documents stale, so that they are cut again.
CUT_VERSION = "1"

_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    text: str
    digest: str

    @property
    def title(self) -> str:
        """The first heading; the file's name where there is none."""
        for section in _sections(self.text):
            if section.headings:
                return section.headings[0]
        return Path(self.path).stem.replace("-", " ").replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Piece:
    """What becomes a chunk: `heading` is the path of headings above it, joined by ` › `."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    headings: tuple[str, ...]
    blocks: tuple[str, ...]


def read_pages(folder: Path) -> list[Page]:
    """Every `*.md` of a folder, by name. An absent folder has no pages."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}
    return [Page(name, text, digest_of(text)) for name, text in texts.items()]


def digest_of(text: str) -> str:
    return sha256(f"{CUT_VERSION}\n{text}".encode()).hexdigest()


def cut(text: str, *, max_chars: int = MAX_PIECE_CHARS) -> list[Piece]:
    """Cut Markdown at its headings, and a long section between paragraphs; a code block stays whole while it fits."""
    return [
        Piece(HEADING_JOIN.join(section.headings), packed)
        for section in _sections(text)
        for packed in _pack(section.blocks, max_chars)
    ]


def _sections(text: str) -> Iterator[_Section]:
    headings: list[tuple[int, str]] = []
    blocks: list[str] = []
    for block in _blocks(text):
        found = _HEADING.fullmatch(block)
        if not found:
            blocks.append(block)
            continue
        if blocks or headings:
            yield _Section(tuple(words for _, words in headings), tuple(blocks))
        depth = len(found[1])
        headings = [*(above for above in headings if above[0] < depth), (depth, found[2])]
        blocks = []
    yield _Section(tuple(words for _, words in headings), tuple(blocks))


def _blocks(text: str) -> Iterator[str]:
    """Headings, paragraphs and whole code blocks, in order. A `#` inside a code block is no heading."""
    block: list[str] = []
    fence = ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if fence:
            block.append(line)
            if mark and mark[1].startswith(fence):
                fence = ""
        elif mark:
            fence = mark[1]
            block.append(line)
        elif not line.strip() or _HEADING.fullmatch(line):
            yield from _joined(block)
            block = []
            yield from _joined([line])
        else:
            block.append(line)
    yield from _joined(block)


def _joined(lines: list[str]) -> Iterator[str]:
    block = "\n".join(lines).strip("\n")
    if block.strip():
        yield block


def _pack(blocks: tuple[str, ...], max_chars: int) -> Iterator[str]:
    packed = ""
    for block in (part for whole in blocks for part in _split_long(whole, max_chars)):
        if packed and len(packed) + len(block) + 2 > max_chars:
            yield packed
            packed = block
        else:
            packed = f"{packed}\n\n{block}" if packed else block
    if packed:
        yield packed


def _split_long(block: str, max_chars: int) -> Iterator[str]:
    """A block that no piece can hold is cut between words, and inside a word only when there is no space at all."""
    while len(block) > max_chars:
        spaces = [found.start() for found in _BLANKS.finditer(block, 0, max_chars) if found.start()]
        at = spaces[-1] if spaces else max_chars
        yield block[:at].rstrip()
        block = block[at:].lstrip()
    if block:
        yield block
