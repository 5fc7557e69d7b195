"""What is remembered of one person: the last sights, and where the feet were.

Where a tracker says nothing about hidden legs (the footprint is the middle of the box's lower edge), a box that turns
short while its head stays has lost its legs: the feet are then as far below the head as they were before. A person who
sits down or bends keeps the feet and loses the head, which changes nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import exp, inf
from typing import TypeAlias

from footfall.core.geometry import Point, bottom_center, distance_to_segment, to_widths
from footfall.core.types import TrackObservation
from footfall.spatial.motion import Sample, fit

SIGHTS = 64
MEMORY_S = 3.0
"""How far back sights are remembered: at most so many, at most so long."""
VELOCITY_S = 0.7
LEAST_S = 0.2
"""Two sights tell a velocity if they are so far apart, three do in any case."""
EXTRAPOLATE_S = 1.0
"""Who is unseen is taken to walk on for this long at most."""
JUMP = 0.25
"""A step of so many body heights is looked at: it may be another person."""
SHORT = 0.75
WHOLE = 0.9
"""Shares of the remembered height below which a part of the body is hidden, and above which all of it shows again."""
FOLLOW_S = 0.4
"""Time constant of following the height of a whole body."""
HOLD_S = 15.0
"""Time constant of believing that a person really is as short as the box."""
EDGE = 0.99
"""A box that ends so low is cut by the picture: nobody knows where the feet are."""

Sight: TypeAlias = tuple[float, TrackObservation, Point]
"""(stream time, as it was seen, normalised foot point)."""
Course: TypeAlias = tuple[float, float, float, float]
"""x, y in image widths, and their change a second."""


class Trace:
    """One person; `key` grows in order of arrival."""

    __slots__ = ("_course", "_is_hidden", "_stature", "aspect", "foot_n", "key", "last_s", "person", "sights")

    person: TrackObservation
    foot_n: Point

    def __init__(self, key: int, aspect: float) -> None:
        self.key = key
        self.sights: deque[Sight] = deque(maxlen=SIGHTS)
        self.aspect = aspect
        self.last_s = -inf
        self._stature = 0.0
        self._is_hidden = False
        self._course: Course | None = None

    def see(self, person: TrackObservation, t_s: float) -> None:
        """Move on to where the person is seen at stream time `t_s`."""
        _, top, _, bottom = person.box_n
        stature, since_s = self._stature, t_s - self.last_s
        height = bottom - top if bottom > top else 0.0
        self.foot_n = person.footprint_n
        if height >= (WHOLE if self._is_hidden else SHORT) * stature:
            self._is_hidden = False
            share = since_s / FOLLOW_S if since_s > 0.0 else 0.0
            self._stature = stature + (height - stature) * (share if share < 1.0 else 1.0)
        else:
            self._stand(person, t_s)
        self.sights.append((t_s, person, self.foot_n))
        self.person, self.last_s = person, t_s
        self._course = None

    def _stand(self, person: TrackObservation, t_s: float) -> None:
        """A part of the body is hidden: the legs, if the feet are then nearer to where they were."""
        _, top, _, bottom = person.box_n
        x, y = person.footprint_n
        from_top, before = top + self._stature, self.sights[-1][2][1]
        self._is_hidden = y == bottom < EDGE and abs(from_top - before) < abs(bottom - before)
        if self._is_hidden:
            self.foot_n = x, from_top
        self._stature += (bottom - top - self._stature) * (1.0 - exp(min(self.last_s - t_s, 0.0) / HOLD_S))

    def jumps(self, person: TrackObservation, t_s: float) -> bool:
        """Whether this is seen where the person can hardly be."""
        (left, _, right, bottom), (x0, y0, x1, y1) = person.box_n, self.person.box_n
        least_w = JUMP * (y1 - y0) * self.aspect
        if abs(left + right - x0 - x1) / 2.0 + abs(bottom - y1) * self.aspect <= least_w:
            return False
        x, y, vx, vy = self.course
        ahead_s = min(t_s - self.last_s, EXTRAPOLATE_S)
        place_w = to_widths(bottom_center(person.box_n), self.aspect)
        return distance_to_segment(place_w, (x, y), (x + vx * ahead_s, y + vy * ahead_s)) > least_w

    def recent(self, recent_s: float, step_s: float) -> tuple[TrackObservation, ...]:
        """The last sights, oldest first: of so long before the last one, at least so far apart."""
        chosen: list[TrackObservation] = []
        for t_s, person, _ in reversed(self.sights):
            if t_s < self.last_s - recent_s:
                break
            if not chosen or t_s <= chosen[-1].t_s - step_s:
                chosen.append(person)
        return tuple(reversed(chosen))

    @property
    def height_w(self) -> float:
        """Height of the last box, image widths."""
        return (self.person.box_n[3] - self.person.box_n[1]) * self.aspect

    @property
    def course(self) -> Course:
        """Place of the lower edge's middle and its velocity, from the last moments; the last box alone trembles."""
        if self._course is None:
            late_s = self.last_s - VELOCITY_S
            recent = [(t, *to_widths(bottom_center(p.box_n), self.aspect)) for t, p, _ in self.sights if t >= late_s]
            self._course = _course(recent[-16:])
        return self._course

    @property
    def summary(self) -> tuple[float, float, float, float, float, float]:
        """Course, time of the last sight, height: for comparing many at once."""
        return *self.course, self.last_s, self.height_w


def _course(recent: Sequence[Sample]) -> Course:
    t_s, x, y = recent[-1]
    if len(recent) < 3 and t_s - recent[0][0] < LEAST_S:
        return x, y, 0.0, 0.0
    motion = fit(recent)
    lead_s = t_s - sum(sample[0] for sample in recent) / len(recent)
    mean_x, mean_y = (sum(sample[axis] for sample in recent) / len(recent) for axis in (1, 2))
    return mean_x + lead_s * motion.x, mean_y + lead_s * motion.y, motion.x, motion.y
