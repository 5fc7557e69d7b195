"""What one camera made known goes in, whole or not at all; sums are brought up to date in the same transaction.

Everything has an id, and what is there already changes nothing: messages may come twice, late and in any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Column, Connection, Double, Engine, Table, bindparam, column, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from footfall.store.bins import bin_of
from footfall.store.database import is_file, writing
from footfall.store.instants import HOUR_S, MINUTE_S, in_units, in_us
from footfall.store.records import Batch, EventRecord, FactRecord, PresenceRecord
from footfall.store.tables import dwell_hour, dwell_minute, events, facts, hour, minute, presence, series

Key: TypeAlias = tuple[str, str, str]
"""(camera, region, what)."""
Row: TypeAlias = dict[str, Any]
At: TypeAlias = tuple[int, ...]
"""(series, minute or hour), and the bin of visits."""
Sums: TypeAlias = dict[At, list[float]]
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
        statement, values = insert_rows(connection, series, rows)
        connection.execute(statement.on_conflict_do_nothing(), values)
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
        statement, values = insert_rows(connection, events, rows)
        connection.execute(statement.on_conflict_do_nothing(), values)


def _append_facts(connection: Connection, records: Sequence[FactRecord], ids: Mapping[Key, int]) -> None:
    fresh: list[FactRecord] = []
    for some in _chunks({record.id.lower(): record for record in reversed(records)}.values()):
        statement, values = insert_rows(connection, facts, [_fact(record, ids) for record in some])
        stored = connection.execute(statement.on_conflict_do_nothing().returning(facts.c.id), values).scalars()
        new = {bytes(record_id) for record_id in stored}
        fresh += [record for record in some if bytes.fromhex(record.id) in new]
    sums, bins = _by_minute(fresh, ids)
    _add(connection, minute, ("series", "begin"), _SUMS, sums)
    _add(connection, hour, ("series", "begin"), _SUMS, _by_hour(sums))
    visits: Sums = {at: [count] for at, count in bins.items()}
    _add(connection, dwell_minute, ("series", "begin", "bin"), ("visits",), visits)
    _add(connection, dwell_hour, ("series", "begin", "bin"), ("visits",), _by_hour(visits))


def _fact(record: FactRecord, ids: Mapping[Key, int]) -> Row:
    estimate = record.estimate
    return {
        "id": bytes.fromhex(record.id),
        "series": ids[record.camera, record.region, record.measure.value],
        "utc_us": in_us(record.utc),
        "told": estimate.told,
        "extra": estimate.extra,
        "extra_variance": estimate.extra_variance,
        "missed": estimate.missed,
        "missed_variance": estimate.missed_variance,
        "dwell_s": record.dwell_s,
    }


def _by_minute(records: Iterable[FactRecord], ids: Mapping[Key, int]) -> tuple[Sums, Counter[At]]:
    """(series, minute) -> sums; (series, minute, bin) -> visits."""
    sums: Sums = {}
    bins: Counter[At] = Counter()
    for record in records:
        at = ids[record.camera, record.region, record.measure.value], in_units(record.utc, MINUTE_S)
        told, dwell_s = record.estimate, record.dwell_s or 0.0
        figures = [told.told, told.extra, told.extra_variance, told.missed, told.missed_variance, dwell_s, dwell_s**2]
        _into(sums, at, figures)
        if record.dwell_s is not None:
            bins[*at, bin_of(record.dwell_s)] += told.told
    return sums, bins


def _by_hour(sums: Sums) -> Sums:
    """The same, minutes put together to hours."""
    hours: Sums = {}
    for (number, begin, *rest), figures in sums.items():
        _into(hours, (number, begin * MINUTE_S // HOUR_S, *rest), figures)
    return hours


def _into(sums: Sums, at: At, figures: list[float]) -> None:
    before = sums.get(at)
    sums[at] = figures if before is None else [a + b for a, b in zip(before, figures, strict=True)]


def _add(connection: Connection, table: Table, key: Sequence[str], names: Sequence[str], sums: Sums) -> None:
    """Add to what is there."""
    rows = [dict(zip((*key, *names), (*at, *figures), strict=True)) for at, figures in sorted(sums.items())]
    for some in _chunks(rows):
        statement, values = insert_rows(connection, table, some)
        added = {name: table.c[name] + statement.excluded[name] for name in names}
        connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=added), values)


def _append_presence(connection: Connection, records: Sequence[PresenceRecord], ids: Mapping[Key, int]) -> None:
    """A minute that comes again is told better."""
    told = ("mean", "peak", "low", "high")
    rows = {
        (ids[record.camera, record.region, PRESENCE], in_units(record.minute, MINUTE_S)): {
            name: getattr(record, name) for name in told
        }
        for record in records
    }
    for some in _chunks([{"series": at[0], "minute": at[1], **row} for at, row in sorted(rows.items())]):
        statement, values = insert_rows(connection, presence, some)
        replaced = {name: statement.excluded[name] for name in told}
        connection.execute(statement.on_conflict_do_update(index_elements=["series", "minute"], set_=replaced), values)


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Row]
) -> tuple[sqlite.Insert, Sequence[Row]] | tuple[postgresql.Insert, Row]:
    """A statement that inserts rows of the same columns, and its values.

    PostgreSQL gets one array a column, in one statement: asking it row by row takes ten times as long.
    """
    if is_file(connection.engine):
        return sqlite.insert(table), rows
    columns = [table.c[name] for name in rows[0]]
    arrays = [bindparam(f"{each.name}_s", type_=postgresql.ARRAY(each.type)) for each in columns]
    given = func.unnest(*arrays).table_valued(*(column(each.name, each.type) for each in columns)).render_derived()
    statement = postgresql.insert(table).from_select(columns, select(*given.c))
    return statement, {f"{each.name}_s": [_in_array(row[each.name], each) for row in rows] for each in columns}


def _in_array(value: Any, column_: Column[Any]) -> Any:
    """Arrays are of one type, and whole numbers are no fractions there."""
    return float(value) if isinstance(column_.type, Double) and value is not None else value


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(items)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some
