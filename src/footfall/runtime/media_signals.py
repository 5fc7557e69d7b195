"""Messages on the module's inputs, each a signal to the graphs that listen (spec/iot.md section 7.4)."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias

from footfall.engine.media import Signal
from footfall.events.media import subject


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it came in."""

    input_name: str
    utc: datetime
    """When it arrived."""
    properties: Mapping[str, str] = field(default_factory=dict)
    message_id: str = ""


Hear: TypeAlias = Callable[[Signal], None]
MOST_WAITING: Final = 100


class Signals:
    """Hands arrivals to the graphs that listen to their input; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: list[tuple[str, str, Hear]] = []

    def listen(self, instance: str, input_name: str, hear: Hear) -> None:
        """From now on `hear` gets what arrives on this input and is meant for this instance."""
        with self._lock:
            self._listeners.append((instance, input_name, hear))

    def leave(self, instance: str) -> None:
        """This instance hears nothing any more."""
        with self._lock:
            self._listeners = [listener for listener in self._listeners if listener[0] != instance]

    def arrive(self, arrival: Arrival) -> None:
        """A message has come in."""
        with self._lock:
            listeners = list(self._listeners)
        target = arrival.properties.get("eventTarget", "")
        for instance, input_name, hear in listeners:
            if input_name == arrival.input_name and target in {"", subject(instance)}:
                hear(signal_of(arrival))


class Waiting:
    """Signals that come before the first picture wait for it: there is nothing to record yet.

    Args:
        hear: takes them afterwards.
    """

    def __init__(self, hear: Callable[[str, Signal], None]) -> None:
        self._hear = hear
        self._lock = threading.Lock()
        self._early: deque[tuple[str, Signal]] | None = deque(maxlen=MOST_WAITING)

    def take(self, node: str, signal: Signal) -> None:
        """A signal by the door of this node."""
        with self._lock:
            if self._early is not None:
                self._early.append((node, signal))
                return
        self._hear(node, signal)

    def begin(self) -> None:
        """There are pictures; may be said again and again."""
        if self._early is None:
            return
        with self._lock:
            early, self._early = self._early or (), None
        for node, signal in early:
            self._hear(node, signal)


def signal_of(arrival: Arrival) -> Signal:
    """When it happened and what it belongs to: the message's own word, else its arrival and its id."""
    return Signal(
        _time_of(arrival.properties.get("eventTime", "")) or arrival.utc,
        arrival.properties.get("correlationId") or arrival.message_id,
    )


def _time_of(text: str) -> datetime | None:
    try:
        utc = datetime.fromisoformat(text)
    except ValueError:
        return None
    return utc if utc.tzinfo else utc.replace(tzinfo=UTC)
