"""Titles of conversations: the first words at once, a model's own words when they are a title."""

TITLE_PROMPT = (
    "You name conversations. Below are the first question of a person and the beginning of the answer. "
    "Write a title of about five words that says what the conversation is about, in the language of the question. "
    "No emoji, no quotation marks, no full stop, no Markdown. Do not answer the question. Reply with the title alone."
)

EXCERPT_LENGTH = 60


def excerpt_title(text: str) -> str:
    """The first words of a message: at most 60 characters, cut between two words where there are two."""
    words = " ".join(text.split())
    if len(words) <= EXCERPT_LENGTH:
        return words
    cut = words[: EXCERPT_LENGTH - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > EXCERPT_LENGTH // 2 else cut) + "…"
