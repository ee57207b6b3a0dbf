"""What cannot be read of a PDF is told by what to do about it."""

import io

import pytest
from pypdf import PdfWriter

from parley.files.words import BROKEN, LOCKED, WORDLESS, Wordless, read_pdf


def written(*, password: str = "") -> io.BytesIO:
    """A PDF of one empty page."""
    writer, content = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(content)
    return content


@pytest.mark.parametrize(
    ("content", "told"),
    [(written(password="sesame"), LOCKED), (written(), WORDLESS), (io.BytesIO(b"%PDF-1.7 and no more"), BROKEN)],
)
def test_a_pdf_without_words_says_why_and_what_to_do(content: io.BytesIO, told: str) -> None:
    with pytest.raises(Wordless, match=told):
        read_pdf(content)
