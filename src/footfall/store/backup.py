"""A copy of a database while it is being written."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from footfall.core.errors import ConfigError, Problem
from footfall.store.database import driver, is_file

_PAGES = 1000
"""Copied at once; in between others may write."""
_PAUSE_S = 0.005


def backup(engine: Engine, path: Path) -> None:
    """Copy an SQLite database of one moment into a new file, which is there whole or not at all.

    Raises:
        ConfigError: the database is PostgreSQL, which has its own tool, or `path` cannot be written, or exists.
        StoreUnavailable: the database is away or damaged, or the disk is full.
    """
    if not is_file(engine):
        place = engine.url.set(drivername="postgresql").render_as_string(hide_password=True)
        cure = f"copy it with `pg_dump --format=custom --file={path} '{place}'`, and back with `pg_restore --clean`"
        raise ConfigError([Problem("backup", place, "PostgreSQL makes copies by itself", cure)])
    if path.exists():
        raise ConfigError([Problem("backup", str(path), "exists", "name a new file")])
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        _copy(engine, part)
        part.replace(path)
    except OSError as error:
        problem = Problem("backup", str(path), f"cannot be written: {error.strerror}", "choose another file")
        raise ConfigError([problem]) from error
    finally:
        part.unlink(missing_ok=True)


def _copy(engine: Engine, path: Path) -> None:
    with driver(engine) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy, pages=_PAGES, sleep=_PAUSE_S)
        # One file, which needs no log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
