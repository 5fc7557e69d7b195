"""Rows of the minute and hour tables, summed up over spans of time; no other row is touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Connection, Integer, Select, Table, column, func, select, text

from footfall.store.instants import HOUR_S, MINUTE_S
from footfall.store.spans import Piece, Spans
from footfall.store.tables import series

_AT_ONCE = 2000
_PIECES = "SELECT column1 AS span, column2 AS first, column3 AS past FROM"
_SHORT = 2.0
"""Where spans have fewer rows than that, on average, all are fetched and sorted into spans here."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked about; None: all there is."""

    cameras: frozenset[str] | None = None
    regions: frozenset[str] | None = None

    def has(self, camera: str, region: str) -> bool:
        """Whether it is asked about."""
        is_camera = self.cameras is None or camera in self.cameras
        return is_camera and (self.regions is None or region in self.regions)


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Series:
    """One thing that is told about."""

    camera: str
    region: str
    what: str


def find_series(connection: Connection, scope: Scope, whats: Sequence[str] | None = None) -> dict[int, Series]:
    """By number, in order of camera, region and what; `whats` None: of any kind."""
    wanted = select(series.c.id, series.c.camera, series.c.region, series.c.what)
    if whats is not None:
        wanted = wanted.where(series.c.what.in_(whats))
    rows = connection.execute(wanted.order_by(series.c.camera, series.c.region, series.c.what))
    return {number: Series(camera, region, what) for number, camera, region, what in rows if scope.has(camera, region)}


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows: (series, key of `spans`, sums of the columns that were asked for)."""

    rows: Sequence[tuple[Any, ...]]
    spans: Mapping[int, int]
    """Second figure of a row -> number of the span that it belongs to."""


def fetch(
    connection: Connection, tables: tuple[Table, Table], ids: Mapping[int, Any], cut: Spans, what: Sequence[str]
) -> Iterator[Part]:
    """Rows that make up spans; several of the same series and span may come.

    Args:
        connection: of a reading transaction.
        tables: of hours and of minutes, both with `series`, `begin` and the columns.
        ids: series that are asked about.
        cut: the spans.
        what: names of columns; the first ones may be no sums but part of the key: `bin`.
    """
    for table, pieces, unit_s in zip(tables, cut.pieces(), (HOUR_S, MINUTE_S), strict=True):
        if not ids or not pieces:
            continue
        rows = sum(piece.end - piece.begin for piece in pieces)
        if rows < _SHORT * len(pieces):
            yield from _scanned(connection, table, list(ids), (pieces, cut, unit_s), what)
        else:
            yield from _summed(connection, table, list(ids), pieces, what)


def _scanned(
    connection: Connection,
    table: Table,
    ids: list[int],
    where: tuple[Sequence[Piece], Spans, int],
    what: Sequence[str],
) -> Iterator[Part]:
    pieces, cut, unit_s = where
    asked: Select[Any] = select(table.c.series, table.c.begin, *(table.c[name] for name in what))
    for first, last in _runs(pieces):
        spans = {begin: cut.at(begin * unit_s // MINUTE_S) for begin in range(first, last)}
        is_in = (table.c.series.in_(ids), table.c.begin >= first, table.c.begin < last)
        yield Part(_plain(connection, asked.where(*is_in)), spans)


def _plain(connection: Connection, asked: Select[Any]) -> Sequence[tuple[Any, ...]]:
    """Rows as the driver gives them: there may be tens of thousands, all of them plain numbers."""
    cursor = connection.execute(asked).cursor
    return cursor.fetchall() if cursor is not None else ()


def _runs(pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Stretches without a hole."""
    begin, end = pieces[0].begin, pieces[0].begin
    for piece in pieces:
        if piece.begin != end:
            yield begin, end
            begin = piece.begin
        end = piece.end
    yield begin, end


def _summed(
    connection: Connection, table: Table, ids: list[int], pieces: Sequence[Piece], what: Sequence[str]
) -> Iterator[Part]:
    keys = [table.c[name] for name in what if table.c[name].primary_key]
    sums = [func.sum(table.c[name]).cast(table.c[name].type) for name in what if not table.c[name].primary_key]
    for piece in listed(pieces):
        is_in = (table.c.begin >= piece.c.first) & (table.c.begin < piece.c.past)
        asked: Select[Any] = select(table.c.series, piece.c.span, *keys, *sums).join_from(piece, table, is_in)
        asked = asked.where(table.c.series.in_(ids)).group_by(table.c.series, piece.c.span, *keys)
        yield Part(_plain(connection, asked), {each.span: each.span for each in pieces})


def listed(pieces: Sequence[Piece]) -> Iterator[CTE]:
    """Pieces as tables of `span`, `first` and `past`, some at a time: what belongs to a piece is found by its index.

    They are written out, for SQLAlchemy keeps no compiled statement with rows in it: bound, they cost it milliseconds.
    """
    columns = (column("span", Integer), column("first", Integer), column("past", Integer))
    for start in range(0, len(pieces), _AT_ONCE):
        rows = ",".join(f"({one.span:d},{one.begin:d},{one.end:d})" for one in pieces[start : start + _AT_ONCE])
        yield text(f"{_PIECES} (VALUES {rows}) AS piece").columns(*columns).cte("piece")
