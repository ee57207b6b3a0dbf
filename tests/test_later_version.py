"""What a later version stored or sent is read by this one: in an upgrade both run, and after one was taken back its rows stay.

Each form that is stored as JSON gets a field that this version does not know, at every depth.
"""

from typing import Any
from uuid import uuid4

import orjson
import pytest

from parley.bots.parameters import FunctionTool, Parameters, parameters_of
from parley.conversations.parts import (
    CitationPart,
    FilePart,
    ImagePart,
    Part,
    ReasoningPart,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    dump_parts,
    load_parts,
)
from parley.engine import events, replies
from parley.engine.values import Turn
from parley.playground.setups import PromptMessage, Setup, setup_of
from parley.providers.shapes import ChoiceShape, JsonShape, RegexShape
from tests.people import Person

PARTS: list[Part] = [
    TextPart(text="a"),
    ReasoningPart(text="b"),
    ImagePart(url="data:image/png;base64,AAAA"),
    FilePart(file=uuid4(), name="c"),
    ToolCallPart(id="1", name="look", arguments="{}", opaque="sealed"),
    ToolResultPart(id="1", text="seen"),
    CitationPart(number=1, title="d", path="e", text="f"),
]
EVENTS: list[events.Event] = [
    events.Started("m", 1),
    events.Delta("a"),
    events.Reasoning("b"),
    events.ToolCalled("1", "look", "{}", "sealed"),
    events.ToolResult("1", "seen"),
    events.Citation(1, "d", "e", "f"),
    events.Notice("routed", "g", ("h",)),
    events.Used(1, 2),
    events.Reset(),
    events.Finished(),
    events.Stopped(),
    events.Failed("c", "m", True),
    events.Interrupted(),
]
SHAPES = JsonShape(json_schema={"type": "object"}), RegexShape(pattern="a+"), ChoiceShape(choices=("a", "b"))


def of_a_later_version(stored: Any, *, but: frozenset[str] = frozenset({"json_schema"})) -> Any:
    """The same with one more field in every object, but in those that are a person's own."""
    if isinstance(stored, list):
        return [of_a_later_version(one, but=but) for one in stored]
    if not isinstance(stored, dict):
        return stored
    grown = {name: one if name in but else of_a_later_version(one, but=but) for name, one in stored.items()}
    return grown | {"of_a_later_version": {"deep": [1]}}


def test_parts_of_messages() -> None:
    stored = orjson.loads(dump_parts(PARTS))
    assert load_parts(orjson.dumps(of_a_later_version(stored)).decode()) == PARTS


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_events_of_a_tape(event: events.Event) -> None:
    stored = orjson.loads(events.dump_event(event))
    assert events.load_event(orjson.dumps(of_a_later_version(stored)).decode()) == event


def test_every_kind_of_part_and_event_is_among_these() -> None:
    assert len(PARTS) == len(Part.__origin__.__args__)  # type: ignore[attr-defined] # of an annotated union
    assert len(EVENTS) == len(events.Event.__origin__.__args__)  # type: ignore[attr-defined]


def test_a_bell_that_rings_for_a_reply() -> None:
    turn = Turn(uuid4(), 1, 1, uuid4(), uuid4(), uuid4(), None, uuid4(), uuid4(), trace="t")
    grown = orjson.dumps(of_a_later_version(orjson.loads(replies.dump_turn(turn))))
    assert replies._codec.validate_json(grown) == turn


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.type)
def test_parameters_of_a_bot(shape: JsonShape | RegexShape | ChoiceShape) -> None:
    functions = (FunctionTool(name="look"),)
    parameters = Parameters(temperature=0.5, shape=shape, tools=("calculate",), functions=functions)
    stored = parameters.stored() | {"tools": ["of_a_later_version", "calculate"]}
    assert parameters_of(of_a_later_version(stored, but=frozenset({"json_schema", "parameters"}))) == parameters


def test_a_preset_of_the_playground() -> None:
    message = PromptMessage(role="user", parts=(TextPart(text="a"),))
    setup = Setup(system="s", messages=(message,), parameters=Parameters(temperature=1), models=(uuid4(),))
    assert setup_of(of_a_later_version(setup.stored())) == setup


@pytest.mark.django_db
def test_what_a_person_gives_is_still_held_against_what_is_known(owner: Person) -> None:
    """A typing mistake is told, not passed over."""
    body = {"key": str(uuid4()), "parts": [{"type": "text", "text": "a", "txet": "b"}]}
    refused = owner.browser.post(f"/api/v1/conversations/{uuid4()}/messages", body)
    assert refused.status_code == 422
    assert "txet" in refused.content.decode()
