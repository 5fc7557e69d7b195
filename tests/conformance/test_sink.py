"""What every `Sink` promises, asked of each one with its real receiver.

A new sink adds one fixture that opens it and tells what has arrived, and its name to `SINKS`.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from footfall.core.errors import SinkUnavailable
from footfall.core.ports import Sink
from footfall.core.types import Message
from footfall.sinks.build import open_sink
from footfall.sinks.jsonl import stdout_sink
from footfall.sinks.mqtt import MqttLimits, MqttSink
from footfall.sinks.spec import parse_sink
from footfall.store.database import open_database
from footfall.store.events import since
from footfall.store.sink import StoreSink
from servers.clock import SetClock
from servers.mosquitto import free_port
from servers.mqtt_subscriber import Subscriber

SINKS = ["stdout_case", "jsonl_case", "mqtt_3_case", "mqtt_5_case", "webhook_case", "store_case"]


@dataclass
class Case:
    """A sink and the bodies that its receiver has."""

    sink: Sink
    arrived: Callable[[], list[bytes]]


def build(spec):
    return open_sink(parse_sink(spec), environ={}, clock=SetClock())


@pytest.fixture
def stdout_case():
    read_fd, write_fd = os.pipe()
    os.set_blocking(read_fd, False)
    kept = bytearray()

    def arrived():
        with suppress(BlockingIOError):
            kept.extend(os.read(read_fd, 1 << 20))
        return bytes(kept).splitlines()

    yield Case(stdout_sink(write_fd), arrived)
    os.close(read_fd)
    os.close(write_fd)


@pytest.fixture
def jsonl_case(tmp_path):
    path = tmp_path / "events.jsonl"
    return Case(build(f"jsonl:{path}"), lambda: path.read_bytes().splitlines())


@pytest.fixture
def mqtt_3_case(broker):
    yield from _mqtt_case(broker, "3.1.1")


@pytest.fixture
def mqtt_5_case(broker):
    yield from _mqtt_case(broker, "5")


def _mqtt_case(broker, version):
    subscriber = Subscriber(broker.port)
    address = parse_sink(f"mqtt://127.0.0.1:{broker.port}/site/{{source}}?version={version}")
    sink = MqttSink(address, MqttLimits(connect_s=60.0, send_s=60.0))
    yield Case(sink, lambda: [body for _, body, _ in list(subscriber.received)])
    subscriber.close()


@pytest.fixture
def webhook_case(catcher):
    return Case(
        build(f"http://127.0.0.1:{catcher.port}/in#timeout=60"),
        lambda: [request.body for request in list(catcher.requests)],
    )


@pytest.fixture
def store_case(tmp_path):
    engine = open_database(tmp_path / "store.sqlite", "store")
    return Case(StoreSink(engine), lambda: [stored.record.body for stored in since(engine, 0)])


@pytest.fixture(params=SINKS)
def case(request):
    opened = request.getfixturevalue(request.param)
    yield opened
    opened.sink.close()


def message(number, topic="door"):
    body = json.dumps({"id": number, "name": "Tür\n"}, ensure_ascii=False).encode()
    return Message(topic, body, str(number), datetime(2026, 1, 1, tzinfo=UTC), {"colour": "rot"})


def wait_for(case, bodies):
    deadline = time.monotonic() + 60
    while len(case.arrived()) < len(bodies) and time.monotonic() < deadline:
        time.sleep(0.01)
    return case.arrived()


def test_it_is_a_sink(case):
    assert isinstance(case.sink, Sink)


def test_all_messages_arrive_once_in_order_and_byte_for_byte(case):
    messages = [message(number, f"camera-{number % 3}") for number in range(60)]
    for start in range(0, 60, 25):
        case.sink.send(messages[start : start + 25])
    bodies = [item.body for item in messages]
    assert wait_for(case, bodies) == bodies


def test_sending_nothing_is_allowed_and_sends_nothing(case):
    case.sink.send([])
    case.sink.send([message(1)])
    assert wait_for(case, [b""]) == [message(1).body]


def test_close_twice(case):
    case.sink.send([message(1)])
    case.sink.close()
    case.sink.close()


@pytest.mark.parametrize("spec", ["mqtt://127.0.0.1:{}/a", "http://127.0.0.1:{}/a"])
def test_nobody_there_is_said_and_counts_nothing_as_delivered(spec):
    sink = build(spec.format(free_port()))
    with pytest.raises(SinkUnavailable) as caught:
        sink.send([message(1)])
    sink.close()
    assert caught.value.delivered == 0
    assert caught.value.reason == "refused"
