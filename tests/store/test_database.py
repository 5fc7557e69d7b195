from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from footfall.core.errors import ConfigError
from footfall.store.database import connect, open_database, reading, writing
from footfall.store.faults import StoreUnavailable
from footfall.store.migrate import migrate
from footfall.store.prepare import revisions
from footfall.store.tables import metadata, series

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("BEGIN IMMEDIATE")
print(flush=True)
input()
"""


@contextmanager
def inspected(engine):
    """By a connection without our settings."""
    plain = create_engine(engine.url)
    yield inspect(plain)
    plain.dispose()


def names(engine):
    with inspected(engine) as found:
        return set(found.get_table_names())


def test_migrations_make_what_statements_expect(engine):
    with inspected(engine) as found:
        for table in metadata.tables.values():
            columns = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
            assert columns == {column.name: column.nullable for column in table.columns}, table.name
            indexes = [index for index in found.get_indexes(table.name) if not index.get("duplicates_constraint")]
            assert {index["name"] for index in indexes} == {index.name for index in table.indexes}
            keys = found.get_pk_constraint(table.name)["constrained_columns"]
            assert keys == [key.name for key in table.primary_key]


def test_down_takes_everything_back_and_up_makes_it_again(engine):
    assert revisions(engine) == {"store_1"}
    migrate(engine, "store", "base")
    assert names(engine) == {"footfall_revisions"}
    assert revisions(engine) == set()
    migrate(engine, "store", "heads")
    migrate(engine, "store", "store_1")
    assert names(engine) == {"footfall_revisions", *metadata.tables}


def test_opened_twice_it_keeps_what_it_has(bare_url):
    engine = open_database(bare_url, "store")
    with writing(engine) as connection:
        connection.execute(series.insert().values(camera="door", region="", what="right"))
    engine.dispose()
    again = open_database(bare_url, "store")
    with reading(again) as connection:
        assert connection.execute(select(series.c.camera)).scalars().all() == ["door"]
    again.dispose()


def test_a_transaction_that_fails_changes_nothing(engine):
    row = {"camera": "door", "region": "", "what": "right"}

    def twice():
        with writing(engine) as connection:
            connection.execute(series.insert().values(**row))
            connection.execute(series.insert().values(**row))

    with pytest.raises(IntegrityError):
        twice()
    with reading(engine) as connection:
        assert connection.execute(select(series)).all() == []


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("auto_vacuum", 2),
        ("temp_store", 2),
    ],
)
def test_a_file_is_safe_and_forgets_for_good(tmp_path, pragma, value):
    engine = open_database(tmp_path / "own.sqlite", "own")
    with reading(engine) as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    assert (tmp_path / "own.sqlite").stat().st_mode & 0o777 == 0o600
    engine.dispose()


def not_a_database(path):
    path.write_text("people = 12\n" * 400)


def somebody_elses(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (line TEXT)")


def the_other_kind(path):
    open_database(path, "own").dispose()


def of_a_later_version(path):
    engine = open_database(path, "store")
    with writing(engine) as connection:
        connection.execute(text("UPDATE footfall_revisions SET version_num = 'store_99'"))
    engine.dispose()


def a_folder(path):
    path.mkdir()


@pytest.mark.parametrize(
    ("made", "said"),
    [
        pytest.param(not_a_database, "is no database", id="a text file"),
        pytest.param(somebody_elses, "not footfall's store", id="another program's database"),
        pytest.param(the_other_kind, "not footfall's store", id="accounts where numbers should be"),
        pytest.param(of_a_later_version, "later version", id="a later version's file"),
        pytest.param(a_folder, "Is a directory", id="a folder"),
    ],
)
def test_a_file_that_is_not_ours_is_left_alone(tmp_path, made, said):
    path = tmp_path / "store.sqlite"
    made(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(ConfigError, match=said) as caught:
        open_database(path, "store")
    assert str(path) in str(caught.value)
    assert before == (path.read_bytes() if path.is_file() else b"")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("mysql://root:s3cret@localhost/shop", "store"),
        ("postgresql://footfall:s3cret@localhost/shop", "own"),
        ("://s3cret", "store"),
        ("nosuch://footfall:s3cret@localhost/shop", "store"),
        ("sqlite://", "store"),
    ],
)
def test_what_is_no_place_for_it_is_refused_and_no_password_is_told(url, kind):
    with pytest.raises(ConfigError) as caught:
        open_database(url, kind)
    assert "s3cret" not in str(caught.value)


def test_a_later_version_of_a_server_is_left_alone(postgres):
    engine = open_database(postgres.url, "store")
    with writing(engine) as connection:
        connection.execute(text("UPDATE footfall_revisions SET version_num = 'store_99'"))
    with pytest.raises(ConfigError, match="later version"):
        open_database(postgres.url, "store")
    engine.dispose()


def test_a_server_that_is_away_is_no_mistake_of_the_configuration():
    with pytest.raises(StoreUnavailable) as caught:
        open_database("postgresql://footfall:s3cret@127.0.0.1:1/shop", "store")
    assert caught.value.reason == "refused"
    assert "s3cret" not in str(caught.value)


def test_a_file_that_vanishes_is_not_made_anew_and_comes_back(tmp_path):
    path = tmp_path / "store.sqlite"
    engine = open_database(path, "store")
    engine.dispose()
    path.rename(tmp_path / "aside")
    for _ in range(2):
        with pytest.raises(StoreUnavailable) as caught, writing(engine):
            pass
        assert caught.value.reason == "not-found"
    assert not path.exists()
    (tmp_path / "aside").rename(path)
    assert revisions(engine) == {"store_1"}
    engine.dispose()


def test_a_file_that_was_replaced_is_opened_again(tmp_path):
    first, second = tmp_path / "store.sqlite", tmp_path / "second.sqlite"
    engine = open_database(first, "store")
    open_database(second, "store").dispose()
    second.replace(first)
    with writing(engine) as connection:
        connection.execute(series.insert().values(camera="door", region="", what="right"))
    with closing(sqlite3.connect(first)) as connection:
        assert connection.execute("SELECT camera FROM series").fetchall() == [("door",)]
    engine.dispose()


def test_a_file_that_another_process_writes_is_busy_and_then_free(tmp_path, monkeypatch):
    monkeypatch.setattr("footfall.store.database.BUSY_S", 0.05)
    path = tmp_path / "store.sqlite"
    engine = open_database(path, "store")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as other:
        other.stdout.readline()
        with pytest.raises(StoreUnavailable) as caught, writing(engine):
            pass
        assert caught.value.reason == "busy"
        with reading(engine) as connection:
            assert connection.execute(select(series)).all() == []
        other.communicate(b"\n")
    with writing(engine):
        pass
    engine.dispose()


def test_who_gets_no_connection_is_told_that_it_is_busy(tmp_path, monkeypatch):
    monkeypatch.setattr("footfall.store.database._POOL", {"pool_size": 1, "max_overflow": 0, "pool_timeout": 0.01})
    engine = open_database(tmp_path / "store.sqlite", "store")
    with reading(engine), pytest.raises(StoreUnavailable, match="too many") as caught, reading(engine):
        pass
    assert caught.value.reason == "busy"
    engine.dispose()


def test_connecting_asks_nothing(tmp_path):
    connect("postgresql://footfall@127.0.0.1:1/shop", "store").dispose()
    connect(tmp_path / "store.sqlite", "store").dispose()
    assert (tmp_path / "store.sqlite").stat().st_size == 0
