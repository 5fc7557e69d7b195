"""Numbers and sizes as options; imports nothing, for commands that start fast."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from math import inf


def above_zero(text: str) -> float:
    """A finite number above zero."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not (0 < number < inf):
        raise argparse.ArgumentTypeError(f"{text!r} is not above zero, or too large")
    return number


def whole(low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number within limits, both included."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return int(text)

    return read


def size(text: str) -> tuple[int, int]:
    """`WxH` in pixels."""
    try:
        width, height = (int(part) for part in text.lower().split("x"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not WIDTHxHEIGHT, as in 1280x720") from None
    if min(width, height) <= 0:
        raise argparse.ArgumentTypeError(f"{text!r}: both must be above zero")
    return width, height
