"""Sides of many people against many regions at once, in NumPy; the same sums as one by one, so the same answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Box, Point, Polygon, edges

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class ManyLines:
    """Lines as (start x, start y, dx, dy), image widths."""

    def __init__(self, terms: Sequence[tuple[float, float, float, float]]) -> None:
        self._terms = np.array(terms, np.float64).reshape(-1, 4).T[:, :, None]

    def contain(self, points_w: Floats) -> Bools:
        """(lines, n) bool: to the right, for `points_w` (n, 2) float64."""
        sx, sy, dx, dy = self._terms
        x, y = points_w.T
        right = dx * (y - sy) - dy * (x - sx) > 0.0
        return np.asarray(right)


class ManyZones:
    """Zones with their edges side by side; all in image widths.

    Args:
        polygons_w: Vertices.
        boxes_w: Smallest boxes around them.
        inner_w: Boxes into which points are moved first; infinite ones leave them where they are.
    """

    def __init__(self, polygons_w: Sequence[Polygon], boxes_w: Sequence[Box], inner_w: Sequence[Box]) -> None:
        most = max(map(len, polygons_w), default=0)
        self._edges = np.zeros((4, most, len(polygons_w)))
        """(x0 y0 x1 y1, side, zone); sides that a zone has not are points, which nothing meets."""
        for number, polygon in enumerate(polygons_w):
            self._edges[:, : len(polygon), number] = np.array([(*a, *b) for a, b in edges(polygon)]).T
        self._boxes = _columns(boxes_w)
        self._inner = _columns(inner_w)
        self._is_clamped = bool(np.isfinite(self._inner).any())

    def contain(self, points_w: Floats) -> Bools:
        """(zones, n) bool: inside, for `points_w` (n, 2) float64; even-odd rule for those within the box."""
        x, y = np.ascontiguousarray(points_w.T)[:, None, :]
        if self._is_clamped:
            left, top, right, bottom = self._inner
            x, y = np.clip(x, left, right), np.clip(y, top, bottom)
        left, top, right, bottom = self._boxes
        inside = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
        pairs = np.flatnonzero(inside)
        zone, number = np.divmod(pairs, inside.shape[1])
        row = zone if self._is_clamped else 0
        x, y = x[row, number], y[row, number]
        x0, y0, x1, y1 = self._edges[:, :, zone]
        with np.errstate(divide="ignore", invalid="ignore"):
            meets = ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
        inside.flat[pairs] = np.logical_xor.reduce(meets, axis=0)
        return np.asarray(inside)


def _columns(boxes: Sequence[Box]) -> Floats:
    return np.array(boxes, np.float64).reshape(-1, 4).T[:, :, None]


def distances_to_border(borders: Sequence[tuple[Point, Point]], points_w: Floats) -> Floats:
    """(n,) float64: distance of each of `points_w` (n, 2) to the nearest of these segments."""
    sx, sy, ex, ey = np.array(borders, np.float64).reshape(-1, 4).T[:, :, None]
    x, y = points_w.T
    dx, dy = ex - sx, ey - sy
    length2 = dx * dx + dy * dy
    with np.errstate(divide="ignore", invalid="ignore"):
        along = np.where(length2 == 0.0, 0.0, ((x - sx) * dx + (y - sy) * dy) / length2)
    along = np.maximum(0.0, np.minimum(1.0, along))
    return np.asarray(np.hypot(x - sx - along * dx, y - sy - along * dy).min(axis=0))
