"""What to watch: zones, lines and the rules on them. Frozen; built by `config`, run by `spatial.operation`.

Coordinates are normalised (origin top left). Thresholds are in image widths (RULE 13), lengths in metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import TypeAlias

from footfall.core.geometry import Point, Polygon

DEFAULT_THRESHOLD_W = 0.025
ZONE_CROSSING_THRESHOLD_W = 0.075
"""RULE 13: what behaves like every earlier manifest."""


class Focus(Enum):
    """Which point of a person decides (spec/operations.md 5.3)."""

    FOOTPRINT = "footprint"
    BOTTOM_CENTER = "bottom_center"
    CENTER = "center"


class Trigger(Enum):
    """When count and distance events go out."""

    EVENT = "event"
    INTERVAL = "interval"


class Aggregation(Enum):
    """How persondistance sums up a tick (RULE 19)."""

    MODE = "mode"
    AVERAGE = "average"


@dataclass(frozen=True, slots=True)
class CountRule:
    """How many people are in a zone (RULE 14)."""

    threshold_w: float = DEFAULT_THRESHOLD_W
    focus: Focus = Focus.FOOTPRINT
    trigger: Trigger = Trigger.EVENT
    output_frequency: int = 1
    """Send every X-th event after the first one."""
    interval_s: float = 1.0
    """Length of a tick when `trigger` is INTERVAL."""
    smoothing_s: float = 0.5
    """The most common count of this window counts; 0 switches it off."""


@dataclass(frozen=True, slots=True)
class ZoneCrossingRule:
    """Who enters and leaves a zone (RULE 11, 16)."""

    threshold_w: float = ZONE_CROSSING_THRESHOLD_W
    focus: Focus = Focus.FOOTPRINT
    enter: bool = True
    exit: bool = True
    output_frequency: int = 1


@dataclass(frozen=True, slots=True)
class DwellRule:
    """How long a visit lasted (RULE 17)."""

    threshold_w: float = DEFAULT_THRESHOLD_W
    focus: Focus = Focus.FOOTPRINT
    output_frequency: int = 1


@dataclass(frozen=True, slots=True)
class DistanceRule:
    """Who stands too close or too far (RULE 12, 19)."""

    threshold_w: float = DEFAULT_THRESHOLD_W
    focus: Focus = Focus.FOOTPRINT
    trigger: Trigger = Trigger.EVENT
    output_frequency: int = 1
    interval_s: float = 1.0
    minimum_m: float = 6.0 * 0.3048
    maximum_m: float = inf
    aggregation: Aggregation = Aggregation.AVERAGE


@dataclass(frozen=True, slots=True)
class LineCrossingRule:
    """Who crosses a line and which way (RULE 15)."""

    threshold_w: float = DEFAULT_THRESHOLD_W
    focus: Focus = Focus.FOOTPRINT
    output_frequency: int = 1


ZoneRule: TypeAlias = CountRule | ZoneCrossingRule | DwellRule | DistanceRule


@dataclass(frozen=True, slots=True)
class Zone:
    """A polygon on the picture; side k runs from vertex k to vertex k + 1, the last one closes the ring."""

    name: str
    polygon_n: Polygon
    rules: tuple[ZoneRule, ...]
    target_side: int | None = None
    """1-based side whose facing time is measured (RULE 18)."""
    is_open: bool = False
    """Sides on the picture's edge are no border; off in Azure documents, whose thresholds are meant to the letter."""


@dataclass(frozen=True, slots=True)
class Line:
    """A directed line; stand at `start_n` and look to `end_n` to tell left from right."""

    name: str
    start_n: Point
    end_n: Point
    rules: tuple[LineCrossingRule, ...]


@dataclass(frozen=True, slots=True)
class SpatialSpec:
    """Everything one camera watches."""

    zones: tuple[Zone, ...] = ()
    lines: tuple[Line, ...] = ()
    forget_after_s: float = 3.0
    """A person unseen for this long has left, at the time last seen (RULE 16, 23); at most 60."""
