"""What conditions compute with: truth tables of three values, kinds that do not fit, edges of functions."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from footfall.hub.values import FUNCTIONS, OPERATORS, UNDEFINED, minus, negated

TRUTHS = (True, False, UNDEFINED, None, 1, "true")
SAMPLES: dict[str, list[object]] = {
    "bool": [True, False],
    "number": [0, 1, 2.5, -3],
    "text": ["", "a", "1"],
    "null": [None],
    "undefined": [UNDEFINED],
    "array": [[], [1]],
    "object": [{}, {"a": 1}],
}


def of_other_kinds(*kinds: str) -> list[object]:
    return [value for kind, values in SAMPLES.items() if kind not in kinds for value in values]


@pytest.mark.parametrize(("left", "right"), [*product(TRUTHS, TRUTHS)])
def test_and_and_or_have_three_values(left: object, right: object) -> None:
    values = [left, right]
    any_false = any(value is False for value in values)
    any_true = any(value is True for value in values)
    all_true = all(value is True for value in values)
    all_false = all(value is False for value in values)
    assert OPERATORS["and"](left, right) is (False if any_false else True if all_true else UNDEFINED)
    assert OPERATORS["or"](left, right) is (True if any_true else False if all_false else UNDEFINED)


def test_not_is_for_bools() -> None:
    assert negated(True) is False
    assert negated(False) is True
    assert {id(negated(value)) for value in of_other_kinds("bool")} == {id(UNDEFINED)}


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", "%"])
def test_arithmetic_is_for_numbers(sign: str) -> None:
    for stranger in of_other_kinds("number"):
        assert OPERATORS[sign](1, stranger) is UNDEFINED
        assert OPERATORS[sign](stranger, 1) is UNDEFINED
        assert minus(stranger) is UNDEFINED
    assert minus(2) == -2


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
def test_only_two_numbers_or_two_texts_have_an_order(sign: str) -> None:
    for one, other in ((1, "number"), ("a", "text")):
        for stranger in of_other_kinds(other):
            assert OPERATORS[sign](one, stranger) is UNDEFINED
            assert OPERATORS[sign](stranger, one) is UNDEFINED
    expected = {
        "<": (True, False, False),
        "<=": (True, True, False),
        ">": (False, False, True),
        ">=": (False, True, True),
    }
    for low, high in ((1, 2.5), ("a", "b")):
        pairs = ((low, high), (low, low), (high, low))
        assert tuple(OPERATORS[sign](*pair) for pair in pairs) == expected[sign]


def test_equality_is_among_equals() -> None:
    for (kind, values), (other_kind, others) in product(SAMPLES.items(), SAMPLES.items()):
        for left, right in product(values, others):
            equal, unequal = OPERATORS["="](left, right), OPERATORS["!="](left, right)
            assert OPERATORS["<>"](left, right) is unequal
            if "undefined" in {kind, other_kind}:
                assert equal is unequal is UNDEFINED
            elif kind == other_kind or "null" in {kind, other_kind}:
                assert (equal, unequal) == (left == right, left != right)
            else:
                assert equal is unequal is UNDEFINED


def test_joining_is_for_texts() -> None:
    assert OPERATORS["||"]("a", "b") == "ab"
    for stranger in of_other_kinds("text"):
        assert OPERATORS["||"]("a", stranger) is UNDEFINED
        assert OPERATORS["||"](stranger, "a") is UNDEFINED


def test_otherwise_is_for_what_is_missing() -> None:
    for value in of_other_kinds("null", "undefined"):
        assert OPERATORS["??"](value, "x") is value
    assert (OPERATORS["??"](None, "x"), OPERATORS["??"](UNDEFINED, None)) == ("x", None)


NUMERIC = ("abs", "ceiling", "exp", "floor", "sign", "sqrt", "square")
TEXTUAL: dict[str, tuple[Any, ...]] = {
    "concat": ("a", "b"),
    "contains": ("ab", "b"),
    "ends_with": ("ab", "b"),
    "index_of": ("ab", "b"),
    "lower": ("A",),
    "starts_with": ("ab", "a"),
    "upper": ("a",),
}


@pytest.mark.parametrize("name", NUMERIC)
def test_a_function_of_numbers_takes_nothing_else(name: str) -> None:
    assert FUNCTIONS[name].compute(1) is not UNDEFINED
    assert all(FUNCTIONS[name].compute(stranger) is UNDEFINED for stranger in of_other_kinds("number"))


@pytest.mark.parametrize("name", TEXTUAL)
def test_a_function_of_texts_takes_nothing_else(name: str) -> None:
    arguments = TEXTUAL[name]
    assert FUNCTIONS[name].compute(*arguments) is not UNDEFINED
    for place, stranger in product(range(len(arguments)), of_other_kinds("text")):
        changed = [*arguments[:place], stranger, *arguments[place + 1 :]]
        assert FUNCTIONS[name].compute(*changed) is UNDEFINED


def test_a_power_is_of_numbers() -> None:
    for stranger in of_other_kinds("number"):
        assert FUNCTIONS["power"].compute(2, stranger) is UNDEFINED
        assert FUNCTIONS["power"].compute(stranger, 2) is UNDEFINED


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        pytest.param(("abc", 0), "abc", id="all"),
        pytest.param(("abc", 3), "", id="behind the end"),
        pytest.param(("abc", 1, 0), "", id="nothing"),
        pytest.param(("abc", 0, 1), "a", id="the first"),
        pytest.param(("abc", 1.0, 2.0), "bc", id="numbers from JSON"),
        pytest.param(("abc", 4), UNDEFINED, id="beyond the end"),
        pytest.param(("abc", -1), UNDEFINED, id="before the start"),
        pytest.param(("abc", 0, -1), UNDEFINED, id="less than nothing"),
        pytest.param(("abc", "0"), UNDEFINED, id="a start that is a text"),
        pytest.param(("abc", 0, "1"), UNDEFINED, id="a length that is a text"),
        pytest.param((123, 0), UNDEFINED, id="of a number"),
    ],
)
def test_a_part_of_a_text(arguments: tuple[Any, ...], part: object) -> None:
    assert FUNCTIONS["substring"].compute(*arguments) == part


def test_every_function_knows_how_many_arguments_it_takes() -> None:
    many = {"concat": (2, 32), "substring": (2, 3)}
    two = {"contains", "ends_with", "index_of", "power", "starts_with"}
    for name, function in FUNCTIONS.items():
        assert (function.least, function.most) == many.get(name, (2, 2) if name in two else (1, 1))
