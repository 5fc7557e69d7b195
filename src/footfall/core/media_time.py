"""Media time: counts of 1/90000 s since the Unix epoch, shared by inferences and recordings. Pure.

A media time fits a `datetime` and comes back from it unharmed: a tick is eleven microseconds (spec/grpc-extension.md
section 7).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
TICKS_PER_S: Final = 90_000
_MICROSECOND: Final = timedelta(microseconds=1)


def ticks_of(utc: datetime) -> int:
    """The nearest tick.

    >>> ticks_of(datetime(2020, 8, 20, 3, 54, 29, 1000, tzinfo=UTC))
    143810610210090
    """
    return ((utc - EPOCH) // _MICROSECOND * 9 + 50) // 100


def utc_of(ticks: int) -> datetime:
    """The microsecond in which it lies, timezone-aware."""
    return EPOCH + timedelta(microseconds=ticks * 100 // 9)


def published(utc: datetime) -> str:
    """ISO 8601 as events show it: milliseconds and `Z`, the rest cut off.

    >>> published(utc_of(143810610210090))
    '2020-08-20T03:54:29.001Z'
    """
    return f"{utc.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
