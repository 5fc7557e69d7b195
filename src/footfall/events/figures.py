"""Numbers, lengths and times as the wire spells them (spec/events.md section 1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isfinite

import msgspec

from footfall.spatial.ground import FOOT_M

FRACTION_DIGITS = 6
"""Boxes and footprints: a hundredth of a pixel at 8K."""
DIGITS = 4
"""Feet, radians, seconds, confidences."""


def plain(value: float, digits: int = DIGITS) -> str:
    """Decimal text with at least one and at most `digits` decimals, never an exponent: `-5.2498`, `11.6`, `0.0`.

    Raises:
        ValueError: the value is infinite or not a number, which JSON cannot say.
    """
    if not isfinite(value):
        raise ValueError(f"{value} is not a finite number")
    text = f"{value:.{digits}f}".rstrip("0")
    text += "0" if text.endswith(".") else ""
    return "0.0" if text == "-0.0" else text


def figure(value: float, digits: int = DIGITS) -> msgspec.Raw:
    """A JSON number spelt by `plain`."""
    return msgspec.Raw(plain(value, digits).encode())


def feet(length_m: float) -> float:
    """Metres, or metres a second -> feet, or feet a second."""
    return length_m / FOOT_M


def timestamp(utc: datetime) -> str:
    """ISO 8601, UTC, three decimals, `Z`: `2024-11-03T08:15:30.412Z`; `utc` is timezone-aware."""
    return f"{without_zone(utc)}Z"


def without_zone(utc: datetime) -> str:
    """The same without `Z`, as only `lastCalibratedTime` has it; rounded to the nearest millisecond."""
    nearest = utc.astimezone(UTC) + timedelta(microseconds=500)
    return nearest.replace(tzinfo=None).isoformat(timespec="milliseconds")
