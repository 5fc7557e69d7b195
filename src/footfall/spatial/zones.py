"""Zone crossing and dwell: one presence machine per rule, one visit per person at a time (RULES 16, 17, 18).

A visit is confirmed when a person is firmly (see `footing`) deeper inside than the threshold, and is over when firmly
farther outside than the threshold, or unseen for longer than `forget_after_s`. In between the state stays, so who
steps out a little and comes back pays one visit. Both ends are dated back to where the border was passed:

- entered: first sight inside of the approach that was confirmed, with the side passed just before, if that was seen;
- exited: first sight outside of the departure that was confirmed; or the last sight of all, side unknown;
- dwell: from the first to the last moment inside. Where the border was passed while nobody saw it in frames that were
  analysed, that moment lies on the straight path between the two sights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, sin

from footfall.core.geometry import Point
from footfall.core.types import TrackObservation
from footfall.spatial.area import Area
from footfall.spatial.footing import Footing
from footfall.spatial.insights import Dwelled, ZoneEntered, ZoneExited
from footfall.spatial.regions import DwellRule, Zone, ZoneCrossingRule


@dataclass(frozen=True, slots=True)
class _Sight:
    t_s: float
    person: TrackObservation
    side: int | None = None
    """Side passed on the way here, if any."""


@dataclass(slots=True)
class _Tally:
    """What is summed up over the frames in which the person is seen inside."""

    frames: int = 0
    speeds: int = 0
    speed_sum: float = 0.0
    slowest: float | None = None
    facing_s: float | None = None

    def add_speed(self, speed: float) -> None:
        self.speeds += 1
        self.speed_sum += speed
        self.slowest = speed if self.slowest is None else min(self.slowest, speed)


@dataclass(slots=True)
class _Presence:
    last: _Sight
    turn: _Sight
    """First sight on this side of the border, since it was last passed."""
    point_w: Point
    is_inside: bool
    """Whether the last sight was inside."""
    is_visiting: bool = False
    """Confirmed by the threshold."""
    first_inside_s: float = 0.0
    last_inside_s: float = 0.0
    tally: _Tally = field(default_factory=_Tally)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A visit was confirmed; it began at `t_s`."""

    t_s: float
    person: TrackObservation
    side: int | None


@dataclass(frozen=True, slots=True)
class Departure:
    """A visit is over; it ended at `t_s`."""

    t_s: float
    person: TrackObservation
    side: int | None
    dwell_s: float
    tally: _Tally


class PresenceMachine:
    """Who is in a zone.

    Args:
        zone: where, in normalised coordinates.
        threshold_w: how deep inside or far outside counts, in image widths.
        aspect: height / width of the picture.
        forget_after_s: who is unseen for longer has left.
    """

    def __init__(self, zone: Zone, threshold_w: float, aspect: float, forget_after_s: float) -> None:
        self._area = Area(zone.polygon_n, aspect, is_open=zone.is_open)
        self._target_side = zone.target_side
        self._threshold_w = threshold_w
        self._forget_after_s = forget_after_s
        self._known: dict[int, _Presence] = {}
        self._previous_s = 0.0

    def step(self, people: Sequence[Footing], t_s: float) -> list[Arrival | Departure]:
        """Advance to stream time `t_s`; visits that were confirmed or ended, in order of the people's arrival."""
        seen = {footing.key: footing for footing in people}
        for key, footing in seen.items():
            if key not in self._known:
                self._known[key] = self._first_sight(footing, t_s)
        changes: list[Arrival | Departure | None] = []
        for key, presence in list(self._known.items()):
            if key in seen:
                self._follow(presence, seen[key], t_s)
                changes.append(self._confirm(presence, seen[key]))
            elif t_s - presence.last.t_s > self._forget_after_s:
                changes.append(self._vanish(key))
        self._previous_s = t_s
        return [change for change in changes if change is not None]

    def flush(self) -> list[Departure]:
        """The stream is over: every visit ends at the last sight of the person."""
        gone = [self._vanish(key) for key in list(self._known)]
        return [departure for departure in gone if departure is not None]

    def _first_sight(self, footing: Footing, t_s: float) -> _Presence:
        inside = self._area.contains(footing.point_w)
        sight = _Sight(t_s, footing.person)
        return _Presence(sight, sight, footing.point_w, inside, first_inside_s=t_s, last_inside_s=t_s)

    def _follow(self, presence: _Presence, footing: Footing, t_s: float) -> None:
        """Take in one more sight, before it is judged."""
        inside = self._area.contains(footing.point_w)
        before, was_inside = presence.last, presence.is_inside
        presence.last = _Sight(t_s, footing.person)
        if inside != was_inside:
            share, side = self._area.crossing(presence.point_w, footing.point_w)
            was_missed = before.t_s < self._previous_s
            passed_s = before.t_s + share * (t_s - before.t_s)
            presence.turn = _Sight(t_s, footing.person, side)
            if inside and not presence.is_visiting:
                presence.first_inside_s = passed_s if was_missed else t_s
                presence.tally = _Tally()
            elif not inside and was_missed:
                presence.last_inside_s = passed_s
        presence.is_inside, presence.point_w = inside, footing.point_w
        if inside:
            presence.last_inside_s = t_s
            self._sum_up(presence.tally, footing, t_s - before.t_s if was_inside else 0.0)

    def _sum_up(self, tally: _Tally, footing: Footing, since_s: float) -> None:
        tally.frames += 1
        if footing.person.speed_m_s is not None:
            tally.add_speed(footing.person.speed_m_s)
        angle = footing.person.image_orientation_rad
        if self._target_side is not None and angle is not None:
            faces = self._area.faces(footing.point_w, (sin(angle), -cos(angle)), self._target_side)
            tally.facing_s = (tally.facing_s or 0.0) + (since_s if faces else 0.0)

    def _confirm(self, presence: _Presence, footing: Footing) -> Arrival | Departure | None:
        if presence.is_inside == presence.is_visiting:
            return None
        inward = 1.0 if presence.is_inside else -1.0
        if self._area.border_distance(footing.point_w) <= self._threshold_w:
            return None
        if not footing.is_firm(lambda point: inward * self._area.depth(point), self._threshold_w):
            return None
        presence.is_visiting = presence.is_inside
        turn = presence.turn
        if presence.is_inside:
            return Arrival(turn.t_s, turn.person, turn.side)
        return self._departure(presence, turn)

    def _vanish(self, key: int) -> Departure | None:
        presence = self._known.pop(key)
        return self._departure(presence, presence.last) if presence.is_visiting else None

    def _departure(self, presence: _Presence, end: _Sight) -> Departure:
        dwell_s = presence.last_inside_s - presence.first_inside_s
        return Departure(end.t_s, end.person, end.side, dwell_s, presence.tally)


