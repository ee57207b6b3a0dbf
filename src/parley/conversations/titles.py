"""Titles of conversations: the first words at once; later a model's own, when what it says is a title."""

import re

TITLE_PROMPT = (
    "You name conversations. Below are the first question of a person and the beginning of the answer. "
    "Write a title of about five words that says what the conversation is about, in the language of the question. "
    "No emoji, no quotation marks, no full stop, no Markdown. Do not answer the question. Reply with the title alone."
)
EXCERPT_LENGTH = 60
MAX_WORDS = 12
MAX_LENGTH = 80  # for languages that put no blanks between words

THOUGHT = re.compile(r"<(think|thinking|thought|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
THOUGHT_BEFORE = re.compile(r"\A.*</(?:think|thinking|thought|reasoning)>", re.DOTALL | re.IGNORECASE)
EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U000e0020-\U000e007f\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff]\ufe0f?\u200d?|[\ufe0f\u20e3]"
)
MARKDOWN = re.compile(r"^(?:#+|[-*+•>]|\d+[.)])\s+|[*_`~]{2,}|(?<!\w)[*_`]|[*_`](?!\w)")
PREFIX = re.compile(
    r"^(?:(?:sure|certainly|of course|okay|ok|here|the|a|suggested|possible|conversation|chat)\b[^:：]{0,60}[:：]"
    r"|(?:title|titel|titre|título|titolo|tytuł|название|标题|標題|タイトル|제목)\s*[:：])\s*",
    re.IGNORECASE,
)
CHATTER = re.compile(
    r"^(?:sure|certainly|of course|okay|ok|here(?:'s|’s| is| are)|sorry|apologies|as an ai|thank you|hello|hi"
    r"|i(?:'m|’m| am| can|'ll|’ll| will| would| apologi[sz]e)|let me|please)\b",
    re.IGNORECASE,
)
QUOTES = "\"'“”„‟«»‘’‚‹›「」『』《》"


def excerpt_title(text: str) -> str:
    """The first words of a message: at most 60 characters, cut between two words where there are two."""
    words = " ".join(text.split())
    if len(words) <= EXCERPT_LENGTH:
        return words
    cut = words[: EXCERPT_LENGTH - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > EXCERPT_LENGTH // 2 else cut) + "…"


def clean_title(raw: str) -> str | None:
    """The title in what a model said when it was asked for one; None when it chattered instead."""
    spoken = THOUGHT_BEFORE.sub("", THOUGHT.sub("", raw))
    lines = [title for line in spoken.splitlines() if (title := _without_dress(line))]
    return lines[0] if lines and _is_title(lines[0]) else None


def _without_dress(line: str) -> str:
    """A line without Markdown, emoji, quotes, full stop and "Title:"; empty when nothing else stood there."""
    text = " ".join(EMOJI.sub(" ", line).split())
    text = MARKDOWN.sub("", MARKDOWN.sub("", text)).strip()
    text = PREFIX.sub("", text).strip(QUOTES + " ")
    text = MARKDOWN.sub("", text)
    return text if text.endswith(("...", "…")) else text.rstrip(".。:：;, ").rstrip(QUOTES)


def _is_title(text: str) -> bool:
    """A question is none, in no language: it is put to the person, or it is theirs, which the excerpt says as well."""
    return (
        any(map(str.isalnum, text))
        and len(text.split()) <= MAX_WORDS
        and len(text) <= MAX_LENGTH
        and not text.endswith(("?", "？", "؟"))
        and not CHATTER.match(text)
    )
