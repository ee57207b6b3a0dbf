"""What may follow in an answer that must have a shape, whatever a model would like to say."""

import json
import re
from collections.abc import Mapping
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import torch

from model_service.decoding.shaping import forbidden, keep_shapes
from model_service.shapes.asked import Asked, ShapeRefused, asked_shape
from model_service.shapes.shaped import Shaped
from model_service.shapes.shapes import Shapes
from model_service.tests import tiny

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "height": {"type": "number"},
        "mail": {"type": "string", "pattern": r"^[a-z]+@[a-z]+\.org$"},
        "picture": {"type": "string", "pattern": r"\.(png|jpeg)$"},
        "friends": {"type": "array", "items": {"$ref": "#/$defs/friend"}, "minItems": 2},
    },
    "required": ["name", "age", "height", "mail", "picture", "friends"],
    "additionalProperties": False,
    "$defs": {
        "friend": {
            "type": "object",
            "properties": {"nick": {"type": "string", "minLength": 3}, "of": {"$ref": "#/$defs/friend"}},
            "required": ["nick"],
        }
    },
}


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    tokenizer = tiny.tokenizer()
    assert tokenizer.eos_token_id is not None
    return Shapes(tokenizer, len(tokenizer) + 20, [tokenizer.eos_token_id])  # logits are often wider than the tokenizer


def said(shapes: Shapes, asked: Asked, *, max_tokens: int = 300, seed: int = 0) -> tuple[str, Shaped]:
    """What a model says that finds every token equally good."""
    draw = torch.Generator().manual_seed(seed)
    shaped = Shaped(shapes, asked, max_tokens)
    tokens: list[int] = []
    while len(tokens) < max_tokens:
        logits = torch.randn(shapes.vocab_size, generator=draw)
        keep_shapes(logits[None], [shaped], forbidden([shaped]))
        token = int(logits.argmax())
        if token not in shapes.eos_ids:
            tokens.append(token)
        if shaped.take(token):
            break
    return shapes.tokenizer.decode_bytes(tokens).decode(), shaped


