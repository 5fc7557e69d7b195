"""Points, segments and polygons: pure functions on plain floats.

Coordinates are normalised image coordinates in [0, 1], origin top left, y down, unless a name says otherwise.
Distances of regions are measured in image widths: scale y by `aspect` = height / width before measuring
(spec/operations.md section 5.4), which `to_widths` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Polygon: TypeAlias = tuple[Point, ...]
Box: TypeAlias = tuple[float, float, float, float]
"""x0, y0, x1, y1: left, top, right, bottom."""


def to_widths(point_n: Point, aspect: float) -> Point:
    """Normalised point -> the same point measured in image widths on both axes."""
    return point_n[0], point_n[1] * aspect


def edges(polygon: Polygon) -> list[tuple[Point, Point]]:
    """Edges in order, side 1 first; the ring closes itself."""
    return list(pairwise((*polygon, polygon[0])))


def contains(polygon: Polygon, point: Point) -> bool:
    """Even-odd rule; a repeated last vertex does no harm, self-intersections fill even-odd."""
    x, y = point
    inside = False
    for (x0, y0), (x1, y1) in edges(polygon):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def distance_to_segment(point: Point, start: Point, end: Point) -> float:
    """Euclidean distance from a point to the closed segment start-end, in the unit of its arguments."""
    (px, py), (sx, sy) = point, start
    dx, dy = end[0] - sx, end[1] - sy
    length2 = dx * dx + dy * dy
    along = 0.0 if length2 == 0.0 else max(0.0, min(1.0, ((px - sx) * dx + (py - sy) * dy) / length2))
    return hypot(px - sx - along * dx, py - sy - along * dy)


def signed_distance(polygon: Polygon, point: Point) -> float:
    """Distance to the polygon's border, positive inside, in the unit of its arguments."""
    nearest = min(distance_to_segment(point, start, end) for start, end in edges(polygon))
    return nearest if contains(polygon, point) else -nearest


def side_of_line(start: Point, end: Point, point: Point) -> float:
    """Cross product s(P): < 0 left, > 0 right of start -> end as seen on screen (spec/operations.md 6.2)."""
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


def crossing_fraction(a: Point, b: Point, start: Point, end: Point) -> float | None:
    """Where the path a -> b meets the segment start-end, as a fraction of the path; None if it does not.

    A path that only touches with its first point does not cross; parallel paths never do.
    """
    rx, ry = b[0] - a[0], b[1] - a[1]
    sx, sy = end[0] - start[0], end[1] - start[1]
    denominator = rx * sy - ry * sx
    if denominator == 0.0:
        return None
    qx, qy = start[0] - a[0], start[1] - a[1]
    along_path = (qx * sy - qy * sx) / denominator
    along_segment = (qx * ry - qy * rx) / denominator
    if 0.0 < along_path <= 1.0 and 0.0 <= along_segment <= 1.0:
        return along_path
    return None


def box_center(box: Box) -> Point:
    """Centre of a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def bottom_center(box: Box) -> Point:
    """Middle of a box's lower edge."""
    return (box[0] + box[2]) / 2, box[3]


def is_self_intersecting(polygon: Polygon) -> bool:
    """Whether any two edges that are not neighbours cross."""
    ring = edges(polygon)
    count = len(ring)
    return any(
        crossing_fraction(*ring[i], *ring[j]) is not None
        for i in range(count)
        for j in range(i + 2, count)
        if (i, j) != (0, count - 1)
    )


def polygon_area(polygon: Sequence[Point]) -> float:
    """Absolute area by the shoelace formula, in squared units of the argument."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in edges(tuple(polygon)))) / 2
