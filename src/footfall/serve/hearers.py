"""Whoever wants to hear events as they happen: the page, streams of the API, witnesses in tests."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Lock
from typing import TypeAlias

from footfall.core.types import Message

log = logging.getLogger(__name__)

Hear: TypeAlias = Callable[[Message], None]


class Hearers:
    """Tells every event to all of them, in the thread that made it."""

    def __init__(self) -> None:
        self._hearers: dict[object, Hear] = {}
        self._lock = Lock()

    def __call__(self, messages: Sequence[Message]) -> None:
        """Tell events."""
        with self._lock:
            hearers = tuple(self._hearers.values())
        for message in messages:
            for hear in hearers:
                hear(message)

    def subscribe(self, hear: Hear) -> Callable[[], None]:
        """Hear every event from now on; the result ends it."""
        ticket = object()
        with self._lock:
            self._hearers[ticket] = hear

        def end() -> None:
            with self._lock:
                self._hearers.pop(ticket, None)

        return end
