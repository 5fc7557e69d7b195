"""From the analysts' threads to the sinks: local ones at once, remote ones through an outbox and a thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Protocol

from footfall.core.errors import SinkError
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
        takes_private: Whether it gets what only the service's own store is to have.
    """

    def __init__(
        self,
        name: str,
        store: Store,
        forwarding: Forwarding,
        sink: Sink,
        random: Callable[[], float],
        *,
        takes_private: bool = False,
    ) -> None:
        self.name = name
        self.takes_private = takes_private
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

    @property
    def failure(self) -> BaseException | None:
        """The mistake in the program that ended the thread; messages are still kept."""
        return self._worker.failure

    def waiting(self) -> int:
        """How many messages are kept and not delivered yet; 0 where the disk cannot tell."""
        try:
            return self._store.pending()
        except SinkError:
            return 0

    def ask_to_stop(self) -> None:
        """Empty the outbox as long as the receiver takes something, then end; returns at once."""
        self._stop.set()
        self._wake.set()

    def close(self, patience_s: float) -> int:
        """Give the thread `patience_s` to empty the outbox; how many messages still wait on disk."""
        self.ask_to_stop()
        if self._worker.join(patience_s):
            self._sink.close()
        try:
            return self._store.pending()
        except SinkError as error:
            log.warning("%s: nobody knows how many events wait on disk (%s)", self.name, error)
            return 0
        finally:
            self._store.close()

    def _run(self) -> None:
        while True:
            self._wake.clear()
            self._forwarding.drain_once()
            pause_s = self._forwarding.wait_s(self._random())
            is_idle = pause_s == 0.0 and self._is_empty()
            if self._stop.is_set() and (is_idle or pause_s):
                return
            if pause_s:
                self._stop.wait(pause_s)
            elif is_idle:
                self._wake.wait(timeout=IDLE_TURN_S)

    def _is_empty(self) -> bool:
        """Whether there is nothing to do now; a disk that cannot tell is asked again at the next turn."""
        try:
            return self._store.pending() == 0
        except SinkError:
            return True


IDLE_TURN_S = 1.0


RESERVE = 10_000
"""So many messages wait in memory for an outbox that cannot be written; more are lost, the oldest first."""


class Outlet:
    """One sink or outbox that takes messages at once, and what became of it.

    A full disk must not end a camera: what cannot be written is counted, and the log tells each change once. What is
    meant for the service's own store waits in memory for a while.
    """

    def __init__(
        self,
        name: str,
        take: Callable[[Sequence[Message]], None],
        *,
        takes_private: bool = False,
        holds: bool = False,
    ) -> None:
        self._name = name
        self._take = take
        self._takes_private = takes_private
        self._reserve: list[Message] | None = [] if holds else None
        self._trouble = ""
        self.lost = 0
        """Messages that could not be written."""
        self.is_closed = False
        """Whether the reader has gone for good, as `head` does."""

    @property
    def reserved(self) -> int:
        """Messages that wait in memory."""
        return len(self._reserve or ())

    def __call__(self, messages: Sequence[Message]) -> None:
        """Hand messages over, or count them as lost."""
        if not self._takes_private:
            messages = [message for message in messages if not message.is_private]
        if self._reserve:
            messages, self._reserve = [*self._reserve, *messages], []
        if self.is_closed or not messages:
            return
        try:
            self._take(messages)
        except SinkError as error:
            self._note(error, self._set_aside(messages[error.delivered :]))
        else:
            if self._trouble:
                log.warning("%s takes events again; %d were lost in all", self._name, self.lost)
            self._trouble = ""

    def _set_aside(self, messages: Sequence[Message]) -> int:
        """Keep in memory what can be tried again; how many are lost."""
        if self._reserve is None:
            return len(messages)
        self._reserve = list(messages[-RESERVE:])
        return len(messages) - len(self._reserve)

    def _note(self, error: SinkError, lost: int) -> None:
        self.is_closed = error.reason == "closed"
        if self.is_closed:
            log.info("%s: the reader has gone", self._name)
            return
        self.lost += lost
        if error.reason != self._trouble:
            what = "events are lost" if self._reserve is None else "events wait in memory"
            log.warning("%s: %s (%s)", self._name, what, error)
        self._trouble = error.reason


