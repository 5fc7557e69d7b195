from __future__ import annotations

from datetime import UTC, datetime

import pytest

from disk import files_at_most
from footfall.core.errors import ConfigError
from footfall.store.backup import backup
from footfall.store.database import connect, open_database, writing
from footfall.store.events import page
from footfall.store.faults import StoreUnavailable
from footfall.store.records import Batch, EventRecord
from footfall.store.write import append

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    engine = open_database(tmp_path / "store.sqlite", "store")
    append(engine, Batch(tuple(EventRecord(f"e{n}", "front", NOON, "", "", "", bytes(900)) for n in range(300))))
    yield engine
    engine.dispose()


def test_a_copy_while_somebody_writes_is_of_one_moment(store, tmp_path):
    with writing(store):
        backup(store, tmp_path / "copy.sqlite")
    append(store, Batch((EventRecord("later", "front", NOON, "", "", "", b""),)))
    copy = open_database(tmp_path / "copy.sqlite", "store")
    assert len(page(copy, limit=1000).events) == 300
    copy.dispose()
    assert (tmp_path / "copy.sqlite").stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("*.part"))


def test_nothing_is_overwritten(store, tmp_path):
    (tmp_path / "copy.sqlite").write_text("mine")
    with pytest.raises(ConfigError, match="exists"):
        backup(store, tmp_path / "copy.sqlite")
    assert (tmp_path / "copy.sqlite").read_text() == "mine"


def test_a_folder_that_there_is_not(store, tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        backup(store, tmp_path / "nowhere" / "copy.sqlite")


def test_a_copy_that_does_not_fit_leaves_nothing(store, tmp_path):
    with files_at_most(100_000), pytest.raises(StoreUnavailable):
        backup(store, tmp_path / "copy.sqlite")
    assert sorted(each.name for each in tmp_path.iterdir() if "copy" in each.name) == []


def test_postgresql_has_its_own_tool(tmp_path):
    engine = connect("postgresql://footfall:s3cret@127.0.0.1:1/shop", "store")
    with pytest.raises(ConfigError, match=r"pg_dump.*copy\.dump") as caught:
        backup(engine, tmp_path / "copy.dump")
    assert "s3cret" not in str(caught.value)
