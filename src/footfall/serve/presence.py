"""How many people are in view and in each zone: now, and minute by minute. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from footfall.core.geometry import to_widths
from footfall.core.types import Observed
from footfall.spatial.area import Area
from footfall.spatial.insights import Counted, Insight
from footfall.spatial.interval import Interval
from footfall.spatial.regions import CountRule, SpatialSpec
from footfall.store.records import PresenceRecord

IN_VIEW = ""
LONGEST_S = 5.0
"""A frame stands for the time since the one before, but for no longer than this."""


@dataclass(slots=True)
class _Minute:
    people_s: float = 0.0
    seconds: float = 0.0
    peak: int = 0
    last: Interval = field(default_factory=lambda: Interval(0, 0))


class Presence:
    """Of one camera.

    Args:
        camera: its name.
    """

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._spec = SpatialSpec()
        self._areas: dict[str, Area] = {}
        self._aspect = 0.0
        self._told: dict[str, Interval] = {}
        self._utc: datetime | None = None
        self._minute: datetime | None = None
        self._minutes: dict[str, _Minute] = {}
        self.now: dict[str, int] = {}
        """Zone, or empty for all in view -> people."""

    def follow(self, spec: SpatialSpec) -> None:
        """Watch these zones from now on."""
        self._spec, self._aspect = spec, 0.0

    def step(self, observed: Observed, insights: Iterable[Insight]) -> list[PresenceRecord]:
        """Take in one frame; minutes that are over with it."""
        counted = {insight.zone: insight for insight in insights if isinstance(insight, Counted)}
        self._told |= {zone: insight.interval or _exactly(insight.count) for zone, insight in counted.items()}
        now = self._people(observed) | {zone: insight.count for zone, insight in counted.items()}
        records = self._turn(observed.utc)
        passed_s = (observed.utc - self._utc).total_seconds() if self._utc else 0.0
        self._utc = observed.utc
        self._add(now, min(max(passed_s, 0.0), LONGEST_S))
        return records

    def end(self) -> list[PresenceRecord]:
        """The minute so far: nothing more is to come."""
        records = self._records()
        self._minutes, self._minute, self._utc, self.now, self._told = {}, None, None, {}, {}
        return records

    def _people(self, observed: Observed) -> dict[str, int]:
        """In view and in each zone; where a rule counts, what it has told last."""
        width, height = observed.size_px
        aspect = height / width
        if aspect != self._aspect:
            self._aspect = aspect
            self._areas = {z.name: Area(z.polygon_n, aspect, is_open=z.is_open) for z in self._spec.zones}
        feet_w = [to_widths(person.footprint_n, aspect) for person in observed.people]
        inside = {zone: sum(area.contains(foot_w) for foot_w in feet_w) for zone, area in self._areas.items()}
        counts = {z.name for z in self._spec.zones if any(isinstance(rule, CountRule) for rule in z.rules)}
        kept = {zone: self.now.get(zone, 0) for zone in counts}
        return inside | kept | {IN_VIEW: len(observed.people)}

    def _turn(self, utc: datetime) -> list[PresenceRecord]:
        minute = utc.replace(second=0, microsecond=0)
        if minute == self._minute:
            return []
        records = self._records()
        self._minute, self._minutes = minute, {}
        return records

    def _add(self, now: Mapping[str, int], passed_s: float) -> None:
        """The frame before has held until now."""
        for region, people in now.items():
            minute = self._minutes.setdefault(region, _Minute())
            before = self.now.get(region, people)
            minute.people_s += before * passed_s
            minute.seconds += passed_s
            minute.peak = max(minute.peak, people)
            minute.last = self._told.get(region, _exactly(people))
        self.now = dict(now)

    def _records(self) -> list[PresenceRecord]:
        if self._minute is None:
            return []
        return [
            PresenceRecord(
                self._camera,
                region,
                self._minute,
                minute.people_s / minute.seconds if minute.seconds else float(minute.peak),
                minute.peak,
                *minute.last,
            )
            for region, minute in self._minutes.items()
        ]


def _exactly(people: int) -> Interval:
    return Interval(people, people)
