"""Tools: what they do, and that no call of a model, however wrong, raises."""

import math
import time
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from django.conf import settings

from parley.core.json_schema import check_schema
from parley.tools.builtin import BUILT_IN
from parley.tools.builtin.calculator import calculate
from parley.tools.calls import LONGEST_RESULT, run_call
from parley.tools.values import Arguments, Tool, ToolFailed


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("6 * 7", 42),
        ("(3 + 4) * -2", -14),
        ("2^10", 1024),
        ("7 // 2 + 7 % 2", 4),
        ("sqrt(2)", math.sqrt(2)),
        ("max(1, 2.5) + round(pi, 2)", 5.640000000000001),
        ("123456789 * 987654321", 121932631112635269),
    ],
)
def test_the_calculator_calculates(expression: str, value: float) -> None:
    assert calculate(expression) == value


@pytest.mark.parametrize(
    "expression",
    [
        "", "1 +", "import os", "__import__('os')", "().__class__", "[1][0]", "x", "lambda: 1", "f'{1}'", "True", "'a' * 9",
        "open('/etc/passwd')", "1 if 1 else 2", "2 ** 10 ** 10", "9 ** 9 ** 9", "10 ** 100000", "1 / 0", "sqrt(-1)",
        "(-8) ** 0.5", "exp(10000)", "abs(1, 2)", "1" * 501, "-" * 300 + "1", "min()", "\0",
    ],
)  # fmt: skip
def test_nothing_but_arithmetic_is_calculated_and_nothing_takes_long(expression: str) -> None:
    began = time.process_time()
    with pytest.raises(ToolFailed):
        calculate(expression)
    assert time.process_time() - began < 0.5


def test_the_clock_tells_the_time_of_a_zone() -> None:
    days = [f"{datetime.now(UTC):%Y-%m-%d}"]
    told = run_call(BUILT_IN, "current_time", "{}").text
    days.append(f"{datetime.now(UTC):%Y-%m-%d}")  # midnight may have passed
    assert any(day in told for day in days)
    for zone in ("Nowhere/Land", "../../etc/passwd", "Europe", ""):
        assert run_call(BUILT_IN, "current_time", f'{{"zone": "{zone}"}}').is_error


@pytest.mark.parametrize("tool", BUILT_IN.values(), ids=lambda tool: tool.name)
def test_every_tool_has_a_schema_that_is_judged_and_words_for_model_and_people(tool: Tool) -> None:
    check_schema(dict(tool.parameters))
    assert tool.label
    assert tool.description.endswith(".")


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("nothing", "{}", "There is no tool called 'nothing'"),
        ("calculate", "{", "no JSON"),
        ("calculate", "[]", "the arguments must be object"),
        ("calculate", "{}", "the arguments lacks 'expression'"),
        ("calculate", '{"expression": 5}', "must be string"),
        ("calculate", '{"expression": "1", "more": 1}', "not wanted"),
        ("calculate", '{"expression": "1/0"}', "cannot be calculated"),
    ],
)
def test_a_wrong_call_is_answered_with_what_is_wrong(name: str, arguments: str, said: str) -> None:
    result = run_call(BUILT_IN, name, arguments)
    assert result.is_error
    assert said in result.text


def test_a_tool_with_a_bug_harms_no_answer_and_a_long_result_is_cut() -> None:
    def broken(arguments: Arguments) -> str:
        raise RuntimeError("oh")

    def chatty(arguments: Arguments) -> str:
        return "x" * (LONGEST_RESULT + 1)

    tools = {name: Tool(name, name, "d", {"type": "object"}, run) for name, run in (("b", broken), ("c", chatty))}
    assert run_call(tools, "b", "{}").is_error
    assert run_call(tools, "c", "{}").text.endswith("[cut here]")


def test_people_read_the_name_of_a_tool_that_every_parley_has_in_their_language() -> None:
    source = Path(settings.REPOSITORY) / "frontend" / "src"
    named = (source / "tools" / "names.ts").read_text(encoding="utf-8")
    words = orjson.loads((source / "i18n" / "locales" / "en.json").read_bytes())
    for tool in BUILT_IN.values():
        assert f'title: "tool.name.{tool.name}", about: "tool.about.{tool.name}"' in named
        assert words[f"tool.name.{tool.name}"] == tool.label
