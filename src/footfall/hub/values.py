"""What conditions of routes compute with: values, operators and functions (spec/iot.md section 6). Pure.

A value is a text, a number, a bool, null, part of a JSON body, or undefined: what is not there, and whatever is
computed of values of the wrong kind. A condition holds only where it is `true`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias


class Undefined(Enum):
    """Its only member is the value of what is not there."""

    UNDEFINED = "undefined"


UNDEFINED: Final = Undefined.UNDEFINED
Operator: TypeAlias = Callable[[object, object], object]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of conditions: how many arguments it takes, and what it makes of them."""

    compute: Callable[..., object]
    least: int
    most: int


def is_number(value: object) -> bool:
    """A number, and no bool."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def negated(value: object) -> object:
    """`not`: of a bool only."""
    return not value if isinstance(value, bool) else UNDEFINED


def minus(value: object) -> object:
    """`-` in front of a number."""
    return _numeric(operator.neg, value)


def both(left: object, right: object) -> object:
    """`and`, with three values: false wins over undefined."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else UNDEFINED


def either(left: object, right: object) -> object:
    """`or`, with three values: true wins over undefined."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else UNDEFINED


def otherwise(left: object, right: object) -> object:
    """`??`: the left value, or the right one where the left is null or undefined."""
    return right if left is None or left is UNDEFINED else left


def joined(left: object, right: object) -> object:
    """`||`: of two texts."""
    return left + right if isinstance(left, str) and isinstance(right, str) else UNDEFINED


def equal(left: object, right: object) -> object:
    """`=`: undefined for values of different kinds, but null is unequal to everything else."""
    if left is UNDEFINED or right is UNDEFINED:
        return UNDEFINED
    if left is None or right is None:
        return left is right
    return left == right if _kind(left) == _kind(right) else UNDEFINED


def unequal(left: object, right: object) -> object:
    """`!=` and `<>`."""
    return negated(equal(left, right))


def _ordering(compare: Callable[..., object]) -> Operator:
    def compared(left: object, right: object) -> object:
        comparable = (is_number(left) and is_number(right)) or (isinstance(left, str) and isinstance(right, str))
        return compare(left, right) if comparable else UNDEFINED

    return compared


def _arithmetic(compute: Callable[..., object]) -> Operator:
    return lambda left, right: _numeric(compute, left, right)


def _numeric(compute: Callable[..., object], *values: object) -> object:
    """Computes with doubles, as IoT Hub does; what they cannot hold is undefined."""
    if not all(map(is_number, values)):
        return UNDEFINED
    try:
        result = compute(*(float(value) for value in values))  # type: ignore[arg-type]
    except (ArithmeticError, ValueError):
        return UNDEFINED
    return result if isinstance(result, int | float) and math.isfinite(result) else UNDEFINED


def _kind(value: object) -> str:
    return "number" if is_number(value) else type(value).__name__


OPERATORS: Final[Mapping[str, Operator]] = {
    "or": either,
    "and": both,
    "=": equal,
    "!=": unequal,
    "<>": unequal,
    "<": _ordering(operator.lt),
    "<=": _ordering(operator.le),
    ">": _ordering(operator.gt),
    ">=": _ordering(operator.ge),
    "??": otherwise,
    "||": joined,
    "+": _arithmetic(operator.add),
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(operator.truediv),
    "%": _arithmetic(math.fmod),
}

BINDING: Final[Sequence[frozenset[str]]] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"=", "!=", "<>", "<", "<=", ">", ">="}),
    frozenset({"??"}),
    frozenset({"||"}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%"}),
)
"""Operators from the loosest to the tightest; of equals the left one goes first. `not` goes before `EQUALITY`."""
EQUALITY: Final = 2


def _of_number(compute: Callable[[float], object]) -> Function:
    return Function(lambda value: _numeric(compute, value), 1, 1)


def _of_texts(compute: Callable[..., object], count: int) -> Function:
    def computed(*values: object) -> object:
        return compute(*values) if all(isinstance(value, str) for value in values) else UNDEFINED

    return Function(computed, count, count)


def _is(kind: Callable[[object], bool]) -> Function:
    return Function(kind, 1, 1)


def _as_number(value: object) -> object:
    if is_number(value):
        return value
    if not isinstance(value, str):
        return UNDEFINED
    try:
        number = float(value)
    except ValueError:
        return UNDEFINED
    return number if math.isfinite(number) else UNDEFINED


def _substring(text: object, start: object, length: object = math.inf) -> object:
    if not (isinstance(text, str) and is_number(start) and is_number(length)):
        return UNDEFINED
    begin, count = float(start), float(length)  # type: ignore[arg-type]
    if not 0 <= begin <= len(text) or count < 0:
        return UNDEFINED
    return text[int(begin) :][: int(min(count, len(text)))]


def _concat(*values: object) -> object:
    return "".join(map(str, values)) if all(isinstance(value, str) for value in values) else UNDEFINED


def _length(value: object) -> object:
    return len(value) if isinstance(value, str | list) else UNDEFINED


FUNCTIONS: Final[Mapping[str, Function]] = {
    "abs": _of_number(abs),
    "as_number": Function(_as_number, 1, 1),
    "ceiling": _of_number(math.ceil),
    "concat": Function(_concat, 2, 32),
    "contains": _of_texts(operator.contains, 2),
    "ends_with": _of_texts(str.endswith, 2),
    "exp": _of_number(math.exp),
    "floor": _of_number(math.floor),
    "index_of": _of_texts(str.find, 2),
    "is_bool": _is(lambda value: isinstance(value, bool)),
    "is_defined": _is(lambda value: value is not UNDEFINED),
    "is_null": _is(lambda value: value is None),
    "is_number": _is(is_number),
    "is_string": _is(lambda value: isinstance(value, str)),
    "length": Function(_length, 1, 1),
    "lower": _of_texts(str.lower, 1),
    "power": Function(lambda base, exponent: _numeric(pow, base, exponent), 2, 2),
    "sign": _of_number(lambda number: (number > 0) - (number < 0)),
    "sqrt": _of_number(math.sqrt),
    "square": _of_number(lambda number: number * number),
    "starts_with": _of_texts(str.startswith, 2),
    "substring": Function(_substring, 2, 3),
    "upper": _of_texts(str.upper, 1),
}
