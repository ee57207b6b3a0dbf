"""The built-in guide: no model, but a wire like any other, so that a fresh machine answers on the path that models use.

It composes its answer from the passages that the engine found in Parley's handbook. The same request gives the same
answer, so one that was cut off is continued by composing it again. Plain Python: no Django, no network.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass

import aiohttp

from parley.core.errors import EndpointRejected
from parley.core.words import sameness, terms_of
from parley.providers.values import (
    ChatMessage,
    Embedded,
    EmbeddingRequest,
    Finish,
    ModelRequest,
    Passage,
    Route,
    Text,
    TextDelta,
    Usage,
    WireEvent,
)
from parley.providers.wire.base import ListedModel

MODEL = "parley-guide"
PAUSE_S = 0.012

# What the handbook can tell, as questions it answers well; tests/test_guide.py asks them.
QUESTIONS = (
    "How do I connect a model?",
    "Can I use Ollama?",
    "Where is my data?",
    "How do I make a backup?",
    "What happens when the connection is lost?",
    "How do I call Parley from Python?",
    "How do I invite other people?",
    "Which settings are there?",
)

WHO = (
    "No language model is connected to this conversation. I am **Parley's built-in guide**: I look your question up in "
    "Parley's handbook and quote what fits, word for word. I cannot write or think anything up."
)
WHO_AGAIN = "From the handbook (still no language model here, only quotes):"
NEAREST = "Nothing in the handbook quite fits that. The nearest passage is this:"
CONNECT = (
    "**To talk with a language model**, an owner or admin connects one under **Settings → Models**, or starts Parley "
    "with a vendor's key in the environment, for example `OPENAI_API_KEY`. One that is connected already can be chosen "
    "at the top of the conversation."
)
CONNECT_AGAIN = "A language model can be connected under **Settings → Models**."

GREETINGS = re.compile(
    r"(hi|hello|hey)( there)?|good (morning|afternoon|evening|day)|greetings|howdy|hallo|moin|servus|salut|bonjour|hola"
    r"|ciao|test|ping"
)
THANKS = re.compile(
    r"(many |ok |okay |great )?(thanks|thank you|thx|ty)( a lot| very much)?|great|perfect|cool|nice|ok|okay|got it"
    r"|(good ?)?bye|see you"
)
IDENTITY = re.compile(
    r"(who|what) (are|r) (you|u)\b|what can (you|u) do|what do you do|what is this|which model (are you|is this)"
    r"|are you (an? |the )?(ai|bot|robot|human|real|person|chatgpt|gpt|claude|gemini|llm|model|language model)\b"
    r"|(what is |whats )?your name|help$"
)
MORE = re.compile(r"(and|tell me|go on|more|why|how so|continue|explain|what else|really|meaning|example)\b")

MAX_QUOTED_PASSAGES = 3
SAME_QUESTION = 0.7
FAR_OFF_SHARE = 0.5
FIRST_QUOTE_CHARS = 700
LATER_QUOTE_CHARS = 400

_BLOCK_GAP = re.compile(r"\n\s*\n")
_FENCED = re.compile(r"(?ms)^\s{0,3}(```+|~~~+).*?^\s{0,3}\1[ \t]*$")
_SENTENCE_GAP = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9`*\[\"'])")
_PAGE_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")
_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?<=.[^aeiou])(ings?|ed|e?s|ers?|e)$")
_PIECE = re.compile(r"\s*\S+\s*")


@dataclass(frozen=True, slots=True)
class GuideWire:
    """`pause_s` between two words makes the answer readable while it comes; tests set it to 0."""

    pause_s: float = PAUSE_S

    async def stream(
        self, session: aiohttp.ClientSession, route: Route, request: ModelRequest
    ) -> AsyncGenerator[WireEvent, None]:
        for piece in _PIECE.findall(_rest_of(compose(request), request)):
            yield TextDelta(piece)
            await asyncio.sleep(self.pause_s)
        yield Usage(input_tokens=0, output_tokens=0)  # no model, no tokens
        yield Finish("stop")

    async def embed(self, session: aiohttp.ClientSession, route: Route, request: EmbeddingRequest) -> Embedded:
        raise EndpointRejected("The built-in guide turns no texts into vectors. Connect a model for embeddings.")

    async def list_models(self, session: aiohttp.ClientSession, route: Route) -> list[ListedModel]:
        return [ListedModel(MODEL, label="Parley's guide", vision=False, tools=False, prefill=True, chats=True)]


def compose(request: ModelRequest) -> str:
    """The whole answer, as Markdown."""
    question = _question(request)
    again = _answered_before(request)
    plain = " ".join(_WORD.findall(question.lower().replace("'", "")))
    if GREETINGS.fullmatch(plain):
        return _greeting(again=again)
    if THANKS.fullmatch(plain):
        return f"You are welcome. {CONNECT_AGAIN}"
    if IDENTITY.match(plain):
        return _join(WHO, _topics(), CONNECT)
    fitting = _fitting(request.passages, question)
    if not fitting:
        return _nothing_fits(plain, again=again)
    lead, end = (WHO_AGAIN, CONNECT_AGAIN) if again else (WHO, CONNECT)
    if _is_far_off(fitting[0], question):
        return _join(lead, NEAREST, _quote(fitting[0], 0, question), _topics(), end)
    return _join(lead, *(_quote(passage, place, question) for place, passage in enumerate(fitting)), end)


# --- what was asked ---------------------------------------------------------------------------------------------------


def _question(request: ModelRequest) -> str:
    asked = [message for message in request.messages if message.role == "user"]
    return _text(asked[-1]).strip() if asked else ""


def _answered_before(request: ModelRequest) -> bool:
    earlier = request.messages[:-1] if request.continue_last else request.messages
    return any(message.role == "assistant" for message in earlier)


def _text(message: ChatMessage) -> str:
    return "".join(part.text for part in message.content if isinstance(part, Text))


def _rest_of(answer: str, request: ModelRequest) -> str:
    """What is still to be said when the last message is the beginning of this answer."""
    if not request.continue_last:
        return answer
    said = _text(request.messages[-1])
    # The handbook may have changed since: then the answer begins anew, below what is shown already.
    return answer[len(said) :] if answer.startswith(said) else f"\n\n{answer}"


# --- answers without a passage ----------------------------------------------------------------------------------------


def _greeting(*, again: bool) -> str:
    return f"Hello again. {CONNECT_AGAIN}" if again else _join(f"Hello! {WHO}", _topics(), CONNECT)


def _nothing_fits(plain: str, *, again: bool) -> str:
    if again and (MORE.match(plain) or not terms_of(plain).words):
        sorry = "I only look up the words of your last message, so please ask again in a full question."
    else:
        sorry = "Nothing in Parley's handbook fits that."
    return _join(sorry if again else f"{sorry} {WHO}", _topics(), CONNECT_AGAIN if again else CONNECT)


def _topics() -> str:
    return "\n".join(("You can ask me, for example:", "", *(f"- {question}" for question in QUESTIONS)))


def _join(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


# --- which passages, and what of them ---------------------------------------------------------------------------------


def _fitting(passages: Sequence[Passage], question: str) -> list[Passage]:
    """The passages worth quoting: those that speak of the question about as much as the best one, best first.

    Where a heading asks the very question, it is answered, and the rest would only distract.
    """
    words = terms_of(question).words
    for passage in passages:
        heading = passage.title.rpartition(" › ")[2]
        if sameness(question, heading) >= SAME_QUESTION and _hits(heading, words) == len(words):
            return [passage]
    scores = {passage.number: 2 * _hits(passage.title, words) + _hits(passage.text, words) for passage in passages}
    best = max(scores.values(), default=0)
    return [passage for passage in passages if best and scores[passage.number] * 2 > best][:MAX_QUOTED_PASSAGES]


def _is_far_off(passage: Passage, question: str) -> bool:
    words = terms_of(question).words
    return _hits(f"{passage.title} {passage.text}", words) < FAR_OFF_SHARE * len(words)


def _hits(text: str, words: Sequence[str]) -> int:
    """How many of the words, in any of their forms, stand in the text."""
    present = {_stem(word) for word in _WORD.findall(text.lower())}
    return sum(_stem(word) in present for word in words)


def _stem(word: str) -> str:
    """Crude, for English: connect, connects, connected and connecting are one; so are stop and stopped."""
    stem = _ENDING.sub("", word)
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem


def _quote(passage: Passage, place: int, question: str) -> str:
    budget = LATER_QUOTE_CHARS if place else FIRST_QUOTE_CHARS
    chosen = "\n\n".join(_choose(list(_blocks(passage.text)), terms_of(question).words, budget))
    quoted = "\n".join(f"> {line}".rstrip() for line in _PAGE_LINK.sub(r"\1", chosen).splitlines())
    return f"**{passage.title}** [{passage.number}]\n\n{quoted}"


def _choose(blocks: list[str], words: Sequence[str], budget: int) -> Iterator[str]:
    """The blocks that speak most of the words, within a budget of characters, in their order; `…` stands for a gap."""
    if sum(map(len, blocks)) <= budget:
        yield from blocks
        return
    hits = [_hits(block, words) for block in blocks]
    kept: set[int] = set()
    for at in sorted(range(len(blocks)), key=lambda at: (-hits[at], at)):
        # What a colon announces belongs to it, in both directions.
        together = {at, *_announced_by(blocks, at), *_announcing(blocks, at)}
        if not kept or (hits[at] and sum(len(blocks[n]) for n in kept | together) <= budget):
            kept |= together
    previous = -1
    for at in sorted(kept):
        if at > previous + 1:
            yield "…"
        yield _shorten(blocks[at], words, budget)
        previous = at


def _announced_by(blocks: list[str], at: int) -> set[int]:
    return {at + 1} if blocks[at].endswith(":") and at + 1 < len(blocks) else set()


def _announcing(blocks: list[str], at: int) -> set[int]:
    return {at - 1} if at and blocks[at - 1].endswith(":") else set()


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs, lists and tables of Markdown; a fenced code block is one, blank lines and all."""
    end = 0
    for fenced in _FENCED.finditer(text):
        yield from _paragraphs(text[end : fenced.start()])
        yield fenced[0].strip("\n")
        end = fenced.end()
    yield from _paragraphs(text[end:])


def _paragraphs(text: str) -> Iterator[str]:
    yield from (paragraph.strip("\n") for paragraph in _BLOCK_GAP.split(text) if paragraph.strip())


def _shorten(block: str, words: Sequence[str], budget: int) -> str:
    """A paragraph longer than the budget is cut to the sentences from its best one on; code and tables stay whole."""
    if len(block) <= budget or block.lstrip().startswith(("```", "~~~", "|")):
        return block
    sentences = _SENTENCE_GAP.split(block)
    first = last = max(range(len(sentences)), key=lambda at: (_hits(sentences[at], words), -at))
    length = len(sentences[first])
    while last + 1 < len(sentences) and length + len(sentences[last + 1]) < budget:
        last += 1
        length += len(sentences[last]) + 1
    before, after = "… " if first else "", " …" if last + 1 < len(sentences) else ""
    return f"{before}{' '.join(sentences[first : last + 1])}{after}"
