"""Millions of events with their facts, written past the service's writer: the same rows, made column by column.

`tests/benchmarks/test_store_load.py` holds the sums against those that the writer makes of the same facts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, Table

from footfall.store.bins import EDGES_S
from footfall.store.database import driver, is_file, writing
from footfall.store.records import Measure
from footfall.store.tables import dwell_hour, dwell_minute, events, facts, hour, minute
from footfall.store.write import series_ids

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 31
CAMERAS = [f"camera {n}" for n in range(8)]
ZONES = [f"zone {n}" for n in range(4)]
BUSY = np.array([1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 16, 20, 22, 20, 18, 18, 20, 22, 18, 12, 8, 5, 3, 2], float)
"""How busy the hours of a day are."""
KINDS = {
    Measure.ENTER: "personZoneEnterExitEvent",
    Measure.EXIT: "personZoneEnterExitEvent",
    Measure.VISIT: "personZoneDwellTimeEvent",
}
BODY = json.dumps(
    {
        "events": [{"id": "0" * 32, "type": "personZoneEnterExitEvent", "detectionIds": ["0" * 32], "zone": "zone 1"}],
        "sourceInfo": {"id": "camera 1", "timestamp": "2026-03-01T12:00:00.000Z", "width": 640, "height": 360},
    }
).encode()
_AT_ONCE = 100_000
Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Drawn:
    """n facts in order of time."""

    utc_us: Whole
    series: Whole
    """Of the fact..."""
    event_series: Whole
    """...and of its event."""
    doubts: Floats
    """(n, 4) extra, its variance, missed, its variance."""
    dwell_s: Floats
    """(n,) NaN where there is none."""
    ids: NDArray[np.uint8]
    """(n, 16)"""


def draw(engine: Engine, count: int, seed: int = 1) -> Drawn:
    """A month of eight cameras with four zones each."""
    chance = np.random.default_rng(seed)
    of_hours = np.tile(BUSY / BUSY.sum() / DAYS, DAYS)
    hours = np.sort(chance.choice(DAYS * 24, count, p=of_hours))
    seconds = np.sort(3600.0 * (hours + chance.random(count)))
    kinds = [(camera, region, measure) for camera in CAMERAS for region in ZONES for measure in KINDS]
    with writing(engine) as connection:
        told = [(camera, region, measure.value) for camera, region, measure in kinds]
        sent = [(camera, region, KINDS[measure]) for camera, region, measure in kinds]
        ids = series_ids(connection, [*told, *sent])
    drawn = chance.integers(len(kinds), size=count)
    is_visit = np.array([measure is Measure.VISIT for *_, measure in kinds])[drawn]
    extra, missed = 0.02 + 0.05 * chance.random(count), 0.06 * chance.random(count)
    return Drawn(
        (int(BEGIN.timestamp()) * 1_000_000 + seconds * 1e6).astype(np.int64),
        np.array([ids[key] for key in told])[drawn],
        np.array([ids[key] for key in sent])[drawn],
        np.stack([extra, extra * (1 - extra), missed, missed], axis=1),
        np.where(is_visit, chance.exponential(90.0, count), np.nan),
        chance.integers(256, size=(count, 16), dtype=np.uint8),
    )


def load(engine: Engine, drawn: Drawn) -> None:
    """Write them into an empty store."""
    parts = [slice(start, start + _AT_ONCE) for start in range(0, len(drawn.utc_us), _AT_ONCE)]
    for part in parts:
        _write(engine, facts, _FACT, _facts(drawn, part))
        _write(engine, events, _EVENT, _events(drawn, part))
    for sums, bins, unit_s in ((minute, dwell_minute, 60), (hour, dwell_hour, 3600)):
        _write(engine, sums, _SUMS, _sums(drawn, unit_s))
        _write(engine, bins, ("series", "begin", "bin", "visits"), _bins(drawn, unit_s))


_FACT = ("id", "series", "utc_us", "told", "extra", "extra_variance", "missed", "missed_variance", "dwell_s")
_EVENT = ("id", "series", "utc_us", "track_id", "body")
_SUMS = ("series", "begin", "told", "extra", "extra_variance", "missed", "missed_variance", "dwell_s", "dwell_s2")


def _facts(drawn: Drawn, part: slice) -> Iterator[tuple[Any, ...]]:
    ids = (bytes(row) for row in drawn.ids[part])
    dwells = (None if np.isnan(each) else float(each) for each in drawn.dwell_s[part])
    columns = drawn.series[part].tolist(), drawn.utc_us[part].tolist(), drawn.doubts[part].tolist()
    for key, number, utc_us, doubts, dwell_s in zip(ids, *columns, dwells, strict=True):
        yield key, number, utc_us, 1, *doubts, dwell_s


def _events(drawn: Drawn, part: slice) -> Iterator[tuple[Any, ...]]:
    columns = drawn.ids[part], drawn.event_series[part].tolist(), drawn.utc_us[part].tolist()
    for key, number, utc_us in zip(*columns, strict=True):
        text = bytes(key).hex()
        yield text, number, utc_us, text[::-1], BODY


def _sums(drawn: Drawn, unit_s: int) -> Iterator[tuple[Any, ...]]:
    keys, at = np.unique(_keys(drawn, unit_s), return_inverse=True)
    dwell_s = np.nan_to_num(drawn.dwell_s)
    figures = [np.bincount(at, column) for column in (*drawn.doubts.T, dwell_s, dwell_s**2)]
    columns = [*_split(keys), np.bincount(at).tolist(), *(column.tolist() for column in figures)]
    return zip(*columns, strict=True)


def _bins(drawn: Drawn, unit_s: int) -> Iterator[tuple[Any, ...]]:
    rows = ~np.isnan(drawn.dwell_s)
    number = np.searchsorted(EDGES_S, drawn.dwell_s[rows], side="right") - 1
    keys, visits = np.unique(_keys(drawn, unit_s)[rows] * 64 + number, return_counts=True)
    return zip(*_split(keys // 64), (keys % 64).tolist(), visits.tolist(), strict=True)


def _keys(drawn: Drawn, unit_s: int) -> Whole:
    return drawn.series * 2**32 + drawn.utc_us // (unit_s * 1_000_000)


def _split(keys: Whole) -> tuple[list[int], list[int]]:
    return (keys // 2**32).tolist(), (keys % 2**32).tolist()


def _write(engine: Engine, table: Table, names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    if is_file(engine):
        marks = ", ".join("?" * len(names))
        with driver(engine) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", rows)  # noqa: S608
            connection.execute("COMMIT")
        return
    with closing(engine.raw_connection()) as pooled:
        postgres: Any = pooled.driver_connection
        with postgres.cursor().copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        postgres.commit()
