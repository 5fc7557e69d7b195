"""A polygon prepared for many questions a second; all lengths in image widths (spec/operations.md section 5.4)."""

from __future__ import annotations

from footfall.core.geometry import (
    Point,
    Polygon,
    contains,
    crossing_fraction,
    distance_to_segment,
    edges,
    to_widths,
)

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
        self._polygon = tuple(to_widths(vertex, aspect) for vertex in polygon_n)
        self._edges = edges(self._polygon)
        self._borders = [
            side
            for side, side_n in zip(self._edges, edges(polygon_n), strict=True)
            if not (is_open and _is_on_picture_edge(*side_n))
        ]
        self._inner = (EDGE, EDGE, 1.0 - EDGE, aspect - EDGE) if is_open else None
        xs, ys = zip(*self._polygon, strict=True)
        self._box = min(xs), min(ys), max(xs), max(ys)

    def contains(self, point_w: Point) -> bool:
        """Even-odd rule; most points are turned away by the bounding box."""
        if self._inner is not None:
            x0, y0, x1, y1 = self._inner
            point_w = min(max(point_w[0], x0), x1), min(max(point_w[1], y0), y1)
        x0, y0, x1, y1 = self._box
        return x0 <= point_w[0] <= x1 and y0 <= point_w[1] <= y1 and contains(self._polygon, point_w)

    def border_distance(self, point_w: Point) -> float:
        """Distance to the border, whichever side."""
        return min((distance_to_segment(point_w, start, end) for start, end in self._borders), default=FAR_W)

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
