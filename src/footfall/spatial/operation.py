"""One camera's rules at work: track observations in, insights out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Protocol

from footfall.core.types import TrackObservation
from footfall.spatial.count import ZoneCount
from footfall.spatial.crowd import Crowd, View
from footfall.spatial.distance import ZoneDistance
from footfall.spatial.identity import Identity
from footfall.spatial.insights import Insight
from footfall.spatial.lines import LineCrossing
from footfall.spatial.regions import (
    CountRule,
    DistanceRule,
    DwellRule,
    Focus,
    Line,
    LineCrossingRule,
    SpatialSpec,
    Zone,
    ZoneRule,
)
from footfall.spatial.visits import RECENT_S, STEP_S, Known, OpenVisit, OpenWalk
from footfall.spatial.zones import Dwell, ZoneCrossing


class Machine(Protocol):
    """One rule on one region."""

    def step(self, people: Crowd, t_s: float, frame: int) -> Sequence[Insight]:
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
        foci = {rule.focus for zone in spec.zones for rule in zone.rules}
        foci |= {rule.focus for line in spec.lines for rule in line.rules}
        seen_by = {focus: number for number, focus in enumerate(focus for focus in Focus if focus in foci)}
        self._views = [View(spec, focus, aspect) for focus in seen_by]
        self._named: list[tuple[str, int, Machine]] = [
            *(
                (_name(zone, rule, place), seen_by[rule.focus], _zone_machine(number, zone, rule, aspect))
                for number, zone in enumerate(spec.zones)
                for place, rule in enumerate(zone.rules)
            ),
            *(
                (_name(line, rule, place), seen_by[rule.focus], LineCrossing(number, line, rule, aspect))
                for number, line in enumerate(spec.lines, len(spec.zones))
                for place, rule in enumerate(line.rules)
            ),
        ]
        self._machines = [(view, machine) for _, view, machine in self._named]

    def step(self, people: Sequence[TrackObservation], t_s: float, frame: int) -> list[Insight]:
        """Everybody seen in frame number `frame` at stream time `t_s` (seconds) -> what became certain with it.

        Frames in which nobody is seen matter too: time passes. Observations without a confirmed track id are ignored;
        of several with the same id the most certain is taken.
        """
        traces = self._identity.step(people, t_s)
        crowds = [view.step(traces, self._identity.gone, t_s) for view in self._views]
        insights: list[Insight] = []
        for view, machine in self._machines:
            insights += machine.step(crowds[view], t_s, frame)
        return insights

    def known(self) -> list[Known]:
        """Everybody who may still be there, and what is open about them: all that another operation needs to go on."""
        visits: dict[int, dict[str, OpenVisit]] = {}
        walks: dict[int, dict[str, OpenWalk]] = {}
        for name, _, machine in self._named:
            if isinstance(machine, ZoneCrossing | Dwell):
                for key, visit in machine.open_visits().items():
                    visits.setdefault(key, {})[name] = visit
            elif isinstance(machine, LineCrossing):
                for key, walk in machine.open_walks().items():
                    walks.setdefault(key, {})[name] = walk
        return [
            Known(trace.recent(RECENT_S, STEP_S), visits.get(trace.key, {}), walks.get(trace.key, {}))
            for trace in self._identity.known()
        ]

    def resume(self, people: Sequence[Known], until_s: float) -> None:
        """Go on from what another operation knew; for one that has not seen a frame yet.

        Regions that are the same go on; about others everybody is new.

        Args:
            people: their sights in this stream's time.
            until_s: so long they are waited for, wherever they turn up and whatever their track is called by then.
        """
        sights: dict[float, list[TrackObservation]] = {}
        for person in people:
            for sight in person.sights:
                sights.setdefault(sight.t_s, []).append(sight)
        for t_s, seen in sorted(sights.items()):
            traces = self._identity.step(seen, t_s)
            for view in self._views:
                view.step(traces, self._identity.gone, t_s)
        keys = self._identity.wait_for((person.sights[-1].track_id for person in people), until_s)
        known = [(keys[person.sights[-1].track_id], person) for person in people if person.sights[-1].track_id in keys]
        for name, seen_by, machine in self._named:
            there = self._views[seen_by].known()
            if isinstance(machine, ZoneCrossing | Dwell):
                machine.resume(there, {key: p.visits[name] for key, p in known if name in p.visits})
            elif isinstance(machine, LineCrossing):
                machine.resume(there, {key: p.walks[name] for key, p in known if name in p.walks})

    def flush(self) -> list[Insight]:
        """The stream is over: open visits end at the last sight, pending figures are settled."""
        return list(chain.from_iterable(machine.flush() for _, machine in self._machines))


def _name(region: Zone | Line, rule: ZoneRule | LineCrossingRule, place: int) -> str:
    """What a machine is called over restarts; a line that was moved is another one, a zone is not."""
    where = f"{region.start_n}-{region.end_n}" if isinstance(region, Line) else ""
    return f"{region.name}/{type(rule).__name__}/{place}/{where}"


def _zone_machine(number: int, zone: Zone, rule: ZoneRule, aspect: float) -> Machine:
    if isinstance(rule, CountRule):
        return ZoneCount(number, zone, rule, aspect)
    if isinstance(rule, DistanceRule):
        return ZoneDistance(zone, rule, aspect)
    if isinstance(rule, DwellRule):
        return Dwell(number, zone, rule, aspect)
    return ZoneCrossing(number, zone, rule, aspect)
