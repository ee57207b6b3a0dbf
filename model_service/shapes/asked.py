"""Which shape a request asks for: the fields of OpenAI's dialect, and those that vLLM adds to it. Plain Python.

Sources: OpenAI's `response_format`; vLLM's `structured_outputs`, and the `guided_…` fields that it had before them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from model_service.errors import BadRequest

Kind = Literal["json", "regex", "choice", "grammar"]
LARGEST_BYTES: Final = 256 * 1024
_KINDS: Final[tuple[Kind, ...]] = ("json", "regex", "choice", "grammar")
SHAPE_FIELDS: Final = frozenset({"response_format", "structured_outputs", *(f"guided_{kind}" for kind in _KINDS)})


class ShapeRefused(BadRequest):
    """`param` is the keyword, or the field, that is not supported or not right."""

    code = "unsupported_shape"

    def __init__(self, param: str, message: str) -> None:
        super().__init__(message, param=param)


@dataclass(frozen=True, slots=True)
class Asked:
    """`source`: JSON of the schema or of the list of choices, the regular expression, or the grammar."""

    kind: Kind
    source: str


def asked_shape(request: Mapping[str, Any]) -> Asked | None:  # Any: a caller's JSON
    """The one shape that a request asks for, or None. Raises `ShapeRefused` where it asks for two, or unclearly."""
    asked = [*_by_response_format(request.get("response_format")), *_by_fields(request)]
    if len(asked) > 1:
        raise ShapeRefused(asked[1][0], f"Ask for one shape: '{asked[0][0]}' and '{asked[1][0]}' are both there.")
    if not asked:
        return None
    field, kind, said = asked[0]
    shape = Asked(kind, _source(field, kind, said))
    if len(shape.source.encode(errors="replace")) > LARGEST_BYTES:
        raise ShapeRefused(field, f"'{field}' is larger than {LARGEST_BYTES // 1024} KiB.")
    return shape


def _by_response_format(said: object) -> list[tuple[str, Kind, object]]:
    if said is None or said == {"type": "text"}:
        return []
    kind = said.get("type") if isinstance(said, Mapping) else None
    if isinstance(said, Mapping) and kind == "json_schema":
        named = said.get("json_schema")
        if not isinstance(named, Mapping) or "schema" not in named:
            raise ShapeRefused("json_schema", "'response_format.json_schema' wants {'name': …, 'schema': {…}}.")
        return [("response_format", "json", named["schema"])]
    if kind == "json_object":
        return [("response_format", "json", {"type": "object"})]
    raise ShapeRefused("response_format", "'response_format.type' is one of: text, json_object, json_schema.")


def _by_fields(request: Mapping[str, Any]) -> list[tuple[str, Kind, object]]:
    asked: list[tuple[str, Kind, object]] = [
        (f"guided_{kind}", kind, request[f"guided_{kind}"])
        for kind in _KINDS
        if request.get(f"guided_{kind}") is not None
    ]
    outputs = request.get("structured_outputs")
    if outputs is None:
        return asked
    if not isinstance(outputs, Mapping):
        raise ShapeRefused("structured_outputs", "'structured_outputs' is an object with one of: " + ", ".join(_KINDS))
    for name, said in outputs.items():
        if name in _KINDS and said is not None:
            asked.append((f"structured_outputs.{name}", name, said))
        elif name == "json_object" and said:
            asked.append((f"structured_outputs.{name}", "json", {"type": "object"}))
        elif said:
            raise ShapeRefused(name, f"'structured_outputs.{name}' is not supported; one of: {', '.join(_KINDS)}.")
    return asked


def _source(field: str, kind: Kind, said: object) -> str:
    if kind == "json":
        return _schema(field, said)
    if kind == "choice":
        choices = said if isinstance(said, list) else []
        if not choices or not all(isinstance(one, str) and one for one in choices):
            raise ShapeRefused(field, f"'{field}' is a list of texts, none of them empty.")
        return json.dumps(choices)
    if not isinstance(said, str) or not said:
        raise ShapeRefused(field, f"'{field}' is a text.")
    return said


def _schema(field: str, said: object) -> str:
    """A schema as vLLM takes it: an object, or the text of one. Equal ones come out equal, so that one is compiled."""
    if isinstance(said, str):
        try:
            said = json.loads(said)
        except (json.JSONDecodeError, RecursionError) as error:
            raise ShapeRefused(field, f"'{field}' is no JSON: {error}") from None
    if not isinstance(said, dict | bool):
        raise ShapeRefused(field, f"'{field}' is a JSON Schema: an object.")
    try:
        return json.dumps(said)
    except RecursionError:
        raise ShapeRefused(field, f"'{field}' lies too deep.") from None
