"""Child process of the delivery proof: appends numbered events to an outbox while a thread drains it to a broker.

Prints the number of the last event of each batch once it is on the disk. Arguments: outbox, sink, first, last.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from footfall.core.types import Message
from footfall.sinks.forward import Forwarder
from footfall.sinks.mqtt import MqttLimits, MqttSink
from footfall.sinks.outbox import Outbox
from footfall.sinks.spec import parse_sink

BATCH, PAUSE_S, TOPICS = 25, 0.025, 3


def message(number: int) -> Message:
    body = json.dumps({"id": f"event-{number}", "sequence": number}).encode()
    return Message(f"camera-{number % TOPICS}", body, f"event-{number}", datetime(2026, 1, 1, tzinfo=UTC))


def drain(outbox: Outbox, spec: str, is_over: threading.Event) -> None:
    address = parse_sink(spec)
    sink = MqttSink(address, MqttLimits(connect_s=2, send_s=3))
    forwarder = Forwarder(outbox, sink, address.redacted)
    while not is_over.is_set() or outbox.pending():
        result = forwarder.drain_once(100)
        time.sleep(forwarder.wait_s(random.random()) or (0.0 if result.delivered else 0.01))
    sink.close()


def main() -> None:
    outbox = Outbox(Path(sys.argv[1]))
    first, last = int(sys.argv[3]), int(sys.argv[4])
    is_over = threading.Event()
    thread = threading.Thread(target=drain, args=(outbox, sys.argv[2], is_over))
    thread.start()
    for start in range(first, last + 1, BATCH):
        numbers = range(start, min(start + BATCH, last + 1))
        outbox.append([message(number) for number in numbers])
        print(numbers[-1], flush=True)  # noqa: T201 - the parent reads it
        time.sleep(PAUSE_S)
    is_over.set()
    thread.join()
    outbox.close()


if __name__ == "__main__":
    main()