def json_of(schema: object) -> Asked:
    asked = asked_shape({"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}})
    assert asked
    return asked


def test_rows_at_the_same_place_share_what_is_forbidden_and_stay_apart_all_the_same(shapes: Shapes) -> None:
    one, two = (Shaped(shapes, json_of(PERSON), 300) for _ in range(2))
    rows = [one, None, two]
    banned = forbidden(rows)
    assert banned
    assert banned[1] is None
    assert banned[0] is banned[2]
    before = banned[0].clone() if banned[0] is not None else None
    logits = torch.zeros(3, shapes.vocab_size)
    logits[2] = 1.0
    keep_shapes(logits, rows, banned)
    assert before is not None
    assert torch.equal(logits[0], before[: shapes.vocab_size])
    assert torch.equal(logits[2], before[: shapes.vocab_size] + 1)
    assert not logits[1].any()
    assert banned[0] is not None
    assert torch.equal(banned[0], before)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("max_tokens", [150, 1000])
def test_every_answer_is_valid_by_its_schema_and_ends_in_time(shapes: Shapes, seed: int, max_tokens: int) -> None:
    text, shaped = said(shapes, json_of(PERSON), max_tokens=max_tokens, seed=seed)
    jsonschema.validate(json.loads(text), PERSON)
    assert shaped.is_whole


def test_without_room_for_the_shortest_answer_it_is_cut_and_known_not_to_be_whole(shapes: Shapes) -> None:
    _, shaped = said(shapes, json_of(PERSON), max_tokens=10)
    assert not shaped.is_whole


@pytest.mark.parametrize("seed", range(5))
def test_a_regular_expression_holds_for_the_whole_answer(shapes: Shapes, seed: int) -> None:
    pattern = r"(\+49|0) [1-9][0-9]{3,} .*bye"
    text, _ = said(shapes, Asked("regex", pattern), max_tokens=60, seed=seed)
    assert re.fullmatch(pattern, text)


@pytest.mark.parametrize("seed", range(8))
def test_a_choice_is_one_of_those_given_letter_by_letter(shapes: Shapes, seed: int) -> None:
    choices = ["yes", "yes, sure", 'a "quoted" \\ one', "two\nlines", "näher 🙂"]
    asked = asked_shape({"structured_outputs": {"choice": choices}})
    assert asked
    assert said(shapes, asked, seed=seed)[0] in choices


@pytest.mark.parametrize("seed", range(3))
def test_a_grammar_in_larks_form_is_kept(shapes: Shapes, seed: int) -> None:
    sums = 'start: number (("+" | "-") number)*\nnumber: /[1-9][0-9]?/'
    assert re.fullmatch(
        r"[1-9][0-9]?([+-][1-9][0-9]?)*", said(shapes, Asked("grammar", sums), max_tokens=40, seed=seed)[0]
    )


@pytest.mark.parametrize("seed", range(5))
def test_any_json_object_will_do_where_no_more_is_asked(shapes: Shapes, seed: int) -> None:
    asked = asked_shape({"response_format": {"type": "json_object"}})
    assert asked
    assert isinstance(json.loads(said(shapes, asked, seed=seed)[0]), dict)


@pytest.mark.parametrize("seed", range(5))
def test_numbers_stay_such_that_every_reader_can_hold_them(shapes: Shapes, seed: int) -> None:
    schema = {"type": "array", "items": {"type": "number"}, "minItems": 12}
    text, _ = said(shapes, json_of(schema), max_tokens=250, seed=seed)
    assert all(abs(number) < 1e60 for number in json.loads(text))
    assert "e" not in text.lower()


@pytest.mark.parametrize(
    ("schema", "keyword"),
    [
        ({"type": "object", "dependencies": {"a": ["b"]}}, "dependencies"),
        ({"type": "string", "not": {"const": "a"}}, "not"),
        ({"type": "array", "items": {}, "uniqueItems": True}, "uniqueItems"),
        ({"oneOf": [{"type": "string"}, {"type": "string", "maxLength": 3}]}, "oneOf"),
        ({"$ref": "https://example.org/else.json"}, "$ref"),
        ({"type": "object", "properties": {"a": {}}, "minProperties": 1}, "minProperties"),
    ],
)
def test_what_cannot_be_kept_to_is_refused_with_the_keyword_named(
    shapes: Shapes, schema: dict[str, Any], keyword: str
) -> None:
    with pytest.raises(ShapeRefused, match=re.escape(keyword)) as refused:
        shapes.compiled(json_of(schema))
    assert refused.value.param == keyword
    assert refused.value.status == 400


def test_a_format_that_nobody_knows_is_a_note_and_refuses_nothing(shapes: Shapes) -> None:
    schema = {
        "type": "object",
        "properties": {"format": {"type": "string", "format": "star-sign"}},
        "required": ["format"],
    }
    assert isinstance(json.loads(said(shapes, json_of(schema), max_tokens=60)[0])["format"], str)


@pytest.mark.parametrize(
    "name", ["regex", "json-pointer", "relative-json-pointer", "uri-reference", "idn-email", "iri"]
)
@pytest.mark.parametrize("seed", range(3))
def test_a_format_that_only_the_standard_knows_is_kept_all_the_same(shapes: Shapes, name: str, seed: int) -> None:
    schema = {"type": "object", "properties": {"x": {"type": "string", "format": name}}, "required": ["x"]}
    value = json.loads(said(shapes, json_of(schema), max_tokens=200, seed=seed)[0])
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(value)


def test_what_a_schema_says_to_the_library_itself_lifts_no_limit(shapes: Shapes) -> None:
    with pytest.raises(ShapeRefused):
        shapes.compiled(json_of({"x-guidance": {"lenient": True}, "type": "object", "dependencies": {"a": ["b"]}}))


def test_equal_shapes_are_compiled_once(shapes: Shapes) -> None:
    asked = json_of({"type": "string", "maxLength": 7})
    assert shapes.compiled(asked) is shapes.compiled(json_of({"type": "string", "maxLength": 7}))


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        ({}, None),
        ({"response_format": {"type": "text"}}, None),
        ({"response_format": {"type": "json_object"}}, "json"),
        ({"guided_json": '{"type": "object"}'}, "json"),
        ({"guided_regex": "a+"}, "regex"),
        ({"guided_choice": ["a"]}, "choice"),
        ({"guided_grammar": 'start: "a"'}, "grammar"),
        ({"structured_outputs": {"regex": "a+", "choice": None}}, "regex"),
        ({"structured_outputs": {"json": {"type": "object"}}}, "json"),
        ({"structured_outputs": {"json_object": True}}, "json"),
    ],
)
def test_requests_ask_as_they_ask_openai_or_vllm(request_: Mapping[str, Any], kind: str | None) -> None:
    asked = asked_shape(request_)
    assert (asked.kind if asked else None) == kind


@pytest.mark.parametrize(
    "request_",
    [
        {"response_format": {"type": "json_schema"}},
        {"response_format": {"type": "xml"}},
        {"response_format": "json"},
        {"guided_choice": []},
        {"guided_choice": "yes"},
        {"guided_regex": ""},
        {"guided_json": "{"},
        {"guided_json": 7},
        {"structured_outputs": {"structural_tag": "x"}},
        {"structured_outputs": []},
        {"guided_regex": "a" * 300_000},
        {"guided_regex": "a+", "guided_choice": ["a"]},
        {"guided_regex": "a+", "response_format": {"type": "json_object"}},
    ],
)
def test_what_is_asked_for_unclearly_is_refused(request_: Mapping[str, Any]) -> None:
    with pytest.raises(ShapeRefused):
        asked_shape(request_)


@pytest.mark.parametrize("kind_and_source", [("regex", "(a"), ("regex", "(?=a)b"), ("grammar", "start: nothing")])
def test_what_cannot_be_read_is_refused(shapes: Shapes, kind_and_source: tuple[Any, str]) -> None:
    with pytest.raises(ShapeRefused):
        shapes.compiled(Asked(*kind_and_source))
