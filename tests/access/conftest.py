"""A gate on a database of its own, with a clock that stands still and cheap hashes."""

from __future__ import annotations

import pytest

from doorway import make_database, open_gate
from servers.clock import SetClock


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    return make_database(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def gate(tmp_path, clock, empty_database):
    gate = open_gate(empty_database, tmp_path, clock)
    yield gate
    gate._engine.dispose()
