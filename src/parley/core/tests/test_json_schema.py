"""JSON Schema: what is wrong with a value, and which schemas are refused."""

import time
from typing import Any

import pytest

from parley.core.errors import Invalid
from parley.core.json_schema import check_schema, wrong_with

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "tags": {
            "type": "array",
            "items": {"type": "string", "pattern": "^[a-z]+$"},
            "uniqueItems": True,
            "maxItems": 3,
        },
        "boss": {"anyOf": [{"type": "null"}, {"$ref": "#"}]},
    },
    "required": ["name", "age"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ({"name": "Ada", "age": 36}, ""),
        ({"name": "Ada", "age": 36.0, "tags": ["a", "b"], "boss": {"name": "B", "age": 1, "boss": None}}, ""),
        ({"name": "Ada"}, "the answer lacks 'age'."),
        ({"name": "", "age": 1}, "the answer.name does not keep minLength: 1."),
        ({"name": "Ada", "age": 200}, "the answer.age does not keep maximum: 150."),
        ({"name": "Ada", "age": True}, "the answer.age must be integer."),
        ({"name": "Ada", "age": 1, "x": 1}, "the answer has 'x', which is not wanted."),
        ({"name": "Ada", "age": 1, "tags": ["a", "a"]}, "the answer.tags does not keep uniqueItems: true."),
        ({"name": "Ada", "age": 1, "tags": ["A"]}, 'the answer.tags[0] does not keep pattern: "^[a-z]+$".'),
        ([], "the answer must be object."),
    ],
)
def test_what_is_wrong_is_told_with_its_place(value: Any, wrong: str) -> None:
    check_schema(PERSON)
    assert wrong_with(value, PERSON) == wrong


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"enum": [1, "a", None]}, "a", True),
        ({"const": {"a": [1]}}, {"a": [1.0]}, {"a": [True]}),
        ({"oneOf": [{"type": "integer"}, {"minimum": 5}]}, 3, 7),
        ({"allOf": [{"minimum": 1}, {"maximum": 3}]}, 2, 4),
        ({"not": {"type": "string"}}, 1, "a"),
        ({"multipleOf": 0.1}, 0.3, 0.35),
        ({"exclusiveMinimum": 1}, 1.5, 1),
        ({"prefixItems": [{"type": "string"}], "items": {"type": "integer"}}, ["a", 1], ["a", "b"]),
        ({"contains": {"const": 1}}, [0, 1], [0]),
        ({"propertyNames": {"maxLength": 1}}, {"a": 1}, {"ab": 1}),
        ({"patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": False}, {"x1": 1}, {"x1": "a"}),
        ({"$ref": "#/$defs/d", "$defs": {"d": {"type": ["string", "null"]}}}, None, 1),
        ({"minProperties": 1}, {"a": 1}, {}),
        (False, None, 1),
    ],
)
def test_each_keyword_judges(schema: Any, good: Any, bad: Any) -> None:
    check_schema(schema)
    if schema is not False:
        assert wrong_with(good, schema) == ""
    assert wrong_with(bad, schema) != ""


@pytest.mark.parametrize(
    ("schema", "named"),
    [
        ({"if": {}}, "if"),
        ({"properties": {"a": {"unevaluatedProperties": False}}}, "unevaluatedProperties"),
        ({"$ref": "https://elsewhere.example/schema"}, "ref"),
        ({"$ref": "#/$defs/none"}, "nothing"),
        ({"type": "text"}, "type"),
        ({"minimum": "1"}, "minimum"),
        ({"pattern": "(?=a)"}, "group"),
        ({"enum": []}, "enum"),
        ({"anyOf": {}}, "anyOf"),
        ({"items": 5}, "items"),
        (5, "schema"),
    ],
)
def test_a_keyword_that_is_not_judged_is_named_and_refused(schema: Any, named: str) -> None:
    with pytest.raises(Invalid, match=named):
        check_schema(schema)


def test_a_schema_that_doubles_with_each_level_is_judged_in_bounded_time() -> None:
    schema = {"anyOf": [{"$ref": "#"}, {"$ref": "#"}, {"type": "string"}]}
    check_schema(schema)
    began = time.process_time()
    wrong_with(5, schema)
    assert time.process_time() - began < 3
