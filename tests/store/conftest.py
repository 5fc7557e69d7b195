"""The store's tests run on both databases."""

from __future__ import annotations

import shutil

import psycopg
import pytest
from sqlalchemy import text

from footfall.store.database import connect, open_database, writing
from footfall.store.prepare import prepare
from footfall.store.tables import metadata
from servers.postgres import Postgres, programs

EMPTIED = text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY")


@pytest.fixture(scope="session")
def server():
    if programs() is None:
        pytest.skip("no PostgreSQL in /usr/lib/postgresql: apt install postgresql")
    server = Postgres().start()
    yield server
    server.remove()


@pytest.fixture
def postgres(server):
    """A database without any table."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return server


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request, tmp_path):
    """Where a store may be made."""
    if request.param == "sqlite":
        return str(tmp_path / "store.sqlite")
    return request.getfixturevalue("postgres").url


@pytest.fixture(scope="session")
def made_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "store.sqlite"
    open_database(path, "store").dispose()
    return path


@pytest.fixture(scope="session")
def made_database(server):
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE made")
    opened = open_database(server.url.replace("/postgres", "/made"), "store")
    yield opened
    opened.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path, monkeypatch):
    """An empty store; whoever writes to it waits as long as a busy disk takes."""
    monkeypatch.setattr("footfall.store.database.BUSY_S", 60.0)
    if request.param == "postgresql":
        opened = request.getfixturevalue("made_database")
        prepare(opened, "store")
        with writing(opened) as connection:
            connection.execute(EMPTIED)
        yield opened
        return
    shutil.copy(request.getfixturevalue("made_file"), tmp_path / "store.sqlite")
    opened = connect(tmp_path / "store.sqlite", "store")
    yield opened
    opened.dispose()
