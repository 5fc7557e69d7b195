"""The plug points: protocols of one or two methods. Each has a conformance suite in `tests/conformance`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias, runtime_checkable

from footfall.core.geometry import Box
from footfall.core.types import Detections, Frame, Message, TrackObservation

Lead: TypeAlias = Callable[[str, int], Sequence[str]]
"""Asked before each connection where a host and port lead: addresses that may be connected to, best first; none: go by
the name, nobody judges. Blocks, and raises `core.errors.Blocked`."""


@runtime_checkable
class Source(Protocol):
    """Where frames come from."""

    def frames(self) -> Iterator[Frame]:
        """Yield frames in order until the source ends.

        A finite source returns at its end. A live source never returns: it raises.

        Raises:
            SourceUnavailable: cannot be opened, or broke; the caller decides about a retry.
        """
        ...

    def close(self) -> None:
        """Let go of the connection; safe to call twice and from another thread."""
        ...


@runtime_checkable
class Detector(Protocol):
    """Finds people in pictures."""

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """One `Detections` per frame, in order.

        Raises:
            DetectorError: the model failed.
        """
        ...


@runtime_checkable
class ExpectsPeople(Protocol):
    """A detector that does better when it knows where people were a moment ago."""

    def observe(self, people_n: Iterable[Box]) -> None:
        """Where people are expected in the next frame: normalised boxes."""
        ...


@runtime_checkable
class Resizable(Detector, Protocol):
    """A detector without memory that can be fed its pictures at several sizes."""

    def at(self, side_px: int) -> Resizable:
        """The same one, fed pictures with this longer side; as it is, where its input is fixed."""
        ...


@runtime_checkable
class Tracker(Protocol):
    """Gives detections of one camera their identity over time."""

    def update(self, detections: Detections, t_s: float, frame: int) -> list[TrackObservation]:
        """Advance to stream time `t_s`; return the confirmed people seen in this very frame."""
        ...

    def reset(self) -> None:
        """Forget everybody: the stream starts anew."""
        ...


@runtime_checkable
class Node(Protocol):
    """One step of the graph: takes an item, gives any number of items."""

    def feed(self, item: object) -> Iterable[object]:
        """Process one item."""
        ...

    def flush(self) -> Iterable[object]:
        """The stream is over: give what is still held back."""
        ...


@runtime_checkable
class Sink(Protocol):
    """Where messages go."""

    def send(self, messages: Sequence[Message]) -> None:
        """Deliver all messages, in order, before returning. Without messages: keep the connection alive.

        Raises:
            SinkUnavailable: try again later; the first `delivered` messages were taken, perhaps more.
            SinkRejected: message number `delivered` will never be taken; those before it were.
        """
        ...

    def close(self) -> None:
        """Flush and let go; safe to call twice."""
        ...


class Clock(Protocol):
    """The only way to the time of day."""

    def now(self) -> datetime:
        """Timezone-aware UTC."""
        ...

    def monotonic_s(self) -> float:
        """Seconds that never go back."""
        ...
