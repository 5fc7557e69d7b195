"""How many people there were at a time: in a zone, or in view of a camera."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from footfall.store.database import reading
from footfall.store.instants import MINUTE_S, from_units, in_units
from footfall.store.spans import Piece, Spans
from footfall.store.sums import EVERYTHING, Scope, Series, find_series, listed
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
    names = find_series(connection, scope, [PRESENCE])
    found: dict[int, list[Crowd]] = {number: [] for number in names}
    for number, span, mean, peak, low, high in _by_span(connection, list(names), cut):
        name = names[number]
        found[number].append(Crowd(name.camera, name.region, cut.begin(span), mean, peak, low, high))
    return [crowd for number in names for crowd in sorted(found[number], key=lambda crowd: crowd.begin)]


def latest(connection: Connection, moment: datetime, scope: Scope) -> list[Crowd]:
    """As `now`, within a transaction."""
    names = find_series(connection, scope, [PRESENCE])
    since = in_units(moment - FRESH, MINUTE_S)
    asked = select(presence).where(presence.c.series.in_(names), presence.c.minute >= since)
    rows = {row.series: row for row in connection.execute(asked.order_by(presence.c.series, presence.c.minute))}
    return [_one(name, rows[number]) for number, name in names.items() if number in rows]


def _by_span(connection: Connection, numbers: list[int], cut: Spans) -> Iterator[tuple[int, int, float, int, int, int]]:
    """(series, span, mean, peak, lowest, highest)."""
    c = presence.c
    for span in listed([Piece(span, begin, end) for span, (begin, end) in enumerate(pairwise(cut.edges))]):
        is_in = (c.minute >= span.c.first) & (c.minute < span.c.past)
        figures = (func.avg(c.mean), func.max(c.peak), func.min(c.low), func.max(c.high))
        asked = select(c.series, span.c.span, *figures).join_from(span, presence, is_in)
        rows = connection.execute(asked.where(c.series.in_(numbers)).group_by(c.series, span.c.span))
        yield from (tuple(row) for row in rows.all())


def _one(name: Series, row: Row[Any]) -> Crowd:
    begin = from_units(row.minute, MINUTE_S)
    return Crowd(name.camera, name.region, begin, row.mean, row.peak, row.low, row.high)
