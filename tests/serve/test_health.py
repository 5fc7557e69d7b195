from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from footfall.core.errors import SinkUnavailable
from footfall.core.types import Message
from footfall.engine.delivery import Delivery
from footfall.serve.filling import Filling
from footfall.serve.health import LEAST_FREE_BYTES, Watchman
from footfall.store import events
from footfall.store.database import connect, writing
from footfall.store.wire import facts_message
from footfall.web.desk import CameraState

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Clock:
    """Wall and monotonic time, apart."""

    def __init__(self) -> None:
        self.wall, self.passed_s = NOON, 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic_s(self) -> float:
        return self.passed_s

    def pass_s(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.passed_s += seconds


class Nothing:
    """No cameras."""

    delivery = Delivery({}, ())

    def states(self) -> Sequence[CameraState]:
        return ()


@pytest.fixture
def filling(tmp_path: Path) -> Iterator[Filling]:
    filling = Filling(connect(tmp_path / "store.sqlite", "store"))
    yield filling
    filling.close()


def test_all_is_well(tmp_path: Path, filling: Filling) -> None:
    health = Watchman(tmp_path, filling, Clock()).health(Nothing())
    assert (health.is_ready, dict(health.reasons), health.waiting) == (True, {}, 0)


def test_a_clock_that_was_set_is_told_for_a_while(tmp_path: Path, filling: Filling) -> None:
    clock = Clock()
    watchman = Watchman(tmp_path, filling, clock)
    clock.pass_s(60.0)
    watchman.tick()
    assert watchman.health(Nothing()).reasons == {}
    clock.wall -= timedelta(hours=1)
    watchman.tick()
    health = watchman.health(Nothing())
    assert health.reasons == {"clock-stepped": "the clock was set by -3600 s"}
    assert health.is_ready, "counting goes on"
    clock.pass_s(601.0)
    watchman.tick()
    assert watchman.health(Nothing()).reasons == {}


def test_a_disk_that_is_full_or_gone(tmp_path: Path, filling: Filling) -> None:
    health = Watchman(tmp_path, filling, Clock(), lambda _: LEAST_FREE_BYTES - 1).health(Nothing())
    assert not health.is_ready
    assert list(health.reasons) == ["disk-full"]
    assert list(Watchman(tmp_path / "gone", filling, Clock()).health(Nothing()).reasons) == ["disk-gone"]


def test_a_note_holds_until_it_is_taken_back(tmp_path: Path, filling: Filling) -> None:
    watchman = Watchman(tmp_path, filling, Clock())
    watchman.note("file-refused", "shop.yaml: wrong")
    assert watchman.health(Nothing()).reasons == {"file-refused": "shop.yaml: wrong"}
    watchman.note("file-refused", "")
    assert watchman.health(Nothing()).is_ready


def event(number: int) -> Message:
    return Message("cam", b'{"events": [{"type": "personLineEvent"}]}', f"{number:032x}", NOON)


def test_a_locked_store_is_away_and_comes_back(tmp_path: Path) -> None:
    engine = connect(tmp_path / "store.sqlite", "store")
    filling = Filling(engine)
    filling.send([event(1)])
    other = connect(tmp_path / "store.sqlite", "store")
    with writing(other), pytest.raises(SinkUnavailable):
        filling.send([event(2)])
    assert "store-away" in Watchman(tmp_path, filling, Clock()).health(Nothing()).reasons
    filling.send([event(2)])
    assert Watchman(tmp_path, filling, Clock()).health(Nothing()).is_ready
    other.dispose()
    filling.close()


def test_events_can_be_left_out_and_numbers_stay(tmp_path: Path) -> None:
    engine = connect(tmp_path / "store.sqlite", "store")
    filling = Filling(engine)
    filling.keep_events(wanted=False)
    filling.send([event(1), facts_message("cam", (), (), key="1" * 32, utc=NOON)])
    filling.keep_events(wanted=True)
    filling.send([event(2)])
    assert [stored.record.id for stored in events.page(engine).events] == [event(2).key]
    filling.close()
