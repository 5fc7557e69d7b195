"""Numbers for people: how many, when, and how sure that is. Every total is a sum of facts with their doubts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Engine

from footfall.spatial.interval import LEVEL, Estimate, Interval
from footfall.store.database import reading
from footfall.store.records import Measure
from footfall.store.spans import By, Spans, day, spans
from footfall.store.sums import EVERYTHING, Scope, fetch, find_series
from footfall.store.tables import hour, minute

ESTIMATE = ("told", "extra", "extra_variance", "missed", "missed_variance")


@dataclass(frozen=True, slots=True)
class Total:
    """How often something was counted in a stretch of time."""

    camera: str
    region: str
    measure: Measure
    begin: datetime
    estimate: Estimate

    def interval(self, level: float = LEVEL) -> Interval:
        """What the truth may be; some 50 microseconds' work."""
        return self.estimate.interval(level)


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
        found = [(number, span, row) for number, span, row in fetch(connection, (hour, minute), names, cut, ESTIMATE)]
    sums = _added(found)
    begins = {span: cut.begin(span) for _, span in sums}
    kinds = {number: (name.camera, name.region, Measure(name.what)) for number, name in names.items()}
    ranks = {number: rank for rank, number in enumerate(names)}
    return [
        Total(*kinds[number], begins[span], Estimate(*sums[number, span]))
        for number, span in sorted(sums, key=lambda at: (ranks[at[0]], at[1]))
    ]


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


def _added(found: Iterable[tuple[int, int, Sequence[Any]]]) -> dict[tuple[int, int], Sequence[Any]]:
    """A span may be made of hours and of minutes at its ends."""
    sums: dict[tuple[int, int], Sequence[Any]] = {}
    for number, span, row in found:
        before = sums.get((number, span))
        sums[number, span] = row if before is None else [a + b for a, b in zip(before, row, strict=True)]
    return sums
