"""The store's tests run on both databases."""

from __future__ import annotations

import psycopg
import pytest

from footfall.store.database import open_database
from servers.postgres import Postgres, programs


@pytest.fixture(scope="session")
def server():
    if programs() is None:
        pytest.skip("no PostgreSQL in /usr/lib/postgresql: apt install postgresql")
    server = Postgres().start()
    yield server
    server.remove()


@pytest.fixture
def postgres(server):
    """An empty database."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """Where an empty store is."""
    if request.param == "sqlite":
        return str(tmp_path / "store.sqlite")
    return request.getfixturevalue("postgres").url


@pytest.fixture
def engine(url):
    opened = open_database(url, "store")
    yield opened
    opened.dispose()
