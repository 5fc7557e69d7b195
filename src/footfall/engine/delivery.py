"""From the analysts' threads to the sinks: local ones at once, remote ones through an outbox and a thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from footfall.core.ports import Sink
from footfall.core.types import Message
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


class Forwarding(Protocol):
    """Empties a store turn by turn."""

    def drain_once(self) -> object:
        """Deliver some of what waits; with nothing waiting, keep the connection alive."""
        ...

    def wait_s(self, random_0_1: float, /) -> float:
        """How long to sleep before the next turn: 0 unless the receiver is away."""
        ...


class RemoteSink:
    """A sink behind its outbox, and the thread that empties it.

    Args:
        name: For the log; no secrets in it.
        store: The outbox.
        forwarding: What takes turns at emptying it.
        sink: Closed at the end.
        random: Uniform numbers in [0, 1) for the jitter of the back-off.
    """

    def __init__(
        self, name: str, store: Store, forwarding: Forwarding, sink: Sink, random: Callable[[], float]
    ) -> None:
        self.name = name
        self._store = store
        self._forwarding = forwarding
        self._sink = sink
        self._random = random
        self._stop = StopSignal()
        self._wake = threading.Event()
        self._worker = Worker(f"{name} forwarder", self._run)

    def start(self) -> RemoteSink:
        """Start the thread; returns itself. What an earlier run left behind goes out first."""
        self._worker.start()
        return self

    def append(self, messages: Sequence[Message]) -> None:
        """Keep messages and wake the thread."""
        self._store.append(messages)
        self._wake.set()

    def close(self, patience_s: float) -> int:
        """Give the thread `patience_s` to empty the outbox; how many messages still wait on disk."""
        self._stop.set()
        self._wake.set()
        if self._worker.join(patience_s):
            self._sink.close()
        waiting = self._store.pending()
        self._store.close()
        return waiting

    def _run(self) -> None:
        while True:
            self._wake.clear()
            self._forwarding.drain_once()
            pause_s = self._forwarding.wait_s(self._random())
            is_idle = pause_s == 0.0 and self._store.pending() == 0
            if self._stop.is_set() and (is_idle or pause_s):
                return
            if pause_s:
                self._stop.wait(pause_s)
            elif is_idle:
                self._wake.wait(timeout=IDLE_TURN_S)


IDLE_TURN_S = 1.0


class Delivery:
    """Hands messages to every sink; called from several analysts' threads."""

    def __init__(self, immediate: Sequence[Sink], remote: Sequence[RemoteSink]) -> None:
        self._immediate = tuple(immediate)
        self._remote = tuple(remote)
        self._lock = threading.Lock()

    def __call__(self, messages: list[Message]) -> None:
        """Deliver or keep safe; returns when neither a crash nor a broker can lose them."""
        with self._lock:
            for remote in self._remote:
                remote.append(messages)
            for sink in self._immediate:
                sink.send(messages)

    def close(self, patience_s: float = 10.0) -> int:
        """Close all sinks; how many messages wait in outboxes for the next start."""
        for sink in self._immediate:
            sink.close()
        waiting = 0
        for remote in self._remote:
            left = remote.close(patience_s)
            if left:
                log.warning("%s: %d events wait on disk and go out at the next start", remote.name, left)
            waiting += left
        return waiting
