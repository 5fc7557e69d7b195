"""Databases of the service: an SQLite file, or PostgreSQL by URL; both brought up to date when they are opened.

There are three kinds. `own` is always a file: accounts, configuration, audit log. `store` holds events and numbers.
`vision`, always a file, holds the projects of Custom Vision.
Their tables are made by Alembic, from the modules in `migrations/<kind>/versions/NNNN_name.py`. Each subject has a
chain of its own that begins anywhere, so chains never wait for each other::

    revision = "accounts_1"      # the subject's name and a number
    down_revision = None         # the first of its chain; then "accounts_1" for "accounts_2" ...
    branch_labels = None
    depends_on = None

    def upgrade() -> None: ...   # alembic.op, statements that both databases understand
    def downgrade() -> None: ... # takes back all of it

Ask within `reading`, change within `writing`: one transaction each. A change is on the disk when `writing` ends.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.pool import QueuePool

from footfall.core.errors import ConfigError, FootfallError, Problem
from footfall.store.faults import translated

Kind: TypeAlias = Literal["own", "store", "vision"]

BUSY_S = 5.0
"""How long to wait for another process that writes."""
_POOL = {"pool_size": 5, "max_overflow": 27, "pool_timeout": 10.0}
"""At most 32 connections at the same time; who gets none within 10 s is told that the store is busy."""
APPLICATION_IDS = {"own": 0x46464F57, "store": 0x46465354, "vision": 0x46465649}
"""Says in the header of an SQLite file what it is."""
_CACHE_KIB = 16 * 1024


def connect(url: str | Path, kind: Kind) -> Engine:
    """Where the database is, without asking it anything yet: PostgreSQL may be away.

    Args:
        url: path of a file, `sqlite:////path`, or `postgresql://user:password@host/name`, which only a store may be.
        kind: what it holds.

    Raises:
        ConfigError: the URL is none of these, the file cannot be written, or psycopg is missing.
    """
    place = _place(url, kind)
    if place.get_backend_name() == "sqlite":
        return _file(Path(place.database or ""), kind)
    try:
        from footfall.store.postgresql import server  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise _wrong(kind, place, "needs psycopg", "pip install 'footfall[postgresql]'") from error
    return server(place, _POOL)


def open_database(url: str | Path, kind: Kind) -> Engine:
    """Connect, and bring the tables up to date.

    Raises:
        ConfigError: as `connect`; or it belongs to something else, or to a later version of footfall.
        StoreUnavailable: it is away, locked or full.
    """
    from footfall.store.prepare import prepare  # noqa: PLC0415 - it stands on this module

    engine = connect(url, kind)
    try:
        prepare(engine, kind)
    except FootfallError:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that changes nothing; everything asked in it is of the same moment, and waits for no writer.

    Raises:
        StoreUnavailable: the database is away.
    """
    with translated(), engine.connect().execution_options(**_reads(engine)) as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: all of it or nothing.

    Raises:
        StoreUnavailable: the database is away, locked or full; nothing was changed.
        sqlalchemy.exc.IntegrityError: a row is there already, or refers to one that is not; nothing was changed.
    """
    with translated(), engine.begin() as connection:
        yield connection


@contextmanager
def driver(engine: Engine) -> Iterator[sqlite3.Connection]:
    """SQLite's own connection to a file, for what SQLAlchemy has no words for; outside of any transaction.

    Raises:
        StoreUnavailable: the database is away, locked or full.
    """
    with translated(), closing(engine.raw_connection()) as pooled:
        connection = pooled.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        yield connection


def is_file(engine: Engine) -> bool:
    """Whether it is SQLite."""
    return engine.dialect.name == "sqlite"


def _reads(engine: Engine) -> dict[str, Any]:
    return (
        {"footfall_reads": True}
        if is_file(engine)
        else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    )


def _place(url: str | Path, kind: Kind) -> URL:
    if isinstance(url, Path) or "://" not in url:
        return URL.create("sqlite", database=str(url))
    try:
        place = make_url(url)
        name = place.get_backend_name()
    except exc.ArgumentError as error:
        raise ConfigError([Problem(kind, "url", "is no URL of a database", _CURE)]) from error
    if name == "sqlite" and place.database:
        return place
    if name != "postgresql" or kind != "store":
        raise _wrong(kind, place, f"{place.drivername} is no place for it", _CURE)
    return place


def _file(path: Path, kind: Kind) -> Engine:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise _wrong(kind, path, f"cannot be used: {error.strerror}", "choose another folder with --data") from error
    place = URL.create("sqlite", database=str(path))
    engine = create_engine(
        place,
        creator=lambda: _opened(path, APPLICATION_IDS[kind]),
        poolclass=QueuePool,
        hide_parameters=True,
        **_POOL,
    )

    @event.listens_for(engine, "connect")
    def _remember(_: Any, record: Any) -> None:
        record.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def _is_still_there(_: Any, record: Any, __: Any) -> None:
        if record.info["file"] != _identity(path):
            raise exc.DisconnectionError("the file was replaced")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        is_reading = connection.get_execution_options().get("footfall_reads", False)
        connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")

    return engine


def _opened(path: Path, application_id: int) -> sqlite3.Connection:
    """A connection to a file that exists: one that has vanished is not made anew behind anybody's back."""
    address = f"file:{quote(str(path.absolute()))}?mode=rw"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_S, check_same_thread=False)
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "temp_store = MEMORY",
        f"cache_size = -{_CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    # Nothing is changed in a file that is not ours.
    if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
    elif connection.execute("PRAGMA application_id").fetchone()[0] == application_id:
        connection.execute("PRAGMA journal_mode = WAL")
    return connection


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


_CURE = "give a file, or for the store postgresql://user:password@host/name"


def _wrong(kind: Kind, place: URL | Path, what: str, cure: str) -> ConfigError:
    shown = place.render_as_string(hide_password=True) if isinstance(place, URL) else str(place)
    return ConfigError([Problem(kind, shown, what, cure)])
