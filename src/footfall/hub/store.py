"""What the hub remembers, in one SQLite file: identities, twins, sessions, messages that modules have not confirmed.

Changes are values (`Change`), so that whoever decides on one need not wait for the disk: `hub.journal` writes many of
them in one transaction. WAL and synchronous=FULL: what is written has survived a crash.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final, TypeAlias

from footfall.core.errors import ConfigError, Problem
from footfall.disk.lock import FileLock, InUseError
from footfall.edge.topics import Identity
from footfall.hub.sessions import Owed

APPLICATION_ID: Final = 0x46464855
VERSION: Final = 1
BUSY_S: Final = 10.0
"""How long to wait for another process, such as `footfall hub connection-string`."""

Value: TypeAlias = str | bytes | int | float | None

_SCHEMA: Final = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE policies (name TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE modules (client TEXT PRIMARY KEY, module TEXT, primary_key TEXT NOT NULL, secondary_key TEXT NOT NULL,
    generation TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE twins (client TEXT PRIMARY KEY, document BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE sessions (client TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE subscriptions (client TEXT NOT NULL, filter TEXT NOT NULL, qos INTEGER NOT NULL,
    PRIMARY KEY (client, filter)) WITHOUT ROWID;
CREATE TABLE owed (number INTEGER PRIMARY KEY, client TEXT NOT NULL, input TEXT NOT NULL, bag TEXT NOT NULL,
    body BLOB NOT NULL, until_s REAL NOT NULL);
CREATE INDEX owed_by_client ON owed (client, number);
CREATE INDEX owed_by_end ON owed (until_s);
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One statement of a transaction to come."""

    sql: str
    values: tuple[Value, ...] = field(repr=False)


def fact(name: str, value: str) -> Change:
    """Remember a fact about the hub."""
    return Change("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


def policy(name: str, key: str) -> Change:
    """Give a policy its key."""
    return Change("INSERT OR IGNORE INTO policies VALUES (?, ?)", (name, key))


def twin(who: Identity, document: bytes) -> Change:
    """Keep a twin."""
    return Change("INSERT OR REPLACE INTO twins VALUES (?, ?)", (who.client_id, document))


def session(client: str) -> Change:
    """A client has a session that outlives its connection."""
    return Change("INSERT OR IGNORE INTO sessions VALUES (?)", (client,))


def no_session(client: str) -> tuple[Change, ...]:
    """It has none any more."""
    return (
        Change("DELETE FROM sessions WHERE client = ?", (client,)),
        Change("DELETE FROM subscriptions WHERE client = ?", (client,)),
    )


def subscription(client: str, pattern: str, qos: int) -> Change:
    """A client wants messages."""
    return Change("INSERT OR REPLACE INTO subscriptions VALUES (?, ?, ?)", (client, pattern, qos))


def no_subscription(client: str, pattern: str) -> Change:
    """It does not want them any more."""
    return Change("DELETE FROM subscriptions WHERE client = ? AND filter = ?", (client, pattern))


def owed(client: str, message: Owed) -> Change:
    """Keep a message until its module has it."""
    values = (message.number, client, message.input, message.bag, message.body, message.until_s)
    return Change("INSERT INTO owed VALUES (?, ?, ?, ?, ?, ?)", values)


def delivered(number: int) -> Change:
    """Its module has it."""
    return Change("DELETE FROM owed WHERE number = ?", (number,))


def expired(now_s: float) -> Change:
    """Forget what nobody wants any more."""
    return Change("DELETE FROM owed WHERE until_s <= ?", (now_s,))


def gone(client: str) -> tuple[Change, ...]:
    """A module is no more: all that was kept for it goes."""
    tables = ("modules", "twins", "sessions", "subscriptions", "owed")
    return tuple(Change(f"DELETE FROM {table} WHERE client = ?", (client,)) for table in tables)  # noqa: S608


class Store:
    """The file. One thread writes, the loop's thread reads; each has a connection of its own."""

    def __init__(self, path: Path) -> None:
        """Open or create.

        Raises:
            ConfigError: unwritable, damaged, or not a hub's.
        """
        self._path = path
        with self._explained():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            self._writing = _connect(path)
            _prepare(self._writing, path)
            self._reading = _connect(path)

    def write(self, changes: Sequence[Change]) -> None:
        """Make changes in one transaction; they are on the disk when this returns, or none is.

        Raises:
            sqlite3.Error: the disk is full or broken.
        """
        connection = self._writing
        connection.execute("BEGIN IMMEDIATE")
        try:
            for sql, group in groupby(changes, lambda change: change.sql):
                connection.executemany(sql, [change.values for change in group])
            connection.execute("COMMIT")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def rows(self, sql: str, *values: Value) -> list[tuple[Value, ...]]:
        """Ask."""
        return self._reading.execute(sql, values).fetchall()

    def fact(self, name: str) -> str | None:
        """What is remembered; None: nothing."""
        row = self._reading.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def twin(self, who: Identity) -> bytes | None:
        """A twin as it was kept."""
        row = self._reading.execute("SELECT document FROM twins WHERE client = ?", (who.client_id,)).fetchone()
        return None if row is None else bytes(row[0])

    def session(self, client: str) -> dict[str, int] | None:
        """Subscriptions of a client's session; None: it has none."""
        if not self.rows("SELECT 1 FROM sessions WHERE client = ?", client):
            return None
        rows = self._reading.execute("SELECT filter, qos FROM subscriptions WHERE client = ?", (client,))
        return {str(pattern): int(qos) for pattern, qos in rows}

    def owed(self, client: str, after: int, limit: int) -> list[Owed]:
        """The next messages for a client, oldest first."""
        sql = (
            "SELECT number, input, bag, body, until_s FROM owed WHERE client = ? AND number > ? ORDER BY number LIMIT ?"
        )
        return [Owed(*row) for row in self._reading.execute(sql, (client, after, limit))]

    def last_number(self) -> int:
        """Of the newest message that is owed; 0: none."""
        return int(self._reading.execute("SELECT coalesce(max(number), 0) FROM owed").fetchone()[0])

    def close(self) -> None:
        """Let go of the file; safe to call twice."""
        self._reading.close()
        self._writing.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or error
            raise _wrong(self._path, f"cannot be used: {reason}", "choose another folder with --data") from error


@contextmanager
def held(folder: Path, owner: str = "hub") -> Iterator[None]:
    """While inside, the folder is this process' own: two hubs would each think that they own the modules.

    `owner` names the lock, and whom it is told of: a folder may have one of each kind.

    Raises:
        ConfigError: another process has it, or it cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(folder / f"{owner}.lock")
    except InUseError as error:
        what, cure = f"belongs to a {owner} that is running", "stop it, or choose another --data"
        raise _wrong(folder, what, cure, owner) from error
    except OSError as error:
        what, cure = f"cannot be written: {error.strerror}", "choose another folder with --data"
        raise _wrong(folder, what, cure, owner) from error
    try:
        yield
    finally:
        lock.release()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_S)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchall():
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    elif version != VERSION or connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise _wrong(path, "is not a file of this version of the hub", "choose another folder with --data")
    connection.execute("COMMIT")


def _wrong(path: Path, what: str, cure: str, owner: str = "hub") -> ConfigError:
    return ConfigError([Problem(owner, str(path), what, cure)])
