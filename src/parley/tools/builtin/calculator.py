"""A calculator: arithmetic, which language models do badly. Walks the parsed expression; nothing is ever evaluated."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from parley.tools.values import Arguments, Tool, ToolFailed

LONGEST: Final = 500  # letters
DEEPEST: Final = 60
MOST_BITS: Final = 4096  # of a whole number: 2**100000 would be right, slow, and of use to nobody
Number = int | float

_OPERATORS: Final[Mapping[type[ast.operator], Callable[[Any, Any], Number]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_FUNCTIONS: Final[Mapping[str, Callable[..., Number]]] = {
    "abs": abs, "round": round, "min": min, "max": max, "floor": math.floor, "ceil": math.ceil, "sqrt": math.sqrt,
    "exp": math.exp, "log": math.log, "log10": math.log10, "log2": math.log2, "sin": math.sin, "cos": math.cos,
    "tan": math.tan, "asin": math.asin, "acos": math.acos, "atan": math.atan, "gcd": math.gcd, "hypot": math.hypot,
}  # fmt: skip
_CONSTANTS: Final[Mapping[str, float]] = {"pi": math.pi, "e": math.e, "tau": math.tau}


def calculate(expression: str) -> Number:
    """Raises `ToolFailed`, saying what is wrong with it."""
    if len(expression) > LONGEST:
        raise ToolFailed(f"An expression has at most {LONGEST} characters.")
    try:
        tree = ast.parse(expression.strip().replace("^", "**"), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ToolFailed("This is no arithmetic expression. Write for example (3 + 4) * sqrt(2).") from None
    try:
        return _value(tree.body, 0)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise ToolFailed(f"This cannot be calculated: {error}.") from None


def _value(node: ast.expr, depth: int) -> Number:
    if depth > DEEPEST:
        raise ToolFailed("The expression lies too deep.")
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return _bounded(number)
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, depth + 1)
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _value(inner, depth + 1)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left, depth + 1), _value(right, depth + 1))
        case ast.BinOp(left=left, op=how, right=right) if type(how) in _OPERATORS:
            return _bounded(_OPERATORS[type(how)](_value(left, depth + 1), _value(right, depth + 1)))
        case ast.Call(func=ast.Name(id=name), args=inside, keywords=[]) if name in _FUNCTIONS:
            return _bounded(_FUNCTIONS[name](*(_value(one, depth + 1) for one in inside)))
    raise ToolFailed(f"Known are numbers, + - * / // % ^, {', '.join(_FUNCTIONS)}, {', '.join(_CONSTANTS)}.")


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(base, int) and isinstance(exponent, int) and abs(base).bit_length() * abs(exponent) > MOST_BITS:
        raise ToolFailed("The number would be too large.")
    power = base**exponent
    if isinstance(power, complex):
        raise ToolFailed("The result is no real number.")
    return _bounded(power)


def _bounded(number: Number) -> Number:
    if isinstance(number, int) and number.bit_length() > MOST_BITS:
        raise ToolFailed("The number is too large.")
    return number


def _run(arguments: Arguments) -> str:
    return str(calculate(arguments["expression"]))


CALCULATOR: Final = Tool(
    name="calculate",
    label="Calculator",
    description="Calculates an arithmetic expression exactly. Use it for every calculation that is not trivial.",
    parameters={
        "type": "object",
        "properties": {"expression": {"type": "string", "description": "for example (3 + 4) * sqrt(2)"}},
        "required": ["expression"],
        "additionalProperties": False,
    },
    run=_run,
)
