"""The people around one event, some seconds before and after it: what the rule saw when it told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from footfall.core.geometry import Box, Point
from footfall.core.types import Observed
from footfall.events.ids import wire_id
from footfall.store.records import EventRecord

BEFORE_S = 6.0
AFTER_S = 4.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One person in one frame."""

    number: int
    """1, 2, 3 ... within the snippet: says nothing about anybody outside of it."""
    box_n: Box
    footprint_n: Point


@dataclass(frozen=True, slots=True)
class Moment:
    """One recorded frame."""

    t_s: float
    """Seconds since the event, below 0 before it."""
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Snippet:
    """What was recorded around an event."""

    region: str
    size_px: tuple[int, int]
    """(width, height) of the frames."""
    moments: tuple[Moment, ...]
    subject: int
    """Number of the person whom the event is about; 0: nobody in particular, or not in view of the recording."""

    @property
    def subject_s(self) -> tuple[float, float] | None:
        """When that person was first and last seen, seconds since the event; None without one."""
        seen = [moment.t_s for moment in self.moments if any(each.number == self.subject for each in moment.figures)]
        return (seen[0], seen[-1]) if seen else None


def around(event: EventRecord) -> tuple[datetime, datetime]:
    """From when to when frames are wanted."""
    return event.utc - timedelta(seconds=BEFORE_S), event.utc + timedelta(seconds=AFTER_S)


def snippet(event: EventRecord, frames: Iterable[Observed]) -> Snippet | None:
    """Frames around an event, such as `store.tracks.frames(engine, event.camera, *around(event))` gives.

    None where nothing was recorded.
    """
    numbers: dict[str, int] = {}
    moments: list[Moment] = []
    size_px, (begin, end) = (0, 0), around(event)
    for observed in frames:
        if begin <= observed.utc < end:
            size_px = observed.size_px
            figures = tuple(
                Figure(numbers.setdefault(wire_id(each.track_id), len(numbers) + 1), each.box_n, each.footprint_n)
                for each in observed.people
            )
            moments.append(Moment((observed.utc - event.utc).total_seconds(), figures))
    if not moments:
        return None
    return Snippet(
        event.region, size_px, tuple(moments), numbers.get(wire_id(event.track_id), 0) if event.track_id else 0
    )
