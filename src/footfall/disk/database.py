"""SQLite files of ours: made for their owner alone, and looked at before anything is written to them.

What is written is on the disk when a transaction has ended (WAL, synchronous=FULL).
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BUSY_S: Final = 10.0
"""How long to wait for another connection that writes."""


@dataclass(frozen=True, slots=True)
class Form:
    """What tells files of one kind from all others."""

    application_id: int
    version: int
    tables: str
    """SQL that makes them."""


class UnfitError(Exception):
    """A file is not of the form that it should be; the text goes on from its name."""


class ForeignError(UnfitError):
    """It is another program's."""


def open_database(path: Path, form: Form) -> sqlite3.Connection:
    """Open a file, or make it; for a program that holds a lock on it.

    Raises:
        ForeignError: it is another program's.
        UnfitError: another version wrote it, or it is damaged.
        sqlite3.Error: it is no database, or damaged.
        OSError: it cannot be made or written.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    connection = connect(path)
    try:
        _prepare(connection, form)
    except (sqlite3.Error, UnfitError):
        connection.close()
        raise
    return connection


def connect(path: Path) -> sqlite3.Connection:
    """One more connection, which any thread may use.

    Raises:
        sqlite3.Error: it is no database, or damaged.
    """
    connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, form: Form) -> None:
    """Make the tables in a new file; look whose an old one is."""
    if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(
            f"BEGIN IMMEDIATE; {form.tables}"
            f"PRAGMA application_id = {form.application_id}; PRAGMA user_version = {form.version}; COMMIT;"
        )
    if connection.execute("PRAGMA application_id").fetchone()[0] != form.application_id:
        raise ForeignError("is a database of another program")
    if connection.execute("PRAGMA user_version").fetchone()[0] != form.version:
        raise UnfitError("was written by another version")
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise UnfitError(f"is damaged: {verdict}")
