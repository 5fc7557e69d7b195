"""Recorded people, chunk by chunk, compressed; never a pixel. Opt-in, and kept for hours only."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select

from footfall.core.types import Observed
from footfall.events.tracks import read_tracks
from footfall.store.database import reading, writing
from footfall.store.instants import from_us, in_us
from footfall.store.records import TracksRecord
from footfall.store.sums import Scope, find_series
from footfall.store.tables import tracks
from footfall.store.write import TRACKS, insert_rows, series_ids


def append(engine: Engine, record: TracksRecord) -> None:
    """Keep a chunk; one of the same camera and beginning that is there already stays.

    Raises:
        StoreUnavailable: the store is away, locked or full.
    """
    with writing(engine) as connection:
        key = record.camera, "", TRACKS
        row = {
            "series": series_ids(connection, [key])[key],
            "begin_us": in_us(record.begin),
            "end_us": in_us(record.end),
            "body": zlib.compress(record.lines),
        }
        statement, values = insert_rows(connection, tracks, [row])
        connection.execute(statement.on_conflict_do_nothing(), values)


def chunks(engine: Engine, camera: str, begin: datetime, end: datetime) -> Iterator[TracksRecord]:
    """Chunks of a camera that reach into the time from `begin` to before `end`, in order; one at a time in memory.

    Raises:
        StoreUnavailable: the store is away.
    """
    with reading(engine) as connection:
        numbers = list(find_series(connection, Scope(frozenset({camera}), frozenset({""})), [TRACKS]))
        inside = (tracks.c.series.in_(numbers), tracks.c.end_us >= in_us(begin), tracks.c.begin_us < in_us(end))
        keys = connection.execute(select(tracks.c.number).where(*inside).order_by(tracks.c.begin_us)).scalars().all()
    for number in keys:
        with reading(engine) as connection:
            row = connection.execute(select(tracks).where(tracks.c.number == number)).one_or_none()
        if row is not None:
            lines = zlib.decompress(row.body)
            yield TracksRecord(camera, from_us(row.begin_us), from_us(row.end_us), lines)


def frames(engine: Engine, camera: str, begin: datetime, end: datetime) -> Iterator[Observed]:
    """Recorded frames from `begin` to before `end`, as one stream: `t_s` is seconds since `begin`, `utc` capture time.

    Raises:
        StoreUnavailable: the store is away.
        ConfigError: a chunk is no recording of tracks.
    """
    newest_s, size_px = 0.0, None
    for chunk in chunks(engine, camera, begin, end):
        offset_s = (chunk.begin - begin).total_seconds()
        for observed in read_tracks(chunk.lines.splitlines(), file=f"tracks of {camera}", size_px=size_px):
            size_px = observed.size_px
            t_s = offset_s + observed.t_s
            utc = begin + timedelta(seconds=t_s)
            if begin <= utc < end and t_s >= newest_s:
                newest_s = t_s
                people = tuple(replace(person, t_s=t_s) for person in observed.people)
                yield replace(observed, source_id=camera, t_s=t_s, utc=utc, people=people)


def span(engine: Engine, camera: str) -> tuple[datetime, datetime] | None:
    """From when to when there are tracks of a camera; None: there are none.

    Raises:
        StoreUnavailable: the store is away.
    """
    with reading(engine) as connection:
        numbers = list(find_series(connection, Scope(frozenset({camera}), frozenset({""})), [TRACKS]))
        asked = select(func.min(tracks.c.begin_us), func.max(tracks.c.end_us)).where(tracks.c.series.in_(numbers))
        begin, end = connection.execute(asked).one()
    return None if begin is None else (from_us(begin), from_us(end))


def erase(engine: Engine, camera: str) -> None:
    """Forget all tracks of a camera.

    Raises:
        StoreUnavailable: the store is away, locked or full.
    """
    with writing(engine) as connection:
        numbers = list(find_series(connection, Scope(frozenset({camera}), frozenset({""})), [TRACKS]))
        connection.execute(delete(tracks).where(tracks.c.series.in_(numbers)))