class Delivery:
    """Hands messages to every sink; called from several analysts' threads.

    Args:
        immediate: Local sinks by the name that logs call them, written to by whoever calls.
        remote: Started sinks behind an outbox.
        hear: Told events once they are with the rest.
    """

    def __init__(
        self,
        immediate: Mapping[str, Sink],
        remote: Sequence[RemoteSink],
        hear: Callable[[Sequence[Message]], None] | None = None,
    ) -> None:
        self._immediate = tuple(immediate.values())
        self._remote = tuple(remote)
        self._hear = hear
        kept = {id(sink): _kept(sink) for sink in remote}
        self._by_sink = kept | {id(sink): Outlet(name, sink.send) for name, sink in immediate.items()}
        self._outlets = tuple(self._by_sink.values())
        self._lock = threading.Lock()
        self._waiting: int | None = None

    def exchange(
        self, gone: Sequence[Sink | RemoteSink], immediate: Mapping[str, Sink], remote: Sequence[RemoteSink]
    ) -> None:
        """Other sinks from the next message on.

        Args:
            gone: get nothing more; the caller closes them.
            immediate: further local sinks, by the name that logs call them.
            remote: further started sinks behind an outbox.
        """
        left = {id(sink) for sink in gone}
        with self._lock:
            self._remote = (*(sink for sink in self._remote if id(sink) not in left), *remote)
            self._immediate = (*(sink for sink in self._immediate if id(sink) not in left), *immediate.values())
            self._by_sink |= {id(sink): _kept(sink) for sink in remote}
            self._by_sink |= {id(sink): Outlet(name, sink.send) for name, sink in immediate.items()}
            self._by_sink = {key: outlet for key, outlet in self._by_sink.items() if key not in left}
            self._outlets = tuple(self._by_sink[id(sink)] for sink in (*self._remote, *self._immediate))

    @property
    def is_deserted(self) -> bool:
        """Whether every reader has gone for good: nobody will ever get an event."""
        return bool(self._outlets) and all(outlet.is_closed for outlet in self._outlets)

    @property
    def lost(self) -> int:
        """Messages that some sink could not write."""
        return sum(outlet.lost for outlet in self._outlets)

    @property
    def waiting(self) -> int:
        """How many messages are kept for receivers that have not taken them yet."""
        return sum(sink.waiting() for sink in self._remote) + self.unwritten

    @property
    def unwritten(self) -> int:
        """How many messages wait in memory, because an outbox cannot be written."""
        return sum(outlet.reserved for outlet in self._outlets)

    @property
    def failure(self) -> BaseException | None:
        """The mistake in the program that ended a forwarder's thread."""
        return next((sink.failure for sink in self._remote if sink.failure), None)

    def __call__(self, messages: Sequence[Message]) -> None:
        """Deliver or keep safe; returns when neither a crash nor a broker can lose them. Never raises a `SinkError`."""
        with self._lock:
            for outlet in self._outlets:
                outlet(messages)
            if self._hear is not None and (events := [message for message in messages if not message.is_private]):
                self._hear(events)

    def close(self, patience_s: float = 10.0) -> int:
        """Close all sinks; how many messages wait in outboxes for the next start. Safe to call twice."""
        if self._waiting is not None:
            return self._waiting
        self(())
        for remote in self._remote:
            remote.ask_to_stop()
        deadline_s = monotonic() + patience_s
        self._waiting = 0
        for remote in self._remote:
            left = remote.close(max(0.0, deadline_s - monotonic()))
            if left:
                log.warning("%s: %d events wait on disk and go out at the next start", remote.name, left)
            self._waiting += left
        for sink in self._immediate:
            sink.close()
        return self._waiting


def _kept(sink: RemoteSink) -> Outlet:
    return Outlet(sink.name, sink.append, takes_private=sink.takes_private, holds=sink.takes_private)
