"""Room within a database file that nobody else takes when the disk is full.

Free pages of the file, and a write-ahead log that is as long as it ever gets: SQLite writes into both before it asks
the disk for more. The log is written from its beginning again after each checkpoint, and stays as long as it was.
"""

from __future__ import annotations

import os
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from sqlalchemy import Engine

from footfall.store.database import driver

ROOM_BYTES: Final = 5 * 1024 * 1024
"""More than the 1000 pages of 4 KiB after which SQLite begins its log anew; thousands of entries of an audit log."""


def room(engine: Engine) -> int:
    """Bytes that can still be written whatever the disk says, about.

    Raises:
        StoreUnavailable: the database is away or locked.
    """
    with driver(engine) as connection:
        return min(_free_bytes(connection), _log_bytes(connection))


def hold_room(engine: Engine, size: int = ROOM_BYTES) -> None:
    """Take so much from the disk and keep it: written, as a file with holes holds no place.

    Raises:
        StoreUnavailable: there is not so much, or the database is away or locked; what it holds it keeps.
    """
    with driver(engine) as connection:
        for statement in ("DROP TABLE IF EXISTS room", "CREATE TABLE room (bytes BLOB)"):
            connection.execute(statement)
        try:
            connection.execute("INSERT INTO room VALUES (?)", [os.urandom(size)])
        finally:
            connection.execute("DROP TABLE room")
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _free_bytes(connection: Connection) -> int:
    pages, page_bytes = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_size"))
    return int(pages * page_bytes)


def _log_bytes(connection: Connection) -> int:
    path = Path(connection.execute("PRAGMA database_list").fetchone()[2])
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size
    except OSError:
        return 0
