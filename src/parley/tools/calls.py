"""Run one call that a model made. Whatever it wrote, the answer is a result: a model that erred is told how."""

import logging
from collections.abc import Mapping
from typing import Final

import orjson

from parley.core.json_schema import wrong_with
from parley.tools.values import Result, Tool, ToolFailed

logger = logging.getLogger(__name__)

LONGEST_RESULT: Final = 64 * 1024  # letters; more would fill the model's window


def run_call(tools: Mapping[str, Tool], name: str, arguments: str) -> Result:
    """Blocks for as long as the tool does: call it in a thread."""
    tool = tools.get(name)
    if tool is None:
        return Result(f"There is no tool called '{name[:80]}'. There are: {', '.join(tools) or 'none'}.", is_error=True)
    try:
        given = orjson.loads(arguments or "{}")
    except orjson.JSONDecodeError as error:
        return Result(f"The arguments are no JSON: {error}.", is_error=True)
    if wrong := wrong_with(given, tool.parameters):
        return Result(f"The arguments do not fit: {wrong.replace('the answer', 'the arguments')}", is_error=True)
    try:
        text = tool.run(given)
    except ToolFailed as error:
        return Result(error.message, is_error=True)
    except Exception:  # a bug of one tool must not cost the whole answer
        logger.exception("the tool %s failed", name)
        return Result("The tool failed by a mistake of its own. Go on without it.", is_error=True)
    return Result(text if len(text) <= LONGEST_RESULT else text[:LONGEST_RESULT] + "\n[cut here]")
