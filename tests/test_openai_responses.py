"""OpenAI's own Python client against `/v1/responses` of a real Parley that asks a mock vendor."""

import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest

from bench.processes import Running
from tests.live import Live, living, start_vendor

WORDS, TOOLS, THINKS = "mock-20x0", "mock-8x0-tool", "mock-8x0-reasoning:3"
CUT, LONG, REFUSED, FORM = "mock-9x0-cut:4", "mock-9x0-length", "mock-401", "mock-form"
LOOKUP: Any = {
    "type": "function",
    "name": "lookup",
    "parameters": {"type": "object", "properties": {"query": {"type": "string"}}},
    "strict": False,
}


@pytest.fixture(scope="module")
def vendor() -> Iterator[Running]:
    running = start_vendor(WORDS, TOOLS, THINKS, CUT, LONG, REFUSED, FORM)
    yield running
    running.end()


@pytest.fixture(scope="module")
def live(vendor: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with living(tmp_path_factory.mktemp("responses"), vendor, WORDS) as live:
        yield live


@pytest.fixture
def client(live: Live) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{live.address}/v1", api_key=live.key, max_retries=0) as client:
        yield client


def test_a_stream_says_what_the_whole_response_says_and_counts_the_same(client: openai.OpenAI) -> None:
    whole = client.responses.create(model=WORDS, input="Hello")
    with client.responses.stream(model=WORDS, input=[{"role": "user", "content": "Hello"}]) as stream:
        kinds = [event.type for event in stream]
        said = stream.get_final_response()
    assert kinds[:2] == ["response.created", "response.in_progress"]
    assert kinds[-1] == "response.completed"
    assert len(whole.output_text.split()) == len(said.output_text.split()) == 20
    assert (whole.status, whole.previous_response_id) == ("completed", None)
    assert whole.model_extra == {"store": False}
    assert whole.usage
    assert said.usage
    assert whole.usage.output_tokens == said.usage.output_tokens == 20
    assert whole.usage.total_tokens == whole.usage.input_tokens + 20


def test_instructions_and_what_was_said_before_reach_the_vendor_in_order(
    client: openai.OpenAI, live: Live, vendor: Running
) -> None:
    earlier = client.responses.create(model=WORDS, input="Hello")
    items: Any = [
        {"role": "user", "content": "Hello"},
        *earlier.output,
        {"role": "developer", "content": "Be kind."},
        {"role": "user", "content": [{"type": "input_text", "text": "And now?"}]},
    ]
    client.responses.create(model=WORDS, input=items, instructions="Be brief.", max_output_tokens=7, temperature=0.5)
    asked = json.loads(json.dumps(_last_body(vendor)))
    said = [(message["role"], message["content"]) for message in asked["messages"]]
    assert [role for role, _ in said] == ["system", "user", "assistant", "user"]
    assert "Be brief." in said[0][1]
    assert "Be kind." in said[0][1]
    assert said[2][1] == earlier.output_text
    assert said[3][1] == "And now?"
    assert asked["temperature"] == 0.5


@pytest.mark.parametrize("stream", [False, True])
def test_a_function_is_called_and_its_result_answered_in_words(client: openai.OpenAI, stream: bool) -> None:
    asked: Any = [{"role": "user", "content": "Look"}]
    if stream:
        with client.responses.stream(model=TOOLS, input=asked, tools=[LOOKUP]) as events:
            done = [event for event in events if event.type == "response.function_call_arguments.done"]
            first: Any = events.get_final_response()
        assert [json.loads(event.arguments) for event in done] == [{"query": "parley"}]
    else:
        first = client.responses.create(model=TOOLS, input=asked, tools=[LOOKUP])
    (call,) = first.output
    assert (call.type, call.name, first.status) == ("function_call", "lookup", "completed")
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "42"}
    history: Any = [*asked, call.model_dump(exclude_none=True, exclude={"parsed_arguments"}), result]
    second = client.responses.create(model=TOOLS, input=history, tools=[LOOKUP])
    assert len(second.output_text.split()) == 8


