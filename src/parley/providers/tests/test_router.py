"""The router: whom a rule lets answer, in which order, why, and how long that takes."""

import random
import time
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from parley.core.errors import EndpointAtLimit, EndpointRejected, EndpointStumbled, Invalid
from parley.providers.breaker import OPENS_AFTER, breaker_of
from parley.providers.load import load_of
from parley.providers.measures import measured
from parley.providers.routed import LoadedRule, RoutedModel
from parley.providers.router.decide import decide
from parley.providers.router.kinds import kind_of
from parley.providers.router.languages import language_of
from parley.providers.router.needs import Needs, needs_of
from parley.providers.router.rules import dump_steps, given_steps, steps_of
from parley.providers.values import ChatMessage, Image, Route, Text

WORKSPACE = uuid4()


def model(name: str, **facts: Any) -> RoutedModel:
    usual: dict[str, Any] = {"context_window": 100_000, "vision": False, "tools": False, "prefill": False}
    route = Route(f"endpoint of {name} {uuid4()}", "mock", "")
    made = RoutedModel(uuid4(), WORKSPACE, name, name.title(), is_guide=False, route=route, **usual)
    return replace(made, **facts)


def rule(models: list[RoutedModel], *steps: dict[str, Any]) -> LoadedRule:
    """A rule whose steps name models by their names."""
    ids: dict[str, UUID] = {one.name: one.id for one in models}
    written = [step | {"models": [_choice(named, ids) for named in step["models"]]} for step in steps]
    return LoadedRule(uuid4(), "Rule", given_steps(written), {one.id: one for one in models})


def _choice(named: str | dict[str, Any], ids: dict[str, UUID]) -> dict[str, Any]:
    choice = {"model": named} if isinstance(named, str) else named
    return choice | {"model": str(ids[choice["model"]])}


NOTHING = Needs()


def order(made: LoadedRule, needs: Needs = NOTHING, **fields: Any) -> list[str]:
    return [one.name for one in decide(made, needs, **fields).order]


# --- Steps ------------------------------------------------------------------------------------------------------------


def test_models_are_asked_in_the_order_of_the_steps_that_fit() -> None:
    made = rule(
        [model("big"), model("small"), model("coder")],
        {"when": {"kinds": ["code"]}, "models": ["coder"]},
        {"when": {"shorter_than": 100}, "models": ["small"]},
        {"models": ["big", "small"]},
    )
    assert order(made, Needs(tokens=50)) == ["small", "big"]
    assert order(made, Needs(tokens=500)) == ["big", "small"]
    assert order(made, Needs(tokens=50, kind="code")) == ["coder", "small", "big"]


@pytest.mark.parametrize(
    ("when", "fits", "fits_not"),
    [
        ({"images": True}, Needs(images=True), Needs()),
        ({"images": False}, Needs(), Needs(images=True)),
        ({"tools": True}, Needs(tools=True), Needs()),
        ({"longer_than": 10}, Needs(tokens=11), Needs(tokens=10)),
        ({"shorter_than": 10}, Needs(tokens=9), Needs(tokens=10)),
        ({"languages": ["de", "fr"]}, Needs(language="fr"), Needs(language="en")),
        ({"languages": ["de"]}, Needs(language="de"), Needs()),
        ({"kinds": ["maths"]}, Needs(kind="maths"), Needs(kind="code")),
    ],
)
def test_a_step_is_for_the_messages_it_names(when: dict[str, Any], fits: Needs, fits_not: Needs) -> None:
    able = {"vision": True, "tools": True}
    made = rule(
        [model("special", **able), model("usual", **able)],
        {"when": when, "models": ["special"]},
        {"models": ["usual"]},
    )
    assert order(made, fits)[0] == "special"
    assert order(made, fits_not) == ["usual"]


def test_weights_share_the_messages_out() -> None:
    a, b = model("a"), model("b")
    made = rule([a, b], {"by": "weight", "models": [{"model": "a", "weight": 3}, {"model": "b", "weight": 1}]})
    chance = random.Random(1)
    firsts = Counter(order(made, chance=chance)[0] for _ in range(4000))
    assert 2800 < firsts["a"] < 3200
    assert len(order(made)) == 2


def test_the_cheapest_comes_first_and_an_unknown_price_last() -> None:
    dear = model("dear", input_price=10.0, output_price=30.0)
    cheap = model("cheap", input_price=0.1, output_price=0.4)
    made = rule([dear, cheap, model("unknown")], {"by": "cost", "models": ["unknown", "dear", "cheap"]})
    assert order(made, Needs(tokens=1000)) == ["cheap", "dear", "unknown"]


