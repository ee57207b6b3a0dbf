"""JSON Schema (2020-12), as much of it as shapes of answers need: check a schema, and say what is wrong with a value.

A keyword that is not known here is refused by name when the schema is given, never passed over when a value is judged.
`format`, `title` and the like are notes to the model and judge nothing, as the standard has it.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import orjson

from parley.core.errors import Invalid
from parley.core.linear_regex import LinearRegex

Schema = Any  # a foreign document: a dict, or true, or false
DEEPEST: Final = 40
LARGEST_BYTES: Final = 64 * 1024
LONGEST_MATCHED: Final = 16 * 1024  # letters that a `pattern` is looked for in; longer ones do not keep it
MOST_STEPS: Final = 200_000

_NOTES: Final = frozenset(
    {
        "$comment",
        "$id",
        "$schema",
        "default",
        "deprecated",
        "description",
        "examples",
        "format",
        "readOnly",
        "title",
        "writeOnly",
    }
)
_TYPES: Final[Mapping[str, Callable[[object], bool]]] = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
    "number": lambda v: isinstance(v, int | float) and not isinstance(v, bool),
    "integer": lambda v: not isinstance(v, bool) and (isinstance(v, int) or (isinstance(v, float) and v.is_integer())),
}
_regex = lru_cache(maxsize=500)(LinearRegex)


def check_schema(schema: Schema) -> None:
    """Raises `Invalid`, naming the place and the keyword that is not understood."""
    try:
        if len(orjson.dumps(schema)) > LARGEST_BYTES:
            raise Invalid(f"A schema has at most {LARGEST_BYTES // 1024} KiB.")
    except orjson.JSONEncodeError:
        raise Invalid("This schema is no JSON, or lies too deep.") from None
    _check(schema, schema, "schema", 0)


def wrong_with(value: object, schema: Schema) -> str:
    """What is wrong with `value`, as a sentence for who can mend it; empty when nothing is. `schema` was checked."""
    return _wrong(value, schema, _Walk(schema), "the answer", 0)


@dataclass(slots=True)
class _Walk:
    """Through one value. Steps are counted: two references to the whole would else double with each level."""

    root: Schema
    steps: int = 0


# --- The schema itself ------------------------------------------------------------------------------------------------


def _check(schema: Schema, root: Schema, place: str, depth: int) -> None:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict) or depth > DEEPEST:
        raise Invalid(f"{place} is no schema, or lies too deep.")
    for keyword, said in schema.items():
        if keyword in ("$defs", "definitions", "properties", "patternProperties"):
            if not isinstance(said, dict):
                raise Invalid(f"{place}.{keyword} must be an object.")
            for name, inner in said.items():
                _check(inner, root, f"{place}.{keyword}.{name}", depth + 1)
                if keyword == "patternProperties":
                    _regex(name)
        elif keyword in ("items", "additionalProperties", "not", "contains", "propertyNames"):
            _check(said, root, f"{place}.{keyword}", depth + 1)
        elif keyword in ("anyOf", "oneOf", "allOf", "prefixItems"):
            if not isinstance(said, list) or not said:
                raise Invalid(f"{place}.{keyword} must be a list of schemas.")
            for number, inner in enumerate(said):
                _check(inner, root, f"{place}.{keyword}.{number}", depth + 1)
        elif keyword == "$ref":
            _resolved(said, root, place)
        elif keyword not in _NOTES:
            _check_plain(keyword, said, place)


def _check_plain(keyword: str, said: object, place: str) -> None:
    """Keywords that hold no schema."""
    known = keyword in _JUDGES or keyword in ("type", "required", "enum", "const")
    if not known:
        raise Invalid(f"{place} uses the keyword '{keyword}', which Parley does not judge. Leave it out.")
    types = said if isinstance(said, list) else [said]
    is_right = {
        "type": all(isinstance(one, str) and one in _TYPES for one in types),
        "enum": isinstance(said, list) and bool(said),
        "required": isinstance(said, list) and all(isinstance(name, str) for name in said),
        "const": True,
        "pattern": isinstance(said, str),
        "uniqueItems": isinstance(said, bool),
    }.get(keyword, isinstance(said, int | float) and not isinstance(said, bool))
    if not is_right or (keyword == "multipleOf" and isinstance(said, int | float) and said <= 0):
        raise Invalid(f"{place}.{keyword} cannot be {str(said)[:40]!r}.")
    if keyword == "pattern":
        _regex(str(said))


def _resolved(ref: object, root: Schema, place: str) -> Schema:
    """What a `$ref` inside of the same document points at."""
    found = root
    if not isinstance(ref, str) or not ref.startswith("#"):
        raise Invalid(f"{place}.$ref may only point into its own schema, as in '#/$defs/name'.")
    for step in filter(None, ref.removeprefix("#").split("/")):
        name = step.replace("~1", "/").replace("~0", "~")
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, dict | bool):
        raise Invalid(f"{place}.$ref points at nothing: {ref[:80]}")
    return found


# --- A value ----------------------------------------------------------------------------------------------------------


def _wrong(value: Any, schema: Schema, walk: _Walk, place: str, depth: int) -> str:
    walk.steps += 1
    if schema is True or depth > DEEPEST * 2 or walk.steps > MOST_STEPS:
        return "" if schema is True else f"{place} lies too deep, or is too large to be judged."
    if schema is False:
        return f"{place} may not be there."
    if "$ref" in schema and (
        wrong := _wrong(value, _resolved(schema["$ref"], walk.root, place), walk, place, depth + 1)
    ):
        return wrong
    types = schema.get("type")
    if types is not None:
        types = types if isinstance(types, list) else [types]
        if not any(_TYPES[one](value) for one in types):
            return f"{place} must be {' or '.join(types)}."
    if "enum" in schema and not any(_same(value, one) for one in schema["enum"]):
        return f"{place} must be one of {_shown(schema['enum'])}."
    if "const" in schema and not _same(value, schema["const"]):
        return f"{place} must be {_shown(schema['const'])}."
    for keyword, judge in _JUDGES.items():
        if keyword in schema and not judge(value, schema[keyword]):
            return f"{place} does not keep {keyword}: {_shown(schema[keyword])}."
    return (
        _wrong_together(value, schema, walk, place, depth)
        or (_wrong_object(value, schema, walk, place, depth) if isinstance(value, dict) else "")
        or (_wrong_list(value, schema, walk, place, depth) if isinstance(value, list) else "")
    )


def _wrong_together(value: object, schema: Schema, walk: _Walk, place: str, depth: int) -> str:
    for inner in schema.get("allOf", ()):
        if wrong := _wrong(value, inner, walk, place, depth + 1):
            return wrong
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            wrongs = [_wrong(value, inner, walk, place, depth + 1) for inner in schema[keyword]]
            fitting = wrongs.count("")
            if not fitting:
                return f"{place} fits none of {len(wrongs)} forms; of the first: {wrongs[0]}"
            if keyword == "oneOf" and fitting > 1:
                return f"{place} fits {fitting} forms where one is wanted."
    if "not" in schema and not _wrong(value, schema["not"], walk, place, depth + 1):
        return f"{place} is what it must not be."
    return ""


def _wrong_object(value: dict[str, Any], schema: Schema, walk: _Walk, place: str, depth: int) -> str:
    for name in schema.get("required", ()):
        if name not in value:
            return f"{place} lacks '{name}'."
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    rest = schema.get("additionalProperties", True)
    for name, inner in value.items():
        schemas = [known[name]] if name in known else []
        schemas += [one for pattern, one in patterns.items() if _regex(pattern).search(name)]
        if "propertyNames" in schema and (wrong := _wrong(name, schema["propertyNames"], walk, f"'{name}'", depth + 1)):
            return wrong
        if not schemas and rest is False:
            return f"{place} has '{name}', which is not wanted."
        for one in schemas or [rest]:
            if wrong := _wrong(inner, one, walk, f"{place}.{name}", depth + 1):
                return wrong
    return ""


def _wrong_list(value: list[Any], schema: Schema, walk: _Walk, place: str, depth: int) -> str:
    first = schema.get("prefixItems", [])
    for number, inner in enumerate(value):
        one = first[number] if number < len(first) else schema.get("items", True)
        if wrong := _wrong(inner, one, walk, f"{place}[{number}]", depth + 1):
            return wrong
    if "contains" in schema and all(_wrong(inner, schema["contains"], walk, place, depth + 1) for inner in value):
        return f"{place} lacks an item that is wanted."
    return ""


def _same(one: object, other: object) -> bool:
    """As JSON has it: 1 is 1.0, and true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    return one == other


