"""Rows of the benchmark's loader are those that the service's writer makes."""

from __future__ import annotations

import pytest
from benchmarks.store import batches
from benchmarks.store_load import draw, load
from sqlalchemy import select

from footfall.store import tables
from footfall.store.database import open_database, reading
from footfall.store.sums import Scope, find_series
from footfall.store.write import append


def rows(engine, name):
    table = tables.metadata.tables[name]
    columns = [column for column in table.c if column.name != "number"]
    with reading(engine) as connection:
        return sorted((tuple(row) for row in connection.execute(select(*columns))), key=repr)


def test_the_loader_makes_what_the_writer_makes(tmp_path):
    loaded, written = (open_database(tmp_path / name, "store") for name in ("loaded.sqlite", "written.sqlite"))
    drawn = draw(loaded, 3000)
    load(loaded, drawn)
    draw(written, 1)
    with reading(written) as connection:
        names = find_series(connection, Scope())
    for batch in batches(drawn, names, 500):
        append(written, batch)
    for name in ("series", "events", "facts", "minute", "hour", "dwell_minute", "dwell_hour"):
        found, expected = rows(loaded, name), rows(written, name)
        assert len(found) == len(expected) > 0
        for one, other in zip(found, expected, strict=True):
            assert one == pytest.approx(other) if name in ("minute", "hour") else one == other, name
    loaded.dispose()
    written.dispose()
