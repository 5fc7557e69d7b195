"""A gate on a database of its own, with a clock that stands still and cheap hashes."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from servers.clock import SetClock

from footfall.access.gate import Gate
from footfall.access.passwords import Passwords
from footfall.store.database import open_database

CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def gate(tmp_path, clock):
    engine = open_database(tmp_path / "own.sqlite", "own")
    yield Gate(engine, tmp_path, clock, CHEAP)
    engine.dispose()
