"""Mailboxes keep their policy; workers keep their failure."""

from __future__ import annotations

import logging

import pytest

from footfall.engine.worker import Closed, Mailbox, Policy, StopSignal, Worker


def test_drop_oldest_keeps_the_newest_and_counts_the_rest() -> None:
    box: Mailbox[int] = Mailbox(2, Policy.DROP_OLDEST)
    for number in range(5):
        box.put(number)
    box.close()
    assert list(box) == [3, 4]
    assert box.dropped == 3


def test_block_loses_nothing_between_threads() -> None:
    box: Mailbox[int] = Mailbox(3, Policy.BLOCK)

    def produce() -> None:
        for number in range(1000):
            box.put(number)
        box.close()

    worker = Worker("producer", produce).start()
    assert list(box) == list(range(1000))
    assert worker.join(timeout_s=60)
    assert box.dropped == 0


def test_closing_wakes_a_blocked_producer_and_drops_its_item() -> None:
    box: Mailbox[int] = Mailbox(1, Policy.BLOCK)
    box.put(1)
    producer = Worker("producer", lambda: box.put(2)).start()
    box.close()
    assert producer.join(timeout_s=60)
    assert list(box) == [1]


def test_get_gives_none_in_time_and_closed_at_the_end() -> None:
    box: Mailbox[int] = Mailbox(1, Policy.BLOCK)
    assert box.get(timeout_s=0.01) is None
    box.close()
    with pytest.raises(Closed):
        box.get(timeout_s=0.01)


def test_a_worker_keeps_what_killed_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "footfall")

    def fall_over() -> None:
        raise RuntimeError("tripped")

    worker = Worker("walker", fall_over).start()
    assert worker.join(timeout_s=60)
    assert str(worker.failure) == "tripped"
    assert "walker stopped" in caplog.text


def test_a_stop_signal_ends_a_sleep() -> None:
    stop = StopSignal()
    sleeper = Worker("sleeper", lambda: stop.wait(60.0) or None).start()
    stop.set()
    assert sleeper.join(timeout_s=60)
    assert stop.is_set()


def test_what_comes_after_the_end_pushes_nothing_out() -> None:
    box: Mailbox[int] = Mailbox(1, Policy.DROP_OLDEST)
    box.put(1)
    box.close()
    box.put(2)
    assert list(box) == [1]
    assert box.dropped == 0


def test_whoever_started_a_worker_hears_of_its_failure_first() -> None:
    heard: list[Exception] = []

    def fall_over() -> None:
        raise RuntimeError("tripped")

    worker = Worker("walker", fall_over, heard.append).start()
    assert worker.join(timeout_s=60)
    assert [str(error) for error in heard] == ["tripped"]


def test_a_worker_that_never_started_has_ended() -> None:
    assert Worker("idler", lambda: None).join(timeout_s=0.0)
