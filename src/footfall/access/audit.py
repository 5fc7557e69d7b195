"""The audit log: entries are only added, and each holds a hash over the one before it.

Hash of an entry: SHA-256 over the hash of the entry before (32 zero bytes for the first) and the entry as canonical
JSON. Number and hash of the newest are also kept in a file beside the keys: entries that were cut off at the end are
missed too. Whoever may write the database *and* that file can write both anew: keep copies of the head elsewhere.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, desc, select

from footfall.access.files import write_private
from footfall.access.tables import audit, from_us, to_us
from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Clock
from footfall.store.database import connect, reading, writing

log = logging.getLogger(__name__)

HEAD_FILE: Final = "audit-head"
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
FIRST: Final = bytes(32)
"""Stands before the first entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that somebody did."""

    number: int
    """1, 2, 3 ..."""
    at: datetime
    event: str
    """`kebab-case`."""
    author: str
    what: Mapping[str, Any]
    hash: str
    """64 hex digits."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Where the log is not as it was written."""

    number: int
    """Of the entry."""
    what: str


class Audit:
    """The log of one data folder.

    Args:
        engine: the database with accounts.
        keys: folder with the keys, for the file with the head.
        clock: dates entries.
    """

    def __init__(self, engine: Engine, keys: Path, clock: Clock) -> None:
        self._engine = engine
        self._head_file = keys / HEAD_FILE
        self._clock = clock
        self._lock = threading.Lock()

    def record(self, event: str, author: str, what: Mapping[str, Any] | None = None) -> Entry:
        """Add an entry; never give secrets to it.

        Raises:
            StoreUnavailable: the database is away or full.
        """
        utc_us = to_us(self._clock.now())
        text = _canonical(what or {})
        with self._lock:
            with writing(self._engine) as connection:
                last = _last(connection)
                known = _read_head(self._head_file)
                is_whole = _agrees(connection, known, last)
                number = (0 if last is None else last.number) + 1
                digest = _hash(FIRST if last is None else last.hash, (number, utc_us, event, author, text))
                row = {"number": number, "utc_us": utc_us, "event": event, "author": author, "what": text}
                connection.execute(audit.insert().values(**row, hash=digest))
            if is_whole:
                _write_head(self._head_file, Head(number, digest.hex()))
            else:
                log.error("the audit log was changed from outside: ask GET /api/v1/audit/verify what is wrong")
        return Entry(number, from_us(utc_us), event, author, dict(what or {}), digest.hex())

    def entries(self, before: int | None = None, limit: int = 100) -> Sequence[Entry]:
        """Newest first.

        Args:
            before: only entries with a lower number.
            limit: how many at most.
        """
        statement = select(audit).order_by(desc(audit.c.number)).limit(limit)
        if before is not None:
            statement = statement.where(audit.c.number < before)
        with reading(self._engine) as connection:
            return [_entry(row) for row in connection.execute(statement)]

    def verify(self) -> Sequence[Finding]:
        """Everything that was changed, removed, moved or cut off since it was written; nothing, if the log is whole."""
        with self._lock, reading(self._engine) as connection:
            return list(_check(connection, _read_head(self._head_file)))


def _check(connection: Connection, head: Head | None) -> Iterator[Finding]:
    before, expected, hashes = FIRST, 1, {}
    for row in connection.execute(select(audit).order_by(audit.c.number)):
        if row.number != expected:
            yield Finding(expected, f"entries {expected} to {row.number - 1} are missing")
        elif row.hash != _hash(before, (row.number, row.utc_us, row.event, row.author, row.what)):
            yield Finding(row.number, "does not fit to the entry before it: it was changed, moved or put in")
        before, expected = row.hash, row.number + 1
        hashes[row.number] = row.hash.hex()
    if head is None and hashes:
        yield Finding(expected - 1, f"the file {HEAD_FILE} beside the keys is missing or damaged")
    elif head is not None and head.number >= expected:
        yield Finding(expected, f"entries {expected} to {head.number} were cut off")
    elif head is not None and hashes.get(head.number) != head.hash:
        yield Finding(head.number, f"is not the entry that the file {HEAD_FILE} remembers")


def _agrees(connection: Connection, head: Head | None, last: Row[Any] | None) -> bool:
    """Whether the file's head is in the log: a head that is behind is what a crash leaves, and no fault."""
    if head is None:
        return last is None
    found = connection.execute(select(audit.c.hash).where(audit.c.number == head.number)).scalar()
    return found is not None and found.hex() == head.hash


def _last(connection: Connection) -> Row[Any] | None:
    return connection.execute(select(audit).order_by(desc(audit.c.number)).limit(1)).first()


def _hash(before: bytes, entry: tuple[int, int, str, str, str]) -> bytes:
    return sha256(before + _canonical(entry).encode()).digest()


def _canonical(value: object) -> str:
    """One text for one value: keys sorted, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.number, from_us(row.utc_us), row.event, row.author, json.loads(row.what), row.hash.hex())


def _read_head(file: Path) -> Head | None:
    try:
        number, digest = file.read_text("ascii").split()
        return Head(int(number), digest)
    except (OSError, ValueError):
        return None


def _write_head(file: Path, head: Head) -> None:
    data = f"{head.number} {head.hash}\n".encode()
    try:
        try:
            write_private(file, data)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            _write_over(file, data)
    except OSError as error:
        log.error("%s cannot be written: %s", file, error.strerror)  # noqa: TRY400 - the cause is in the line


def _write_over(file: Path, data: bytes) -> None:
    """On a full disk, where no new file fits: in place, within one block; it never gets shorter."""
    file.chmod(0o600)
    with file.open("r+b", buffering=0) as there:
        there.write(data)
        os.fsync(there.fileno())
    file.chmod(0o400)


def verify_audit(data: Path) -> Sequence[Finding]:
    """The findings about a data folder's log, for the command line; the service may run or not.

    Raises:
        ConfigError: there is no such log in the folder.
        StoreUnavailable: it cannot be read.
    """
    file = data / "own.sqlite"
    if not file.is_file():
        raise ConfigError([Problem(str(file), "$", "is not there", "give the folder of a service with --data")])
    engine = connect(file, "own")
    try:
        with reading(engine) as connection:
            return list(_check(connection, _read_head(data / "keys" / HEAD_FILE)))
    finally:
        engine.dispose()
