"""The words of a PDF, read in a process of its own: a hostile one may cost that process, never this.

    python pdf.py MOST_CHARACTERS < report.pdf > words.txt

Exit status: 0 read, 3 locked by a password, 4 no PDF that can be read. Run as a file, so it imports nothing of Parley.
"""

import io
import resource
import sys
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

LOCKED, BROKEN = 3, 4
MEMORY_BYTES = 1024**3
CPU_S = 10


def words_of(file: BinaryIO, most_characters: int) -> str:
    """Page after page, an empty line between two; cut at `most_characters`."""
    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        sys.exit(LOCKED)
    pages: list[str] = []
    count = 0
    for page in reader.pages:
        text = page.extract_text().strip()
        pages.append(text)
        count += len(text)
        if count >= most_characters:
            break
    return "\n\n".join(filter(None, pages))[:most_characters]


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    try:
        text = words_of(io.BytesIO(sys.stdin.buffer.read()), int(sys.argv[1]))
    # What a broken file makes a parser raise is without end; whoever started us is told in one way.
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, MemoryError):
        sys.exit(BROKEN)
    sys.stdout.buffer.write(text.replace("\0", "").encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
