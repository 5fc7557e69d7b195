"""Zone crossing and dwell: one presence machine per rule, one visit per person at a time (RULES 16, 17, 18).

A visit is confirmed when a person is firmly (see `footing`) deeper inside than the threshold, and is over when firmly
farther outside than the threshold, or unseen for longer than `forget_after_s`. In between the state stays, so who
steps out a little and comes back pays one visit. Both ends are dated back to where the border was passed:

- entered: where the straight path between two sights met the border in the approach that was confirmed, with the side
  passed; or the first sight of all inside, side unknown. The event bears the first sight inside;
- exited: the same on the way out, with the first sight outside; or the last sight of all, side unknown;
- dwell: from the first to the last sight inside (RULE 17). Where the border was passed while nobody saw it in frames
  that were analysed, the moment on the straight path stands for it.

Who vanishes unconfirmed, after two sights deep enough, has visited, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, sin

from footfall.core.types import TrackObservation
from footfall.spatial.area import Area
from footfall.spatial.crowd import Crowd
from footfall.spatial.footing import Footing, Rest
from footfall.spatial.insights import Dwelled, ZoneEntered, ZoneExited
from footfall.spatial.regions import DwellRule, Zone, ZoneCrossingRule
from footfall.spatial.visits import OpenVisit

ENOUGH_AT_THE_END = 2
"""So many sights in a row a threshold deep make a visit of somebody who is seen no more."""


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
    """Somebody who is in the zone, or was not yet confirmed to have left it."""

    footing: Footing
    is_inside: bool
    """Whether the last sight was inside."""
    turn_s: float
    """When the border was last passed..."""
    turn: TrackObservation
    """...and the first sight on this side of it since..."""
    side: int | None
    """...and the side passed, if anybody saw it."""
    is_visiting: bool = False
    """Confirmed by the threshold."""
    row: int = 0
    """How many times in a row the person was last seen a threshold deep, while not confirmed there."""
    first_inside_s: float = 0.0
    last_inside_s: float = 0.0
    tally: _Tally = field(default_factory=_Tally)
    rest: Rest | None = None
    """While the person stays in here, too near to the border to be confirmed anywhere, nothing changes."""


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
    """Who is in a zone. Who is outside for good needs no memory, who is inside for good is not looked at.

    Args:
        region: the zone's number in the crowd.
        zone: where, in normalised coordinates.
        threshold_w: how deep inside or far outside counts, in image widths.
        aspect: height / width of the picture.
        tallies: whether to sum up what is seen during visits.
    """

    def __init__(self, region: int, zone: Zone, threshold_w: float, aspect: float, *, tallies: bool = False) -> None:
        self._region = region
        self._area = Area(zone.polygon_n, aspect, is_open=zone.is_open)
        self._target_side = zone.target_side
        self._threshold_w = threshold_w
        self._tallies = tallies
        self._known: dict[int, _Presence] = {}
        self._unsettled: set[int] = set()
        """Keys of those whose last confirmation is not where they are seen."""

    def step(self, people: Crowd, t_s: float) -> list[Arrival | Departure]:
        """Advance to stream time `t_s`; visits that were confirmed or ended, in order of the people's arrival."""
        for footing in people.turned[self._region]:
            self._turn(footing, people)
        changes: list[tuple[int, Arrival | Departure]] = []
        for key in list(self._unsettled):
            presence = self._known[key]
            footing, rest = presence.footing, presence.rest
            if footing.t_s != t_s or (rest and not presence.row and rest.holds(footing.point_w)):
                continue
            if (change := self._confirm(presence)) is not None:
                changes.append((key, change))
        if self._tallies:
            self._sum_up(t_s)
        for footing in people.gone:
            changes += [(footing.key, change) for change in self._vanish(footing.key)]
        changes.sort(key=lambda change: change[0])
        return [change for _, change in changes]

    def flush(self) -> list[Arrival | Departure]:
        """The stream is over: every visit ends at the last sight of the person."""
        return [change for key in sorted(self._known) for change in self._vanish(key)]

    def open_visits(self) -> dict[int, OpenVisit]:
        """Key -> visit that is not over, or not yet confirmed."""
        return {key: _open(presence) for key, presence in self._known.items()}

    def resume(self, people: Iterable[Footing], visits: Mapping[int, OpenVisit]) -> None:
        """Go on from what another machine knew; these are those who were seen lately."""
        for footing in people:
            presence = _Presence(footing, self._area.contains(footing.point_w), footing.t_s, footing.person, None)
            presence.first_inside_s = footing.t_s
            if (visit := visits.get(footing.key)) is not None:
                presence.is_visiting, presence.row = visit.is_confirmed, visit.row
                presence.turn_s, presence.side = visit.turn_s, visit.side
                presence.first_inside_s, presence.last_inside_s = visit.first_inside_s, visit.last_inside_s
                presence.tally = _Tally(visit.frames, visit.speeds, visit.speed_sum, visit.slowest, visit.facing_s)
            self._known[footing.key] = presence
            self._settle(presence)

    def _turn(self, footing: Footing, people: Crowd) -> None:
        """Somebody turned up, or passed the border."""
        presence = self._known.get(footing.key)
        if footing.is_new:
            if self._area.contains(footing.point_w):
                self._known[footing.key] = _Presence(footing, True, footing.t_s, footing.person, None)
                self._known[footing.key].first_inside_s = footing.t_s
                self._unsettled.add(footing.key)
            return
        if presence is None:
            presence = self._known[footing.key] = _Presence(footing, False, footing.t_s, footing.person, None)
        share, presence.side = self._area.crossing(footing.before_w, footing.point_w)
        passed_s = footing.before_s + share * (footing.t_s - footing.before_s)
        was_missed = footing.before_s < people.previous_s
        presence.is_inside = not presence.is_inside
        presence.turn_s, presence.turn, presence.row = passed_s, footing.person, 0
        if presence.is_inside and not presence.is_visiting:
            presence.first_inside_s = passed_s if was_missed else footing.t_s
        elif not presence.is_inside:
            presence.last_inside_s = passed_s if was_missed else footing.before_s
        self._settle(presence)

    def _settle(self, presence: _Presence) -> None:
        key = presence.footing.key
        if presence.is_inside != presence.is_visiting:
            self._unsettled.add(key)
            return
        self._unsettled.discard(key)
        if not presence.is_inside:
            del self._known[key]

    def _sum_up(self, t_s: float) -> None:
        for presence in self._known.values():
            if presence.is_inside and presence.footing.t_s == t_s:
                self._add(presence)

    def _add(self, presence: _Presence) -> None:
        footing, tally = presence.footing, presence.tally
        tally.frames += 1
        if footing.person.speed_m_s is not None:
            tally.add_speed(footing.person.speed_m_s)
        angle = footing.person.image_orientation_rad
        if self._target_side is not None and angle is not None:
            is_first = presence.turn is footing.person
            since_s = 0.0 if is_first else footing.t_s - footing.before_s
            faces = self._area.faces(footing.point_w, (sin(angle), -cos(angle)), self._target_side)
            tally.facing_s = (tally.facing_s or 0.0) + (since_s if faces else 0.0)

    def _confirm(self, presence: _Presence) -> Arrival | Departure | None:
        footing = presence.footing
        distance = self._area.border_distance(footing.point_w)
        if distance <= self._threshold_w:
            presence.row = 0
            presence.rest = Rest(footing.point_w, self._threshold_w - distance)
            return None
        presence.row += 1
        inward = 1.0 if presence.is_inside else -1.0
        if not footing.is_firm(distance, self._threshold_w, lambda point: inward * self._area.depth(point)):
            return None
        presence.is_visiting = presence.is_inside
        self._settle(presence)
        if presence.is_inside:
            return Arrival(presence.turn_s, presence.turn, presence.side)
        return self._departure(presence)

    def _vanish(self, key: int) -> list[Arrival | Departure]:
        """Nothing more will be seen of somebody: the visit, if it was one, is over."""
        presence = self._known.pop(key, None)
        self._unsettled.discard(key)
        if presence is None:
            return []
        changes: list[Arrival | Departure] = []
        if presence.is_inside and not presence.is_visiting and presence.row >= ENOUGH_AT_THE_END:
            changes.append(Arrival(presence.turn_s, presence.turn, presence.side))
            presence.is_visiting = True
        if presence.is_inside:
            presence.last_inside_s = presence.footing.t_s
        if presence.is_visiting:
            presence.turn_s, presence.turn, presence.side = presence.footing.t_s, presence.footing.person, None
            changes.append(self._departure(presence))
        return changes

    def _departure(self, presence: _Presence) -> Departure:
        dwell_s = presence.last_inside_s - presence.first_inside_s
        return Departure(presence.turn_s, presence.turn, presence.side, dwell_s, presence.tally)


