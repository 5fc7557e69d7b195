"""Statements of the documentation work as they are written."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from footfall.spatial.interval import Estimate
from footfall.store.database import open_database
from footfall.store.records import Batch, FactRecord, Measure
from footfall.store.write import append

DOCS = Path(__file__).parents[2] / "docs"


def statements(page):
    return re.findall(r"```sql\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)


def test_the_reference_reads_hours(tmp_path):
    path = tmp_path / "store.sqlite"
    engine = open_database(path, "store")
    noon = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    append(engine, Batch(facts=(FactRecord("a" * 32, "front", "till", Measure.ENTER, noon, Estimate(1, missed=0.5)),)))
    engine.dispose()
    (statement,) = statements("reference/store.md")
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        assert connection.execute(statement).fetchall() == [("2026-03-01 12:00:00", 1, 1.5)]


def test_others_may_read_numbers_and_nothing_else(postgres):
    open_database(postgres.url, "store").dispose()
    (statement,) = statements("how-to/postgresql.md")
    with psycopg.connect(postgres.url) as connection:
        connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
        connection.execute(statement)
        connection.execute("SET ROLE reports")
        assert connection.execute("SELECT count(*) FROM hour, minute, presence, series").fetchone() == (0,)
        may = "SELECT has_table_privilege('events', 'SELECT') OR has_table_privilege('tracks', 'SELECT')"
        assert connection.execute(may).fetchone() == (False,)
        connection.rollback()
