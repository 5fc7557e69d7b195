"""How many people there were at a time: in a zone, or in view of a camera."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from footfall.store.database import reading
from footfall.store.instants import MINUTE_S, from_units, in_units
from footfall.store.spans import Spans
from footfall.store.sums import EVERYTHING, Scope, Series, find_series
from footfall.store.tables import presence
from footfall.store.write import PRESENCE

FRESH = timedelta(minutes=3)
"""What was told before is no news of now."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """People in a zone, or in view (`region` is empty)."""

    camera: str
    region: str
    begin: datetime
    mean: float
    peak: int
    low: int
    """Least and most that there may have been, over all minutes."""
    high: int


def crowds(engine: Engine, cut: Spans, scope: Scope = EVERYTHING) -> list[Crowd]:
    """In order of camera, region and time; where nothing is known there is none.

    Raises:
        StoreUnavailable: the store is away.
    """
    with reading(engine) as connection:
        return crowd(connection, cut, scope)


def now(engine: Engine, moment: datetime, scope: Scope = EVERYTHING) -> list[Crowd]:
    """The last minute that is known of each zone and camera, if it is not long ago.

    Raises:
        StoreUnavailable: the store is away.
    """
    with reading(engine) as connection:
        return latest(connection, moment, scope)


def crowd(connection: Connection, cut: Spans, scope: Scope) -> list[Crowd]:
    """As `crowds`, within a transaction."""
    found = []
    for number, name in find_series(connection, scope, [PRESENCE]).items():
        for span, sums in _by_span(connection, number, cut).items():
            mean, minutes, peak, low, high = sums
            found.append(Crowd(name.camera, name.region, cut.begin(span), mean / minutes, peak, low, high))
    return found


def latest(connection: Connection, moment: datetime, scope: Scope) -> list[Crowd]:
    """As `now`, within a transaction."""
    names = find_series(connection, scope, [PRESENCE])
    since = in_units(moment - FRESH, MINUTE_S)
    asked = select(presence).where(presence.c.series.in_(names), presence.c.minute >= since)
    rows = {row.series: row for row in connection.execute(asked.order_by(presence.c.series, presence.c.minute))}
    return [_one(name, rows[number]) for number, name in names.items() if number in rows]


def _by_span(connection: Connection, number: int, cut: Spans) -> dict[int, tuple[float, int, int, int, int]]:
    """Sum of means, minutes, peak, lowest, highest."""
    first, last = cut.edges[0], cut.edges[-1]
    where = (presence.c.series == number, presence.c.minute >= first, presence.c.minute < last)
    if len(cut) == 1:
        c = presence.c
        asked = select(func.sum(c.mean), func.count(), func.max(c.peak), func.min(c.low), func.max(c.high)).where(
            *where
        )
        row = connection.execute(asked).one()
        return {0: tuple(row)} if row[1] else {}
    found: dict[int, tuple[float, int, int, int, int]] = {}
    for row in connection.execute(select(presence).where(*where).order_by(presence.c.minute)):
        span = cut.at(row.minute)
        mean, minutes, peak, low, high = found.get(span, (0.0, 0, row.peak, row.low, row.high))
        found[span] = mean + row.mean, minutes + 1, max(peak, row.peak), min(low, row.low), max(high, row.high)
    return found


def _one(name: Series, row: Row[Any]) -> Crowd:
    begin = from_units(row.minute, MINUTE_S)
    return Crowd(name.camera, name.region, begin, row.mean, row.peak, row.low, row.high)
