"""How long people stayed in a zone, and how long a queue is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from footfall.spatial.interval import LEVEL, Estimate, mean_interval
from footfall.store.bins import EDGES_S, median_s
from footfall.store.crowds import Crowd, crowd, latest
from footfall.store.database import reading
from footfall.store.numbers import ESTIMATE
from footfall.store.records import Measure
from footfall.store.spans import By, Spans, spans
from footfall.store.sums import EVERYTHING, Scope, fetch, find_series
from footfall.store.tables import dwell_hour, dwell_minute, hour, minute


@dataclass(frozen=True, slots=True)
class Dwell:
    """Lengths of the visits that ended in a stretch of time."""

    visits: Estimate
    dwell_s: float
    """Sum of the lengths..."""
    dwell_s2: float
    """...and of their squares."""
    bins: tuple[int, ...]
    """Visits in each bin; bin number i begins at `bins.EDGES_S[i]` seconds."""

    @property
    def mean_s(self) -> float | None:
        """Mean length; None where there was no visit."""
        return self.dwell_s / self.visits.told if self.visits.told else None

    @property
    def median_s(self) -> float | None:
        """Middle length, as exactly as the bins allow."""
        return median_s(self.bins)

    def interval_s(self, level: float = LEVEL) -> tuple[float, float] | None:
        """What the true mean may be; None where there was no visit."""
        return mean_interval(self.dwell_s, self.dwell_s2, self.visits, level)


@dataclass(frozen=True, slots=True)
class Queue:
    """A zone in which people wait."""

    now: Crowd | None
    """The last minute that is known; None: nothing is known of the last few minutes."""
    length: Crowd | None
    """Over the whole time that was asked about."""
    wait: Dwell
    """Of those whose wait ended in that time."""


def dwell(engine: Engine, begin: datetime, end: datetime, scope: Scope = EVERYTHING) -> Dwell:
    """Visits that ended from `begin` to before `end`, whole minutes.

    Raises:
        ValueError: there is no time in between.
        StoreUnavailable: the store is away.
    """
    cut = spans(begin, end, By.ALL)
    with reading(engine) as connection:
        return _dwell(connection, cut, scope)


def queue(engine: Engine, camera: str, zone: str, now: datetime, lasting: timedelta = timedelta(hours=1)) -> Queue:
    """How long the queue in a zone is and how long people wait in it, over the time until now.

    Raises:
        StoreUnavailable: the store is away.
    """
    scope = Scope(frozenset({camera}), frozenset({zone}))
    cut = spans(now - lasting, now + timedelta(minutes=1), By.ALL)
    with reading(engine) as connection:
        here = next(iter(latest(connection, now, scope)), None)
        length = next(iter(crowd(connection, cut, scope)), None)
        return Queue(here, length, _dwell(connection, cut, scope))


def _dwell(connection: Connection, cut: Spans, scope: Scope) -> Dwell:
    names = find_series(connection, scope, [Measure.VISIT.value])
    visits, dwell_s, dwell_s2, bins = Estimate(), 0.0, 0.0, [0] * len(EDGES_S)
    for part in fetch(connection, (hour, minute), names, cut, (*ESTIMATE, "dwell_s", "dwell_s2")):
        for row in part.rows:
            visits += Estimate(*row[2:7])
            dwell_s, dwell_s2 = dwell_s + row[7], dwell_s2 + row[8]
    for part in fetch(connection, (dwell_hour, dwell_minute), names, cut, ("bin", "visits")):
        for _, _, number, people in part.rows:
            bins[number] += people
    return Dwell(visits, dwell_s, dwell_s2, tuple(bins))
