"""The delivery proof: the broker and the sender are killed in turn, and every accepted event arrives."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from footfall.core.errors import SinkUnavailable
from footfall.sinks.forward import Forwarder
from footfall.sinks.mqtt import MqttLimits, MqttSink
from footfall.sinks.outbox import Outbox
from footfall.sinks.spec import parse_sink
from servers import emitter
from servers.mqtt_subscriber import Subscriber

TESTS = Path(__file__).resolve().parent.parent
EVENTS = 10_000


class Emitter:
    """The child process and what it has accepted."""

    def __init__(self, outbox: Path, spec: str) -> None:
        self._command = [sys.executable, str(TESTS / "servers" / "emitter.py"), str(outbox), spec]
        self.accepted = 0
        self.start()

    def start(self) -> None:
        paths = os.pathsep.join([str(TESTS.parent / "src"), str(TESTS)])
        self.process = subprocess.Popen(
            [*self._command, str(self.accepted + 1), str(EVENTS)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self._lines = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self._reader.start()

    def run_until(self, number: int) -> None:
        while self.accepted < number:
            self.accepted = self._lines.get(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.finish()

    def finish(self, timeout_s: float = 60) -> int:
        code = self.process.wait(timeout_s)
        self._reader.join()
        while not self._lines.empty():
            self.accepted = self._lines.get()
        self.process.stdout.close()
        return code

    def _read(self, stream) -> None:
        for line in stream:
            if line.endswith("\n"):
                self._lines.put(int(line))


@pytest.mark.slow
def test_every_accepted_event_arrives_over_two_broker_crashes_and_two_killed_senders(broker, tmp_path):
    subscriber = Subscriber(broker.port, "site/#")
    broker.save()
    sender = Emitter(tmp_path / "outbox.db", f"mqtt://127.0.0.1:{broker.port}/site/{{source}}")
    try:
        for accepted, fault in ((2000, "broker"), (4000, "sender"), (6000, "broker"), (8000, "sender")):
            sender.run_until(accepted)
            if fault == "broker":
                subscriber.outlive(broker, away_s=1.0)
            else:
                sender.kill()
                sender.start()
        assert sender.finish() == 0
        assert sender.accepted == EVENTS
        expected = {f"event-{number}" for number in range(1, EVENTS + 1)}
        subscriber.wait(lambda: len(subscriber.received) >= EVENTS and _ids(subscriber) >= expected, 60)
    finally:
        sender.process.kill()
        subscriber.close()
    assert _ids(subscriber) == expected
    for topic in range(emitter.TOPICS):
        sequence = _first_arrivals(subscriber, f"site/camera-{topic}")
        assert sequence == [number for number in range(1, EVENTS + 1) if number % emitter.TOPICS == topic]


def test_an_outage_longer_than_the_outbox_drops_the_oldest_and_counts_them(broker, tmp_path):
    subscriber = Subscriber(broker.port, "site/#")
    broker.save()
    broker.kill()
    outbox = Outbox(tmp_path / "outbox.db", max_bytes=100_000)
    sink = MqttSink(parse_sink(f"mqtt://127.0.0.1:{broker.port}/site/{{source}}"), MqttLimits(connect_s=60, send_s=60))
    forwarder = Forwarder(outbox, sink, "test")
    for start in range(1, 2001, 100):
        outbox.append([emitter.message(number) for number in range(start, start + 100)])
    away = forwarder.drain_once().unavailable
    kept = outbox.pending()
    broker.start()
    assert subscriber.wait(lambda: subscriber.subscriptions > 1)
    while outbox.pending():
        assert forwarder.drain_once().unavailable is None
    subscriber.wait(lambda: len(subscriber.received) == kept)
    subscriber.close()
    sink.close()
    assert isinstance(away, SinkUnavailable)
    assert away.reason == "refused"
    assert kept < 2000
    assert kept + outbox.dropped() == 2000
    assert [_sequence(body) for _, body, _ in subscriber.received] == list(range(2001 - kept, 2001))
    outbox.close()


def _sequence(body: bytes) -> int:
    return json.loads(body)["sequence"]


def _ids(subscriber) -> set[str]:
    return {json.loads(body)["id"] for _, body, _ in list(subscriber.received)}


def _first_arrivals(subscriber, topic) -> list[int]:
    """Numbers in the order they came first: doubles are told by their id."""
    return list(dict.fromkeys(_sequence(body) for name, body, _ in subscriber.received if name == topic))
