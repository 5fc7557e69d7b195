"""Room in a database on a disk of its own, which is then filled to the last byte."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from disk import tiny_disk
from footfall.store.database import open_database, writing
from footfall.store.faults import StoreUnavailable
from footfall.store.room import ROOM_BYTES, hold_room, room

KIB = 24 * 1024


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with tiny_disk(tmp_path / "disk", KIB) as folder:
        yield folder


@pytest.fixture
def own(disk: Path) -> Iterator[Engine]:
    engine = open_database(disk / "own.sqlite", "own")
    yield engine
    engine.dispose()


def fill(disk: Path) -> Path:
    path = disk / "filler"
    with suppress(OSError), path.open("ab", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return path


def add_all(engine: Engine, count: int, first: int = 0) -> None:
    """Entries of an audit log, each in a transaction of its own."""
    statement = text("INSERT INTO audit VALUES (:number, 0, 'login', 'anna', :what, x'00')")
    for number in range(first, first + count):
        with writing(engine) as connection:
            connection.execute(statement, {"number": number, "what": "x" * 300})


def test_thousands_of_entries_fit_on_a_full_disk(disk: Path, own: Engine) -> None:
    hold_room(own)
    assert room(own) >= ROOM_BYTES
    fill(disk)
    add_all(own, 5000)
    assert room(own) < ROOM_BYTES
    with pytest.raises(StoreUnavailable):
        hold_room(own)
    add_all(own, 1, 5000)


def test_without_it_nothing_fits(disk: Path, own: Engine) -> None:
    fill(disk)
    with pytest.raises(StoreUnavailable):
        add_all(own, 5000)


def test_it_is_held_again_when_there_is_room(disk: Path, own: Engine) -> None:
    hold_room(own)
    filler = fill(disk)
    add_all(own, 2000)
    filler.unlink()
    hold_room(own)
    assert room(own) >= ROOM_BYTES
    size = (disk / "own.sqlite").stat().st_size
    for _ in range(3):
        hold_room(own)
    assert (disk / "own.sqlite").stat().st_size == size, "it does not grow by being asked for again"
