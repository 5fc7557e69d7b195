"""Many points against one line or polygon at once. Lengths in image widths: x as it is, y times the aspect."""

from __future__ import annotations

import numpy as np

from footfall.core.geometry import Point, Polygon, edges
from footfall.spatial.lint.recording import Bools, Floats

EDGE = 1e-6
"""What counts as the picture's edge."""
GRID = 48


def in_widths(points_n: Floats, aspect: float) -> Floats:
    """(n, 2) normalised -> (n, 2) in image widths."""
    return np.asarray(points_n * np.array([1.0, aspect]), float)


def segment(start_n: Point, end_n: Point, aspect: float) -> tuple[Floats, Floats, float]:
    """Start (2,), unit direction (2,) and length of a line, in image widths; (1, 0) for a line without length."""
    ends = in_widths(np.array([start_n, end_n], float), aspect)
    along = ends[1] - ends[0]
    length = float(np.hypot(*along))
    return ends[0], along / length if length > 0.0 else np.array([1.0, 0.0]), length


def distance_to(points_w: Floats, start_w: Floats, end_w: Floats) -> Floats:
    """(n, 2) -> (n,) distance to a closed segment."""
    way = end_w - start_w
    length2 = float(way @ way)
    share = np.zeros(len(points_w)) if length2 <= 0.0 else np.clip((points_w - start_w) @ way / length2, 0.0, 1.0)
    return np.asarray(np.hypot(*(points_w - start_w - share[:, None] * way).T))


def inside(polygon_n: Polygon, points_n: Floats) -> Bools:
    """(n, 2) -> (n,) even-odd rule."""
    x, y = points_n.T
    odd = np.zeros(len(points_n), bool)
    for (x0, y0), (x1, y1) in edges(polygon_n):
        is_left = (x - x0) * (y1 - y0) < (x1 - x0) * (y - y0)
        odd ^= ((y0 > y) != (y1 > y)) & (is_left if y1 > y0 else ~is_left)
    return odd


def depth(polygon_n: Polygon, points_n: Floats, aspect: float, *, is_open: bool) -> Floats:
    """(n, 2) normalised -> (n,) distance to the border in image widths, positive inside (as `spatial.area`)."""
    points_w = in_widths(points_n, aspect)
    nearest = np.full(len(points_n), np.inf)
    for start_n, end_n in edges(polygon_n):
        if not (is_open and on_picture_edge(start_n, end_n)):
            ends_w = in_widths(np.array([start_n, end_n], float), aspect)
            nearest = np.minimum(nearest, distance_to(points_w, ends_w[0], ends_w[1]))
    seen_n = np.clip(points_n, EDGE, 1.0 - EDGE) if is_open else points_n
    return np.where(inside(polygon_n, seen_n), nearest, -nearest)


def on_picture_edge(start_n: Point, end_n: Point) -> bool:
    """Whether a side of a zone lies on the picture's edge."""
    return any(
        (start_n[axis] <= EDGE and end_n[axis] <= EDGE) or (start_n[axis] >= 1.0 - EDGE and end_n[axis] >= 1.0 - EDGE)
        for axis in (0, 1)
    )


def grid(polygon_n: Polygon) -> Floats:
    """(2304, 2) normalised points spread evenly over the polygon's bounding box."""
    (x0, y0), (x1, y1) = np.min(polygon_n, axis=0), np.max(polygon_n, axis=0)
    shares = (np.arange(GRID) + 0.5) / GRID
    xs, ys = np.meshgrid(x0 + shares * (x1 - x0), y0 + shares * (y1 - y0))
    return np.column_stack([xs.ravel(), ys.ravel()])


def deepest_w(polygon_n: Polygon, aspect: float, *, is_open: bool) -> float:
    """How deep inside of a polygon a point can lie, within some 2 % of the polygon's size below the truth."""
    return float(max(0.0, depth(polygon_n, grid(polygon_n), aspect, is_open=is_open).max()))


def shared_part(one_n: Polygon, other_n: Polygon) -> tuple[float, float]:
    """(intersection / union, intersection / smaller one) of two polygons' areas."""
    points = np.concatenate([grid(one_n), grid(other_n)])
    low, high = points.min(axis=0), points.max(axis=0)
    cells = grid(((low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])))
    first, second = inside(one_n, cells), inside(other_n, cells)
    both = float((first & second).sum())
    union, smaller = float((first | second).sum()), float(min(first.sum(), second.sum()))
    return (both / union if union else 0.0), (both / smaller if smaller else 0.0)
