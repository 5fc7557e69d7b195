"""What happened when: crossings, entries, exits, people and occupancy, period by period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor

from footfall.spatial.insights import Dwelled, Insight, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.totals import LineTotals, Totals


@dataclass(slots=True)
class ZonePeriod:
    """One zone in one period."""

    enters: int = 0
    exits: int = 0
    visits: int = 0
    """Visits that ended in it."""
    dwell_s: float = 0.0
    """Length of those visits together."""
    peak: int = 0
    """Most people at once."""
    person_s: float = 0.0
    """Person-seconds in the zone."""


@dataclass(slots=True)
class Period:
    """One stretch of time."""

    observed_s: float = 0.0
    """How much of it was recorded."""
    people: int = 0
    """People first seen in it."""
    person_s: float = 0.0
    """Person-seconds in view."""
    peak: int = 0
    """Most people in view at once."""
    lines: dict[str, LineTotals] = field(default_factory=dict)
    zones: dict[str, ZonePeriod] = field(default_factory=dict)


class Diary:
    """Books for periods of `period_s` seconds, the first of which begins at 0; grows by one entry a period.

    Args:
        spec: what is watched.
        period_s: length of a period.
        gap_s: frames farther apart than this have nothing recorded in between.
    """

    def __init__(self, spec: SpatialSpec, *, period_s: float, gap_s: float) -> None:
        self.periods: dict[int, Period] = {}
        self.totals = Totals.of(spec)
        self._spec = spec
        self._period_s = period_s
        self._gap_s = gap_s
        self._last_s: float | None = None

    def step(self, t_s: float, *, newcomers: int, people: int, inside: Mapping[str, int]) -> None:
        """One frame at `t_s`: how many are new, how many are in view, and how many in each zone."""
        period = self._period(t_s)
        since_s = 0.0 if self._last_s is None else t_s - self._last_s
        self._last_s = t_s
        period.people += newcomers
        period.peak = max(period.peak, people)
        if since_s > self._gap_s:
            return
        period.observed_s += since_s
        period.person_s += since_s * people
        for zone, count in inside.items():
            period.zones[zone].person_s += since_s * count

    def add(self, insights: Sequence[Insight], offset_s: float) -> None:
        """What happened, in order; `offset_s` leads from its times to ours."""
        for insight in insights:
            period = self._period(insight.t_s + offset_s)
            self.totals.add(insight)
            if isinstance(insight, LineCrossed):
                _cross(period.lines[insight.line], insight)
                continue
            zone = period.zones[insight.zone]
            zone.enters += isinstance(insight, ZoneEntered)
            zone.exits += isinstance(insight, ZoneExited)
            zone.peak = max(zone.peak, self.totals.zones[insight.zone].now)
            if isinstance(insight, Dwelled):
                zone.visits += 1
                zone.dwell_s += insight.dwell_s

    def interrupt(self) -> None:
        """The recording is over; another may follow."""
        self._last_s = None

    def _period(self, t_s: float) -> Period:
        number = floor(t_s / self._period_s)
        if number not in self.periods:
            lines = {line.name: LineTotals() for line in self._spec.lines}
            zones = {zone.name: ZonePeriod(peak=self.totals.zones[zone.name].now) for zone in self._spec.zones}
            self.periods[number] = Period(lines=lines, zones=zones)
        return self.periods[number]


def _cross(line: LineTotals, crossed: LineCrossed) -> None:
    passed = Totals()
    passed.add(crossed)
    line.right += passed.lines[crossed.line].right
    line.left += passed.lines[crossed.line].left
