"""A bot that names a rule: who answers, what the reader is told, and what is asked when the first one fails."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async

from parley.accounts.access import Member
from parley.bots.models import Bot, BotVersion
from parley.bots.personas import persona_for
from parley.core.errors import TooMany
from parley.core.ids import uuid7
from parley.core.metrics import registry
from parley.core.redis_tally import RedisTally
from parley.core.tally import install_tally
from parley.engine import callers, ledger
from parley.engine.assemble import Scene
from parley.engine.completion import Question, complete, prepare
from parley.engine.events import Failed, Notice, Started, Used
from parley.engine.loop import install_loop
from parley.engine.tests.stage import hear, running_engine, say
from parley.providers import client
from parley.providers.models import Decision, Endpoint, ModelCard
from parley.providers.routed import RoutedModel
from parley.providers.router.actions import add_rule
from parley.providers.routes import model_for
from parley.providers.values import ChatMessage, Parameters, Text, TextDelta, Usage
from parley.providers.wire.mock import vendor as books
from parley.providers.wire.mock import words_of
from parley.usage.actions import set_budget
from parley.usage.budgets import forget_allowances
from parley.usage.models import UsageRecord
from tests.people import Person
from tests.servers import Redis

pytestmark = pytest.mark.django_db(transaction=True)


def make_card(member: Member, model: str, *, wire: str = "mock", base_url: str = "", **facts: Any) -> ModelCard:
    endpoint = Endpoint.objects.create(
        workspace_id=member.workspace_id, name=f"{wire} {uuid7()}", wire=wire, base_url=base_url
    )
    return ModelCard.objects.create(endpoint=endpoint, name=model, label=model.partition("?")[0], **facts)


def make_ruled_bot(member: Member, *cards: ModelCard, **step: Any) -> UUID:
    """A bot that names a rule with these models in order."""
    steps = [{"models": [{"model": str(card.id)} for card in cards], **step}]
    rule = add_rule(member, name=f"Rule {uuid7()}", steps=steps, live=True)
    bot = Bot.objects.create(workspace_id=member.workspace_id)
    BotVersion.objects.create(bot=bot, number=1, name="ruled", model_card=rule.card)
    return bot.id


def notices(events: list[Any]) -> dict[str, Notice]:
    return {event.code: event for event in events if isinstance(event, Notice)}


async def test_a_rule_chooses_and_says_so_and_its_decision_is_kept(owner: Person) -> None:
    def prepared() -> UUID:
        return make_ruled_bot(
            owner.member, make_card(owner.member, "mock-lorem?tokens=3"), make_card(owner.member, "b")
        )

    bot_id = await ledger.write(prepared)
    async with running_engine():
        asked = await say(owner.member, "hello", bot_id=bot_id)
        heard = await hear(asked.generation_id)
    assert heard.text == words_of(3)
    routed = notices(heard.events)["routed"]
    assert routed.text.startswith("mock-lorem, chosen by the rule Rule ")
    assert routed.details[-1] == "mock-lorem was chosen: step 1, as the rule orders."
    decision = await Decision.objects.aget(generation_id=asked.generation_id)
    assert (decision.model, tuple(decision.reasons)) == ("mock-lorem", routed.details)
    assert (await UsageRecord.objects.aget(generation_id=asked.generation_id)).model == "mock-lorem?tokens=3"


@pytest.mark.parametrize("fault", ["mock-429", "mock-500", "mock-401", "mock-cut?at=0"])
async def test_when_the_first_fails_before_a_word_the_next_is_asked_at_once(owner: Person, fault: str) -> None:
    books.reset()

    def prepared() -> UUID:
        return make_ruled_bot(
            owner.member, make_card(owner.member, fault), make_card(owner.member, "mock-lorem?tokens=3")
        )

    bot_id = await ledger.write(prepared)
    async with running_engine():
        heard = await hear((await say(owner.member, "hello", bot_id=bot_id)).generation_id)
    assert heard.text == words_of(3)
    fallback = notices(heard.events)["fallback"]
    assert fallback.text == f"mock-lorem answers in place of {fault.partition('?')[0]}"
    assert "did not answer" in fallback.details[0]
    assert [event.model for event in heard.events if isinstance(event, Started)][-1] == "mock-lorem"
    assert books.calls_by_model[fault] == 1  # not tried again: somebody else could be asked
    assert heard.kinds[-1] == "finished"


async def test_after_a_refused_connection_the_next_model_is_asked_without_a_pause(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "BACKOFF_S", 60)
    monkeypatch.setattr(client, "BACKOFF_LIMIT_S", 60)

    def prepared() -> UUID:
        nobody = make_card(owner.member, "gone", wire="openai", base_url="http://127.0.0.1:9/v1")
        return make_ruled_bot(owner.member, nobody, make_card(owner.member, "mock-lorem?tokens=3"))

    bot_id = await ledger.write(prepared)
    async with running_engine():
        await hear((await say(owner.member, "warm up", bot_id=bot_id)).generation_id)
        asked = await say(owner.member, "hello", bot_id=bot_id)
        began = time.monotonic()
        heard = await hear(asked.generation_id)
        took_s = time.monotonic() - began
    assert heard.text == words_of(3)
    assert took_s < 5


async def test_what_was_begun_is_not_begun_again_by_another_model(owner: Person) -> None:
    def prepared() -> UUID:
        return make_ruled_bot(
            owner.member, make_card(owner.member, "mock-cut?at=2"), make_card(owner.member, "mock-lorem?tokens=3")
        )

    bot_id = await ledger.write(prepared)
    async with running_engine():
        heard = await hear((await say(owner.member, "hello", bot_id=bot_id)).generation_id)
    assert heard.text == words_of(2)
    assert isinstance(heard.events[-1], Failed)


async def test_when_all_fail_the_last_fault_is_told(owner: Person) -> None:
    def prepared() -> UUID:
        return make_ruled_bot(owner.member, make_card(owner.member, "mock-429"), make_card(owner.member, "mock-401"))

    bot_id = await ledger.write(prepared)
    async with running_engine():
        asked = await say(owner.member, "hello", bot_id=bot_id)
        heard = await hear(asked.generation_id)
    assert isinstance(heard.events[-1], Failed)
    assert heard.events[-1].code == "endpoint_refused"
    decision = await Decision.objects.aget(generation_id=asked.generation_id)
    assert any("did not answer" in reason for reason in decision.reasons)


async def test_an_endpoint_that_has_spent_its_money_is_not_asked(owner: Person) -> None:
    def prepared() -> tuple[UUID, UUID]:
        dear = make_card(owner.member, "mock-lorem?tokens=2", input_price=1e6, output_price=1e6)
        Endpoint.objects.filter(id=dear.endpoint_id).update(dollars_per_month=0.5)
        alone = Bot.objects.create(workspace_id=owner.member.workspace_id)
        BotVersion.objects.create(bot=alone, number=1, name="alone", model_card=dear)
        return make_ruled_bot(owner.member, dear, make_card(owner.member, "mock-lorem?tokens=3")), alone.id

    ruled, alone = await ledger.write(prepared)
    async with running_engine():
        first = await hear((await say(owner.member, "hello", bot_id=ruled)).generation_id)
        await ledger.write(forget_allowances)
        second = await hear((await say(owner.member, "hello", bot_id=ruled)).generation_id)
        third = await hear((await say(owner.member, "hello", bot_id=alone)).generation_id)
    assert (first.text, second.text) == (words_of(2), words_of(3))
    assert isinstance(third.events[-1], Failed)
    assert third.events[-1].code == "over_budget"


async def test_a_program_on_v1_is_routed_and_falls_back_too(owner: Person) -> None:
    def prepared() -> UUID:
        return make_ruled_bot(
            owner.member, make_card(owner.member, "mock-500"), make_card(owner.member, "mock-lorem?tokens=3")
        )

    bot_id = await ledger.write(prepared)
    question = Question((ChatMessage("user", (Text("hi"),)),), Parameters())
    scene = await sync_to_async(lambda: prepare(owner.member, persona_for(bot_id), question))()
    events = [event async for event in complete(owner.member, scene)]
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == words_of(3)
    assert isinstance(events[-2], Usage)


async def test_decisions_and_models_that_were_passed_over_are_counted(owner: Person) -> None:
    def prepared() -> tuple[UUID, str]:
        first, second = make_card(owner.member, "mock-500"), make_card(owner.member, "mock-lorem?tokens=3")
        bot_id = make_ruled_bot(owner.member, first, second)
        card_id = persona_for(bot_id).model_card_id
        assert card_id
        return bot_id, model_for(card_id).label

    bot_id, rule = await ledger.write(prepared)
    async with running_engine():
        for _ in range(2):
            await hear((await say(owner.member, "hello", bot_id=bot_id)).generation_id)

    def count(name: str, **labels: str) -> float:
        return registry.get_sample_value(f"parley_router_{name}", {"rule": rule, **labels}) or 0.0

    assert count("decisions_total", model="mock-500") == 2
    assert count("fallbacks_total", model="mock-500") == 2
    assert count("seconds_count") == 2


async def one_at_once(owner: Person) -> Callable[[], Scene]:
    """How a program asks for this person, who may have one answer at once."""

    def prepared() -> UUID:
        bot_id = make_ruled_bot(owner.member, make_card(owner.member, "mock-lorem?tokens=3&delay_ms=20"))
        set_budget(owner.member.workspace_id, owner.user.id, concurrent=1)
        forget_allowances()
        return bot_id

    bot_id = await ledger.write(prepared)
    question = Question((ChatMessage("user", (Text("hi"),)),), Parameters())
    return lambda: prepare(owner.member, persona_for(bot_id), question)


async def test_answers_to_programs_count_among_those_that_are_written_at_once(owner: Person) -> None:
    asked = await one_at_once(owner)
    under_way = complete(owner.member, await ledger.read(asked))
    await anext(under_way)
    with pytest.raises(TooMany, match="at once"):
        await ledger.read(asked)
    await under_way.aclose()
    assert await ledger.read(asked)


async def test_answers_to_programs_of_another_process_count_as_well(
    owner: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await one_at_once(owner)
    with Redis(tmp_path) as redis:
        one, two = (RedisTally(redis.url, prefix="ours:") for _ in range(2))
        install_loop(asyncio.get_running_loop())
        try:
            install_tally(one)
            under_way = complete(owner.member, await ledger.read(asked))
            await anext(under_way)
            install_tally(two)
            with monkeypatch.context() as other:
                other.setattr(callers, "_here", Counter())  # the process that looks has none itself
                with pytest.raises(TooMany, match="at once"):
                    await ledger.read(asked)
            await under_way.aclose()
            while one._lines:
                await asyncio.sleep(0.001)
            assert await ledger.read(asked)
        finally:
            install_tally(None)
            install_loop(None)


async def test_the_tokens_of_the_model_that_answered_are_told(owner: Person) -> None:
    def prepared() -> UUID:
        return make_ruled_bot(
            owner.member, make_card(owner.member, "mock-429"), make_card(owner.member, "mock-lorem?tokens=3")
        )

    bot_id = await ledger.write(prepared)
    async with running_engine():
        asked = await say(owner.member, "hello", bot_id=bot_id)
        heard = await hear(asked.generation_id)
    (used,) = [event for event in heard.events if isinstance(event, Used)]
    assert used.output_tokens == 3
    assert await UsageRecord.objects.filter(generation_id=asked.generation_id).acount() == 1


async def test_a_title_is_asked_of_a_model_of_the_rule(owner: Person) -> None:
    def prepared() -> RoutedModel:
        bot_id = make_ruled_bot(owner.member, make_card(owner.member, "first"), make_card(owner.member, "second"))
        card_id = persona_for(bot_id).model_card_id
        assert card_id
        return model_for(card_id)

    model = await ledger.write(prepared)
    assert (model.itself().name, model.itself("second").name) == ("first", "second")
    assert model.itself().itself() is model.itself()
