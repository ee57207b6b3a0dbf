from hypothesis import given
from hypothesis import strategies as st

from parley.knowledge.pages import Page, Piece, cut, digest_of


def test_a_page_is_cut_at_its_headings_and_each_piece_knows_the_headings_above_it() -> None:
    text = "# A\n\nfirst\n\n## B\n\nsecond\n\n### C\n\nthird\n\n## D\n\nfourth\n"

    assert cut(text) == [
        Piece("A", "first"),
        Piece("A › B", "second"),
        Piece("A › B › C", "third"),
        Piece("A › D", "fourth"),
    ]


def test_text_before_the_first_heading_is_kept() -> None:
    assert cut("hello\n\n# A\n\nworld") == [Piece("", "hello"), Piece("A", "world")]


def test_a_hash_inside_a_code_block_is_no_heading() -> None:
    text = "# A\n\n```sh\n# a comment\n\nls\n```\n\nafter\n"

    assert cut(text) == [Piece("A", "```sh\n# a comment\n\nls\n```\n\nafter")]


def test_a_fence_of_four_is_not_closed_by_one_of_three() -> None:
    text = "# A\n\n````\n```\n# no heading\n```\n````\n\n## B\n\nend\n"

    assert [piece.heading for piece in cut(text)] == ["A", "A › B"]


def test_a_long_section_is_cut_between_paragraphs() -> None:
    paragraphs = ["x" * 50, "y" * 50, "z" * 50]

    pieces = cut("# A\n\n" + "\n\n".join(paragraphs), max_chars=110)

    assert [piece.text for piece in pieces] == ["x" * 50 + "\n\n" + "y" * 50, "z" * 50]


def test_a_paragraph_that_no_piece_holds_is_cut_between_words() -> None:
    assert [piece.text for piece in cut("one two three four", max_chars=9)] == ["one two", "three", "four"]
    assert [piece.text for piece in cut("abcdefgh", max_chars=3)] == ["abc", "def", "gh"]


@given(st.text(alphabet="ab#`~ \n\t", max_size=200), st.integers(min_value=1, max_value=40))
def test_no_piece_is_too_long_or_empty_whatever_the_page(text: str, max_chars: int) -> None:
    for piece in cut(text, max_chars=max_chars):
        assert piece.text.strip()
        assert len(piece.text) <= max_chars


@given(st.lists(st.text(alphabet="abc def", min_size=1).filter(str.strip), min_size=1, max_size=6))
def test_no_word_of_a_page_is_lost(paragraphs: list[str]) -> None:
    text = "\n\n".join(paragraphs)

    assert " ".join(piece.text for piece in cut(text, max_chars=20)).split() == text.split() or any(
        len(word) > 20 for word in text.split()
    )


def test_a_page_is_titled_by_its_first_heading_or_its_file() -> None:
    assert Page("a.md", "## Second level\n\ntext", digest="").title == "Second level"
    assert Page("no-heading_here.md", "text", digest="").title == "No heading here"


def test_the_digest_follows_the_text() -> None:
    assert digest_of("a") == digest_of("a") != digest_of("b")
