"""OpenAI's own Python client against `/v1` of a real Parley that asks a mock vendor."""

import time
from collections.abc import Iterator
from typing import Any

import openai
import pytest

from bench.processes import Running
from bench.vendor.embeddings import vector
from tests.live import Live, living, start_vendor

WORDS, TOOLS, THINKS, CUT, REFUSED = "mock-20x0", "mock-8x0-tool", "mock-8x0-reasoning:3", "mock-9x0-cut:4", "mock-401"
EMBEDS, EMBEDS_NOT = "mock-embed", "mock-embed-401"
LOOKUP: Any = {  # the client's own types would be three lines for each
    "type": "function",
    "function": {"name": "lookup", "description": "look it up", "parameters": {"type": "object", "properties": {}}},
}


@pytest.fixture(scope="module")
def vendor() -> Iterator[Running]:
    running = start_vendor(WORDS, TOOLS, THINKS, CUT, REFUSED, EMBEDS, EMBEDS_NOT)
    yield running
    running.end()


@pytest.fixture(scope="module")
def live(vendor: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with living(tmp_path_factory.mktemp("openai"), vendor, WORDS) as live:
        yield live


@pytest.fixture
def client(live: Live) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{live.address}/v1", api_key=live.key, max_retries=0) as client:
        yield client


def ask(text: str) -> Any:
    return [{"role": "user", "content": text}]


def test_bots_are_listed_as_models(client: openai.OpenAI) -> None:
    listed = {model.id for model in client.models.list()}
    assert {WORDS, "Parley guide", EMBEDS} <= listed
    assert client.models.retrieve(EMBEDS).id == EMBEDS
    with pytest.raises(openai.NotFoundError, match="no model"):
        client.models.retrieve("un/heard-of")


def test_a_stream_says_what_the_whole_answer_says(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model=WORDS, messages=ask("Hello"))
    stream = client.chat.completions.create(
        model=WORDS, messages=ask("Hello"), stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    said = whole.choices[0].message.content or ""
    assert len(text.split()) == len(said.split()) == 20
    assert chunks[-2].choices[0].finish_reason == whole.choices[0].finish_reason == "stop"
    assert whole.usage is not None
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens == 20


def test_without_stream_options_no_chunk_carries_usage(client: openai.OpenAI) -> None:
    chunks = list(client.chat.completions.create(model=WORDS, messages=ask("Hello"), stream=True))
    assert all(chunk.usage is None and chunk.choices for chunk in chunks)


@pytest.mark.parametrize("stream", [False, True])
def test_the_callers_tools_reach_the_model_and_its_calls_come_back(client: openai.OpenAI, stream: bool) -> None:
    if stream:
        chunks = list(client.chat.completions.create(model=TOOLS, messages=ask("Look"), tools=[LOOKUP], stream=True))
        calls = [call for chunk in chunks for call in chunk.choices[0].delta.tool_calls or []]
        reasons = [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices[0].finish_reason]
        names = [call.function.name for call in calls if call.function]
    else:
        (choice,) = client.chat.completions.create(model=TOOLS, messages=ask("Look"), tools=[LOOKUP]).choices
        names = [call.function.name for call in choice.message.tool_calls or [] if call.type == "function"]
        reasons = [choice.finish_reason]
    assert names == ["lookup"]
    assert reasons == ["tool_calls"]


def test_a_tools_result_is_answered_in_words(client: openai.OpenAI) -> None:
    (choice,) = client.chat.completions.create(model=TOOLS, messages=ask("Look"), tools=[LOOKUP]).choices
    (call,) = choice.message.tool_calls or []
    history: Any = [
        *ask("Look"),
        choice.message.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": call.id, "content": "42"},
    ]
    (answer,) = client.chat.completions.create(model=TOOLS, messages=history, tools=[LOOKUP]).choices
    assert answer.message.content
    assert answer.finish_reason == "stop"


def test_a_wrong_key_an_unknown_model_and_bad_input_are_told_apart(client: openai.OpenAI, live: Live) -> None:
    with pytest.raises(openai.AuthenticationError):
        openai.OpenAI(base_url=f"{live.address}/v1", api_key="pk_wrong", max_retries=0).models.list()
    with pytest.raises(openai.NotFoundError, match="no bot"):
        client.chat.completions.create(model="unheard-of", messages=ask("Hello"))
    with pytest.raises(openai.BadRequestError, match="messages"):
        client.chat.completions.create(model=WORDS, messages=[])
    image: Any = {"type": "image_url", "image_url": {"url": "http://127.0.0.1:1/secret.png"}}
    with pytest.raises(openai.BadRequestError, match="data:image"):
        client.chat.completions.create(model=WORDS, messages=[{"role": "user", "content": [image]}])


def test_a_photo_of_several_megabytes_goes_along_and_more_than_a_file_may_have_does_not(
    client: openai.OpenAI, live: Live
) -> None:
    live.change_model(WORDS, live.key, vision=True)

    def look(megabytes: int) -> Any:
        url = "data:image/png;base64," + "iVBOR" + "A" * (megabytes * 1024 * 1024)
        parts: Any = [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": url}}]
        return client.chat.completions.create(model=WORDS, messages=[{"role": "user", "content": parts}])

    assert look(6).choices[0].message.content
    with pytest.raises((openai.APIStatusError, openai.APIConnectionError)) as refused:
        look(40)
    if isinstance(refused.value, openai.APIStatusError):  # the connection may close while the client still sends
        assert refused.value.status_code == 413


def test_what_parley_has_not_is_told_in_openais_form(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="no /v1/images/generations"):
        client.images.generate(prompt="a cat", model=WORDS)


def test_texts_become_vectors_in_their_order(client: openai.OpenAI) -> None:
    as_numbers = client.embeddings.create(model=EMBEDS, input=["one", "two words"], encoding_format="float")
    assert [item.embedding for item in as_numbers.data] == [vector("one"), vector("two words")]
    as_bytes = client.embeddings.create(model=EMBEDS, input=["one", "two words"])  # what the client asks for by itself
    for item, text in zip(as_bytes.data, ("one", "two words"), strict=True):
        assert item.embedding == pytest.approx(vector(text), abs=1e-6)
    assert [item.index for item in as_bytes.data] == [0, 1]
    assert (as_bytes.usage.prompt_tokens, as_bytes.usage.total_tokens) == (3, 3)


def test_embeddings_take_a_length_and_numbers_of_tokens(client: openai.OpenAI) -> None:
    (short,) = client.embeddings.create(model=EMBEDS, input="one", dimensions=4).data
    assert short.embedding == pytest.approx(vector("one", 4), abs=1e-6)
    assert client.embeddings.create(model=EMBEDS, input=[[1, 2, 3], [4]]).usage.prompt_tokens == 4
    assert client.embeddings.create(model=EMBEDS, input=[5, 6]).usage.prompt_tokens == 2


def test_embeddings_fail_with_openais_errors(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="for embeddings"):
        client.embeddings.create(model=WORDS, input="one")
    with pytest.raises(openai.NotFoundError, match="no bot"):
        client.chat.completions.create(model=EMBEDS, messages=ask("Hello"))
    with pytest.raises(openai.BadRequestError, match="input"):
        client.embeddings.create(model=EMBEDS, input=[])
    with pytest.raises(openai.APIStatusError, match="told to fail"):
        client.embeddings.create(model=EMBEDS_NOT, input="one")


def test_what_is_embedded_stands_in_the_usage_ledger(client: openai.OpenAI, live: Live) -> None:
    summed = "SELECT count(*), coalesce(sum(input_tokens), 0) FROM usage_usagerecord WHERE purpose = 'embedding'"
    ((count, tokens),) = live.rows(summed)
    client.embeddings.create(model=EMBEDS, input=["three words here", "one"])
    assert live.rows(summed) == [(count + 1, tokens + 4)]


def test_a_budget_that_is_used_up_stops_programs_too(client: openai.OpenAI, live: Live) -> None:
    live.call("PUT", "/api/v1/budgets", live.key, {"tokens_per_month": 0})
    try:
        for ask_for in (
            lambda: client.chat.completions.create(model=WORDS, messages=ask("Hello")),
            lambda: client.embeddings.create(model=EMBEDS, input="one"),
        ):
            with pytest.raises(openai.APIStatusError, match="budget of 0 tokens"):
                ask_for()
    finally:
        assert live.call("PUT", "/api/v1/budgets", live.key, {})["items"] == []


def test_a_vendor_that_breaks_off_is_an_error_and_no_short_answer(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APIError):
        client.chat.completions.create(model=CUT, messages=ask("Hello"))
    with pytest.raises(openai.APIError):
        list(client.chat.completions.create(model=CUT, messages=ask("Hello"), stream=True))


def test_what_callers_spend_stands_in_the_usage_ledger(client: openai.OpenAI, live: Live) -> None:
    before = live.rows("SELECT count(*), coalesce(sum(output_tokens), 0) FROM usage_usagerecord WHERE purpose = 'api'")
    client.chat.completions.create(model=WORDS, messages=ask("Hello"))
    after = before
    while after == before:  # it is written beside the answer; the test's own time limit ends a vain wait
        after = live.rows("SELECT count(*), sum(output_tokens) FROM usage_usagerecord WHERE purpose = 'api'")
        time.sleep(0.05)
    assert (after[0][0] - before[0][0], after[0][1] - before[0][1]) == (1, 20)
