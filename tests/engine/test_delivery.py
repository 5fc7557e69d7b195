"""No event is lost while a receiver, a disk or a reader is away; each change is told once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from footfall.core.errors import ConfigError, SinkUnavailable
from footfall.core.types import Message
from footfall.engine.clock import SystemClock
from footfall.engine.delivery import Delivery, RemoteSink
from footfall.runtime.delivery import open_delivery
from footfall.sinks.forward import Forwarder
from footfall.sinks.outbox import Outbox

DAY = datetime(2024, 1, 1, tzinfo=UTC)


def message(number: int) -> Message:
    return Message("cam", str(number).encode(), str(number), DAY)


class Receiver:
    """Takes messages while it is there."""

    def __init__(self, *, there: bool = True) -> None:
        self.there = there
        self.reason = "refused"
        self.got: list[str] = []
        self.tried = threading.Event()
        self.enough = threading.Event()
        self.enough_at = 0
        self.closed = False

    def send(self, messages: Sequence[Message]) -> None:
        self.tried.set()
        if not self.there:
            raise SinkUnavailable(self.reason, "away")
        self.got += [each.body.decode() for each in messages]
        if self.enough_at and len(self.got) >= self.enough_at:
            self.enough.set()

    def close(self) -> None:
        self.closed = True


def behind_outbox(receiver: Receiver, path: Path) -> RemoteSink:
    outbox = Outbox(path)
    return RemoteSink("there", outbox, Forwarder(outbox, receiver, "there"), receiver, lambda: 0.0).start()


def test_what_comes_while_the_receiver_is_away_arrives_when_it_is_back(tmp_path: Path) -> None:
    receiver = Receiver(there=False)
    receiver.enough_at = 5
    delivery = Delivery({}, [behind_outbox(receiver, tmp_path / "o.sqlite")])
    for number in range(5):
        delivery([message(number)])
    assert receiver.tried.wait(60)
    assert receiver.got == []
    receiver.there = True
    assert receiver.enough.wait(60)
    assert delivery.close() == 0
    assert receiver.got == ["0", "1", "2", "3", "4"]
    assert receiver.closed


def test_closing_tells_how_many_wait_and_the_next_start_sends_them(tmp_path: Path) -> None:
    delivery = Delivery({}, [behind_outbox(Receiver(there=False), tmp_path / "o.sqlite")])
    delivery([message(1), message(2)])
    assert delivery.close(patience_s=60.0) == 2
    assert delivery.close() == 2, "closing twice is safe"
    back = Receiver()
    back.enough_at = 2
    again = Delivery({}, [behind_outbox(back, tmp_path / "o.sqlite")])
    assert back.enough.wait(60)
    assert again.close() == 0
    assert back.got == ["1", "2"]


def test_closing_gives_a_working_receiver_all_that_waits(tmp_path: Path) -> None:
    receiver = Receiver()
    delivery = Delivery({}, [behind_outbox(receiver, tmp_path / "o.sqlite")])
    delivery([message(number) for number in range(350)])
    assert delivery.close() == 0
    assert len(receiver.got) == 350


def test_a_full_disk_costs_events_but_not_the_camera(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "footfall")
    sink = Receiver(there=False)
    sink.reason = "storage"
    delivery = Delivery({"jsonl:x": sink}, [])
    for number in range(3):
        delivery([message(number)])
    sink.there = True
    delivery([message(3)])
    delivery([message(4)])
    assert (delivery.lost, sink.got) == (3, ["3", "4"])
    assert len(caplog.records) == 2, "one line for each change"
    assert not delivery.is_deserted


def test_a_broken_outbox_does_not_keep_events_from_the_other_sinks(tmp_path: Path) -> None:
    class Full:
        def append(self, messages: Sequence[Message]) -> None:
            raise SinkUnavailable("storage", "disk full")

        def pending(self) -> int:
            raise SinkUnavailable("storage", "disk full")

        def close(self) -> None:
            pass

    class Idle:
        def drain_once(self) -> None:
            pass

        def wait_s(self, random_0_1: float, /) -> float:
            return 0.0

    other, remote = Receiver(), RemoteSink("there", Full(), Idle(), Receiver(), lambda: 0.0).start()
    delivery = Delivery({"-": other}, [remote])
    delivery([message(1)])
    assert delivery.close() == 0
    assert (other.got, delivery.lost, delivery.failure) == (["1"], 1, None)


def test_what_the_own_store_is_to_have_waits_in_memory_while_the_disk_is_full() -> None:
    class Disk:
        is_full, got = True, list[str]()

        def append(self, messages: Sequence[Message]) -> None:
            if self.is_full:
                raise SinkUnavailable("storage", "disk full")
            self.got += [one.key for one in messages]

        def pending(self) -> int:
            return 0

        def close(self) -> None:
            pass

    class Idle:
        def drain_once(self) -> None:
            pass

        def wait_s(self, random_0_1: float, /) -> float:
            return 0.0

    disk = Disk()
    delivery = Delivery({}, [RemoteSink("store", disk, Idle(), Receiver(), lambda: 0.0, takes_private=True).start()])
    delivery([message(1), message(2)])
    delivery([message(3)])
    assert (delivery.unwritten, delivery.waiting, delivery.lost) == (3, 3, 0)
    disk.is_full = False
    delivery([message(4)])
    assert (delivery.unwritten, disk.got) == (0, ["1", "2", "3", "4"])
    disk.is_full = True
    delivery([message(5)])
    disk.is_full = False
    delivery.close()
    assert disk.got[-1] == "5", "the last chance"


def test_it_is_deserted_when_the_last_reader_has_gone() -> None:
    one, two = Receiver(there=False), Receiver()
    one.reason = two.reason = "closed"
    delivery = Delivery({"one": one, "two": two}, [])
    delivery([message(1)])
    assert not delivery.is_deserted
    two.there = False
    delivery([message(2)])
    assert delivery.is_deserted
    assert delivery.lost == 0, "nobody misses them"


def test_a_mistake_in_a_sink_is_told_and_loses_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Buggy(Receiver):
        def send(self, messages: Sequence[Message]) -> None:
            raise RuntimeError("tripped")

    delivery = Delivery({}, [behind_outbox(Buggy(), tmp_path / "o.sqlite")])
    delivery([message(1)])
    assert delivery.close() == 1
    assert isinstance(delivery.failure, RuntimeError)
    assert "forwarder stopped" in caplog.text


def test_the_same_sink_twice_is_one(tmp_path: Path) -> None:
    spec, remote = f"jsonl:{tmp_path}/e.jsonl", "mqtt://127.0.0.1:9/t"
    delivery = open_delivery([spec, spec, remote, remote], tmp_path / "outbox", {}, SystemClock())
    delivery([Message("cam", b"{}", "k", DAY)])
    delivery.close(patience_s=60.0)
    assert (tmp_path / "e.jsonl").read_text() == "{}\n"


def test_two_webhooks_of_one_host_have_an_outbox_each(tmp_path: Path) -> None:
    specs = ["http://u:one@127.0.0.1:9/hooks/one", "http://u:one@127.0.0.1:9/hooks/two"]
    open_delivery(specs, tmp_path, {}, SystemClock()).close(patience_s=60.0)
    before = sorted(path.name for path in tmp_path.glob("*.sqlite"))
    assert len(before) == 2
    renewed = [spec.replace("u:one", "u:renewed") for spec in specs]
    open_delivery(renewed, tmp_path, {}, SystemClock()).close(patience_s=60.0)
    assert sorted(path.name for path in tmp_path.glob("*.sqlite")) == before, "a new password is the same receiver"


def test_a_sink_that_cannot_be_opened_lets_go_of_the_others(tmp_path: Path) -> None:
    good = "mqtt://127.0.0.1:9/t"
    with pytest.raises(ConfigError):
        open_delivery([good, f"jsonl:{tmp_path}/no/folder/x.jsonl"], tmp_path, {}, SystemClock())
    open_delivery([good], tmp_path, {}, SystemClock()).close(patience_s=60.0)


def test_an_outbox_folder_that_cannot_be_made_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="FOOTFALL_DATA"):
        open_delivery(["mqtt://h/t"], tmp_path / "file" / "outbox", {}, SystemClock())
