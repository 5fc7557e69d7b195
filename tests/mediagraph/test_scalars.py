"""Single values: what fits, what is said of what does not, and how replies spell it."""

from __future__ import annotations

import pytest

from footfall.mediagraph.flaws import Check
from footfall.mediagraph.scalars import (
    Choice,
    Duration,
    Flag,
    Number,
    Scalar,
    Text,
    decimal,
    duration_s,
    text_of,
    whole,
)
from footfall.mediagraph.shapes import Reader

DURATIONS = [
    ("PT30S", 30.0), ("PT0H0M30S", 30.0), ("-PT5S", -5.0), ("+PT5S", 5.0), ("pt1.5s", 1.5), ("P1D", 86400.0),
    ("PT1H", 3600.0), ("P2DT3H4M5S", 183845.0), ("PT0S", 0.0), ("P", None), ("PT", None), ("P1DT", None), ("", None),
    ("30", None), ("PT30", None), ("P1Y", None), ("PT-5S", None), ("PT30S ", None), ("PT\u0663S", None),
    (f"P{'9' * 400}D", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected_s"), DURATIONS)
def test_durations(text: str, expected_s: float | None) -> None:
    assert duration_s(text) == expected_s


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0", 0), ("-7", -7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("1.0", None), ("", None), ("\u0663", None)],
)
def test_whole_numbers(text: str, expected: int | None) -> None:
    assert whole(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1", 0.1), ("-3", -3.0), ("+3", 3.0), ("1e-3", 0.001), (".5", 0.5), ("5.", 5.0), (".", None), ("inf", None),
        ("1e999", None), ("0" * 64, 0.0), ("0" * 65, None), ("1_0", None), ("", None),
    ],
)  # fmt: skip
def test_decimal_numbers(text: str, expected: float | None) -> None:
    assert decimal(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, "true"), (False, "false"), (1, "1"), (0.5, "0.5"), ("a", "a"), (None, None), ([], None)],
)
def test_values_as_text(value: object, expected: str | None) -> None:
    assert text_of(value) == expected


FLAWS = [
    (Number(), "many", ("is not a number", "write a number")),
    (Number(is_whole=True), "1.5", ("is not a whole number", "write a whole number")),
    (Number(0, is_above=True), "0", ("is out of range", "write a number above 0")),
    (Number(0, is_above=True), "0.001", None),
    (Number(2), "1", ("is out of range", "write a number of at least 2")),
    (Number(2), "2", None),
    (Number(0, 100, is_whole=True), "101", ("is out of range", "write a whole number from 0 to 100")),
    (Number(0, 100, is_whole=True), "100", None),
    (Number(0, 100, is_whole=True), "0", None),
    (Number(0, 100, is_whole=True), "-1", ("is out of range", "write a whole number from 0 to 100")),
    (Duration(1), "soon", ("is not an ISO 8601 duration", "write it as in PT30S")),
    (Duration(1), "PT0S", ("is out of range", "write at least 1 s")),
    (Duration(1, 10), "PT11S", ("is out of range", "write at least 1 s and at most 10 s")),
    (Duration(1, 10), "PT10S", None),
    (Duration(1, 10), "PT1S", None),
    (Duration(1), "PT1.5S", None),
    (Duration(30, step_s=30), "PT45S", ("is not a multiple of 30 s", "write PT30S or a multiple")),
    (Duration(30, step_s=30), "PT90S", None),
    (Choice(("Low", "High")), "hihg", ("is not a word that is known here", "did you mean 'High'?")),
    (Choice(("Low", "High")), "quiet", ("is not a word that is known here", "write one of Low, High")),
    (Choice(("Low", "High")), "LOW", None),
    (Flag(), "yes", ("is neither true nor false", "write true or false")),
    (Flag(), "TRUE", None),
    (Text(), "anything", None),
    (Text("a+", "is no a", "write a"), "b", ("is no a", "write a")),
    (Text("a+"), "a${b}", ("has characters that are not allowed here", "correct it")),
    (Text("[a_]+", is_around_references=True), "a${b.c}a", None),
]


@pytest.mark.parametrize(("shape", "text", "flaw"), FLAWS)
def test_what_fits(shape: Scalar, text: str, flaw: tuple[str, str] | None) -> None:
    assert shape.flaw(text) == flaw


SPELLINGS = [
    (Choice(("isNot",)), "ISNOT", "isNot"),
    (Choice(("isNot",)), "Odd", "Odd"),
    (Flag(), "TRUE", "true"),
    (Flag(), "Odd", "Odd"),
    (Flag(is_boolean=True), "True", True),
    (Flag(is_boolean=True), "Odd", "Odd"),
    (Number(), "1.0", "1.0"),
    (Duration(0), "pt1s", "pt1s"),
]


@pytest.mark.parametrize(("shape", "text", "spelt"), SPELLINGS)
def test_how_replies_spell_it(shape: Scalar, text: str, spelt: object) -> None:
    assert shape.normal(text) == spelt


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (Text("a"), "PropertyValueInvalidPattern"),
        (Number(), "GraphValidationError"),
        (Choice(("a",)), "GraphValidationError"),
    ],
)
def test_codes(shape: Scalar, code: str) -> None:
    reader = Reader("2.0")
    reader.value(shape, "b", ("x",))

    assert [(flaw.code, flaw.check, flaw.target) for flaw in reader.flaws] == [(code, Check.VALUES, "$.X")]


@pytest.mark.parametrize(("is_substituted", "flaws"), [(False, 0), (True, 1)])
def test_what_holds_a_parameter_waits_for_it(is_substituted: bool, flaws: int) -> None:
    reader = Reader("2.0", is_substituted=is_substituted)

    assert reader.value(Number(), " ${fps} ", ()) == "${fps}"
    assert len(reader.flaws) == flaws
