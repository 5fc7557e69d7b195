"""What one camera made known goes in, whole or not at all; sums are brought up to date in the same transaction.

Everything has an id, and what is there already changes nothing: messages may come twice, late and in any order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, Table, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from footfall.store.bins import bin_of
from footfall.store.database import is_file, writing
from footfall.store.instants import HOUR_S, MINUTE_S, in_units, in_us
from footfall.store.records import Batch, EventRecord, FactRecord, PresenceRecord
from footfall.store.tables import dwell_hour, dwell_minute, events, facts, hour, minute, presence, series

Key: TypeAlias = tuple[str, str, str]
"""(camera, region, what)."""
Row: TypeAlias = dict[str, Any]
T = TypeVar("T")

PRESENCE = "presence"
TRACKS = "tracks"
_LOCK = 0x46465754
"""Advisory lock of PostgreSQL: numbers of events become visible in their order."""
_AT_ONCE = 2000
_SUMS = ("told", "extra", "extra_variance", "missed", "missed_variance", "dwell_s", "dwell_s2")


def append(engine: Engine, batch: Batch) -> None:
    """Store everything that is not there yet; it is on the disk when this returns.

    Raises:
        StoreUnavailable: the database is away, locked or full; nothing was stored.
        ValueError: a time has no zone, or a fact's id is not 32 hex digits; nothing was stored.
        sqlalchemy.exc.DataError, sqlalchemy.exc.IntegrityError: the database will never take it; nothing was stored.
    """
    with writing(engine) as connection:
        if not is_file(engine):
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        ids = series_ids(connection, _keys(batch))
        _append_events(connection, batch.events, ids)
        _append_facts(connection, batch.facts, ids)
        _append_presence(connection, batch.presence, ids)


def series_ids(connection: Connection, keys: Iterable[Key]) -> dict[Key, int]:
    """The number of each series; new ones are made."""
    wanted = sorted(set(keys))
    found = _known(connection, wanted)
    missing = [key for key in wanted if key not in found]
    if missing:
        rows = [dict(zip(("camera", "region", "what"), key, strict=True)) for key in missing]
        connection.execute(_insert(connection, series).on_conflict_do_nothing(), rows)
        found |= _known(connection, missing)
    return found


def _known(connection: Connection, keys: Sequence[Key]) -> dict[Key, int]:
    name = (series.c.camera, series.c.region, series.c.what)
    found: dict[Key, int] = {}
    for some in _chunks(keys):
        rows = connection.execute(select(series.c.id, *name).where(tuple_(*name).in_(some)))
        found |= {(camera, region, what): number for number, camera, region, what in rows}
    return found


def _keys(batch: Batch) -> Iterator[Key]:
    yield from ((event.camera, event.region, event.type) for event in batch.events)
    yield from ((fact.camera, fact.region, fact.measure.value) for fact in batch.facts)
    yield from ((minute.camera, minute.region, PRESENCE) for minute in batch.presence)


def _append_events(connection: Connection, records: Sequence[EventRecord], ids: Mapping[Key, int]) -> None:
    statement = _insert(connection, events).on_conflict_do_nothing()
    for some in _chunks(records):
        rows = [
            {
                "id": record.id,
                "series": ids[record.camera, record.region, record.type],
                "utc_us": in_us(record.utc),
                "track_id": record.track_id,
                "body": record.body,
            }
            for record in some
        ]
        connection.execute(statement, rows)


def _append_facts(connection: Connection, records: Sequence[FactRecord], ids: Mapping[Key, int]) -> None:
    statement = _insert(connection, facts).on_conflict_do_nothing().returning(facts.c.id)
    fresh: dict[bytes, FactRecord] = {}
    for some in _chunks(list({bytes.fromhex(record.id): record for record in reversed(records)}.items())):
        rows = [_fact(record_id, record, ids) for record_id, record in some]
        new = {bytes(record_id) for record_id in connection.execute(statement, rows).scalars()}
        fresh |= {record_id: record for record_id, record in some if record_id in new}
    for unit_s, sums, bins in ((MINUTE_S, minute, dwell_minute), (HOUR_S, hour, dwell_hour)):
        _add_sums(connection, sums, unit_s, fresh.values(), ids)
        _add_bins(connection, bins, unit_s, fresh.values(), ids)


def _fact(record_id: bytes, record: FactRecord, ids: Mapping[Key, int]) -> Row:
    estimate = record.estimate
    return {
        "id": record_id,
        "series": ids[record.camera, record.region, record.measure.value],
        "utc_us": in_us(record.utc),
        "told": estimate.told,
        "extra": estimate.extra,
        "extra_variance": estimate.extra_variance,
        "missed": estimate.missed,
        "missed_variance": estimate.missed_variance,
        "dwell_s": record.dwell_s,
    }


def _add_sums(
    connection: Connection, table: Table, unit_s: int, records: Iterable[FactRecord], ids: Mapping[Key, int]
) -> None:
    totals: dict[tuple[int, int], list[float]] = {}
    for record in records:
        key = ids[record.camera, record.region, record.measure.value], in_units(record.utc, unit_s)
        estimate, dwell_s = record.estimate, record.dwell_s or 0.0
        figures = (
            estimate.told,
            estimate.extra,
            estimate.extra_variance,
            estimate.missed,
            estimate.missed_variance,
            dwell_s,
            dwell_s**2,
        )
        total = totals.setdefault(key, [0] * len(figures))
        totals[key] = [a + b for a, b in zip(total, figures, strict=True)]
    rows = [
        dict(zip(("series", "begin", *_SUMS), (*key, *total), strict=True)) for key, total in sorted(totals.items())
    ]
    _add(connection, table, ("series", "begin"), _SUMS, rows)


def _add_bins(
    connection: Connection, table: Table, unit_s: int, records: Iterable[FactRecord], ids: Mapping[Key, int]
) -> None:
    visits: defaultdict[tuple[int, int, int], int] = defaultdict(int)
    for record in records:
        if record.dwell_s is not None:
            number = ids[record.camera, record.region, record.measure.value]
            visits[number, in_units(record.utc, unit_s), bin_of(record.dwell_s)] += record.estimate.told
    key = ("series", "begin", "bin")
    _add(
        connection,
        table,
        key,
        ("visits",),
        [{**dict(zip(key, at, strict=True)), "visits": n} for at, n in sorted(visits.items())],
    )


def _add(connection: Connection, table: Table, key: Sequence[str], sums: Sequence[str], rows: Sequence[Row]) -> None:
    """Add to what is there."""
    statement = _insert(connection, table)
    added = {name: table.c[name] + statement.excluded[name] for name in sums}
    for some in _chunks(rows):
        connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=added), list(some))


def _append_presence(connection: Connection, records: Sequence[PresenceRecord], ids: Mapping[Key, int]) -> None:
    """A minute that comes again is told better."""
    statement = _insert(connection, presence)
    told = ("mean", "peak", "low", "high")
    replaced = {name: statement.excluded[name] for name in told}
    rows = {
        (ids[record.camera, record.region, PRESENCE], in_units(record.minute, MINUTE_S)): {
            name: getattr(record, name) for name in told
        }
        for record in records
    }
    for some in _chunks([{"series": at[0], "minute": at[1], **row} for at, row in sorted(rows.items())]):
        connection.execute(
            statement.on_conflict_do_update(index_elements=["series", "minute"], set_=replaced), list(some)
        )


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if is_file(connection.engine) else postgresql.insert(table)


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(items)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some