def test_the_one_whose_first_word_comes_soonest_is_asked_first_and_the_unmeasured_are_tried() -> None:
    slow, fast, new = model("slow"), model("fast"), model("new")
    measured(slow.route.endpoint_id, "slow", 2.0)
    measured(fast.route.endpoint_id, "fast", 0.2)
    made = rule([slow, fast, new], {"by": "speed", "models": ["slow", "fast", "new"]})
    assert order(made) == ["new", "fast", "slow"]


def test_the_best_rated_comes_first_and_what_was_never_rated_stands_in_the_middle() -> None:
    good, bad = model("good", score=0.8, ratings=12), model("bad", score=0.3, ratings=1)
    made = rule([bad, model("new"), good], {"by": "rating", "models": ["bad", "new", "good"]})
    decision = decide(made, NOTHING)
    assert [one.name for one in decision.order] == ["good", "new", "bad"]
    assert decision.reasons[-1] == "Good was chosen: step 1, rated 80% good by 12 ratings."


# --- What a model cannot ----------------------------------------------------------------------------------------------


def test_a_model_that_cannot_what_is_needed_is_asked_last() -> None:
    seeing = model("seeing", vision=True)
    made = rule([model("blind"), seeing], {"models": ["blind", "seeing"]})
    decision = decide(made, Needs(images=True))
    assert [one.name for one in decision.order] == ["seeing", "blind"]
    assert "Blind was put last: it sees no images." in decision.reasons


def test_a_window_that_is_too_small_and_tools_that_are_lacking_are_seen() -> None:
    able = model("able", tools=True, context_window=1_000_000)
    made = rule(
        [model("small", tools=True), model("toolless", context_window=1_000_000), able],
        {"models": ["small", "toolless", "able"]},
    )
    assert order(made, Needs(tokens=90_000, tools=True))[0] == "able"


def test_an_endpoint_that_failed_again_and_again_is_asked_last() -> None:
    broken = model("broken")
    for _ in range(OPENS_AFTER):
        breaker_of(broken.route.endpoint_id).failed(EndpointStumbled())
    assert order(rule([broken, model("sound")], {"models": ["broken", "sound"]})) == ["sound", "broken"]


async def test_an_endpoint_at_its_limits_is_asked_last() -> None:
    busy = model("busy")
    busy = replace(busy, route=replace(busy.route, max_concurrent=1))
    made = rule([busy, model("free")], {"models": ["busy", "free"]})
    assert order(made)[0] == "busy"
    async with load_of(busy.route.endpoint_id).taken(busy.route):
        assert order(made)[0] == "free"
    assert order(made)[0] == "busy"


def test_an_endpoint_that_has_spent_its_money_is_not_asked_at_all() -> None:
    spent, rich = model("spent"), model("rich")
    made = rule([spent, rich], {"models": ["spent", "rich"]})
    assert order(made, overspent={spent.route.endpoint_id}) == ["rich"]
    with pytest.raises(EndpointRejected, match="spent what it may"):
        decide(made, Needs(), overspent={spent.route.endpoint_id, rich.route.endpoint_id})


def test_a_model_that_is_gone_is_passed_over() -> None:
    there, gone = model("there"), model("gone")
    made = rule([there, gone], {"models": ["gone", "there"]})
    made = replace(made, models={there.id: there})
    assert order(made) == ["there"]
    with pytest.raises(EndpointRejected):
        decide(replace(made, models={}), Needs())


def test_reasons_are_sentences_for_a_person() -> None:
    made = rule([model("a"), model("b")], {"when": {"languages": ["de"]}, "models": ["a"]}, {"models": ["b"]})
    assert decide(made, Needs(tokens=1234, language="en")).reasons == (
        "The message: about 1,234 tokens, kind: other, language: en.",
        "Step 1 was passed over: it is for de, and this is en.",
        "B was chosen: step 2, as the rule orders.",
    )


# --- Limits -----------------------------------------------------------------------------------------------------------


async def test_answers_at_once_are_limited() -> None:
    route = Route(f"e {uuid4()}", "mock", "", max_concurrent=2)
    load = load_of(route.endpoint_id)
    async with load.taken(route), load.taken(route):
        with pytest.raises(EndpointAtLimit, match="2 answers"):
            await load.taken(route).__aenter__()
    async with load.taken(route):
        assert load.running == 1


async def test_tokens_of_a_minute_are_limited_and_the_minute_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("parley.providers.load.time.monotonic", lambda: now[0])
    route = Route(f"e {uuid4()}", "mock", "", tokens_per_minute=100)
    load = load_of(route.endpoint_id)
    async with load.taken(route) as taken:
        taken.tokens = 120
    assert "100 tokens" in load.reason_to_wait(route)
    with pytest.raises(EndpointAtLimit):
        await load.taken(route).__aenter__()
    now[0] += 61
    assert load.reason_to_wait(route) == ""


