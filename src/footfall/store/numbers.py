"""Numbers for people: how many, when, and how sure that is. Every total is a sum of facts with their doubts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache, partial
from itertools import groupby, repeat
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Engine

from footfall.spatial.interval import LEVEL, Estimate, Interval
from footfall.store.database import reading
from footfall.store.records import Measure
from footfall.store.spans import By, Spans, day, spans
from footfall.store.sums import EVERYTHING, Part, Scope, fetch, find_series
from footfall.store.tables import hour, minute

_REMEMBERED = 20_000
"""Intervals: hours that are over are asked for again and again."""
Row: TypeAlias = tuple[Any, ...]
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


_TOTAL = partial(tuple.__new__, Total)
"""A `Total` of its nine values."""


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
    found: list[Total] = []
    for number, name in names.items():
        if own := sums.get(number):
            found += _totals((name.camera, name.region, Measure(name.what)), begins, own)
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


def _totals(kind: tuple[str, str, Measure], begins: Sequence[datetime], sums: Mapping[int, Row]) -> Iterator[Total]:
    """Of one series, in order of time. By columns: a Python function for each takes as long as the database."""
    spans_of = sorted(sums)
    _, _, *figures = zip(*map(sums.__getitem__, spans_of), strict=True)
    same = map(repeat, kind)
    return map(_TOTAL, zip(*same, map(begins.__getitem__, spans_of), *figures, strict=False))


def _added(parts: Iterable[Part]) -> dict[int, dict[int, Row]]:
    """Series -> span -> (series, key, *sums); a span may be made of hours, and of minutes at its ends."""
    sums: defaultdict[int, dict[int, Row]] = defaultdict(dict)
    for part in parts:
        for number, group in groupby(sorted(part.rows, key=itemgetter(0)), itemgetter(0)):
            rows, before = list(group), sums[number]
            fresh = dict(zip(map(part.spans.__getitem__, map(itemgetter(1), rows)), rows, strict=True))
            if not before and len(fresh) == len(rows):
                sums[number] = fresh
            else:
                _add(before, part.spans, rows)
    return sums


def _add(sums: dict[int, Row], spans_of: Mapping[int, int], rows: Iterable[Row]) -> None:
    for row in rows:
        span = spans_of[row[1]]
        before = sums.get(span)
        added = row if before is None else (*row[:2], *(a + b for a, b in zip(before[2:], row[2:], strict=True)))
        sums[span] = added
