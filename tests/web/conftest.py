from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from footfall.live.hub import LiveHub
from footfall.store.database import connect, open_database
from footfall.web.app import create_app, tail_of
from footfall.web.page import Page
from footfall.web.parts import Parts
from footfall.web.security import Door
from small_desk import CONFIG, Client, SetClock, SmallDesk, SmallGate, serving

PAGE = Path(__file__).parent / "page"


@pytest.fixture(scope="session")
def served():
    """One app for all tests: what is behind it is exchanged."""
    clock = SetClock()
    away = connect("postgresql://nobody@127.0.0.1:1/none", "store")
    parts = Parts(SmallDesk(CONFIG), SmallGate(clock), clock, away, away, LiveHub(), Path("nowhere"))
    return create_app(parts, Door(rate="1000000/second"), Page(PAGE)), parts


@pytest.fixture
def desk():
    return SmallDesk(CONFIG)


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """A folder with databases in which nothing is yet."""
    folder = tmp_path_factory.mktemp("empty")
    for kind in ("store", "own"):
        open_database(folder / f"{kind}.sqlite", kind).dispose()
    return folder


@pytest.fixture
def databases(empty, tmp_path):
    copytree(empty, tmp_path, dirs_exist_ok=True)
    engines = [connect(tmp_path / f"{kind}.sqlite", kind) for kind in ("store", "own")]
    yield engines
    for engine in engines:
        engine.dispose()


@pytest.fixture
def parts(served, desk):
    """Databases are away; `stored` has some."""
    return replace(served[1], desk=desk)


@pytest.fixture
def stored(app, parts, databases, tmp_path):
    store, own = databases
    app.state.parts = replace(parts, store=store, own=own, folder=tmp_path)
    app.state.tail = tail_of(app.state.parts)
    return app.state.parts


@pytest.fixture
def address(app):
    """Of the app behind a real server."""
    with serving(app) as address:
        yield address


@pytest.fixture
def app(served, parts):
    served[0].state.parts = parts
    return served[0]


@pytest.fixture
def client(app) -> Iterator[Client]:
    client = Client(app)
    yield client
    client.close()
