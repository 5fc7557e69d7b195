from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from footfall.disk.database import ForeignError, Form, UnfitError, connect, open_database

FORM = Form(application_id=0x1234, version=2, tables="CREATE TABLE words (word TEXT);")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "words.sqlite"


def made(path: Path) -> None:
    with closing(open_database(path, FORM)) as connection:
        connection.executemany("INSERT INTO words VALUES (?)", [("word" * 100,)] * 200)


def pragma(path: Path, text: str) -> None:
    made(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA {text}")


def spoilt(path: Path) -> None:
    made(path)
    content = bytearray(path.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    path.write_bytes(content)


def test_what_was_written_is_there_again(path: Path) -> None:
    made(path)
    with closing(open_database(path, FORM)) as first, closing(connect(path)) as second:
        assert first.execute("SELECT count(*) FROM words").fetchone() == (200,)
        first.execute("DELETE FROM words")
        assert second.execute("SELECT count(*) FROM words").fetchone() == (0,)
        for connection in (first, second):
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert connection.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"


def test_neither_the_file_nor_what_lies_beside_it_is_for_others(path: Path) -> None:
    before = os.umask(0)
    try:
        with closing(open_database(path, FORM)) as connection:
            connection.execute("INSERT INTO words VALUES ('private')")
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == {path.name: 0o600, f"{path.name}-wal": 0o600, f"{path.name}-shm": 0o600}


@pytest.mark.parametrize(
    ("spoil", "error", "told"),
    [
        pytest.param(
            lambda path: pragma(path, "application_id = 7"),
            ForeignError,
            "is a database of another program",
            id="alien",
        ),
        pytest.param(
            lambda path: pragma(path, "user_version = 3"), UnfitError, "was written by another version", id="newer"
        ),
        pytest.param(lambda path: path.write_bytes(b"no database " * 500), sqlite3.Error, "not a database", id="text"),
        pytest.param(spoilt, (UnfitError, sqlite3.Error), "damaged|malformed", id="a page is overwritten"),
        pytest.param(lambda path: path.mkdir(), OSError, "directory", id="a folder"),
    ],
)
def test_a_file_that_is_not_ours_stays_as_it_is(
    path: Path, spoil: Callable[[Path], None], error: type[Exception], told: str
) -> None:
    spoil(path)
    before = path.read_bytes() if path.is_file() else b""
    for _ in range(2):
        with pytest.raises(error, match=told):
            open_database(path, FORM)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_tables_that_cannot_be_made_leave_an_empty_file(path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        open_database(path, Form(1, 1, "CREATE TABLE words (word TEXT); CREATE NONSENSE;"))
    with closing(open_database(path, FORM)) as connection:
        assert connection.execute("SELECT count(*) FROM words").fetchone() == (0,)
