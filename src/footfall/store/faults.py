"""What goes wrong with a database, in footfall's words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from footfall.core.errors import SinkUnavailable

_SQLITE = {
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_CANTOPEN: "not-found",
    sqlite3.SQLITE_READONLY: "storage",
    sqlite3.SQLITE_FULL: "storage",
    sqlite3.SQLITE_IOERR: "storage",
    sqlite3.SQLITE_CORRUPT: "storage",
    sqlite3.SQLITE_NOTADB: "storage",
}
_PRIMARY = 0xFF
"""Extended result codes of SQLite keep the plain one in their lowest byte."""


class StoreUnavailable(SinkUnavailable):
    """The database is away, locked or full: nothing was changed, try again later."""


def explained(error: exc.SQLAlchemyError | sqlite3.Error) -> StoreUnavailable:
    """The same in one line: a reason in the sinks' words and what the database says, without statement or values."""
    if isinstance(error, exc.TimeoutError):
        return StoreUnavailable("busy", "too many questions at once")
    original = getattr(error, "orig", None) or error
    lines = str(original).strip().splitlines()
    return StoreUnavailable(_reason(original), lines[0] if lines else type(original).__name__)


@contextmanager
def translated() -> Iterator[None]:
    """What SQLAlchemy and SQLite raise inside leaves as `StoreUnavailable`.

    `exc.IntegrityError` and `exc.DataError` stay what they are: trying again would not help.
    """
    try:
        yield
    except (exc.IntegrityError, exc.DataError):
        raise
    except (exc.SQLAlchemyError, sqlite3.Error) as error:
        raise explained(error) from error


def _reason(error: BaseException) -> str:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        return "broken" if code is None else _SQLITE.get(code & _PRIMARY, "broken")
    return _SERVER.get((getattr(error, "sqlstate", None) or "")[:2], "broken")


_SERVER = {
    "": "refused",
    "08": "refused",
    "28": "unauthorized",
    "3D": "not-found",
    "40": "busy",
    "53": "storage",
    "55": "busy",
}
"""Classes of SQLSTATE (PostgreSQL, appendix A); none: nobody answered."""
