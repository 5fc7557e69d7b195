"""Moments as the whole numbers that the tables hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE_S = 60
HOUR_S = 3600
_TICK = timedelta(microseconds=1)


def in_us(moment: datetime) -> int:
    """Microseconds since 1970.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return (moment - EPOCH) // _TICK


def in_units(moment: datetime, unit_s: int) -> int:
    """Whole minutes or hours since 1970, rounded down."""
    return in_us(moment) // (unit_s * 1_000_000)


def from_us(us: int) -> datetime:
    """Back."""
    return EPOCH + us * _TICK


def from_units(number: int, unit_s: int) -> datetime:
    """Beginning of a minute or hour."""
    return EPOCH + timedelta(seconds=number * unit_s)
