"""Tables up to date, or back: Alembic over the chains in `migrations/<kind>/versions`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, exc, inspect, text

from footfall.core.errors import ConfigError, Problem
from footfall.store.database import APPLICATION_IDS, Kind, is_file
from footfall.store.faults import explained
from footfall.store.prepare import TABLE

_FOLDER = Path(__file__).with_name("migrations")
_LOCK = 0x46464D49
"""Advisory lock of PostgreSQL: two processes that start together do not both make the tables."""


def migrate(engine: Engine, kind: Kind, revision: str) -> None:
    """Go up or down to a revision; `heads`: everything, `base`: nothing is left. All of it or nothing.

    Raises:
        ConfigError: the database belongs to something else, or to a later version of footfall.
        StoreUnavailable: it is away, locked or full.
    """
    try:
        with engine.begin() as connection:
            if is_file(engine):
                _claim(connection, kind)
            else:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            config = _config(kind, connection)
            applied = _applied(connection, config, kind)
            (command.downgrade if revision == "base" or revision in applied else command.upgrade)(config, revision)
    except exc.DatabaseError as error:
        if "not a database" in str(error.orig):
            raise _wrong(engine, kind, "is no database") from error
        raise explained(error) from error
    except exc.SQLAlchemyError as error:
        raise explained(error) from error


def _config(kind: Kind, connection: Connection) -> Config:
    config = Config(attributes={"connection": connection, "version_table": TABLE})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("version_locations", str(_FOLDER / kind / "versions").replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _heads(connection: Connection) -> tuple[str, ...]:
    return tuple(sorted(MigrationContext.configure(connection, opts={"version_table": TABLE}).get_current_heads()))


def _applied(connection: Connection, config: Config, kind: Kind) -> set[str]:
    """Revisions that the database has; makes sure that they are ours."""
    script, heads = ScriptDirectory.from_config(config), _heads(connection)
    if not {revision.revision for revision in script.walk_revisions()}.issuperset(heads):
        raise _wrong(connection.engine, kind, "was written by a later version of footfall", "install that version")
    return {revision.revision for revision in script.iterate_revisions(heads, "base")} if heads else set()


def _claim(connection: Connection, kind: Kind) -> None:
    """Make sure that a file is new or ours, and say so in its header."""
    number = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    is_new = number == 0 and not inspect(connection).get_table_names()
    if not is_new and number != APPLICATION_IDS[kind]:
        raise _wrong(connection.engine, kind, f"is a database, but not footfall's {kind}")
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_IDS[kind]}")


def _wrong(
    engine: Engine, kind: Kind, what: str, cure: str = "choose another file, or move this one away"
) -> ConfigError:
    return ConfigError([Problem(kind, engine.url.render_as_string(hide_password=True), what, cure)])
