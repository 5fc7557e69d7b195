"""Events as they were sent: pages of them, newest first, and what has come in since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, Select, func, select

from footfall.store.database import reading
from footfall.store.instants import from_us, in_us
from footfall.store.records import EventRecord, Measure
from footfall.store.sums import EVERYTHING, Scope, Series, find_series
from footfall.store.tables import events, series
from footfall.store.write import PRESENCE, TRACKS

LIMIT = 1000
"""Events on a page, at most."""
_MANY = 200
"""With more series than that, events are looked through in order of time instead of series by series."""
_OTHERS = frozenset({PRESENCE, TRACKS, *(measure.value for measure in Measure)})
_COLUMNS = (events.c.number, events.c.id, events.c.series, events.c.utc_us, events.c.track_id, events.c.body)
_Place: TypeAlias = tuple[int, int]
"""(microseconds, number)"""


@dataclass(frozen=True, slots=True)
class Wish:
    """Which events are wanted; None and empty: all."""

    scope: Scope = EVERYTHING
    types: frozenset[str] | None = None
    begin: datetime | None = None
    end: datetime | None = None
    """Before this."""

    @property
    def names_none(self) -> bool:
        """Whether every camera, region and type will do."""
        return self.types is None and self.scope == EVERYTHING


ALL = Wish()


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event and its number, which grows in the order of arrival."""

    number: int
    record: EventRecord


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, the latest first."""

    events: tuple[StoredEvent, ...]
    before: str
    """Asks for the next page; empty on the last one."""


def page(engine: Engine, wish: Wish = ALL, *, before: str = "", limit: int = 100) -> Page:
    """The latest events, in order of their time.

    Args:
        engine: the store.
        wish: which.
        before: `Page.before` of the page above; or the id of an event, whose page begins below it.
        limit: how many, at most.

    Raises:
        ValueError: `before` is neither, or a time has no zone.
        StoreUnavailable: the store is away.
    """
    limit = max(1, min(limit, LIMIT))
    with reading(engine) as connection:
        names = _wanted(connection, wish)
        if not names:
            return Page((), "")
        place = _place(connection, before)
        rows = _latest(connection, names, wish, place, limit + 1)
    found = tuple(_event(row, names) for row in rows[:limit])
    return Page(found, f"{rows[limit - 1].utc_us}.{rows[limit - 1].number}" if len(rows) > limit else "")


def find(engine: Engine, event_id: str) -> StoredEvent | None:
    """One event by its id.

    Raises:
        StoreUnavailable: the store is away.
    """
    with reading(engine) as connection:
        row = connection.execute(select(*_COLUMNS).where(events.c.id == event_id)).one_or_none()
        return None if row is None else _event(row, _names(connection, [row.series]))


def since(engine: Engine, number: int, wish: Wish = ALL, *, limit: int = 100) -> list[StoredEvent]:
    """What has come in after the event of that number, in the order of arrival: late events too.

    Raises:
        StoreUnavailable: the store is away.
    """
    with reading(engine) as connection:
        names = _wanted(connection, wish)
        asked = _in_time(select(*_COLUMNS).where(events.c.number > number, events.c.series.in_(names)), wish)
        rows = connection.execute(asked.order_by(events.c.number).limit(max(1, min(limit, LIMIT))))
        return [_event(row, names) for row in rows]


def last_number(engine: Engine) -> int:
    """Of the event that came in last; 0: there is none.

    Raises:
        StoreUnavailable: the store is away.
    """
    with reading(engine) as connection:
        return int(connection.execute(select(func.coalesce(func.max(events.c.number), 0))).scalar_one())


def _wanted(connection: Connection, wish: Wish) -> dict[int, Series]:
    types = None if wish.types is None else sorted(wish.types - _OTHERS)
    return {
        number: name for number, name in find_series(connection, wish.scope, types).items() if name.what not in _OTHERS
    }


def _place(connection: Connection, before: str) -> _Place | None:
    if not before:
        return None
    found = connection.execute(select(events.c.utc_us, events.c.number).where(events.c.id == before)).one_or_none()
    if found is not None:
        return found.utc_us, found.number
    utc_us, _, number = before.partition(".")
    try:
        return int(utc_us), int(number)
    except ValueError as error:
        raise ValueError(f"{before!r} is neither the id of an event nor the end of a page") from error


def _latest(
    connection: Connection, names: dict[int, Series], wish: Wish, place: _Place | None, limit: int
) -> list[Any]:
    """Every series has its events in order of time in an index: the latest of each, merged, then their bodies."""
    asked = _in_time(select(events.c.utc_us, events.c.number), wish)
    asked = asked.order_by(events.c.utc_us.desc(), events.c.number.desc()).limit(limit)
    if place is not None:
        utc_us, number = place
        asked = asked.where(events.c.utc_us <= utc_us, (events.c.utc_us < utc_us) | (events.c.number < number))
    if wish.names_none or len(names) > _MANY:
        keys: Iterable[Any] = connection.execute(asked.where(events.c.series.in_(names)))
    else:
        each = [connection.execute(asked.where(events.c.series == number)).all() for number in names]
        keys = merge(*each, key=lambda row: (-row.utc_us, -row.number))
    chosen = [row.number for row in islice(keys, limit)]
    rows = {row.number: row for row in connection.execute(select(*_COLUMNS).where(events.c.number.in_(chosen)))}
    return [rows[number] for number in chosen]


def _in_time(asked: Select[Any], wish: Wish) -> Select[Any]:
    if wish.begin is not None:
        asked = asked.where(events.c.utc_us >= in_us(wish.begin))
    if wish.end is not None:
        asked = asked.where(events.c.utc_us < in_us(wish.end))
    return asked


def _names(connection: Connection, numbers: Sequence[int]) -> dict[int, Series]:
    rows = connection.execute(select(series).where(series.c.id.in_(numbers)))
    return {row.id: Series(row.camera, row.region, row.what) for row in rows}


def _event(row: Any, names: dict[int, Series]) -> StoredEvent:
    name = names[row.series]
    record = EventRecord(
        row.id, name.camera, from_us(row.utc_us), name.what, name.region, row.track_id, bytes(row.body)
    )
    return StoredEvent(row.number, record)
