"""Tables as this version of footfall needs them; where they are so already, Alembic is not even loaded."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, Engine, column, inspect, select, table

from footfall.store.database import APPLICATION_IDS, Kind, is_file, reading
from footfall.store.faults import StoreUnavailable

TABLE: Final = "footfall_revisions"
"""Which revisions a database is at; the server may hold other programs' tables beside ours."""
HEADS: Final[dict[Kind, frozenset[str]]] = {
    "own": frozenset({"accounts_1", "configurations_1", "accuracy_1"}),
    "store": frozenset({"store_1"}),
    "vision": frozenset({"projects_1", "iterations_1"}),
}
"""The newest revision of each chain in `migrations/<kind>/versions`."""


def prepare(engine: Engine, kind: Kind) -> None:
    """Bring the tables up to date.

    Raises:
        ConfigError: the database belongs to something else, or to a later version of footfall.
        StoreUnavailable: it is away, locked or full.
    """
    if not _is_current(engine, kind):
        from footfall.store.migrate import migrate  # noqa: PLC0415 - Alembic takes long to load, and seldom has to

        migrate(engine, kind, "heads")


def revisions(engine: Engine) -> frozenset[str]:
    """The newest revision of each chain that the database is at.

    Raises:
        StoreUnavailable: it is away.
    """
    with reading(engine) as connection:
        return _revisions(connection)


def _revisions(connection: Connection) -> frozenset[str]:
    if not inspect(connection).has_table(TABLE):
        return frozenset()
    return frozenset(connection.execute(select(column("version_num")).select_from(table(TABLE))).scalars())


def _is_current(engine: Engine, kind: Kind) -> bool:
    """Whether it is ours and there is nothing to do; a file that cannot be read is explained by who does it."""
    try:
        with reading(engine) as connection:
            return _is_ours(connection, kind) and _revisions(connection) == HEADS[kind]
    except StoreUnavailable:
        if is_file(engine):
            return False
        raise


def _is_ours(connection: Connection, kind: Kind) -> bool:
    if not is_file(connection.engine):
        return True
    return bool(connection.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_IDS[kind])
