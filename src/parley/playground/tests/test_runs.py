"""A run through its door: every model answers one prompt, over the ordinary engine, and nothing of it is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async

from parley.bots.drafts import Draft
from parley.bots.models import Bot, BotVersion
from parley.bots.parameters import Parameters
from parley.bots.tests.made import make_card
from parley.bots.trials import versions_on_trial
from parley.conversations.models import Conversation
from parley.engine.models import Generation
from parley.engine.tests.stage import hear, running_engine
from parley.providers.wire.mock import vendor as books
from parley.usage.actions import set_budget
from parley.usage.models import UsageRecord
from tests.people import Browser, Person

pytestmark = pytest.mark.django_db(transaction=True)
RUNS = "/api/v1/playground/runs"


def setup(*models: object, **more: object) -> dict[str, Any]:
    said = [{"role": "user", "parts": [{"type": "text", "text": "Which way is north?"}]}]
    return {"messages": said, "models": [str(model) for model in models], **more}


async def post(who: Person, body: object) -> Any:
    return await sync_to_async(who.browser.post)(RUNS, body)


async def get(who: Person, run: str) -> Any:
    return (await sync_to_async(who.browser.get)(f"{RUNS}/{run}")).json()


async def card(who: Person, model: str, **fields: object) -> UUID:
    made = await sync_to_async(make_card)(who.member.workspace_id, model, endpoint="Mock", **fields)
    return made.id


def test_models_answer_beside_each_other_and_their_figures_stand_at_the_end(owner: Person) -> None:
    async def play() -> None:
        async with running_engine():
            words = await card(owner, "mock-lorem?tokens=5", input_price=1.0, output_price=2.0)
            echo = await card(owner, "mock-echo")
            more = {"system": "Be brief.", "parameters": {"temperature": 0.5, "stop": ["END"]}}
            answer = await post(owner, {"key": str(uuid4()), "setup": setup(words, echo, **more)})
            assert answer.status_code == 202, answer.content
            run = answer.json()
            assert [one["model"]["label"] for one in run["answers"]] == ["mock-lorem?tokens=5", "mock-echo"]
            for one in run["answers"]:
                await hear(UUID(one["generation"]["id"]))
            ended = await get(owner, run["id"])
            assert ended["setup"] == run["setup"]
            assert ended["setup"]["system"] == "Be brief."
            assert ended["setup"]["parameters"]["stop"] == ["END"]
            first, second = ended["answers"]
            assert [one["status"] for one in ended["answers"]] == ["completed", "completed"]
            assert "Which way is north?" in second["parts"][0]["text"]
            figures = first["figures"]
            assert figures["output_tokens"] > 0
            assert 0 <= figures["first_word_s"] <= figures["took_s"]
            assert figures["dollars"] == pytest.approx(
                (figures["input_tokens"] + 2 * figures["output_tokens"]) / 1_000_000
            )
            assert second["figures"]["dollars"] is None
        assert [record.purpose async for record in UsageRecord.objects.all()] == ["playground"] * 2

    asyncio.run(play())


def test_the_same_key_starts_one_run_and_another_prompt_under_it_is_refused(owner: Person) -> None:
    async def play() -> None:
        async with running_engine():
            body: dict[str, Any] = {"key": str(uuid4()), "setup": setup(await card(owner, "mock-lorem?tokens=1"))}
            first, again = await post(owner, body), await post(owner, body)
            assert first.json()["id"] == again.json()["id"]
            assert await Generation.objects.acount() == 1
            body["setup"]["messages"][0]["parts"][0]["text"] = "And south?"
            assert (await post(owner, body)).status_code == 409
            await hear(UUID(first.json()["answers"][0]["generation"]["id"]))

    asyncio.run(play())


def test_a_prompt_may_put_words_into_the_models_mouth(owner: Person) -> None:
    async def play() -> None:
        async with running_engine():
            body = setup(await card(owner, "mock-echo"))
            body["messages"] = [
                {"role": "user", "parts": [{"type": "text", "text": "Hi"}]},
                {"role": "assistant", "parts": [{"type": "text", "text": "Ahoy"}]},
                {"role": "user", "parts": [{"type": "text", "text": "Once more"}]},
            ]
            run = (await post(owner, {"key": str(uuid4()), "setup": body})).json()
            await hear(UUID(run["answers"][0]["generation"]["id"]))
            roles = [message["role"] for message in (await get(owner, run["id"]))["setup"]["messages"]]
            assert roles == ["user", "assistant", "user"]

    asyncio.run(play())


def test_a_run_is_in_no_list_and_its_settings_are_nobodys_bot(owner: Person) -> None:
    async def play() -> None:
        async with running_engine():
            model = await card(owner, "mock-lorem?tokens=1")
            for _ in range(2):
                run = (await post(owner, {"key": str(uuid4()), "setup": setup(model)})).json()
                await hear(UUID(run["answers"][0]["generation"]["id"]))
        assert await BotVersion.objects.filter(bot__playground_of=owner.user.id).acount() == 1
        assert (await sync_to_async(owner.browser.get)("/api/v1/conversations")).json()["items"] == []
        assert (await sync_to_async(owner.browser.get)("/api/v1/bots")).json()["items"] == []
        assert len((await sync_to_async(owner.browser.get)(RUNS)).json()["items"]) == 2

    asyncio.run(play())


def test_what_a_person_tried_out_goes_with_them(mate: Person) -> None:
    draft = Draft(name="Trial", model_card_id=None, system_prompt="my secret", parameters=Parameters(seed=7))
    (version_id,) = versions_on_trial(mate.member, [draft])
    mate.user.delete()
    version = BotVersion.objects.get(id=version_id)
    assert (version.system_prompt, version.parameters) == ("", {})


def test_a_link_to_a_run_shows_all_its_answers(owner: Person) -> None:
    async def play() -> None:
        async with running_engine():
            models = [await card(owner, "mock-lorem?tokens=1"), await card(owner, "mock-echo")]
            run = (await post(owner, {"key": str(uuid4()), "setup": setup(*models)})).json()
            for one in run["answers"]:
                await hear(UUID(one["generation"]["id"]))
        share = await sync_to_async(owner.browser.post)(f"/api/v1/conversations/{run['id']}/shares", {"days": 7})
        shown = (await sync_to_async(Browser().get)(f"/api/v1/shared/{share.json()['token']}")).json()
        assert [one["bot"] and one["bot"]["name"] for one in shown["messages"]] == [
            None,
            "mock-lorem?tokens=1",
            "mock-echo",
        ]

    asyncio.run(play())


Spoil = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda one: one.update(models=[]), "Choose 1 to 4 models"),
        (lambda one: one.update(models=one["models"] * 5), "at most 4"),
        (lambda one: one.update(messages=[]), "last message must be the user's"),
        (lambda one: one["messages"].append({"role": "assistant", "parts": []}), "last message must be the user's"),
        (lambda one: one["messages"][0].update(parts=[{"type": "text", "text": "  "}]), "empty"),
        (lambda one: one.update(parameters={"tools": ["fly"]}), "no tool called 'fly'"),
        (lambda one: one.update(parameters={"temperature": 9}), "temperature"),
        (lambda one: one.update(system="x" * 40_000), "system prompt"),
    ],
)
def test_what_cannot_be_run_is_refused_with_what_to_do(owner: Person, spoil: Spoil, says: str) -> None:
    body = setup(make_card(owner.member.workspace_id).id)
    spoil(body)
    answer = owner.browser.post(RUNS, {"key": str(uuid4()), "setup": body})
    assert answer.status_code in (400, 422), answer.content
    assert says in answer.json()["detail"]
    assert not Conversation.objects.exists()


def test_a_model_that_is_not_ones_own_to_use_is_not_found(owner: Person, stranger: Person) -> None:
    theirs = make_card(stranger.member.workspace_id)
    answer = owner.browser.post(RUNS, {"key": str(uuid4()), "setup": setup(theirs.id)})
    assert answer.status_code == 404
    assert not Bot.objects.filter(workspace_id=owner.member.workspace_id).exists()


def test_all_answers_of_a_run_count_against_a_limit_of_answers_at_once(owner: Person) -> None:
    set_budget(owner.member.workspace_id, owner.user.id, concurrent=1)
    body = setup(make_card(owner.member.workspace_id).id)
    body["models"] *= 2
    answer = owner.browser.post(RUNS, {"key": str(uuid4()), "setup": body})
    assert answer.status_code == 429
    assert not Conversation.objects.exists()


async def _run_of(who: Person, model: Callable[[], Awaitable[UUID]]) -> str:
    async with running_engine():
        run = (await post(who, {"key": str(uuid4()), "setup": setup(await model())})).json()
        await hear(UUID(run["answers"][0]["generation"]["id"]))
    return str(run["id"])


@pytest.mark.parametrize("who", ["mate", "stranger"])
def test_a_run_is_its_owners_alone(owner: Person, who: str, request: pytest.FixtureRequest) -> None:
    run = asyncio.run(_run_of(owner, lambda: card(owner, "mock-lorem?tokens=1")))
    other: Person = request.getfixturevalue(who)
    assert other.browser.get(f"{RUNS}/{run}").status_code == 404
    assert other.browser.get(RUNS).json()["items"] == []
    assert Browser().get(f"{RUNS}/{run}").status_code == 401


def test_a_conversation_is_no_run(owner: Person) -> None:
    made = owner.browser.post("/api/v1/conversations", {"bot": str(_bot(owner))}).json()
    assert owner.browser.get(f"{RUNS}/{made['id']}").status_code == 404


def _bot(who: Person) -> UUID:
    bot = Bot.objects.create(workspace_id=who.member.workspace_id)
    BotVersion.objects.create(bot=bot, number=1, name="Helper", model_card=make_card(who.member.workspace_id))
    return bot.id


WEATHER = {
    "name": "get_weather",
    "description": "The weather of a town.",
    "parameters": {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]},
}


def test_a_function_of_ones_own_is_called_and_what_it_gave_goes_on(owner: Person) -> None:
    async def play() -> None:
        async with running_engine():
            tool = await card(owner, 'mock-tool?arguments={"town": "Oslo"}&opaque=sealed', tools=True)
            body = setup(tool, parameters={"functions": [WEATHER]})
            run = (await post(owner, {"key": str(uuid4()), "setup": body})).json()
            await hear(UUID(run["answers"][0]["generation"]["id"]))
            ended = await get(owner, run["id"])
            assert ended["setup"]["parameters"]["functions"] == [WEATHER]
            (answer,) = ended["answers"]
            assert answer["status"] == "completed"
            (call,) = answer["parts"]
            assert (call["type"], call["name"], call["arguments"]) == ("tool_call", "get_weather", '{"town": "Oslo"}')
            assert call["opaque"] == "sealed"

            result = {"type": "tool_result", "id": call["id"], "text": "12 degrees and rain", "is_error": False}
            body["messages"].append({"role": "assistant", "parts": [call, result]})
            run = (await post(owner, {"key": str(uuid4()), "setup": body})).json()
            await hear(UUID(run["answers"][0]["generation"]["id"]))
            ended = await get(owner, run["id"])
            assert ended["setup"]["messages"][-1]["parts"] == [call, result]
            went_back = [one for message in books.requests[-1].messages for one in message.tool_calls]
            assert [one.opaque for one in went_back] == ["sealed"], "the vendor wants its thoughts back with the result"
            assert ended["title"] == "Which way is north?"
            assert "12 degrees and rain" in ended["answers"][0]["parts"][0]["text"]

    asyncio.run(play())


def test_each_model_goes_on_with_what_its_own_calls_gave(owner: Person) -> None:
    async def play() -> None:
        async with running_engine():
            towns = {}
            for town in ("Oslo", "Rome"):
                made = await card(owner, f'mock-tool?arguments={{"town": "{town}"}}', tools=True)
                towns[str(made)] = town
            body = setup(*towns, parameters={"functions": [WEATHER]})
            run = (await post(owner, {"key": str(uuid4()), "setup": body})).json()
            for one in run["answers"]:
                await hear(UUID(one["generation"]["id"]))
            asked = (await get(owner, run["id"]))["answers"]
            for place, one in enumerate(asked):
                (call,) = one["parts"]
                result = {"type": "tool_result", "id": call["id"], "text": f"rain in {place}", "is_error": False}
                body["messages"].append({"role": "assistant", "only": place, "parts": [call, result]})
            books.reset()
            run = (await post(owner, {"key": str(uuid4()), "setup": body})).json()
            for one in run["answers"]:
                await hear(UUID(one["generation"]["id"]))
            ended = await get(owner, run["id"])
            assert ended["setup"]["models"] == list(towns)
            assert [one["only"] for one in ended["setup"]["messages"]] == [None, 0, 1]
            said = [one["parts"][0]["text"] for one in ended["answers"]]
            assert ["rain in 0" in said[0], "rain in 1" in said[1]] == [True, True], said
            for request in books.requests:
                (call,) = [one for message in request.messages for one in message.tool_calls]
                assert call.arguments in request.model, "a model was told what another one called"

    asyncio.run(play())


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        ([0, None], "for all models"),
        ([None, 3], "there is none"),
        ([0], "begins with what all"),
    ],
)
def test_what_only_one_model_is_told_stands_last_and_belongs_to_a_model(
    owner: Person, messages: list[int | None], told: str
) -> None:
    async def play() -> None:
        model = await card(owner, "mock-echo")
        said = [{"role": "user", "only": only, "parts": [{"type": "text", "text": "Hi"}]} for only in messages]
        answer = await post(owner, {"key": str(uuid4()), "setup": {**setup(model, model), "messages": said}})
        assert answer.status_code == 422, answer.content
        assert told in answer.content.decode()

    asyncio.run(play())


def test_built_in_tools_may_stand_beside_functions_of_ones_own(owner: Person) -> None:
    async def play() -> None:
        async with running_engine():
            tool = await card(owner, 'mock-tool?arguments={"expression": "6*7"}', tools=True)
            body = setup(tool, parameters={"functions": [WEATHER | {"name": "zz_later"}], "tools": ["calculate"]})
            run = (await post(owner, {"key": str(uuid4()), "setup": body})).json()
            await hear(UUID(run["answers"][0]["generation"]["id"]))
            (answer,) = (await get(owner, run["id"]))["answers"]
            assert answer["status"] == "completed"
            assert [part["name"] for part in answer["parts"]] == ["zz_later"]

    asyncio.run(play())


def test_each_model_may_have_parameters_of_its_own(owner: Person) -> None:
    async def play() -> None:
        async with running_engine():
            models = [await card(owner, "mock-lorem?tokens=1"), await card(owner, "mock-echo")]
            more = {"parameters": {"temperature": 0.5}, "own": [None, {"temperature": 1.5, "seed": 7}]}
            run = (await post(owner, {"key": str(uuid4()), "setup": setup(*models, **more)})).json()
            for one in run["answers"]:
                await hear(UUID(one["generation"]["id"]))
            kept = (await get(owner, run["id"]))["setup"]
            versions = {version.name: version.parameters async for version in BotVersion.objects.all()}
        by_model = dict(zip(kept["models"], kept["own"], strict=True))
        found = [(by_model[str(model)] or kept["parameters"])["temperature"] for model in models]
        assert found == [0.5, 1.5]
        assert versions["mock-echo"] == {"temperature": 1.5, "seed": 7}
        assert versions["mock-lorem?tokens=1"] == {"temperature": 0.5}

    asyncio.run(play())


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda f: f.update(name="get weather"), "name"),
        (lambda f: f.update(parameters={"type": "string"}), "object"),
        (lambda f: f.update(parameters={"type": "object", "properties": {"town": {"type": "town"}}}), "town"),
        (lambda f: f.update(name="calculate"), "calculate"),
    ],
)
def test_a_function_that_is_not_right_is_refused_and_why(owner: Person, spoil: Spoil, named: str) -> None:
    function = dict(WEATHER)
    spoil(function)
    made = make_card(owner.member.workspace_id, "mock-echo", endpoint="Mock")
    body = setup(made.id, parameters={"functions": [function], "tools": ["calculate"]})
    answer = owner.browser.post(RUNS, {"key": str(uuid4()), "setup": body})
    assert answer.status_code == 422
    assert named in answer.content.decode()


def test_a_call_without_what_it_gave_is_refused(owner: Person) -> None:
    made = make_card(owner.member.workspace_id, "mock-echo", endpoint="Mock")
    body = setup(made.id, parameters={"functions": [WEATHER]})
    call = {"type": "tool_call", "id": "c1", "name": "get_weather", "arguments": "{}"}
    body["messages"].append({"role": "assistant", "parts": [call]})
    body["messages"].append({"role": "user", "parts": [{"type": "text", "text": "And?"}]})
    answer = owner.browser.post(RUNS, {"key": str(uuid4()), "setup": body})
    assert answer.status_code == 422
    assert "Say what each of them gave" in answer.content.decode()
