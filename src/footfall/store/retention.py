"""What is too old is forgotten for good, a little at a time, so that nobody waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, Table, and_, delete, select, text, true, tuple_

from footfall.store.database import driver, is_file, reading, writing
from footfall.store.faults import translated
from footfall.store.instants import HOUR_S, MINUTE_S, in_units, in_us
from footfall.store.tables import dwell_hour, dwell_minute, events, facts, hour, minute, presence, series, tracks

_AT_ONCE = 5000
_PAGES = 2000
"""Pages of a file that are given back to the disk after a sweep, at most."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each kind is kept; None: for ever."""

    events: timedelta | None = timedelta(days=30)
    facts: timedelta | None = timedelta(days=90)
    """Single counts; sums do not need them any more."""
    minutes: timedelta | None = timedelta(days=90)
    """Sums and presence minute by minute."""
    hours: timedelta | None = None
    tracks: timedelta | None = timedelta(hours=24)


DEFAULT = Retention()


def sweep(engine: Engine, now: datetime, retention: Retention = DEFAULT) -> int:
    """Forget what is older than it may be; how many rows that were.

    Raises:
        StoreUnavailable: the store is away, locked or full; what was forgotten before stays so.
    """
    swept = 0
    for table, time, kept in (
        (tracks, tracks.c.end_us, retention.tracks),
        (events, events.c.utc_us, retention.events),
        (facts, facts.c.utc_us, retention.facts),
    ):
        if kept is not None:
            swept += _forget(engine, table, time < in_us(now - kept))
    for table, time, unit_s, kept in (
        (presence, presence.c.minute, MINUTE_S, retention.minutes),
        (minute, minute.c.begin, MINUTE_S, retention.minutes),
        (dwell_minute, dwell_minute.c.begin, MINUTE_S, retention.minutes),
        (hour, hour.c.begin, HOUR_S, retention.hours),
        (dwell_hour, dwell_hour.c.begin, HOUR_S, retention.hours),
    ):
        if kept is not None:
            swept += _forget_by_series(engine, table, time < in_units(now - kept, unit_s))
    if swept:
        wipe(engine)
    return swept


def erase_people(engine: Engine) -> int:
    """Forget every event and all tracks: what is left knows no person. How many rows that were.

    For the moment at which aggregate-only mode is switched on.

    Raises:
        StoreUnavailable: the store is away, locked or full; call it again.
    """
    erased = _forget(engine, tracks, true()) + _forget(engine, events, true())
    wipe(engine)
    return erased


def wipe(engine: Engine) -> None:
    """Nothing of what was deleted stays on the disk: not in the file, where it was overwritten, nor in its log.

    The log is emptied as soon as nobody reads. PostgreSQL overwrites pages and log as it is set up to.

    Raises:
        StoreUnavailable: the store is away.
    """
    if not is_file(engine):
        with translated(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in (events, tracks):
                connection.execute(text(f"VACUUM {table.name}"))
        return
    with driver(engine) as connection:
        connection.executescript(f"PRAGMA incremental_vacuum({_PAGES})")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _forget_by_series(engine: Engine, table: Table, old: ColumnElement[bool]) -> int:
    with reading(engine) as connection:
        numbers = connection.execute(select(series.c.id)).scalars().all()
    return sum(_forget(engine, table, and_(table.c.series == number, old)) for number in numbers)


def _forget(engine: Engine, table: Table, old: ColumnElement[bool]) -> int:
    """Some rows in each transaction."""
    key = tuple_(*table.primary_key)
    some = select(*table.primary_key).where(old).limit(_AT_ONCE)
    rows = 0
    while True:
        with writing(engine) as connection:
            gone = connection.execute(delete(table).where(key.in_(some))).rowcount
        rows += gone
        if gone < _AT_ONCE:
            return rows
