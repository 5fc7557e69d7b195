from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from footfall.serve import history as module
from footfall.serve.history import History, document_of
from footfall.store.database import open_database
from footfall.store.migrate import migrate
from footfall.web.desk import Unknown

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    engine = open_database(tmp_path / "own.sqlite", "own")
    yield History(engine)
    engine.dispose()


def test_versions_are_kept_as_they_were(history: History) -> None:
    assert history.latest() is None
    first = history.add("cameras: []\n", author="anna", comment="begin", at=NOON)
    second = history.add("cameras: [] # more\n", author="file", comment="", at=NOON)
    assert (first.number, second.number) == (1, 2)
    assert history.get(1) == first
    assert history.latest() == second
    assert history.latest("anna") == first
    assert [version.number for version in history.newest(None, 10)] == [2, 1]
    assert [version.number for version in history.newest(2, 10)] == [1]
    with pytest.raises(Unknown, match="version 7"):
        history.get(7)


def test_numbers_are_never_given_twice(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    numbers = [history.add(f"cameras: [] # {n}\n", author="a", comment="", at=NOON).number for n in range(5)]
    assert numbers == [1, 2, 3, 4, 5]
    assert [version.number for version in history.newest(None, 10)] == [5, 4, 3]


def test_what_each_author_said_last_is_kept(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the file says is relied on, however many edits ago it was."""
    monkeypatch.setattr(module, "KEPT", 2)
    for author in ("file", "file", "anna", "bob", "anna", "anna", "anna"):
        history.add(f"cameras: [] # {author}\n", author=author, comment="", at=NOON)
    assert [(v.number, v.author) for v in history.newest(None, 10)] == [
        (7, "anna"),
        (6, "anna"),
        (4, "bob"),
        (2, "file"),
    ]
    assert history.latest_text("file") == "cameras: [] # file\n"


def test_only_our_own_dialect_is_data() -> None:
    assert document_of("cameras: [{name: a}]") == {"cameras": [{"name": "a"}]}
    assert document_of('{"properties": {"desired": {"graphs": {}}}}') is None
    assert document_of("a: [") is None


def test_the_table_goes_as_it_came(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "own.sqlite", "own")
    History(engine).add("cameras: []\n", author="a", comment="", at=NOON)
    migrate(engine, "own", "base")
    migrate(engine, "own", "heads")
    assert History(engine).latest() is None
    engine.dispose()
