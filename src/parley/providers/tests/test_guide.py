"""The guide's answers, from hand-made passages. How it answers from the real handbook: tests/test_handbook.py."""

import re
from typing import cast

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.providers.values import ChatMessage, Finish, ModelRequest, Passage, Route, Text, TextDelta, Usage, WireEvent
from parley.providers.wire.guide import CONNECT, CONNECT_AGAIN, QUESTIONS, WHO, GuideWire, compose

NO_SESSION = cast(aiohttp.ClientSession, None)  # the guide asks nobody
ROUTE = Route(endpoint_id="e", wire="guide", base_url="")

CELLAR = Passage(1, "Apples › How are apples stored?", "apples.md", "In a cool cellar, on straw.")
MARKET = Passage(2, "Pears › Where are pears sold?", "pears.md", "At the market.\n\n```sh\nbuy pears\n\n# now\n```")


def request(*said: str, passages: tuple[Passage, ...] = (), continue_last: bool = False) -> ModelRequest:
    """`said`: the person and the guide in turns, the person first."""
    messages = [ChatMessage("assistant" if n % 2 else "user", (Text(text),)) for n, text in enumerate(said)]
    return ModelRequest("parley-guide", tuple(messages), passages=passages, continue_last=continue_last)


async def streamed(asked: ModelRequest) -> list[WireEvent]:
    return [event async for event in GuideWire(pause_s=0).stream(NO_SESSION, ROUTE, asked)]


