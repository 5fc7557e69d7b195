"""Single values of a document: text, numbers, durations, words. Every one may be written as a string.

A shape says what a value must look like once nothing of it is a parameter, and how it is spelt in replies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, isfinite
from typing import Final, TypeAlias

from footfall.config.section import suggest
from footfall.mediagraph.flaws import GRAPH_VALIDATION, PATTERN, Check

_DURATION: Final = re.compile(r"([+-]?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.ASCII)
_WHOLE: Final = re.compile(r"-?\d{1,18}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
REFERENCE: Final = re.compile(r"\$\{([^{}]*)\}")
"""`${name}`."""
_SECONDS: Final = (86400, 3600, 60, 1)


def duration_s(text: str) -> float | None:
    """Seconds of an ISO-8601 duration such as `PT30S` or `-PT0H0M5.5S`; None where it is none."""
    match = _DURATION.fullmatch(text.upper())
    if match is None or text.upper().endswith(("P", "T")):
        return None
    total_s = sum(float(number or 0) * unit_s for number, unit_s in zip(match.groups()[1:], _SECONDS, strict=True))
    return None if not isfinite(total_s) else -total_s if match[1] == "-" else total_s


def whole(text: str) -> int | None:
    """A whole number; None where it is none."""
    return int(text) if _WHOLE.fullmatch(text) else None


def decimal(text: str) -> float | None:
    """A decimal number; None where it is none or too large."""
    number = float(text) if _DECIMAL.fullmatch(text) and len(text) <= LONGEST_NUMBER else inf
    return number if isfinite(number) else None


def flag(text: str) -> bool | None:
    """True or false in any case; None for anything else."""
    return {"true": True, "false": False}.get(text.lower())


def text_of(value: object) -> str | None:
    """A string, number or boolean as text; None for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


@dataclass(frozen=True, slots=True)
class Text:
    """Any text, or one of a form."""

    pattern: str = ""
    """A regular expression for all of it; empty: anything."""
    said: str = "has characters that are not allowed here"
    cure: str = "correct it"
    trims: bool = True
    """Blanks around it mean nothing."""
    is_literal: bool = False
    """Never holds a parameter."""
    is_around_references: bool = False
    """The form is that of the text around `${...}`."""
    wording: str = ""
    """What a real module says of another form."""
    check: Check = Check.VALUES

    def flaw(self, text: str) -> tuple[str, str] | None:
        """What is wrong, and the cure."""
        if self.is_around_references:
            text = REFERENCE.sub("_", text)
        return (self.said, self.cure) if self.pattern and not re.fullmatch(self.pattern, text) else None

    def normal(self, text: str) -> str:
        """As replies spell it."""
        return text


@dataclass(frozen=True, slots=True)
class Number:
    """A number within bounds."""

    low: float = -inf
    high: float = inf
    is_whole: bool = False
    is_above: bool = False
    """More than `low`, not `low` itself."""

    def flaw(self, text: str) -> tuple[str, str] | None:
        """What is wrong, and the cure."""
        number = whole(text) if self.is_whole else decimal(text)
        kind = "whole number" if self.is_whole else "number"
        if number is None:
            return f"is not a {kind}", f"write a {kind}{self._bounds()}"
        is_within = self.low <= number <= self.high and not (self.is_above and number == self.low)
        return None if is_within else ("is out of range", f"write a {kind}{self._bounds()}")

    def normal(self, text: str) -> str:
        """As replies spell it."""
        return text

    def _bounds(self) -> str:
        low = f"{'above' if self.is_above else 'of at least'} {self.low:g}"
        if self.high == inf:
            return "" if self.low == -inf else f" {low}"
        return f" from {self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Duration:
    """An ISO-8601 duration within bounds."""

    low_s: float
    high_s: float = inf
    step_s: float = 0.0
    """It is a multiple of this; 0: any."""

    def flaw(self, text: str) -> tuple[str, str] | None:
        """What is wrong, and the cure."""
        span_s = duration_s(text)
        if span_s is None:
            return "is not an ISO 8601 duration", "write it as in PT30S"
        if not self.low_s <= span_s <= self.high_s:
            upper = "" if self.high_s == inf else f" and at most {self.high_s:g} s"
            return "is out of range", f"write at least {self.low_s:g} s{upper}"
        if self.step_s and span_s % self.step_s:
            return f"is not a multiple of {self.step_s:g} s", f"write PT{self.step_s:g}S or a multiple"
        return None

    def normal(self, text: str) -> str:
        """As replies spell it."""
        return text


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words, in any case."""

    options: tuple[str, ...]
    is_literal: bool = False
    check: Check = Check.VALUES

    def flaw(self, text: str) -> tuple[str, str] | None:
        """What is wrong, and the cure."""
        if text.lower() in map(str.lower, self.options):
            return None
        return "is not a word that is known here", suggest(text, self.options) or _one_of(self.options)

    def normal(self, text: str) -> str:
        """As replies spell it."""
        return next((option for option in self.options if option.lower() == text.lower()), text)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    is_boolean: bool = False
    """Replies have a JSON boolean, not a string."""

    def flaw(self, text: str) -> tuple[str, str] | None:
        """What is wrong, and the cure."""
        return ("is neither true nor false", "write true or false") if flag(text) is None else None

    def normal(self, text: str) -> str | bool:
        """As replies spell it."""
        value = flag(text)
        return value if self.is_boolean and value is not None else text.lower() if value is not None else text


Scalar: TypeAlias = Text | Number | Duration | Choice | Flag
LONGEST_NUMBER: Final = 64


def code_of(shape: Scalar) -> str:
    """The detail code for a value that does not fit its shape."""
    return PATTERN if isinstance(shape, Text) else GRAPH_VALIDATION


def _one_of(options: Iterable[str]) -> str:
    return f"write one of {', '.join(options)}"
