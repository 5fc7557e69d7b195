"""Minutes, hours and days of a time zone, and which rows of the minute and hour tables make them up.

Days begin at local midnight: the day on which summer time begins has 23 hours, the one on which it ends 25, and each of
the hours passed twice is an hour of its own. Where clocks change by half an hour, that hour lasts 90 minutes. Where
midnight is skipped, the day begins when the clock goes on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import Enum
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from footfall.store.instants import HOUR_S, MINUTE_S, from_units, in_units

MOST = 100_000
"""Spans in one question."""
_PER_HOUR = HOUR_S // MINUTE_S
_YEARS = 1971, 9000
"""Further off no calendar can be trusted."""


class By(Enum):
    """How long a span is."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    ALL = "all"
    """The whole range is one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows from `begin` to before `end` of a table belong to span number `span`."""

    span: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Spans:
    """A range of time, cut up."""

    edges: tuple[int, ...]
    """Minutes since 1970: where each span begins, and where the last one ends."""

    def begin(self, span: int) -> datetime:
        """When a span begins, UTC."""
        return from_units(self.edges[span], MINUTE_S)

    def at(self, minute: int) -> int:
        """Number of the span that a minute lies in."""
        return bisect_right(self.edges, minute) - 1

    def __len__(self) -> int:
        return len(self.edges) - 1

    def pieces(self) -> tuple[list[Piece], list[Piece]]:
        """What to take from the table of hours, and what from that of minutes."""
        hours, minutes = [], []
        for span, (begin, end) in enumerate(pairwise(self.edges)):
            first, last = -(-begin // _PER_HOUR), end // _PER_HOUR
            if first >= last:
                minutes.append(Piece(span, begin, end))
                continue
            hours.append(Piece(span, first, last))
            rests = (begin, first * _PER_HOUR), (last * _PER_HOUR, end)
            minutes.extend(Piece(span, low, high) for low, high in rests if low < high)
        return hours, minutes


def zone(name: str) -> tzinfo:
    """A time zone by its IANA name.

    Raises:
        ValueError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone: write one such as Europe/Berlin or UTC") from error


def spans(begin: datetime, end: datetime, by: By, tz: tzinfo = UTC) -> Spans:
    """Cut the time from `begin` to before `end`, both in whole minutes, at minutes, hours or days of a time zone.

    Raises:
        ValueError: there is no time in between, it is not of our days, or there are too many spans.
    """
    if not all(_YEARS[0] <= moment.year <= _YEARS[1] for moment in (begin, end)):
        raise ValueError(f"times must lie between the years {_YEARS[0]} and {_YEARS[1]}")
    first, last = in_units(begin, MINUTE_S), -(-in_units(end, 1) // MINUTE_S)
    if first >= last:
        raise ValueError("the end must lie after the beginning")
    step_minutes = {By.MINUTE: 1, By.HOUR: 60, By.DAY: 1440, By.ALL: last - first}[by]
    if (last - first) / step_minutes > MOST:
        raise ValueError(f"more than {MOST} spans: ask for a shorter time, or for longer spans")
    cuts = [minute for minute in _cuts(first, last, by, tz) if first < minute < last]
    return Spans((first, *cuts, last))


def day(which: date, tz: tzinfo) -> tuple[datetime, datetime]:
    """When a day begins and ends, UTC."""
    return _midnight(which, tz), _midnight(which + timedelta(days=1), tz)


def _cuts(first: int, last: int, by: By, tz: tzinfo) -> Iterator[int]:
    if by is By.ALL:
        return iter(())
    if by is By.MINUTE:
        return iter(range(first, last))
    begin, end = from_units(first, MINUTE_S), from_units(last, MINUTE_S)
    return _hours(begin, end, tz) if by is By.HOUR else _days(begin, end, tz)


def _hours(moment: datetime, end: datetime, tz: tzinfo) -> Iterator[int]:
    while moment < end:
        moment += timedelta(hours=1) - _past_hour(moment, tz)
        if past := _past_hour(moment, tz):
            moment += timedelta(hours=1) - past
        yield in_units(moment, MINUTE_S)


def _past_hour(moment: datetime, tz: tzinfo) -> timedelta:
    local = moment.astimezone(tz)
    return timedelta(minutes=local.minute, seconds=local.second)


def _days(begin: datetime, end: datetime, tz: tzinfo) -> Iterator[int]:
    which = begin.astimezone(tz).date()
    while (midnight := _midnight(which, tz)) < end:
        yield in_units(midnight, MINUTE_S)
        which += timedelta(days=1)


def _midnight(which: date, tz: tzinfo) -> datetime:
    return datetime(which.year, which.month, which.day, tzinfo=tz).astimezone(UTC)
