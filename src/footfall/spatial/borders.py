"""Who came to another side of which region, so that machines look only at people to whom something happens.

A line has a left and a right side, a zone an inside and an outside. A few people are looked at one by one in plain
Python, `MANY` and more together with NumPy; both do the same sums in the same order and agree to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, compress
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Point, to_widths
from footfall.spatial.area import Area
from footfall.spatial.footing import Footing
from footfall.spatial.many import ManyLines, ManyZones
from footfall.spatial.regions import Line

Keys: TypeAlias = NDArray[np.intp]
Sides: TypeAlias = NDArray[np.bool_]

NOBODY: Keys = np.empty(0, np.intp)
MANY = 16
"""From so many people on NumPy is faster: `python -m benchmarks regions --crossover`."""


class LineSide:
    """Which side of a directed line: `contains` is to its right."""

    def __init__(self, line: Line, aspect: float) -> None:
        (sx, sy), (ex, ey) = to_widths(line.start_n, aspect), to_widths(line.end_n, aspect)
        self.terms = sx, sy, ex - sx, ey - sy

    def contains(self, point_w: tuple[float, float]) -> bool:
        """Whether a point lies to the right; on the line is left."""
        sx, sy, dx, dy = self.terms
        return dx * (point_w[1] - sy) - dy * (point_w[0] - sx) > 0.0


class Borders:
    """All regions that are watched under one focus, zones before lines.

    Args:
        zones: Their areas.
        lines: Their sides.
        listed: Whose people inside are asked for, region by region.
    """

    def __init__(self, zones: Sequence[Area], lines: Sequence[LineSide], listed: Sequence[bool]) -> None:
        self._listed = np.array(listed, np.bool_)
        self._is_any_listed = any(listed)
        self._keys = NOBODY
        """Of those who were looked at together in the frame before, ascending."""
        self._now = np.empty((len(listed), 0), np.bool_)
        """(regions, people) sides of them."""
        self._sides: list[Area | LineSide] = [*zones, *lines]
        self._lines = ManyLines([line.terms for line in lines])
        polygons, boxes, inner = ([getattr(zone, name) for zone in zones] for name in ("polygon_w", "box_w", "inner_w"))
        self._zones = ManyZones(polygons, boxes, inner)

    def look(self, people: list[Footing]) -> tuple[list[list[Footing]], list[list[Footing]]]:
        """By region: who turned up or came to the other side, and who is inside."""
        if len(people) > MANY:
            return self._look_together(people)
        self._keys = NOBODY
        turned: list[list[Footing]] = [[] for _ in self._sides]
        inside: list[list[Footing]] = [[] for _ in self._sides]
        for footing in people:
            before = footing.sides
            if before is None and not footing.is_new:
                before = [side.contains(footing.before_w) for side in self._sides]
            footing.sides = now = [side.contains(footing.point_w) for side in self._sides]
            for members in compress(inside, now):
                members.append(footing)
            if now != before:
                for number, side in enumerate(now):
                    if before is None or side != before[number]:
                        turned[number].append(footing)
        return turned, inside

    def _look_together(self, people: list[Footing]) -> tuple[list[list[Footing]], list[list[Footing]]]:
        keys = np.array([footing.key for footing in people])
        now = self._contained(_points([footing.point_w for footing in people]))
        turned = now != self._before(people, keys, now)
        self._keys, self._now = keys, now
        nobody: list[list[Footing]] = [[] for _ in self._sides]
        inside = _members(people, now & self._listed[:, None]) if self._is_any_listed else nobody
        return _members(people, turned), inside

    def _before(self, people: list[Footing], keys: Keys, now: Sides) -> Sides:
        """(regions, people) sides when last seen; of who is new the opposite of `now`: everybody new has turned."""
        if np.array_equal(keys, self._keys):
            return self._now
        columns = np.searchsorted(self._keys, keys)
        columns[columns == len(self._keys)] = 0
        is_known = self._keys[columns] == keys if len(self._keys) else np.zeros(len(keys), np.bool_)
        before = ~now
        before[:, is_known] = self._now[:, columns[is_known]]
        others = [number for number in np.flatnonzero(~is_known).tolist() if not people[number].is_new]
        if others:
            before[:, others] = self._contained(_points([people[number].before_w for number in others]))
        for number in np.flatnonzero(~is_known).tolist():
            people[number].sides = None
        return before

    def _contained(self, points_w: NDArray[np.float64]) -> Sides:
        """(regions, people) bool."""
        return np.concatenate([self._zones.contain(points_w), self._lines.contain(points_w)])


def _points(points_w: Sequence[Point]) -> NDArray[np.float64]:
    """(n, 2) float64; several times as fast as NumPy makes an array of pairs."""
    return np.fromiter(chain.from_iterable(points_w), np.float64, 2 * len(points_w)).reshape(-1, 2)


def _members(people: list[Footing], rows: NDArray[np.bool_]) -> list[list[Footing]]:
    """Row by row of a (regions, people) mask: who is meant."""
    members: list[list[Footing]] = [[] for _ in rows]
    for pair in np.flatnonzero(rows).tolist():
        region, number = divmod(pair, len(people))
        members[region].append(people[number])
    return members
