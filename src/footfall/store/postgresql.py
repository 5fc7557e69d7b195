"""PostgreSQL by way of psycopg."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg import Connection, Cursor
from psycopg.pq import Format
from sqlalchemy import URL, Engine, create_engine


def server(place: URL, pool: Mapping[str, Any]) -> Engine:
    """A server that may be away; `pool` says how many connections there are."""
    return create_engine(
        place.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_pre_ping=True,
        **pool,
        connect_args={
            "connect_timeout": 5,
            "tcp_user_timeout": 10_000,
            "application_name": "footfall",
            "cursor_factory": BinaryCursor,
        },
    )


class BinaryCursor(Cursor[Any]):
    """Takes numbers as they are, not written out: three times as fast where there are many."""

    def __init__(self, connection: Connection[Any], *, row_factory: Any = None) -> None:
        super().__init__(connection, row_factory=row_factory or connection.row_factory)
        self.format = Format.BINARY