class ZoneCrossing:
    """Tells enters and exits of one zone; an `output_frequency` is tolerated, everything is told."""

    def __init__(self, region: int, zone: Zone, rule: ZoneCrossingRule, aspect: float) -> None:
        self._zone = zone.name
        self._rule = rule
        self._machine = PresenceMachine(region, zone, rule.threshold_w, aspect)

    def step(self, people: Crowd, t_s: float, frame: int) -> list[ZoneEntered | ZoneExited]:
        """Advance to stream time `t_s` (seconds)."""
        return self._told(self._machine.step(people, t_s))

    def flush(self) -> list[ZoneEntered | ZoneExited]:
        """The stream is over."""
        return self._told(self._machine.flush())

    def open_visits(self) -> dict[int, OpenVisit]:
        """Key -> visit that is not over."""
        return self._machine.open_visits()

    def resume(self, people: Iterable[Footing], visits: Mapping[int, OpenVisit]) -> None:
        """Go on from what another machine knew."""
        self._machine.resume(people, visits)

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

    def __init__(self, region: int, zone: Zone, rule: DwellRule, aspect: float) -> None:
        self._zone = zone.name
        self._machine = PresenceMachine(region, zone, rule.threshold_w, aspect, tallies=True)

    def step(self, people: Crowd, t_s: float, frame: int) -> list[Dwelled]:
        """Advance to stream time `t_s` (seconds)."""
        return self._told(self._machine.step(people, t_s))

    def flush(self) -> list[Dwelled]:
        """The stream is over."""
        return self._told(self._machine.flush())

    def open_visits(self) -> dict[int, OpenVisit]:
        """Key -> visit that is not over."""
        return self._machine.open_visits()

    def resume(self, people: Iterable[Footing], visits: Mapping[int, OpenVisit]) -> None:
        """Go on from what another machine knew."""
        self._machine.resume(people, visits)

    def _told(self, changes: Sequence[Arrival | Departure]) -> list[Dwelled]:
        return [_dwelled(self._zone, change) for change in changes if isinstance(change, Departure)]


def _open(presence: _Presence) -> OpenVisit:
    tally = presence.tally
    return OpenVisit(
        presence.first_inside_s,
        presence.footing.t_s if presence.is_inside else presence.last_inside_s,
        presence.is_visiting,
        presence.row,
        presence.turn_s,
        presence.side,
        tally.frames,
        tally.speeds,
        tally.speed_sum,
        tally.slowest,
        tally.facing_s,
    )


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
