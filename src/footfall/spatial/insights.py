"""What can happen. Facts in our own units; `events` puts them into Azure's words.

`t_s` is when it happened (stream time of the frame in which the border was passed), which may lie a little before
the frame in which the hysteresis made it certain. `person` is the observation at that moment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from footfall.core.types import TrackObservation
from footfall.spatial.interval import Interval
from footfall.spatial.regions import Trigger


class Direction(Enum):
    """Which way a line was crossed, seen from its start towards its end."""

    LEFT_TO_RIGHT = "CrossRight"
    RIGHT_TO_LEFT = "CrossLeft"


class Facing(Enum):
    """Body direction against the direction of a crossing (RULE 24)."""

    LEFT = "Left"
    RIGHT = "Right"
    STRAIGHT = "Straight"


class Proximity(Enum):
    """What a distance rule found (RULE 19)."""

    TOO_CLOSE = "TooClose"
    TOO_FAR = "TooFar"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many people are in a zone."""

    zone: str
    t_s: float
    frame: int
    trigger: Trigger
    people: tuple[TrackObservation, ...]
    count: int
    """The smoothed count; `people` are as many, from the newest frame that had this count."""
    interval: Interval | None = field(default=None, compare=False)
    """How many it may be in truth (`certainty`); None: nobody asked."""


@dataclass(frozen=True, slots=True)
class LineCrossed:
    """A person crossed a line."""

    line: str
    t_s: float
    person: TrackObservation
    direction: Direction
    facing: Facing | None = None
    certainty: float | None = field(default=None, compare=False)
    """Probability that it happened (`certainty`); None: nobody asked."""


@dataclass(frozen=True, slots=True)
class ZoneEntered:
    """A person came into a zone; `side` is the 1-based edge crossed, None when nobody saw it."""

    zone: str
    t_s: float
    person: TrackObservation
    side: int | None
    certainty: float | None = field(default=None, compare=False)
    """Probability that it happened (`certainty`); None: nobody asked."""


@dataclass(frozen=True, slots=True)
class ZoneExited:
    """A person left a zone, or vanished in it (`side` None, `t_s` = last seen)."""

    zone: str
    t_s: float
    person: TrackObservation
    side: int | None
    certainty: float | None = field(default=None, compare=False)
    """Probability that it happened (`certainty`); None: nobody asked."""


@dataclass(frozen=True, slots=True)
class Dwelled:
    """A visit is over (RULE 17)."""

    zone: str
    t_s: float
    person: TrackObservation
    side: int | None
    dwell_s: float
    dwell_frames: int
    target_side_s: float | None = None
    average_speed_m_s: float | None = None
    minimum_speed_m_s: float | None = None
    certainty: float | None = field(default=None, compare=False)
    """Probability that it happened (`certainty`); None: nobody asked."""


@dataclass(frozen=True, slots=True)
class DistanceMeasured:
    """How near people are to each other (RULE 19)."""

    zone: str
    t_s: float
    frame: int
    trigger: Trigger
    proximity: Proximity
    person_count: int
    average_m: float
    minimum_m: float
    maximum_m: float
    violators: tuple[TrackObservation, ...]


Insight: TypeAlias = Counted | LineCrossed | ZoneEntered | ZoneExited | Dwelled | DistanceMeasured
