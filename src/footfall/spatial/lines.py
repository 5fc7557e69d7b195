"""Line crossing: who passes a directed line, and which way (RULE 15, RULE 24).

A person is confirmed on a side when firmly (see `footing`) at least the threshold away from the segment. A crossing is
told when a person confirmed on one side becomes confirmed on the other, provided that the path walked in between went
through the segment: along the real path of foot points, passages to the far side less passages back make one. The
straight chord between the two confirmations does not decide, because a person may walk round the end of the line.
Stepping to and fro on the line therefore gives one event or none; who turns back, or vanishes before the confirmation,
gives none. Confirmed is who is firmly there, or is seen there several times in a row: fewer where nothing more will be
seen of the person, who has walked out of the picture. The event bears the time at which the straight path between two
sights met the line at its last passage, and the observation of the first sight beyond it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, dist, pi, sin

from footfall.core.geometry import Point, distance_to_segment, side_of_line, to_widths
from footfall.core.types import TrackObservation
from footfall.spatial.footing import Footing
from footfall.spatial.insights import Direction, Facing, LineCrossed
from footfall.spatial.regions import Line, LineCrossingRule

ENOUGH = 5
"""Sights in a row a threshold away from the line: chance does not bring that about, however jittery the boxes."""
ENOUGH_AT_THE_END = 2
"""The same, before a person is seen no more."""


@dataclass(slots=True)
class _Walk:
    """One person since the last confirmation."""

    point_w: Point
    last_s: float
    side: int = 0
    """Confirmed side: 1 right, -1 left, 0 not yet."""
    balance: int = 0
    """Passages through the segment since then: to the right less to the left."""
    row: int = 0
    """How many times in a row the person was last seen a threshold away on the other side."""
    passage: tuple[float, TrackObservation] | None = None
    """When the person last passed away from the confirmed side, and how it was first seen then."""


class LineCrossing:
    """The line-crossing machine of one line.

    Args:
        line: where, in normalised coordinates.
        rule: how; an `output_frequency` is tolerated, every crossing is told.
        aspect: height / width of the picture.
        forget_after_s: who is unseen for longer starts anew.
    """

    def __init__(self, line: Line, rule: LineCrossingRule, aspect: float, forget_after_s: float) -> None:
        self.focus = rule.focus
        self._name = line.name
        self._start = to_widths(line.start_n, aspect)
        self._end = to_widths(line.end_n, aspect)
        self._length = dist(self._start, self._end)
        self._threshold_w = rule.threshold_w
        self._forget_after_s = forget_after_s
        self._walks: dict[int, _Walk] = {}

    def step(self, people: Sequence[Footing], t_s: float, frame: int) -> list[LineCrossed]:
        """Advance to stream time `t_s` (seconds); crossings that became certain in this frame."""
        crossings = []
        for footing in people:
            walk = self._walks.setdefault(footing.key, _Walk(footing.point_w, t_s))
            self._follow(walk, footing, t_s)
            if (crossed := self._confirm(walk, footing)) is not None:
                crossings.append(crossed)
        for key in [k for k, walk in self._walks.items() if t_s - walk.last_s > self._forget_after_s]:
            crossings += self._last_words(self._walks.pop(key))
        return crossings

    def flush(self) -> list[LineCrossed]:
        """The stream is over: nothing more will be seen of anybody."""
        crossings = [crossed for walk in self._walks.values() for crossed in self._last_words(walk)]
        self._walks.clear()
        return crossings

    def _last_words(self, walk: _Walk) -> list[LineCrossed]:
        """The crossing of somebody who vanished beyond the line, if seen there often enough."""
        crossed = self._told(walk, -walk.side) if walk.row >= ENOUGH_AT_THE_END else None
        return [] if crossed is None else [crossed]

    def _follow(self, walk: _Walk, footing: Footing, t_s: float) -> None:
        """Add the last piece of the path to the balance; a passage happens where the piece meets the line."""
        before = side_of_line(self._start, self._end, walk.point_w)
        after = side_of_line(self._start, self._end, footing.point_w)
        if (before > 0.0) != (after > 0.0):
            share = before / (before - after)
            if self._hits_segment(walk.point_w, footing.point_w, share):
                step = 1 if after > 0.0 else -1
                walk.balance += step
                if step != walk.side:
                    walk.passage = walk.last_s + share * (t_s - walk.last_s), footing.person
        walk.point_w, walk.last_s = footing.point_w, t_s

    def _hits_segment(self, a: Point, b: Point, share: float) -> bool:
        """Whether a path that changes sides at this share of its length does so between the line's ends, inclusive."""
        (sx, sy), (ex, ey) = self._start, self._end
        x, y = a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
        along = (x - sx) * (ex - sx) + (y - sy) * (ey - sy)
        return 0.0 <= along <= (ex - sx) ** 2 + (ey - sy) ** 2

    def _confirm(self, walk: _Walk, footing: Footing) -> LineCrossed | None:
        value = side_of_line(self._start, self._end, walk.point_w)
        side = (value > 0.0) - (value < 0.0)
        if side == 0 or self._distance(walk.point_w, value) < self._threshold_w:
            walk.row = 0
            return None
        walk.row = walk.row + 1 if walk.side == -side else 0
        is_new = walk.row > 0
        if is_new and walk.row < ENOUGH and not footing.is_firm(lambda p: self._depth(p, side), self._threshold_w):
            return None
        crossed = self._told(walk, side) if is_new else None
        walk.side, walk.row, walk.balance, walk.passage = side, 0, 0, None
        return crossed

    def _told(self, walk: _Walk, side: int) -> LineCrossed | None:
        if walk.balance != side or walk.passage is None:
            return None
        return self._crossed(*walk.passage, side)

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
