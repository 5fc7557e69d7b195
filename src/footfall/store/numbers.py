"""Numbers for people: how many, when, and how sure that is. Every total is a sum of facts with their doubts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Engine

from footfall.spatial.interval import LEVEL, Estimate, Interval
from footfall.store.database import reading
from footfall.store.records import Measure
from footfall.store.spans import By, Spans, day, spans
from footfall.store.sums import EVERYTHING, Part, Scope, fetch, find_series
from footfall.store.tables import hour, minute

_REMEMBERED = 20_000
"""Intervals: hours that are over are asked for again and again."""
ESTIMATE = ("told", "extra", "extra_variance", "missed", "missed_variance")


class Total(NamedTuple):
    """How often something was counted in a stretch of time; a tuple, because there are tens of thousands of them."""

    camera: str
    region: str
    measure: Measure
    begin: datetime
    told: int
    extra: float
    extra_variance: float
    missed: float
    missed_variance: float

    @property
    def estimate(self) -> Estimate:
        """The count with its doubts; can be added to others."""
        return Estimate(*self[4:])

    def interval(self, level: float = LEVEL) -> Interval:
        """What the truth may be; some 50 microseconds' work at first, and remembered for a while."""
        return _interval(self.estimate, level)


@lru_cache(_REMEMBERED)
def _interval(estimate: Estimate, level: float) -> Interval:
    return estimate.interval(level)


@dataclass(frozen=True, slots=True)
class Day:
    """One day, to be laid beside others."""

    date: date
    totals: tuple[Total, ...]
    hours: tuple[Total, ...]


def totals(
    engine: Engine, cut: Spans, scope: Scope = EVERYTHING, measures: Sequence[Measure] = tuple(Measure)
) -> list[Total]:
    """In order of camera, region, measure and time; where nothing was counted or missed there is none.

    Args:
        engine: the store.
        cut: of `spans.spans`.
        scope: which cameras and regions.
        measures: what.

    Raises:
        StoreUnavailable: the store is away.
    """
    with reading(engine) as connection:
        names = find_series(connection, scope, [measure.value for measure in measures])
        sums = _added(fetch(connection, (hour, minute), names, cut, ESTIMATE))
    begins = [cut.begin(span) for span in range(len(cut))]
    found = []
    for number, name in names.items():
        kind = name.camera, name.region, Measure(name.what)
        found += [Total(*kind, begins[span], *row[2:]) for span, row in sorted(sums.get(number, {}).items())]
    return found


def today(
    engine: Engine,
    now: datetime,
    tz: tzinfo = UTC,
    scope: Scope = EVERYTHING,
    measures: Sequence[Measure] = tuple(Measure),
) -> list[Total]:
    """Since local midnight.

    Raises:
        StoreUnavailable: the store is away.
    """
    begin, _ = day(now.astimezone(tz).date(), tz)
    return totals(engine, spans(begin, now + timedelta(minutes=1), By.ALL), scope, measures)


def compare(
    engine: Engine,
    days: Iterable[date],
    tz: tzinfo = UTC,
    scope: Scope = EVERYTHING,
    measures: Sequence[Measure] = tuple(Measure),
) -> list[Day]:
    """Whole days and their hours; the hour of the wall clock is that of `Total.begin` in the time zone.

    Raises:
        StoreUnavailable: the store is away.
    """
    found = []
    for each in days:
        begin, end = day(each, tz)
        whole = totals(engine, spans(begin, end, By.ALL), scope, measures)
        hours = totals(engine, spans(begin, end, By.HOUR, tz), scope, measures)
        found.append(Day(each, tuple(whole), tuple(hours)))
    return found


def _added(parts: Iterable[Part]) -> dict[int, dict[int, tuple[Any, ...]]]:
    """Series -> span -> (series, key, *sums); a span may be made of hours, and of minutes at its ends."""
    sums: defaultdict[int, dict[int, tuple[Any, ...]]] = defaultdict(dict)
    for part in parts:
        for row in part.rows:
            spans_of, span = sums[row[0]], part.spans[row[1]]
            before = spans_of.get(span)
            if before is not None:
                row = (*row[:2], *(a + b for a, b in zip(before[2:], row[2:], strict=True)))  # noqa: PLW2901
            spans_of[span] = row
    return sums