class ZoneCrossing:
    """Tells enters and exits of one zone; an `output_frequency` is tolerated, everything is told."""

    def __init__(self, zone: Zone, rule: ZoneCrossingRule, aspect: float, forget_after_s: float) -> None:
        self.focus = rule.focus
        self._zone = zone.name
        self._rule = rule
        self._machine = PresenceMachine(zone, rule.threshold_w, aspect, forget_after_s)

    def step(self, people: Sequence[Footing], t_s: float, frame: int) -> list[ZoneEntered | ZoneExited]:
        """Advance to stream time `t_s` (seconds)."""
        return self._told(self._machine.step(people, t_s))

    def flush(self) -> list[ZoneEntered | ZoneExited]:
        """The stream is over."""
        return self._told(self._machine.flush())

    def _told(self, changes: Sequence[Arrival | Departure]) -> list[ZoneEntered | ZoneExited]:
        told: list[ZoneEntered | ZoneExited] = []
        for change in changes:
            if isinstance(change, Arrival) and self._rule.enter:
                told.append(ZoneEntered(self._zone, change.t_s, change.person, change.side))
            elif isinstance(change, Departure) and self._rule.exit:
                told.append(ZoneExited(self._zone, change.t_s, change.person, change.side))
        return told


class Dwell:
    """Tells how long each visit to one zone was; an `output_frequency` is tolerated, everything is told."""

    def __init__(self, zone: Zone, rule: DwellRule, aspect: float, forget_after_s: float) -> None:
        self.focus = rule.focus
        self._zone = zone.name
        self._machine = PresenceMachine(zone, rule.threshold_w, aspect, forget_after_s)

    def step(self, people: Sequence[Footing], t_s: float, frame: int) -> list[Dwelled]:
        """Advance to stream time `t_s` (seconds)."""
        return self._told(self._machine.step(people, t_s))

    def flush(self) -> list[Dwelled]:
        """The stream is over."""
        return self._told(self._machine.flush())

    def _told(self, changes: Sequence[Arrival | Departure]) -> list[Dwelled]:
        return [_dwelled(self._zone, change) for change in changes if isinstance(change, Departure)]


def _dwelled(zone: str, visit: Departure) -> Dwelled:
    tally = visit.tally
    return Dwelled(
        zone,
        visit.t_s,
        visit.person,
        visit.side,
        dwell_s=visit.dwell_s,
        dwell_frames=tally.frames,
        target_side_s=tally.facing_s,
        average_speed_m_s=tally.speed_sum / tally.speeds if tally.speeds else None,
        minimum_speed_m_s=tally.slowest,
    )
