"""From what was asked to a matcher of llguidance at its beginning, or a refusal that names the keyword."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from llguidance import LLMatcher, LLTokenizer, grammar_from

from model_service.shapes.asked import Asked, ShapeRefused

Schema = Any  # a caller's JSON

# Without an end to white space, a small model writes it until its tokens are used up.
_WHITE_SPACE: Final = r"[ ]|\n[ ]{0,40}"
_UNKNOWN_FORMAT: Final = re.compile(r"Unknown format: (.*)", re.DOTALL)
_HOLDS_VALUES: Final = frozenset({"const", "default", "enum", "example", "examples"})
# For a format that llguidance does not know, what it does know and what is always one: fewer texts, none of them wrong.
_STANDS_FOR: Final[dict[str, dict[str, str]]] = {
    "idn-email": {"format": "email"},
    "idn-hostname": {"format": "hostname"},
    "iri": {"format": "uri"},
    "iri-reference": {"format": "uri"},
    "uri-reference": {"format": "uri"},
    "uri-template": {"format": "uri"},
    "json-pointer": {"pattern": r"^(/[A-Za-z0-9_-]*)*$"},
    "relative-json-pointer": {"pattern": r"^[1-9][0-9]?(/[A-Za-z0-9_-]*)*$"},
    "regex": {"pattern": r"^[A-Za-z0-9 ,:;=_/-]*$"},
}
# How llguidance words what it cannot do, from the plainest.
_KEYWORDS: Final = (
    re.compile(r'Unimplemented keys: \["([^"]+)"'),
    re.compile(r"(\$ref)|Resource '"),
    re.compile(r"(min/maxProperties|patternProperties|propertyNames|(?<=^)oneOf|allOf|anyOf|uniqueItems|contains)"),
    re.compile(r"(patternProperty|float range|integer range|pattern|regex|format|minLength|maxLength)"),
    re.compile(r"(minimum|maximum|multipleOf|minItems|maxItems|enum|const|type|not)\b"),
)
_AS_WRITTEN: Final = {
    "patternProperty": "patternProperties",
    "float range": "minimum",
    "integer range": "minimum",
    "regex": "pattern",
    "min/maxProperties": "minProperties",
}


def matcher_for(asked: Asked, tokenizer: LLTokenizer) -> LLMatcher:
    """Raises `ShapeRefused`. Milliseconds for most schemas; llguidance's own limits end the largest ones."""
    matcher = LLMatcher(tokenizer, _grammar(asked), log_level=0)
    if asked.kind == "json":
        matcher = _by_known_formats(asked, matcher, tokenizer)
    if matcher.is_error():
        raise _refusal(asked, first_line(matcher))
    return matcher


def patterns(asked: Asked) -> list[str]:
    """The regular expressions that texts are held to."""
    if asked.kind != "json":
        return [asked.source] if asked.kind == "regex" else []
    return list(dict.fromkeys(_patterns_in(json.loads(asked.source))))


def first_line(matcher: LLMatcher) -> str:
    return str(matcher.get_error()).split("\n", 1)[0].strip()


def _grammar(asked: Asked) -> str:
    if asked.kind == "json":
        return _json_grammar(json.loads(asked.source))
    try:
        return str(grammar_from(asked.kind, asked.source))
    except ValueError as error:
        raise ShapeRefused(asked.kind, f"This {asked.kind} cannot be read: {error}") from None


def _json_grammar(schema: Schema) -> str:
    # Overrides hold whatever options for llguidance a caller's schema carries.
    overrides = {"whitespace_pattern": _WHITE_SPACE, "lenient": False, "coerce_one_of": False}
    text = json.dumps({} if schema is True else schema)
    return str(LLMatcher.grammar_from_json_schema(text, overrides=overrides))


def _by_known_formats(asked: Asked, matcher: LLMatcher, tokenizer: LLTokenizer) -> LLMatcher:
    """A format that nobody knows is a note by the standard, so it is left out; llguidance would refuse the schema."""
    unknown: set[str] = set()
    while (named := _UNKNOWN_FORMAT.match(first_line(matcher))) and named[1] not in unknown:
        unknown.add(named[1])
        schema = _without_formats(json.loads(asked.source), unknown)
        matcher = LLMatcher(tokenizer, _json_grammar(schema), log_level=0)
    return matcher


def _without_formats(schema: Schema, names: set[str]) -> Schema:
    """The schema without these formats, or with what stands for them."""
    if isinstance(schema, list):
        return [_without_formats(one, names) for one in schema]
    if not isinstance(schema, dict):
        return schema
    left = {key: said if key in _HOLDS_VALUES else _without_formats(said, names) for key, said in schema.items()}
    said = schema.get("format")
    if isinstance(said, str) and said in names:
        del left["format"]
        return _STANDS_FOR.get(said, {}) | left  # an expression of the schema's own is the stricter one
    return left


def _patterns_in(schema: Schema) -> Iterator[str]:
    if isinstance(schema, list):
        for one in schema:
            yield from _patterns_in(one)
    if isinstance(schema, dict):
        for key, said in schema.items():
            if key == "pattern" and isinstance(said, str):
                yield said
            elif key == "patternProperties" and isinstance(said, dict):
                yield from said
            yield from _patterns_in(said)


def _refusal(asked: Asked, said: str) -> ShapeRefused:
    """Names the keyword, so that the caller knows what to leave out."""
    if asked.kind != "json":
        return ShapeRefused(asked.kind, f"This {asked.kind} cannot be kept to: {said}")
    found = next((match for wording in _KEYWORDS if (match := wording.search(said))), None)
    keyword = (found[1] or "$ref") if found else "json_schema"
    keyword = _AS_WRITTEN.get(keyword, keyword)
    return ShapeRefused(keyword, f"This JSON Schema uses '{keyword}' in a way that cannot be kept to: {said}")
