"""A bot with a shape: every answer is judged, mended by at most two more rounds, and fails honestly after that."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import pytest

from parley.accounts.access import Member
from parley.bots.models import Bot, BotVersion
from parley.bots.parameters import Parameters
from parley.bots.personas import persona_for
from parley.bots.tests.made import make_card
from parley.core.errors import Misshapen
from parley.core.ids import uuid7
from parley.engine import ledger
from parley.engine.completion import Question, complete, prepare
from parley.engine.events import Failed, Notice, Used
from parley.engine.tests.stage import hear, running_engine, say
from parley.providers import values
from parley.providers.models import Endpoint, ModelCard
from parley.providers.shapes import ChoiceShape
from parley.providers.values import ChatMessage, Finish, ModelRequest, Text, TextDelta, Usage, WireEvent
from parley.providers.wire import mock
from parley.usage.models import UsageRecord
from tests.people import Person, body_of

pytestmark = pytest.mark.django_db(transaction=True)

JSON = {"type": "json", "json_schema": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[ModelRequest]]:
    """What the model says, call after call; and what it was asked."""
    says: list[str] = []
    asked: list[ModelRequest] = []

    async def play(route: object, request: ModelRequest) -> AsyncGenerator[WireEvent, None]:
        asked.append(request)
        await asyncio.sleep(0)
        yield TextDelta(says.pop(0))
        yield Usage(10, 1)
        yield Finish("stop")

    monkeypatch.setattr(mock, "_play", play)
    return says, asked


def shaped_bot(member: Member, shape: dict[str, Any]) -> UUID:
    endpoint = Endpoint.objects.create(workspace_id=member.workspace_id, name=f"mock {uuid7()}", wire="mock")
    card = ModelCard.objects.create(endpoint=endpoint, name="mock-shape")
    bot = Bot.objects.create(workspace_id=member.workspace_id)
    stored = Parameters.model_validate({"shape": shape}).stored()
    BotVersion.objects.create(bot=bot, number=1, name="shaped", model_card=card, parameters=stored)
    return bot.id


async def heard_of(owner: Person, shape: dict[str, Any]) -> Any:
    bot_id = await ledger.write(shaped_bot, owner.member, shape)
    async with running_engine():
        return await hear((await say(owner.member, "go", bot_id=bot_id)).generation_id)


@pytest.mark.parametrize(
    ("shape", "answer"),
    [
        (JSON, '{"a": 1}'),
        ({"type": "regex", "pattern": "[A-Z]{2}\\d+"}, "AB12"),
        ({"type": "choices", "choices": ["yes", "no"]}, "no"),
    ],
)
async def test_a_good_answer_is_taken_at_once(
    owner: Person, answers: tuple[list[str], list[ModelRequest]], shape: dict[str, Any], answer: str
) -> None:
    says, asked = answers
    says.append(answer)
    heard = await heard_of(owner, shape)
    assert (heard.text, heard.kinds[-1], len(asked)) == (answer, "finished", 1)
    system = asked[0].messages[0]
    assert system.role == "system"
    assert isinstance(system.content[0], Text)
    assert "Answer with" in system.content[0].text
    assert (asked[0].parameters.response_format is not None) == (shape is JSON)


async def test_a_bad_answer_is_mended_with_the_mistake_shown_to_the_model(
    owner: Person, answers: tuple[list[str], list[ModelRequest]]
) -> None:
    says, asked = answers
    says.extend(["Sure! Here it is", '{"b": 1}', '{"a": 2}'])
    heard = await heard_of(owner, JSON)
    assert (heard.text, heard.kinds[-1]) == ('{"a": 2}', "finished")
    assert heard.kinds.count("reset") == 2
    reshaped = [event for event in heard.events if isinstance(event, Notice) and event.code == "reshaped"]
    assert "not JSON" in reshaped[0].details[0]
    assert reshaped[1].details == ("the answer lacks 'a'.",)
    last = asked[2].messages[-1].content[0]
    assert isinstance(last, Text)
    assert "the answer lacks 'a'." in last.text
    (used,) = [event for event in heard.events if isinstance(event, Used)]
    assert (used.input_tokens, used.output_tokens) == (30, 3)  # all three calls were paid for
    record = await UsageRecord.objects.aget(purpose="answer")
    assert (record.input_tokens, record.output_tokens) == (30, 3)


async def test_after_two_mendings_it_fails_honestly_and_keeps_what_was_said(
    owner: Person, answers: tuple[list[str], list[ModelRequest]]
) -> None:
    says, asked = answers
    says.extend(["no", "no", "still no"])
    heard = await heard_of(owner, JSON)
    assert len(asked) == 3
    assert isinstance(heard.events[-1], Failed)
    assert heard.events[-1].code == "misshapen"
    assert heard.text == "still no"


# --- Programs on /v1 --------------------------------------------------------------------------------------------------


async def told_to_a_program(owner: Person, shape: dict[str, Any], parameters: values.Parameters) -> list[WireEvent]:
    """What a caller of /v1 gets of a bot with a shape."""
    bot_id = await ledger.write(shaped_bot, owner.member, shape)
    question = Question((ChatMessage("user", (Text("go"),)),), parameters)
    scene = await ledger.read(lambda: prepare(owner.member, persona_for(bot_id), question))
    return [event async for event in complete(owner.member, scene)]


async def test_a_program_reads_no_word_of_an_answer_without_the_shape(
    owner: Person, answers: tuple[list[str], list[ModelRequest]]
) -> None:
    says, asked = answers
    says.extend(["Sure! Here it is", '{"b": 1}', '{"a": 2}'])
    heard = await told_to_a_program(owner, JSON, values.Parameters())
    assert heard == [TextDelta('{"a": 2}'), Usage(30, 3), Finish("stop")]
    last = asked[2].messages[-1].content[0]
    assert isinstance(last, Text)
    assert "the answer lacks 'a'." in last.text


async def test_a_program_is_told_when_no_answer_had_the_shape_and_what_was_spent_is_recorded(
    owner: Person, answers: tuple[list[str], list[ModelRequest]]
) -> None:
    says, asked = answers
    says.extend(["no", "no", "still no"])
    with pytest.raises(Misshapen, match="three times"):
        await told_to_a_program(owner, JSON, values.Parameters())
    assert len(asked) == 3
    while not await UsageRecord.objects.filter(purpose="api").aexists():  # written beside the answer
        await asyncio.sleep(0.01)
    assert (await UsageRecord.objects.aget(purpose="api")).input_tokens == 30


async def test_choices_of_a_programs_own_take_the_place_of_the_bots_shape_and_are_judged(
    owner: Person, answers: tuple[list[str], list[ModelRequest]]
) -> None:
    says, asked = answers
    says.extend(["Maybe", "yes"])
    own = values.Parameters(shape=ChoiceShape(choices=("yes", "no")))
    heard = await told_to_a_program(owner, JSON, own)
    assert heard[0] == TextDelta("yes")
    assert asked[0].parameters.response_format is None
    assert len(asked) == 2


async def test_a_program_that_asks_for_a_form_of_its_own_gets_the_answer_as_it_comes(
    owner: Person, answers: tuple[list[str], list[ModelRequest]]
) -> None:
    says, asked = answers
    says.append("as it comes")
    form = {"type": "json_object"}
    heard = await told_to_a_program(owner, JSON, values.Parameters(response_format=form))
    assert heard[0] == TextDelta("as it comes")
    assert asked[0].parameters.response_format == form
    assert all(message.role != "system" for message in asked[0].messages)


# --- What is a shape --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "json", "json_schema": {"if": {}}},
        {"type": "regex", "pattern": "(?=a)"},
        {"type": "choices", "choices": []},
        {"type": "poem"},
    ],
)
def test_a_shape_that_cannot_be_judged_is_not_taken(owner: Person, shape: dict[str, Any]) -> None:
    made = owner.browser.post("/api/v1/bots", {"name": "X", "model": str(uuid7()), "parameters": {"shape": shape}})
    assert made.status_code == 422


def test_a_shape_is_kept_with_the_bots_version_and_told_as_it_was_given(owner: Person) -> None:
    card = make_card(owner.member.workspace_id, "gpt-x")
    body = {"name": "X", "model": str(card.id), "parameters": {"shape": JSON, "reasoning": "low"}}
    made = body_of(owner.browser.post("/api/v1/bots", body))
    kept = body_of(owner.browser.get(f"/api/v1/bots/{made['id']}"))["parameters"]
    assert (kept["shape"], kept["reasoning"]) == (JSON, "low")