def _is_multiple(value: float, of: float) -> bool:
    return math.isclose(value / of, round(value / of), rel_tol=0, abs_tol=1e-9)


def _are_unique(value: list[Any]) -> bool:
    return len({orjson.dumps(one, option=orjson.OPT_SORT_KEYS) for one in value}) == len(value)


def _number(judge: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, most: not _TYPES["number"](value) or judge(value, most)


def _sized(
    kind: type[str] | type[list[Any]] | type[dict[str, Any]], judge: Callable[[int, Any], bool]
) -> Callable[[Any, Any], bool]:
    return lambda value, most: not isinstance(value, kind) or judge(len(value), most)


_JUDGES: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "minimum": _number(lambda value, least: value >= least),
    "maximum": _number(lambda value, most: value <= most),
    "exclusiveMinimum": _number(lambda value, least: value > least),
    "exclusiveMaximum": _number(lambda value, most: value < most),
    "multipleOf": _number(_is_multiple),
    "minLength": _sized(str, lambda size, least: size >= least),
    "maxLength": _sized(str, lambda size, most: size <= most),
    "minItems": _sized(list, lambda size, least: size >= least),
    "maxItems": _sized(list, lambda size, most: size <= most),
    "minProperties": _sized(dict, lambda size, least: size >= least),
    "maxProperties": _sized(dict, lambda size, most: size <= most),
    "pattern": lambda value, pattern: (
        not isinstance(value, str) or (len(value) <= LONGEST_MATCHED and _regex(pattern).search(value))
    ),
    "uniqueItems": lambda value, wanted: not wanted or not isinstance(value, list) or _are_unique(value),
}


def _shown(said: object) -> str:
    text = orjson.dumps(said).decode()
    return text if len(text) <= 200 else text[:199] + "…"
