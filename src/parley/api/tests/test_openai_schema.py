"""What a caller of /v1 says, in our values."""

from typing import Any

import pytest

from parley.api.openai_answer import _call
from parley.api.openai_schema import ChatBody
from parley.core.errors import Invalid
from parley.providers.shapes import ChoiceShape, RegexShape, Shape
from parley.providers.values import ChatMessage, Image, Text, ToolCall

MESSAGES = [{"role": "user", "content": "Hello"}]


def body(**fields: object) -> ChatBody:
    return ChatBody.model_validate({"model": "m", "messages": MESSAGES, **fields})


@pytest.mark.parametrize(("stop", "meant"), [("END", ("END",)), (["a", "b"], ("a", "b")), (None, ())])
def test_stop_is_one_word_or_several(stop: object, meant: tuple[str, ...]) -> None:
    assert body(stop=stop).question().parameters.stop == meant


def test_the_newer_name_of_the_token_limit_wins() -> None:
    assert body(max_tokens=5, max_completion_tokens=7).question().parameters.max_tokens == 7


def test_a_form_is_understood_as_openai_and_as_hugging_face_say_it() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    theirs = body(response_format={"type": "json_object", "value": schema}).question().parameters.response_format
    assert theirs == {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    for form in (
        {"type": "json_object"},
        {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}},
        None,
    ):
        assert body(response_format=form).question().parameters.response_format == form


@pytest.mark.parametrize(
    ("fields", "shape"),
    [
        ({"structured_outputs": {"regex": "a+"}}, RegexShape(pattern="a+")),
        ({"structured_outputs": {"choice": ["yes", "no"]}}, ChoiceShape(choices=("yes", "no"))),
        ({"guided_regex": "a+"}, RegexShape(pattern="a+")),
        ({"guided_choice": ["yes"]}, ChoiceShape(choices=("yes",))),
        ({}, None),
    ],
)
def test_an_expression_and_choices_are_asked_for_as_vllm_is(fields: dict[str, object], shape: Shape | None) -> None:
    parameters = body(**fields).question().parameters
    assert (parameters.shape, dict(parameters.extra)) == (shape, {})


def test_a_schema_among_them_is_a_response_format() -> None:
    form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}}
    for fields in ({"structured_outputs": {"json": {"type": "object"}}}, {"guided_json": {"type": "object"}}):
        assert body(**fields).question().parameters.response_format == form


@pytest.mark.parametrize("wanted", [{"regex": "(a"}, {"choice": []}])
def test_a_shape_that_is_none_is_refused(wanted: dict[str, object]) -> None:
    with pytest.raises(Invalid, match="structured_outputs"):
        body(structured_outputs=wanted).question()


def test_unknown_fields_are_passed_on() -> None:
    assert body(logit_bias={"1": 2}, user="u").question().parameters.extra == {"logit_bias": {"1": 2}, "user": "u"}


def test_a_history_with_tools_and_images_keeps_its_shape() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "lookup", "arguments": "{}"}}
    said = body(
        messages=[
            {"role": "developer", "content": "Be brief"},
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": "42"},
        ]
    )
    assert said.question().messages == (
        ChatMessage("system", (Text("Be brief"),)),
        ChatMessage("user", (Image("data:image/png;base64,AA=="),)),
        ChatMessage("assistant", (), (ToolCall("c1", "lookup", "{}"),)),
        ChatMessage("tool", (Text("42"),), (), "c1"),
    )


def test_the_thoughts_before_a_call_come_back_with_it() -> None:
    """As `/v1/chat/completions` gave them; what other vendors keep there is none of ours."""
    call = _call(ToolCall("c1", "lookup", "{}", "sealed"))
    plain: Any = {**call, "extra_content": {"google": {"thought_signature": "x"}}}
    (told,) = body(messages=[{"role": "assistant", "content": None, "tool_calls": [call, plain]}]).question().messages
    assert [one.opaque for one in told.tool_calls] == ["sealed", ""]
    assert "extra_content" not in _call(ToolCall("c1", "lookup", "{}"))


@pytest.mark.parametrize("url", ["http://127.0.0.1/x.png", "file:///etc/passwd", "data:text/html,x", "s3://x"])
def test_no_address_is_fetched_for_a_caller(url: str) -> None:
    image = {"type": "image_url", "image_url": {"url": url}}
    with pytest.raises(Invalid, match="data:image"):
        body(messages=[{"role": "user", "content": [image]}]).question()
