"""Store and forward: messages wait in an SQLite file until the receiver has them.

A message is on the disk when `append` returns (WAL, synchronous=FULL) and leaves it after delivery: at least once.
One thread may append while another drains; each has a connection of its own.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from logging import getLogger
from pathlib import Path

from footfall.core.errors import ConfigError, Problem, SinkUnavailable
from footfall.core.types import Message
from footfall.disk.database import ForeignError, Form, UnfitError, connect, open_database
from footfall.disk.lock import FileLock, InUseError

logger = getLogger(__name__)

DEFAULT_MAX_BYTES = 256 * 1024 * 1024
ROW_OVERHEAD_BYTES = 128
"""Counted for each message beside its own bytes: keys, index and page filling."""

_LOG_BYTES = 16 * 1024 * 1024
"""The write-ahead log is cut back to this."""
_CALM = 0.9
"""The outbox counts as full until it is below this part of its cap."""

_TABLES = """
CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, body BLOB NOT NULL,
    key TEXT NOT NULL, utc TEXT NOT NULL, properties TEXT NOT NULL, size INTEGER NOT NULL);
CREATE TABLE rejected (id INTEGER PRIMARY KEY, topic TEXT NOT NULL, body BLOB NOT NULL,
    key TEXT NOT NULL, utc TEXT NOT NULL, properties TEXT NOT NULL, size INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE TABLE tally (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO tally VALUES ('pending', 0), ('bytes', 0), ('dropped', 0), ('rejected', 0);
CREATE TRIGGER message_in AFTER INSERT ON messages BEGIN
    UPDATE tally SET value = value + (CASE name WHEN 'bytes' THEN new.size ELSE 1 END)
    WHERE name IN ('bytes', 'pending');
END;
CREATE TRIGGER message_out AFTER DELETE ON messages BEGIN
    UPDATE tally SET value = value - (CASE name WHEN 'bytes' THEN old.size ELSE 1 END)
    WHERE name IN ('bytes', 'pending');
END;
CREATE TRIGGER rejected_in AFTER INSERT ON rejected BEGIN
    UPDATE tally SET value = value + (CASE name WHEN 'bytes' THEN new.size ELSE 1 END)
    WHERE name IN ('bytes', 'rejected');
END;
CREATE TRIGGER rejected_out AFTER DELETE ON rejected BEGIN
    UPDATE tally SET value = value - old.size WHERE name = 'bytes';
END;
"""
_FORM = Form(application_id=0x464F4F54, version=1, tables=_TABLES)


@dataclass(frozen=True, slots=True)
class Stored:
    """A message that waits, and its place in the queue."""

    id: int
    message: Message


class Outbox:
    """A queue of messages in a file, oldest first, with a cap on its size.

    When `max_bytes` is reached, first the rejected and then the oldest messages are dropped and counted. The file
    itself stays near `max_bytes`; the write-ahead log beside it takes up to some 16 MiB more.
    """

    def __init__(self, path: Path, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        """Open or create.

        Raises:
            ConfigError: unwritable, in use by another process, damaged, or not an outbox.
        """
        self._path = path
        self._max_bytes = max_bytes
        self._is_full = False
        self._lock = _hold(path)
        try:
            self._appending = _open(path)
        except ConfigError:
            self._lock.release()
            raise
        self._draining = connect(path)
        self._reading = connect(path)
        for connection in (self._appending, self._draining, self._reading):
            connection.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")

    def append(self, messages: Sequence[Message]) -> None:
        """Keep messages; they are on the disk when this returns. For one thread.

        Raises:
            SinkUnavailable: `storage`: the disk is full or broken; none of `messages` was kept.
        """
        rows = [_row(message) for message in messages]
        with _transaction(self._appending, self._path) as connection:
            connection.executemany(
                "INSERT INTO messages (topic, body, key, utc, properties, size) VALUES (?, ?, ?, ?, ?, ?)", rows
            )
            used_bytes = _tally(connection, "bytes")
            dropped = self._make_room(connection, used_bytes) if used_bytes > self._max_bytes else 0
        self._tell(dropped, used_bytes)

    def peek(self, limit: int) -> list[Stored]:
        """Up to `limit` messages, oldest first. For the draining thread.

        Raises:
            SinkUnavailable: `storage`.
        """
        with _translated(self._path):
            rows = self._draining.execute(
                "SELECT id, topic, body, key, utc, properties FROM messages ORDER BY id LIMIT ?", (limit,)
            ).fetchall()
        return [Stored(row[0], _message(row[1:])) for row in rows]

    def remove(self, stored: Sequence[Stored]) -> None:
        """Forget delivered messages. For the draining thread.

        Raises:
            SinkUnavailable: `storage`; they will be delivered again.
        """
        with _transaction(self._draining, self._path) as connection:
            connection.executemany("DELETE FROM messages WHERE id = ?", [(item.id,) for item in stored])

    def reject(self, stored: Stored, reason: str) -> None:
        """Put a message aside that the receiver will never take. For the draining thread.

        Raises:
            SinkUnavailable: `storage`.
        """
        with _transaction(self._draining, self._path) as connection:
            connection.execute("INSERT INTO rejected SELECT *, ? FROM messages WHERE id = ?", (reason, stored.id))
            connection.execute("DELETE FROM messages WHERE id = ?", (stored.id,))

    def pending(self) -> int:
        """How many messages wait."""
        return self._count("pending")

    def dropped(self) -> int:
        """How many messages were lost to the cap since the file was made."""
        return self._count("dropped")

    def rejected(self) -> int:
        """How many messages the receiver refused for good since the file was made."""
        return self._count("rejected")

    def close(self) -> None:
        """Let go of the file; safe to call twice."""
        for connection in (self._reading, self._draining, self._appending):
            connection.close()
        self._lock.release()

    def _count(self, name: str) -> int:
        with _translated(self._path):
            return _tally(self._reading, name)

    def _make_room(self, connection: sqlite3.Connection, used_bytes: int) -> int:
        """Drop rejected, then oldest messages until the rest fits; how many waiting ones were dropped."""
        excess = used_bytes - self._max_bytes
        excess -= _drop_oldest(connection, "rejected", excess)[1]
        if excess <= 0:
            return 0
        dropped, _ = _drop_oldest(connection, "messages", excess)
        connection.execute("UPDATE tally SET value = value + ? WHERE name = 'dropped'", (dropped,))
        return dropped

    def _tell(self, dropped: int, used_bytes: int) -> None:
        if dropped and not self._is_full:
            self._is_full = True
            logger.warning("outbox %s is full at %d bytes: the oldest events are dropped", self._path, self._max_bytes)
        elif self._is_full and used_bytes < _CALM * self._max_bytes:
            self._is_full = False
            logger.warning("outbox %s has room again: %d events were dropped in all", self._path, self.dropped())


def _drop_oldest(connection: sqlite3.Connection, table: str, excess: int) -> tuple[int, int]:
    """Delete from the oldest on until `excess` bytes are gone; how many rows, how many bytes."""
    rows = size = last = 0
    with closing(connection.execute(f"SELECT id, size FROM {table} ORDER BY id")) as cursor:  # noqa: S608 - our own names
        while size < excess and (row := cursor.fetchone()):
            last, rows, size = row[0], rows + 1, size + row[1]
    connection.execute(f"DELETE FROM {table} WHERE id <= ?", (last,))  # noqa: S608
    return rows, size


def _tally(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute("SELECT value FROM tally WHERE name = ?", (name,)).fetchone()[0])


def _row(message: Message) -> tuple[str, bytes, str, str, str, int]:
    properties = json.dumps(dict(message.properties))
    size = len(message.body) + len(message.topic) + len(message.key) + len(properties) + ROW_OVERHEAD_BYTES
    return message.topic, message.body, message.key, message.utc.isoformat(), properties, size


def _message(row: tuple[str, bytes, str, str, str]) -> Message:
    topic, body, key, utc, properties = row
    return Message(topic, body, key, datetime.fromisoformat(utc), json.loads(properties))


def _hold(path: Path) -> FileLock:
    """Take the outbox for this process."""
    try:
        return FileLock(path.with_name(path.name + ".lock"))
    except InUseError as error:
        cure = "stop it, or give each process its own folder: FOOTFALL_DATA=FOLDER"
        raise _wrong(path, str(error), cure) from error
    except OSError as error:
        raise _wrong(path, f"cannot be written: {error.strerror}", "choose a folder you may write to") from error


def _open(path: Path) -> sqlite3.Connection:
    try:
        return open_database(path, _FORM)
    except ForeignError as error:
        raise _wrong(path, str(error), "choose another file") from error
    except UnfitError as error:
        raise _wrong(path, str(error), _MOVE) from error
    except (OSError, sqlite3.Error) as error:
        raise _wrong(path, f"is not an outbox or is damaged: {error}", _MOVE) from error


@contextmanager
def _transaction(connection: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    with _translated(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise SinkUnavailable("storage", f"outbox {path}: {error}") from error


def _wrong(path: Path, what: str, cure: str) -> ConfigError:
    return ConfigError([Problem(str(path), "$", f"outbox {what}", cure)])


_MOVE = "move the file away to start with an empty outbox"