def test_a_schema_is_asked_for_and_the_answer_read_by_it(client: openai.OpenAI, vendor: Running) -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    form: Any = {"format": {"type": "json_schema", "name": "animal", "schema": schema, "strict": True}}
    assert json.loads(client.responses.create(model=FORM, input="An animal", text=form).output_text) == {
        "name": "parley"
    }
    assert _last_body(vendor)["response_format"]["json_schema"]["schema"] == schema


def test_what_a_model_thinks_is_an_item_of_its_own_before_what_it_says(client: openai.OpenAI) -> None:
    thought, said = client.responses.create(model=THINKS, input="Hello").output
    assert thought.type == "reasoning"
    assert "".join(part.text for part in thought.summary).split() == ["r0", "r1", "r2"]
    assert said.type == "message"


def test_a_photo_of_several_megabytes_goes_along(client: openai.OpenAI, live: Live) -> None:
    live.change_model(WORDS, live.key, vision=True)
    url = "data:image/png;base64," + "iVBOR" + "A" * (6 * 1024 * 1024)
    content = [{"type": "input_text", "text": "What is it?"}, {"type": "input_image", "image_url": url}]
    assert client.responses.create(model=WORDS, input=[{"role": "user", "content": content}]).output_text  # type: ignore[misc, list-item] # the client's own types would be three lines for each


def test_an_answer_that_was_cut_at_its_limit_is_incomplete(client: openai.OpenAI) -> None:
    cut = client.responses.create(model=LONG, input="Hello")
    assert cut.incomplete_details
    assert (cut.status, cut.incomplete_details.reason) == ("incomplete", "max_output_tokens")


def test_a_vendor_that_breaks_off_is_an_error_and_no_short_response(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APIError):
        client.responses.create(model=CUT, input="Hello")
    stream = client.responses.create(model=CUT, input="Hello", stream=True)
    assert any(event.type == "response.failed" for event in stream)
    with pytest.raises(openai.APIError, match="broke off in mid-answer"):
        next(stream)
    with pytest.raises(openai.APIError):
        client.responses.create(model=REFUSED, input="Hello")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"previous_response_id": "resp_1"}, "keeps no responses"),
        ({"conversation": "conv_1"}, "keeps no responses"),
        ({"background": True}, "background"),
        ({"prompt": {"id": "pmpt_1"}}, "keeps no prompts"),
        ({"tools": [{"type": "web_search"}]}, "functions only"),
        ({"input": [{"type": "item_reference", "id": "msg_1"}]}, "item_reference"),
        ({"input": []}, "at least 1 item"),
        ({"tool_choice": {"type": "file_search"}}, "tool_choice"),
        (
            {
                "input": [
                    {"role": "user", "content": [{"type": "input_image", "image_url": "http://127.0.0.1:1/x.png"}]}
                ]
            },
            "data:image",
        ),
    ],
)
def test_what_parley_does_not_do_is_refused_by_name(client: openai.OpenAI, fields: dict[str, Any], told: str) -> None:
    with pytest.raises(openai.BadRequestError, match=told):
        client.responses.create(model=WORDS, **{"input": "Hello", **fields})


def test_only_who_holds_a_key_is_answered_and_only_by_bots_of_theirs(client: openai.OpenAI, live: Live) -> None:
    with pytest.raises(openai.AuthenticationError):
        openai.OpenAI(base_url=f"{live.address}/v1", api_key="pk_wrong", max_retries=0).responses.create(
            model=WORDS, input="Hello"
        )
    with pytest.raises(openai.NotFoundError, match="no bot"):
        client.responses.create(model="unheard-of", input="Hello")
    with pytest.raises(openai.NotFoundError, match="no /v1/responses/resp_1"):
        client.responses.retrieve("resp_1")


def _last_body(vendor: Running) -> Any:
    with openai.DefaultHttpxClient() as http:
        return http.get(f"http://127.0.0.1:{vendor.port}/control/calls").json()[-1]
