"""Threads and the bounded mailboxes between them: the only bridge between worlds."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Generic, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class Policy(Enum):
    """What a full mailbox does."""

    DROP_OLDEST = "drop oldest"
    """Live video: the newest frame is worth most, lag never grows."""
    BLOCK = "block"
    """Files: nobody is in a hurry and nothing may be lost."""


class Closed(Exception):
    """The mailbox is closed and empty."""


class Mailbox(Generic[T]):
    """A bounded queue between two threads with a named policy.

    `dropped` counts what DROP_OLDEST threw away.
    """

    def __init__(self, capacity: int, policy: Policy) -> None:
        self._items: deque[T] = deque()
        self._capacity = capacity
        self._policy = policy
        self._changed = threading.Condition()
        self._closed = False
        self.dropped = 0

    def put(self, item: T) -> None:
        """Add an item; waits while full under BLOCK. Items put after `close` are thrown away."""
        with self._changed:
            if self._policy is Policy.BLOCK:
                self._changed.wait_for(lambda: self._closed or len(self._items) < self._capacity)
            if self._closed:
                return
            if len(self._items) >= self._capacity:
                self._items.popleft()
                self.dropped += 1
            self._items.append(item)
            self._changed.notify_all()

    def get(self, timeout_s: float) -> T | None:
        """The oldest item, or None when none came in time.

        Raises:
            Closed: no item will ever come.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._items, timeout_s)
            if self._items:
                item = self._items.popleft()
                self._changed.notify_all()
                return item
            if self._closed:
                raise Closed
            return None

    def close(self) -> None:
        """No more items; what is inside can still be taken out."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def __iter__(self) -> Iterator[T]:
        """Every item until the mailbox is closed and empty."""
        while True:
            try:
                item = self.get(timeout_s=1.0)
            except Closed:
                return
            if item is not None:
                yield item


class Worker:
    """One named thread around one function. An exception ends the thread and is kept in `failure`.

    Args:
        name: What logs and debuggers call the thread; no secrets in it.
        body: The work.
        on_failure: Told the exception, from the thread itself; by default the log gets it.
    """

    def __init__(
        self, name: str, body: Callable[[], None], on_failure: Callable[[Exception], None] | None = None
    ) -> None:
        self._body = body
        self._on_failure = on_failure or self._log
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.failure: BaseException | None = None

    def start(self) -> Worker:
        """Start the thread; returns itself."""
        self._thread.start()
        return self

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; whether it came in time. A thread that was never started has ended."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._body()
        except Exception as error:  # noqa: BLE001 - a thread's last word is heard by whoever started it
            self.failure = error
            self._on_failure(error)

    def _log(self, error: Exception) -> None:
        log.error("%s stopped", self._thread.name, exc_info=error)


class StopSignal:
    """A flag that threads can wait on."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Ask everybody to stop."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether somebody asked."""
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Sleep, but wake at once when asked to stop; whether that was asked."""
        return self._event.wait(seconds)
