"""Topologies, instances and which of them are active, over restarts: an SQLite file in the module's own folder.

What a method has changed is on the disk when it returns (WAL, synchronous=FULL), whatever happens to the process. The
file holds passwords: it is readable by its owner only.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from footfall.config.document import Value
from footfall.core.errors import ConfigError, FootfallError, Problem
from footfall.disk.database import Form, UnfitError, open_database
from footfall.disk.lock import FileLock, InUseError

FILE: Final = "media-graphs.sqlite"
LOCK: Final = "media-graphs.lock"
_TABLES: Final = """
CREATE TABLE topologies (name TEXT PRIMARY KEY, document TEXT NOT NULL, created TEXT NOT NULL, modified TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE instances (name TEXT PRIMARY KEY, document TEXT NOT NULL, created TEXT NOT NULL, modified TEXT NOT NULL,
    is_active INTEGER NOT NULL) WITHOUT ROWID;
"""
_FORM: Final = Form(application_id=0x464F4D47, version=1, tables=_TABLES)
_MOVE: Final = "move the file away to start without topologies"


@dataclass(frozen=True, slots=True)
class Row:
    """A document as it is kept."""

    name: str
    document: Value = field(repr=False)
    created: str
    """ISO 8601 with milliseconds, as in replies."""
    modified: str
    is_active: bool = False
    """Instances: it runs, and runs again after a restart."""


class Store:
    """The file. One thread at a time."""

    def __init__(self, folder: Path) -> None:
        """Open or create.

        Raises:
            ConfigError: unwritable, in use by another module, damaged, or of another program.
        """
        self._path = folder / FILE
        self._lock = _hold(folder)
        try:
            self._connection = _open(self._path)
        except ConfigError:
            self._lock.release()
            raise

    def topologies(self) -> list[Row]:
        """All, by name."""
        return self._rows("SELECT name, document, created, modified, 0 FROM topologies ORDER BY name")

    def instances(self) -> list[Row]:
        """All, by name."""
        return self._rows("SELECT name, document, created, modified, is_active FROM instances ORDER BY name")

    def put_topology(self, row: Row) -> None:
        """Keep a topology, new or changed.

        Raises:
            FootfallError: the disk is full or broken, as in all methods that write; nothing has changed.
        """
        self._write("INSERT OR REPLACE INTO topologies VALUES (?, ?, ?, ?)", *_columns(row)[:4])

    def put_instance(self, row: Row) -> None:
        """Keep an instance, new or changed."""
        self._write("INSERT OR REPLACE INTO instances VALUES (?, ?, ?, ?, ?)", *_columns(row))

    def set_active(self, name: str, *, is_active: bool) -> None:
        """Note whether an instance runs."""
        self._write("UPDATE instances SET is_active = ? WHERE name = ?", is_active, name)

    def delete_topology(self, name: str) -> None:
        """Forget a topology."""
        self._write("DELETE FROM topologies WHERE name = ?", name)

    def delete_instance(self, name: str) -> None:
        """Forget an instance."""
        self._write("DELETE FROM instances WHERE name = ?", name)

    def close(self) -> None:
        """Let go of the folder; safe to call twice."""
        self._connection.close()
        self._lock.release()

    def _rows(self, query: str) -> list[Row]:
        with self._translated():
            found = self._connection.execute(query).fetchall()
        return [Row(name, json.loads(text), created, modified, bool(on)) for name, text, created, modified, on in found]

    def _write(self, statement: str, *values: object) -> None:
        with self._translated():
            self._connection.execute(statement, values)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise FootfallError(f"{self._path}: cannot keep media graphs: {error}") from error


def _columns(row: Row) -> tuple[object, ...]:
    text = json.dumps(row.document, ensure_ascii=False, separators=(",", ":"))
    return row.name, text, row.created, row.modified, row.is_active


def _hold(folder: Path) -> FileLock:
    """Take the folder for this process; the lock goes with the process, however it ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return FileLock(folder / LOCK)
    except InUseError as error:
        what = "applicationDataDirectory is in use by another module"
        raise _wrong(folder, what, "stop that module, or give each a folder of its own") from error
    except OSError as error:
        what = f"applicationDataDirectory cannot be written: {error.strerror or error}"
        raise _wrong(folder, what, "name a folder that is yours") from error


def _open(path: Path) -> sqlite3.Connection:
    try:
        return open_database(path, _FORM)
    except UnfitError as error:
        raise _wrong(path, str(error), _MOVE) from error
    except (OSError, sqlite3.Error) as error:
        raise _wrong(path, f"holds no media graphs or is damaged: {error}", _MOVE) from error


def _wrong(path: Path, what: str, cure: str) -> ConfigError:
    return ConfigError([Problem(str(path), "$", what, cure)])
