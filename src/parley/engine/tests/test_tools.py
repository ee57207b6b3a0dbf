"""A bot with tools: the model calls, Parley runs, the model goes on; at most 25 rounds."""

from typing import Any
from uuid import UUID

import pytest

from parley.accounts.access import Member
from parley.bots.models import Bot, BotVersion
from parley.core.ids import uuid7
from parley.engine import ledger
from parley.engine.answer import MOST_ROUNDS
from parley.engine.events import ToolCalled, ToolResult
from parley.engine.tests.stage import generation, hear, running_engine, say
from parley.providers.models import Endpoint, ModelCard
from parley.providers.values import Finish, ToolCall, Usage
from parley.providers.wire import mock
from parley.providers.wire.mock import vendor as books
from parley.usage.models import UsageRecord
from tests.people import Person, body_of

pytestmark = pytest.mark.django_db(transaction=True)


def tooled_bot(member: Member, model: str, *tools: str, able: bool = True) -> UUID:
    endpoint = Endpoint.objects.create(workspace_id=member.workspace_id, name=f"mock {uuid7()}", wire="mock")
    card = ModelCard.objects.create(endpoint=endpoint, name=model, tools=able)
    bot = Bot.objects.create(workspace_id=member.workspace_id)
    BotVersion.objects.create(bot=bot, number=1, name="tooled", model_card=card, parameters={"tools": list(tools)})
    return bot.id


CALCULATING = 'mock-tool?arguments={"expression":"6*7"}'


async def test_a_tool_is_called_and_the_model_goes_on_with_its_result(owner: Person) -> None:
    books.reset()
    bot_id = await ledger.write(tooled_bot, owner.member, CALCULATING, "calculate")
    async with running_engine():
        asked = await say(owner.member, "what is 6*7?", bot_id=bot_id)
        heard = await hear(asked.generation_id)
    called = next(event for event in heard.events if isinstance(event, ToolCalled))
    result = next(event for event in heard.events if isinstance(event, ToolResult))
    assert (called.name, result.id, result.text, result.is_error) == ("calculate", called.id, "42", False)
    assert heard.text == "The tool said: 42"
    assert heard.kinds[-1] == "finished"
    first, second = books.requests
    assert [tool.name for tool in first.tools] == ["calculate"]
    assert [message.role for message in second.messages][-2:] == ["assistant", "tool"]
    assert second.messages[-2].tool_calls[0].id == second.messages[-1].tool_call_id
    kept = (await generation(asked.generation_id)).message.parts
    assert [part.type for part in kept] == ["tool_call", "tool_result", "text"]
    record = await UsageRecord.objects.aget(generation_id=asked.generation_id)
    assert record.input_tokens >= 2  # of both calls


async def test_a_tool_that_fails_tells_the_model_and_not_the_person(owner: Person) -> None:
    bot_id = await ledger.write(tooled_bot, owner.member, 'mock-tool?arguments={"expression":"1/0"}', "calculate")
    async with running_engine():
        heard = await hear((await say(owner.member, "go", bot_id=bot_id)).generation_id)
    result = next(event for event in heard.events if isinstance(event, ToolResult))
    assert result.is_error
    assert heard.kinds[-1] == "finished"


async def test_a_model_that_knows_no_tools_is_offered_none(owner: Person) -> None:
    bot_id = await ledger.write(lambda: tooled_bot(owner.member, CALCULATING, "calculate", able=False))
    async with running_engine():
        heard = await hear((await say(owner.member, "go", bot_id=bot_id)).generation_id)
    assert heard.text.startswith("The tool said: no tool")


async def test_tools_without_end_are_ended(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    async def play(route: object, request: object) -> Any:
        nonlocal calls
        calls += 1
        yield ToolCall(f"c{calls}", "calculate", '{"expression": "1+1"}')
        yield Usage(1, 1)
        yield Finish("tool_calls")

    monkeypatch.setattr(mock, "_play", play)
    bot_id = await ledger.write(tooled_bot, owner.member, "mock-tool", "calculate")
    async with running_engine():
        heard = await hear((await say(owner.member, "go", bot_id=bot_id)).generation_id)
    assert calls == MOST_ROUNDS + 1
    assert heard.kinds.count("tool_result") == MOST_ROUNDS
    assert heard.kinds[-1] == "finished"
    assert "notice" in heard.kinds


def test_a_bot_names_tools_that_there_are(owner: Person) -> None:
    refused = owner.browser.post("/api/v1/bots", {"name": "X", "model": str(uuid7()), "parameters": {"tools": ["rm"]}})
    assert refused.status_code == 422
    assert "calculate" in str(body_of(refused))
