"""From outbox to sink: a storyboard of what the receiver does and what is left."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from footfall.core.errors import SinkRejected, SinkUnavailable
from footfall.core.types import Message
from footfall.sinks.forward import DrainResult, Forwarder
from footfall.sinks.outbox import Outbox


def message(number):
    return Message("door", b"{}", str(number), datetime(2026, 1, 1, tzinfo=UTC))


class Receiver:
    """A sink that refuses some keys for good and goes away before others."""

    def __init__(self, refuses=(), leaves_before=(), retry_after_s=0.0):
        self.refuses, self.leaves_before, self.retry_after_s = set(refuses), set(leaves_before), retry_after_s
        self.taken = []
        self.calls = 0

    def send(self, messages):
        self.calls += 1
        for place, item in enumerate(messages):
            number = int(item.key)
            if number in self.refuses:
                raise SinkRejected("status-400", delivered=place)
            if number in self.leaves_before:
                error = SinkUnavailable("busy", delivered=place)
                error.retry_after_s = self.retry_after_s
                raise error
            self.taken.append(number)

    def close(self):
        pass


@pytest.fixture
def outbox(tmp_path):
    opened = Outbox(tmp_path / "outbox.db")
    opened.append([message(number) for number in range(6)])
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("refuses", "leaves_before", "taken", "delivered", "rejected", "left"),
    [
        pytest.param([], [], [0, 1, 2, 3, 4, 5], 6, 0, 0, id="all goes well"),
        pytest.param([], [0], [], 0, 0, 6, id="nobody there"),
        pytest.param([], [4], [0, 1, 2, 3], 4, 0, 2, id="goes away in the middle"),
        pytest.param([2], [], [0, 1, 3, 4, 5], 5, 1, 0, id="refuses one"),
        pytest.param([0, 1, 5], [], [2, 3, 4], 3, 3, 0, id="refuses the ends"),
        pytest.param([0, 1, 2, 3, 4, 5], [], [], 0, 6, 0, id="refuses all"),
        pytest.param([1], [3], [0, 2], 2, 1, 3, id="refuses one, then goes away"),
    ],
)
def test_one_turn(outbox, refuses, leaves_before, taken, delivered, rejected, left):
    receiver = Receiver(refuses, leaves_before)
    result = Forwarder(outbox, receiver, "test").drain_once()
    assert receiver.taken == taken
    assert (result.delivered, result.rejected) == (delivered, rejected)
    assert (outbox.pending(), outbox.rejected()) == (left, rejected)
    assert (result.unavailable is None) == (not leaves_before)


def test_a_turn_is_bounded_and_the_order_is_kept(outbox):
    receiver = Receiver()
    forwarder = Forwarder(outbox, receiver, "test")
    assert forwarder.drain_once(4) == DrainResult(4, 0)
    assert forwarder.drain_once(4) == DrainResult(2, 0)
    assert receiver.taken == list(range(6))


def test_an_empty_outbox_keeps_the_connection_alive(outbox):
    receiver = Receiver()
    forwarder = Forwarder(outbox, receiver, "test")
    forwarder.drain_once()
    assert forwarder.drain_once() == DrainResult(0, 0)
    assert receiver.calls == 2


def test_waits_grow_and_end(outbox):
    receiver = Receiver(leaves_before=[0])
    forwarder = Forwarder(outbox, receiver, "test")
    waits = []
    for _ in range(7):
        forwarder.drain_once()
        waits.append(forwarder.wait_s(1.0))
    assert waits == [0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
    receiver.leaves_before.clear()
    forwarder.drain_once()
    assert forwarder.wait_s(1.0) == 0.0


def test_the_receivers_wish_to_wait_is_longer_than_ours(outbox):
    forwarder = Forwarder(outbox, Receiver(leaves_before=[0], retry_after_s=42.0), "test")
    forwarder.drain_once()
    assert forwarder.wait_s(0.5) == 42.0


def test_one_log_line_per_change_of_state(outbox, caplog):
    receiver = Receiver(refuses=[1, 3], leaves_before=[2])
    forwarder = Forwarder(outbox, receiver, "test")
    for _ in range(3):
        forwarder.drain_once()
    receiver.leaves_before.clear()
    for _ in range(3):
        forwarder.drain_once()
    words = [record.getMessage().split("(")[0].strip() for record in caplog.records]
    assert words == ["sink test refuses events for good", "sink test is away", "sink test is back"]
