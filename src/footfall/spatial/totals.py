"""Running totals of what happened: people over each line, in and out of each zone, how long they stayed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from footfall.spatial.insights import Counted, Direction, Dwelled, Insight, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.regions import SpatialSpec


@dataclass(slots=True)
class LineTotals:
    """Crossings of one line, by Azure's directions."""

    right: int = 0
    left: int = 0


@dataclass(slots=True)
class ZoneTotals:
    """What one zone has seen."""

    now: int = 0
    """People in the zone: the latest count where the zone has a count rule, else entries less exits."""
    peak: int = 0
    """The highest `now` so far."""
    enters: int = 0
    exits: int = 0
    visits: int = 0
    """Visits that are over and whose length is known."""
    dwell_s: float = 0.0
    """Length of those visits together."""

    @property
    def mean_dwell_s(self) -> float | None:
        """Mean length of a visit in seconds; None before the first one is over."""
        return self.dwell_s / self.visits if self.visits else None


@dataclass(slots=True)
class Totals:
    """Everything so far. Lines and zones appear in the order given, then as they are first heard of."""

    lines: dict[str, LineTotals] = field(default_factory=dict)
    zones: dict[str, ZoneTotals] = field(default_factory=dict)
    _counted: set[str] = field(default_factory=set)
    """Zones whose `now` comes from a count rule."""

    @classmethod
    def of(cls, spec: SpatialSpec) -> Totals:
        """Zeros for everything that is watched."""
        return cls({line.name: LineTotals() for line in spec.lines}, {zone.name: ZoneTotals() for zone in spec.zones})

    def add(self, insight: Insight) -> None:
        """Take one thing that happened; distances change no total."""
        if isinstance(insight, LineCrossed):
            line = self.lines.setdefault(insight.line, LineTotals())
            line.right += insight.direction is Direction.LEFT_TO_RIGHT
            line.left += insight.direction is Direction.RIGHT_TO_LEFT
            return
        zone = self.zones.setdefault(insight.zone, ZoneTotals())
        if isinstance(insight, ZoneEntered):
            zone.enters += 1
        elif isinstance(insight, ZoneExited):
            zone.exits += 1
        elif isinstance(insight, Dwelled):
            zone.visits += 1
            zone.dwell_s += insight.dwell_s
        elif isinstance(insight, Counted):
            self._counted.add(insight.zone)
            zone.now = insight.count
        if insight.zone not in self._counted:
            zone.now = max(0, zone.enters - zone.exits)
        zone.peak = max(zone.peak, zone.now)

    def add_all(self, insights: Iterable[Insight]) -> None:
        """Take several, in order."""
        for insight in insights:
            self.add(insight)
