"""A polygon prepared for many questions a second; all lengths in image widths (spec/operations.md section 5.4)."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, sqrt

import numpy as np

from footfall.core.geometry import (
    Box,
    Point,
    Polygon,
    crossing_fraction,
    distance_to_segment,
    edges,
    to_widths,
)
from footfall.spatial.many import distances_to_border

FEW = 12
"""From so many points on NumPy is faster."""
EDGE = 1e-6
"""What counts as the picture's edge."""
FAR_W = 10.0
"""Farther than anything in a picture that is at least a tenth as wide as high."""


class Area:
    """A zone's polygon; sides are numbered from 1.

    Args:
        polygon_n: normalised vertices.
        aspect: height / width of the picture.
        is_open: sides on the picture's edge are no border: feet cut off there are inside, however near.
    """

    def __init__(self, polygon_n: Polygon, aspect: float, *, is_open: bool = False) -> None:
        self.polygon_w = tuple(to_widths(vertex, aspect) for vertex in polygon_n)
        self._edges = edges(self.polygon_w)
        self._borders = [
            side
            for side, side_n in zip(self._edges, edges(polygon_n), strict=True)
            if not (is_open and _is_on_picture_edge(*side_n))
        ]
        self._spans = [
            (sx, sy, ex - sx, ey - sy, max((ex - sx) ** 2 + (ey - sy) ** 2, 1e-300))
            for (sx, sy), (ex, ey) in self._borders
        ]
        self.inner_w: Box = (EDGE, EDGE, 1.0 - EDGE, aspect - EDGE) if is_open else (-inf, -inf, inf, inf)
        """Points are moved into this before they are asked about."""
        xs, ys = zip(*self.polygon_w, strict=True)
        self.box_w: Box = min(xs), min(ys), max(xs), max(ys)
        self._is_open = is_open

    def contains(self, point_w: Point) -> bool:
        """Even-odd rule; most points are turned away by the bounding box."""
        if self._is_open:
            x0, y0, x1, y1 = self.inner_w
            point_w = min(max(point_w[0], x0), x1), min(max(point_w[1], y0), y1)
        (x0, y0, x1, y1), (x, y) = self.box_w, point_w
        if not (x0 <= x <= x1 and y0 <= y <= y1):
            return False
        inside = False
        for (ax, ay), (bx, by) in self._edges:
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
        return inside

    def border_distance(self, point_w: Point) -> float:
        """Distance to the border, whichever side."""
        x, y = point_w
        least = FAR_W * FAR_W
        for sx, sy, dx, dy, length2 in self._spans:
            px, py = x - sx, y - sy
            along = (px * dx + py * dy) / length2
            if along > 0.0:
                along = min(along, 1.0)
                px -= along * dx
                py -= along * dy
            least = min(least, px * px + py * py)
        return sqrt(least)

    def border_distances(self, points_w: Sequence[Point]) -> list[float]:
        """The same for several points."""
        if len(points_w) < FEW or not self._borders:
            return [self.border_distance(point_w) for point_w in points_w]
        return [float(distance) for distance in distances_to_border(self._borders, np.array(points_w))]

    def depth(self, point_w: Point) -> float:
        """Signed distance d of spec/operations.md section 6: positive inside."""
        distance = self.border_distance(point_w)
        return distance if self.contains(point_w) else -distance

    def crossing(self, start_w: Point, end_w: Point) -> tuple[float, int]:
        """Where a path with one end inside and one outside passes the border last: (fraction of the path, side).

        A path that starts on the border itself passes it at once, through the side nearest to its start.
        """
        passed = [
            (fraction, side)
            for side, edge in enumerate(self._edges, 1)
            if (fraction := crossing_fraction(start_w, end_w, *edge)) is not None
        ]
        if passed:
            return max(passed, key=lambda crossing: crossing[0])
        near = [distance_to_segment(start_w, *edge) for edge in self._edges]
        return 0.0, near.index(min(near)) + 1

    def faces(self, point_w: Point, direction: Point, side: int) -> bool:
        """Whether a ray from the point hits this side first (RULE 18)."""
        end = point_w[0] + FAR_W * direction[0], point_w[1] + FAR_W * direction[1]
        hits = [
            (fraction, number)
            for number, edge in enumerate(self._edges, 1)
            if (fraction := crossing_fraction(point_w, end, *edge)) is not None
        ]
        return bool(hits) and min(hits)[1] == side


def _is_on_picture_edge(start_n: Point, end_n: Point) -> bool:
    return any(
        (start_n[axis] <= EDGE and end_n[axis] <= EDGE) or (start_n[axis] >= 1.0 - EDGE and end_n[axis] >= 1.0 - EDGE)
        for axis in (0, 1)
    )
