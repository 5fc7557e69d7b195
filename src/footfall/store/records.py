"""What the store keeps about people: events as they were sent, facts that numbers are made of, presence, tracks.

Facts carry the doubts about them: sums over minutes, hours and cameras give totals with intervals
(`spatial.interval.Estimate`). Everything is dated by capture time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from footfall.spatial.interval import Estimate


class Measure(Enum):
    """What a fact counts."""

    RIGHT = "right"
    """A line was crossed from its left to its right, seen from its start (Azure's CrossRight)."""
    LEFT = "left"
    ENTER = "enter"
    """A zone was entered."""
    EXIT = "exit"
    VISIT = "visit"
    """A visit of a zone is over; `dwell_s` says how long it was."""


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event, as every other sink gets it."""

    id: str
    """The message's stable key: a second one with the same id changes nothing."""
    camera: str
    utc: datetime
    type: str
    """`personLineEvent`, `personZoneEnterExitEvent` ...; several in one message: that of the first."""
    region: str
    """Line or zone; empty where there is none."""
    track_id: str
    """Of the first person in it; empty where there is none."""
    body: bytes
    """JSON, Azure's schema."""


@dataclass(frozen=True, slots=True)
class FactRecord:
    """One thing that was counted, or that may have been missed (`estimate.told` is 0)."""

    id: str
    """32 hex digits, never those of a track; a second one with the same id changes nothing."""
    camera: str
    region: str
    measure: Measure
    utc: datetime
    estimate: Estimate
    dwell_s: float | None = None
    """Length of the visit; only for VISIT, and None where nothing was told."""


@dataclass(frozen=True, slots=True)
class PresenceRecord:
    """How many people were in a zone, or in view (`region` is empty), during one minute."""

    camera: str
    region: str
    minute: datetime
    """Its beginning."""
    mean: float
    peak: int
    low: int
    """Ends of the interval of the last count; equal to it where no rule gives one."""
    high: int


@dataclass(frozen=True, slots=True)
class TracksRecord:
    """Recorded people of one camera, some seconds of them; pixels never."""

    camera: str
    begin: datetime
    end: datetime
    """Capture time of the first and the last frame."""
    lines: bytes
    """One JSON object a frame, as `footfall run --tracks` writes them; `t` is seconds since `begin`."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one camera made known at once: stored whole or not at all."""

    events: tuple[EventRecord, ...] = ()
    facts: tuple[FactRecord, ...] = ()
    presence: tuple[PresenceRecord, ...] = ()
