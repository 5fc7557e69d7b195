from __future__ import annotations

import subprocess
import sys

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from footfall.store import migrate
from footfall.store.database import open_database, writing
from footfall.store.prepare import HEADS, prepare, revisions
from footfall.store.tables import series

OPENED = """
import sys
from footfall.store.database import open_database
open_database(sys.argv[1], "store").dispose()
print(*sorted(name for name in sys.modules if name.partition(".")[0] == "alembic"))
"""


@pytest.mark.parametrize("kind", HEADS)
def test_the_newest_revisions_are_those_of_the_files(kind):
    folder = migrate._FOLDER
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("version_locations", str(folder / kind / "versions"))
    config.set_main_option("path_separator", "newline")
    assert set(ScriptDirectory.from_config(config).get_heads()) == HEADS[kind]


def test_a_database_that_is_up_to_date_is_opened_without_alembic(bare_url):
    open_database(bare_url, "store").dispose()
    command = [sys.executable, "-c", OPENED, bare_url]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == ""


def test_a_database_without_tables_gets_them_and_another_time_changes_nothing(bare_url):
    engine = open_database(bare_url, "store")
    with writing(engine) as connection:
        connection.execute(series.insert().values(camera="door", region="", what="right"))
    prepare(engine, "store")
    assert revisions(engine) == HEADS["store"]
    migrate.migrate(engine, "store", "base")
    assert revisions(engine) == frozenset()
    prepare(engine, "store")
    assert revisions(engine) == HEADS["store"]
    engine.dispose()