def text_of(events: list[WireEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def test_it_says_first_that_no_model_is_connected_then_quotes_and_then_leads_to_one() -> None:
    answer = compose(request("Where do apples keep?", passages=(CELLAR,)))

    assert answer.startswith("No language model is connected")
    assert "**Apples › How are apples stored?** [1]\n\n> In a cool cellar, on straw." in answer
    assert answer.endswith(CONNECT)


def test_the_second_answer_of_a_conversation_is_shorter() -> None:
    answer = compose(request("Hi", "Hello!", "How are apples stored?", passages=(CELLAR,)))

    assert WHO not in answer
    assert "no language model" in answer
    assert answer.endswith(CONNECT_AGAIN)


def test_the_heading_that_asks_the_same_question_is_the_only_one_quoted() -> None:
    answer = compose(request("where are pears sold?", passages=(CELLAR, MARKET)))

    assert "[2]" in answer
    assert "[1]" not in answer


def test_a_passage_that_only_brushes_the_question_is_left_out() -> None:
    chance = Passage(3, "Plums", "plums.md", "Not stored at all.")

    answer = compose(request("how apples are stored in cellars", passages=(CELLAR, chance)))

    assert "[1]" in answer
    assert "[3]" not in answer


def test_a_code_block_is_quoted_whole() -> None:
    answer = compose(request("pears at the market", passages=(MARKET,)))

    assert "> At the market.\n>\n> ```sh\n> buy pears\n>\n> # now\n> ```" in answer


def test_a_link_to_another_page_becomes_plain_words_and_a_link_to_the_world_stays() -> None:
    passage = Passage(1, "Apples", "a.md", "See [Pears](pears.md#top) and [the RFC](https://www.rfc-editor.org/).")

    assert "> See Pears and [the RFC](https://www.rfc-editor.org/)." in compose(request("apples?", passages=(passage,)))


def test_of_a_long_passage_the_fitting_paragraphs_are_quoted_with_what_a_colon_announces() -> None:
    filler = "Nothing to see in this paragraph, it is here for its length only. " * 6
    text = f"{filler}\n\nApples are stored so:\n\n```sh\nstore apples\n```\n\n{filler}"

    answer = compose(request("How do I keep apples stored?", passages=(Passage(1, "Fruit", "f.md", text),)))

    assert "> …\n>\n> Apples are stored so:\n>\n> ```sh\n> store apples\n> ```" in answer
    assert answer.count("Nothing to see") <= 6


def test_of_a_long_paragraph_the_fitting_sentences_are_quoted() -> None:
    text = (
        "Filler stands here for its length. " * 30 + "Apples are stored in straw. " + "More filler follows here. " * 30
    )

    answer = compose(request("How are apples kept in straw?", passages=(Passage(1, "Fruit", "f.md", text),)))

    assert "> … Apples are stored in straw. More filler" in answer
    assert len(answer) < 1600


@pytest.mark.parametrize("greeting", ["hi", "Hello!", "hey there", "Good morning.", "HALLO"])
def test_a_greeting_is_greeted_and_told_what_to_ask(greeting: str) -> None:
    answer = compose(request(greeting))

    assert answer.startswith("Hello! No language model is connected")
    assert all(question in answer for question in QUESTIONS)


@pytest.mark.parametrize("thanks", ["thanks", "Thank you!", "ok thanks", "thanks a lot", "thx"])
def test_thanks_are_answered_in_a_line(thanks: str) -> None:
    answer = compose(request("hi", "Hello!", thanks, passages=(CELLAR,)))

    assert answer.startswith("You are welcome.")
    assert "\n" not in answer


@pytest.mark.parametrize(
    "question", ["Who are you?", "what are you", "Are you ChatGPT?", "What can you do?", "What's your name?", "help"]
)
def test_asked_who_it_is_it_says_so(question: str) -> None:
    answer = compose(request(question, passages=(CELLAR,)))

    assert "Parley's built-in guide" in answer
    assert "[1]" not in answer


def test_without_a_passage_it_says_so_and_names_what_it_knows() -> None:
    answer = compose(request("What is the capital of France?"))

    assert answer.startswith("Nothing in Parley's handbook fits that.")
    assert QUESTIONS[0] in answer
    assert "Settings → Models" in answer


def test_a_far_passage_is_called_the_nearest_not_the_answer() -> None:
    answer = compose(request("Can you write me a poem about apples and bees?", passages=(CELLAR,)))

    assert "Nothing in the handbook quite fits" in answer
    assert "> In a cool cellar" in answer


@pytest.mark.parametrize("follow_up", ["why?", "tell me more", "And then?", "go on"])
def test_it_admits_that_it_cannot_follow_up(follow_up: str) -> None:
    answer = compose(request("How are apples stored?", "In a cellar.", follow_up))

    assert answer.startswith("I only look up the words of your last message")


async def test_it_streams_word_by_word_and_counts_no_tokens() -> None:
    asked = request("How are apples stored?", passages=(CELLAR, MARKET))

    events = await streamed(asked)

    assert text_of(events) == compose(asked)
    deltas = [event.text for event in events if isinstance(event, TextDelta)]
    assert all(len(re.findall(r"\S+", delta)) == 1 for delta in deltas)
    assert events[-2:] == [Usage(0, 0), Finish("stop")]


@pytest.mark.parametrize("cut_at", [0, 1, 30, 200])
async def test_an_answer_that_was_cut_off_is_continued_where_it_stopped(cut_at: int) -> None:
    whole = compose(request("How are apples stored?", passages=(CELLAR,)))

    rest = await streamed(request("How are apples stored?", whole[:cut_at], passages=(CELLAR,), continue_last=True))

    assert whole[:cut_at] + text_of(rest) == whole


async def test_an_answer_whose_passages_have_changed_begins_anew_below() -> None:
    rest = text_of(await streamed(request("apples?", "Something else was sa", passages=(CELLAR,), continue_last=True)))

    assert rest.startswith("\n\nNo language model is connected")


async def test_it_offers_one_model_that_can_continue_itself() -> None:
    (model,) = await GuideWire().list_models(NO_SESSION, ROUTE)

    assert (model.name, model.prefill, model.tools, model.vision) == ("parley-guide", True, False, False)


def test_a_request_without_a_question_is_answered_too() -> None:
    assert "Settings → Models" in compose(ModelRequest("parley-guide", ()))


TEXTS = st.text(max_size=300) | st.text(alphabet="ab `~#>|[](). \n", max_size=300)


@given(TEXTS, st.lists(st.builds(Passage, st.integers(1, 9), TEXTS, st.just("p.md"), TEXTS), max_size=4))
def test_no_question_and_no_passage_breaks_it(question: str, passages: list[Passage]) -> None:
    assert compose(request(question, passages=tuple(passages))).strip()