# --- What a message needs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is the capital of France and how do I get there?", "en"),
        ("Wie komme ich am besten von Berlin nach Hamburg und was kostet das?", "de"),
        ("Comment est-ce que je peux apprendre le français dans un an ?", "fr"),
        ("¿Cómo puedo aprender español en un año y qué libros necesito para ello?", "es"),
        ("Come posso imparare l'italiano e quali libri sono necessari per questo?", "it"),
        ("Hoe kan ik het beste Nederlands leren en wat heb ik nodig?", "nl"),
        ("今日の天気はどうですか", "ja"),
        ("今天天气怎么样", "zh"),
        ("오늘 날씨 어때요?", "ko"),
        ("Какая сегодня погода?", "ru"),
        ("ما هو الطقس اليوم؟", "ar"),
        ("ok", ""),
        ("", ""),
        ("12345 !!!", ""),
        ("def f(x): return x", ""),
    ],
)
def test_a_language_that_shows_is_known(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Fix this Python function: def f(x): return x+", "code"),
        ("```\nTraceback (most recent call last)\n```", "code"),
        ("Solve the equation x^2 + 3x = 10", "maths"),
        ("Translate this into German, please", "translation"),
        ("Summarize the following article in two sentences", "summary"),
        ("Write a poem about the sea", "writing"),
        ("Schreib mir einen Brief an meine Bank", "writing"),
        ("Who was the first person on the moon?", "other"),
        ("", "other"),
    ],
)
def test_the_kind_of_work_is_guessed_by_its_signs(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_needs_are_told_from_the_conversation() -> None:
    messages = (
        ChatMessage("user", (Text("Look at this."), Image("data:image/png;base64,AA"))),
        ChatMessage("assistant", (Text("A cat."),)),
        ChatMessage("user", (Text("Wie kann ich das in Python mit einer function und class machen?"),)),
    )
    needs = needs_of(messages, tools=True, more_characters=3500)
    assert (needs.images, needs.tools, needs.language, needs.kind) == (True, True, "de", "code")
    assert 2000 < needs.tokens < 2100


# --- Rules as they are written ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "steps",
    [
        5,
        [{}],
        [{"models": []}],
        [{"models": [{"model": "x"}]}],
        [{"models": [{"model": str(uuid4()), "weight": 0}]}],
        [{"models": [{"model": str(uuid4())}], "by": "luck"}],
        [{"models": [{"model": str(uuid4())}], "when": {"kinds": ["poetry"]}}],
        [{"models": [{"model": str(uuid4())}], "when": {"languages": ["klingon"]}}],
        [{"models": [{"model": str(uuid4())}], "when": {"moon": True}}],
        [{"models": [{"model": str(uuid4())}]}] * 21,
    ],
)
def test_a_rule_that_makes_no_sense_is_not_taken(steps: Any) -> None:
    with pytest.raises(Invalid):
        given_steps(steps)


def test_a_stored_rule_is_read_though_a_later_version_wrote_it() -> None:
    written = {
        "when": {"languages": ["de"], "moods": ["calm"]},
        "models": [{"model": str(uuid4()), "seat": 3}],
        "why": "",
    }
    (step,) = steps_of([written])
    assert dump_steps((step,)) == [{"when": {"languages": ["de"]}, "models": [{"model": str(step.models[0].model)}]}]
    with pytest.raises(Invalid, match="moods"):
        given_steps([written])


# --- Time -------------------------------------------------------------------------------------------------------------


def test_the_router_adds_at_most_two_milliseconds_to_a_message() -> None:
    """The worst that may be: twenty steps of twenty models, a long conversation in four languages. CPU time, 95 of 100."""
    models = [model(f"m{number}", input_price=1.0, output_price=2.0) for number in range(20)]
    names = [one.name for one in models]
    steps = [{"when": {"longer_than": 10**9, "kinds": ["code"]}, "models": names} for _ in range(18)]
    made = rule(models, *steps, {"by": "cost", "models": names}, {"by": "weight", "models": names})
    text = "Wie kann ich what is the dans une pour las del и не на " * 40
    messages = [ChatMessage("user", (Text(text),)) for _ in range(100)]
    took_s = []
    for _ in range(100):
        began = time.process_time()
        decide(made, needs_of(messages))
        took_s.append(time.process_time() - began)
    assert sorted(took_s)[94] <= 0.002
