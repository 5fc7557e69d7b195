"""One camera's rules at work: track observations in, insights out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Protocol

from footfall.core.types import TrackObservation
from footfall.spatial.count import ZoneCount
from footfall.spatial.distance import ZoneDistance
from footfall.spatial.footing import Footing, Footings
from footfall.spatial.identity import Identity
from footfall.spatial.insights import Insight
from footfall.spatial.lines import LineCrossing
from footfall.spatial.regions import CountRule, DistanceRule, DwellRule, Focus, SpatialSpec, Zone, ZoneRule
from footfall.spatial.zones import Dwell, ZoneCrossing


class Machine(Protocol):
    """One rule on one region."""

    focus: Focus

    def step(self, people: Sequence[Footing], t_s: float, frame: int) -> Sequence[Insight]:
        """Advance to stream time `t_s`."""
        ...

    def flush(self) -> Sequence[Insight]:
        """The stream is over."""
        ...


class Operation:
    """All zones and lines of one camera.

    Insights come region by region (zones, then lines), within a region rule by rule, both as configured, within a rule
    by the people's order of arrival. Memory is bounded by the people of the last `forget_after_s` seconds.

    Args:
        spec: what to watch.
        aspect: height / width of the picture.

    Raises:
        ValueError: `aspect` is not positive.
    """

    def __init__(self, spec: SpatialSpec, aspect: float) -> None:
        if not aspect > 0.0:
            raise ValueError(f"aspect must be height / width of the picture, got {aspect}")
        self._identity = Identity(spec.forget_after_s, aspect)
        self._machines: list[Machine] = [
            *(_zone_machine(zone, rule, aspect, spec.forget_after_s) for zone in spec.zones for rule in zone.rules),
            *(LineCrossing(line, rule, aspect, spec.forget_after_s) for line in spec.lines for rule in line.rules),
        ]
        foci = {machine.focus for machine in self._machines}
        self._footings = {focus: Footings(focus, aspect, spec.forget_after_s) for focus in foci}

    def step(self, people: Sequence[TrackObservation], t_s: float, frame: int) -> list[Insight]:
        """Everybody seen in frame number `frame` at stream time `t_s` (seconds) -> what became certain with it.

        Frames in which nobody is seen matter too: time passes. Observations without a confirmed track id are ignored;
        of several with the same id the most certain is taken.
        """
        sightings = self._identity.step(people, t_s)
        seen = {focus: footings.step(sightings, t_s) for focus, footings in self._footings.items()}
        return list(chain.from_iterable(m.step(seen[m.focus], t_s, frame) for m in self._machines))

    def flush(self) -> list[Insight]:
        """The stream is over: open visits end at the last sight, pending figures are settled."""
        return list(chain.from_iterable(machine.flush() for machine in self._machines))


def _zone_machine(zone: Zone, rule: ZoneRule, aspect: float, forget_after_s: float) -> Machine:
    if isinstance(rule, CountRule):
        return ZoneCount(zone, rule, aspect)
    if isinstance(rule, DistanceRule):
        return ZoneDistance(zone, rule, aspect)
    if isinstance(rule, DwellRule):
        return Dwell(zone, rule, aspect, forget_after_s)
    return ZoneCrossing(zone, rule, aspect, forget_after_s)
