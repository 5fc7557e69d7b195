"""From the analysts' threads to the sinks: local ones at once, remote ones through an outbox and a thread of their own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from footfall.core.ports import Sink
from footfall.core.types import Message
from footfall.engine.supervisor import backoff_s
from footfall.engine.worker import StopSignal, Worker

log = logging.getLogger(__name__)


class Store(Protocol):
    """Durable store-and-forward in front of one remote sink."""

    def append(self, messages: Sequence[Message]) -> None:
        """Keep messages; they are safe when this returns."""
        ...

    def pending(self) -> int:
        """How many wait."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class Forwarder:
    """One outbox and the thread that empties it.

    Args:
        name: For the log; no secrets in it.
        store: The outbox.
        drain: Delivers some of what waits; returns how many, 0 when the receiver cannot be reached.
        random: Uniform numbers in [0, 1) for the jitter of the back-off.
    """

    def __init__(self, name: str, store: Store, drain: Callable[[], int], random: Callable[[], float]) -> None:
        self.name = name
        self._store = store
        self._drain = drain
        self._random = random
        self._stop = StopSignal()
        self._wake = threading.Event()
        self._worker = Worker(f"{name} forwarder", self._run)

    def start(self) -> Forwarder:
        """Start the thread; returns itself. What an earlier run left behind goes out first."""
        self._worker.start()
        return self

    def append(self, messages: Sequence[Message]) -> None:
        """Keep messages and wake the thread."""
        self._store.append(messages)
        self._wake.set()

    def close(self, patience_s: float) -> int:
        """Give the thread `patience_s` to empty the outbox, then stop it; how many messages still wait on disk."""
        self._stop.set()
        self._wake.set()
        self._worker.join(patience_s)
        waiting = self._store.pending()
        self._store.close()
        return waiting

    def _run(self) -> None:
        attempt = 0
        while True:
            self._wake.clear()
            if self._store.pending() == 0:
                if self._stop.is_set():
                    return
                self._wake.wait(timeout=1.0)
                continue
            attempt = 0 if self._drain() else attempt + 1
            if attempt:
                self._stop.wait(backoff_s(attempt, self._random()))


class Delivery:
    """Hands messages to every sink; called from several analysts' threads."""

    def __init__(self, immediate: Sequence[Sink], forwarders: Sequence[Forwarder]) -> None:
        self._immediate = tuple(immediate)
        self._forwarders = tuple(forwarders)
        self._lock = threading.Lock()

    def __call__(self, messages: list[Message]) -> None:
        """Deliver or keep safe; returns when neither a crash nor a broker can lose them."""
        with self._lock:
            for forwarder in self._forwarders:
                forwarder.append(messages)
            for sink in self._immediate:
                sink.send(messages)

    def close(self, patience_s: float = 10.0) -> int:
        """Close all sinks; how many messages wait in outboxes for the next start."""
        for sink in self._immediate:
            sink.close()
        waiting = 0
        for forwarder in self._forwarders:
            left = forwarder.close(patience_s)
            if left:
                log.warning("%s: %d events wait on disk and go out at the next start", forwarder.name, left)
            waiting += left
        return waiting
