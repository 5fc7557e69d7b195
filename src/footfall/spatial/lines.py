"""Line crossing: who passes a directed line, and which way (RULE 15, RULE 24).

A person is confirmed on a side when firmly (see `footing`) at least the threshold away from the segment. A crossing is
told when a person confirmed on one side becomes confirmed on the other, provided that the path walked in between went
through the segment: along the real path of foot points, passages to the far side less passages back make one. The
straight chord between the two confirmations does not decide, because a person may walk round the end of the line.
Stepping to and fro on the line therefore gives one event or none; who turns back, or vanishes before the confirmation,
gives none. Confirmed is who is firmly there, or was seen there twice in a row before walking out of the picture. The
event bears the time at which the straight path between two sights met the line at its last passage, and the
observation of the first sight beyond it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import atan2, cos, dist, pi, sin

from footfall.core.geometry import Point, distance_to_segment, side_of_line, to_widths
from footfall.core.types import TrackObservation
from footfall.spatial.crowd import Crowd
from footfall.spatial.footing import Footing, Rest
from footfall.spatial.insights import Direction, Facing, LineCrossed
from footfall.spatial.regions import Line, LineCrossingRule
from footfall.spatial.visits import OpenWalk

ENOUGH_AT_THE_END = 2
"""So many sights in a row a threshold away from the line count where a person is seen no more."""


@dataclass(slots=True)
class _Walk:
    """One person from the last confirmation to the next."""

    footing: Footing
    side: int = 0
    """Confirmed side: 1 right, -1 left, 0 not yet."""
    balance: int = 0
    """Passages through the segment since then: to the right less to the left."""
    row: int = 0
    """How many times in a row the person was last seen a threshold away on the other side."""
    passage: tuple[float, TrackObservation] | None = None
    """When the person last passed away from the confirmed side, and how it was first seen then."""
    rest: Rest | None = None
    """While the person stays in here nothing changes."""


class LineCrossing:
    """The line-crossing machine of one line.

    Who is on the side where it was confirmed needs no memory; walks are kept only of those who are not.

    Args:
        region: the line's number in the crowd.
        line: where, in normalised coordinates.
        rule: how; an `output_frequency` is tolerated, every crossing is told.
        aspect: height / width of the picture.
    """

    def __init__(self, region: int, line: Line, rule: LineCrossingRule, aspect: float) -> None:
        self._region = region
        self._name = line.name
        self._start = to_widths(line.start_n, aspect)
        self._end = to_widths(line.end_n, aspect)
        self._length = dist(self._start, self._end)
        self._threshold_w = rule.threshold_w
        self._walks: dict[int, _Walk] = {}

    def step(self, people: Crowd, t_s: float, frame: int) -> list[LineCrossed]:
        """Advance to stream time `t_s` (seconds); crossings that became certain in this frame."""
        for footing in people.turned[self._region]:
            if footing.key not in self._walks:
                self._walks[footing.key] = _Walk(footing, 0 if footing.is_new else self._side(footing.before_w))
        crossings = []
        for key in sorted(self._walks):
            walk = self._walks[key]
            if walk.footing.t_s == t_s and not (walk.rest and walk.rest.holds(walk.footing.point_w)):
                crossings += self._advance(walk)
        for footing in people.gone:
            if (walk_of_gone := self._walks.pop(footing.key, None)) is not None:
                crossings += self._last_words(walk_of_gone)
        return crossings

    def flush(self) -> list[LineCrossed]:
        """The stream is over: nothing more will be seen of anybody."""
        crossings = [crossed for walk in self._walks.values() for crossed in self._last_words(walk)]
        self._walks.clear()
        return crossings

    def open_walks(self) -> dict[int, OpenWalk]:
        """Key -> walk that is not settled."""
        return {
            key: OpenWalk(walk.side, walk.balance, walk.row, walk.passage[0] if walk.passage else None)
            for key, walk in self._walks.items()
        }

    def resume(self, people: Iterable[Footing], walks: Mapping[int, OpenWalk]) -> None:
        """Go on from what another machine knew; these are those who were seen lately."""
        for footing in people:
            if (walk := walks.get(footing.key)) is not None:
                passage = None if walk.passage_s is None else (walk.passage_s, footing.person)
                self._walks[footing.key] = _Walk(footing, walk.side, walk.balance, walk.row, passage)

    def _last_words(self, walk: _Walk) -> list[LineCrossed]:
        """The crossing of somebody confirmed who vanished beyond the line, if seen there often enough."""
        return self._told(walk, -walk.side) if walk.side and walk.row >= ENOUGH_AT_THE_END else []

    def _advance(self, walk: _Walk) -> list[LineCrossed]:
        """Take in one more sight; forget the walk when the person is back, or confirmed on the other side."""
        footing = walk.footing
        self._follow(walk)
        value = side_of_line(self._start, self._end, footing.point_w)
        side = (value > 0.0) - (value < 0.0)
        crossed: list[LineCrossed] = []
        distance = self._distance(footing.point_w, value)
        if side == 0 or distance < self._threshold_w:
            walk.row = 0
            is_settled = side == walk.side != 0 and walk.balance == 0
            walk.rest = self._rest(footing.point_w, distance, value)
        else:
            walk.row += 1
            walk.rest = None
            is_settled = walk.side == side or self._is_firm(walk, side, distance)
            if is_settled and walk.side == -side:
                crossed = self._told(walk, side)
        if is_settled:
            del self._walks[footing.key]
        return crossed

    def _rest(self, point: Point, distance: float, value: float) -> Rest | None:
        """As long as somebody too near to the line keeps to one side of it and to less than the threshold."""
        if value == 0.0:
            return None
        return Rest(point, min(self._threshold_w - distance, abs(value) / self._length))

    def _is_firm(self, walk: _Walk, side: int, distance: float) -> bool:
        """Whether the person has come to a side for good; less is asked of the side where somebody turns up."""

        def depth_w(point_w: Point) -> float:
            return self._depth(point_w, side)

        if walk.side == 0 and walk.footing.is_likely(self._threshold_w, depth_w):
            return True
        return walk.footing.is_firm(distance, self._threshold_w, depth_w)

    def _follow(self, walk: _Walk) -> None:
        """Add the last piece of the path to the balance; a passage happens where the piece meets the line."""
        footing = walk.footing
        before = side_of_line(self._start, self._end, footing.before_w)
        after = side_of_line(self._start, self._end, footing.point_w)
        if (before > 0.0) == (after > 0.0):
            return
        share = before / (before - after)
        if self._hits_segment(footing.before_w, footing.point_w, share):
            step = 1 if after > 0.0 else -1
            walk.balance += step
            if step != walk.side:
                walk.passage = footing.before_s + share * (footing.t_s - footing.before_s), footing.person

    def _side(self, point_w: Point) -> int:
        return 1 if side_of_line(self._start, self._end, point_w) > 0.0 else -1

    def _hits_segment(self, a: Point, b: Point, share: float) -> bool:
        """Whether a path that changes sides at this share of its length does so between the line's ends, inclusive."""
        (sx, sy), (ex, ey) = self._start, self._end
        x, y = a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
        along = (x - sx) * (ex - sx) + (y - sy) * (ey - sy)
        return 0.0 <= along <= (ex - sx) ** 2 + (ey - sy) ** 2

    def _told(self, walk: _Walk, side: int) -> list[LineCrossed]:
        if walk.balance != side or walk.passage is None:
            return []
        return [self._crossed(*walk.passage, side)]

    def _distance(self, point: Point, value: float) -> float:
        """Distance to the segment; the one to the endless line, where that is enough to know."""
        if self._length > 0.0 and abs(value) / self._length >= self._threshold_w:
            return abs(value) / self._length
        return distance_to_segment(point, self._start, self._end)

    def _depth(self, point: Point, side: int) -> float:
        distance = distance_to_segment(point, self._start, self._end)
        return distance if side_of_line(self._start, self._end, point) * side > 0.0 else -distance

    def _crossed(self, t_s: float, person: TrackObservation, side: int) -> LineCrossed:
        direction = Direction.LEFT_TO_RIGHT if side > 0 else Direction.RIGHT_TO_LEFT
        return LineCrossed(self._name, t_s, person, direction, self._facing(person, side))

    def _facing(self, person: TrackObservation, side: int) -> Facing | None:
        """Body direction against the crossing direction, on screen (RULE 24)."""
        angle = person.image_orientation_rad
        if angle is None:
            return None
        ahead = side * (self._start[1] - self._end[1]), side * (self._end[0] - self._start[0])
        body = sin(angle), -cos(angle)
        turn = atan2(ahead[0] * body[1] - ahead[1] * body[0], ahead[0] * body[0] + ahead[1] * body[1])
        if abs(turn) <= pi / 4 + 1e-9:
            return Facing.STRAIGHT
        return Facing.RIGHT if turn > 0.0 else Facing.LEFT
