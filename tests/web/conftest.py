from collections.abc import Iterator
from dataclasses import replace

import pytest

from footfall.web.app import create_app
from footfall.web.parts import Parts
from footfall.web.security import Door
from small_desk import CONFIG, Client, SetClock, SmallDesk, SmallGate


@pytest.fixture(scope="session")
def served():
    """One app for all tests: what is behind it is exchanged."""
    clock = SetClock()
    gate = SmallGate(clock)
    return create_app(Parts(SmallDesk(CONFIG), gate, clock), Door(rate="1000000/second"))


@pytest.fixture
def desk():
    return SmallDesk(CONFIG)


@pytest.fixture
def parts(served, desk):
    return replace(served.state.parts, desk=desk)


@pytest.fixture
def app(served, parts):
    served.state.parts = parts
    return served


@pytest.fixture
def client(app) -> Iterator[Client]:
    client = Client(app)
    yield client
    client.close()
