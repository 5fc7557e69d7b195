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
    """Zones with their edges in one row; all in image widths.

    Args:
        polygons_w: Vertices.
        boxes_w: Smallest boxes around them.
        inner_w: Boxes into which points are moved first; infinite ones leave them where they are.
    """

    def __init__(self, polygons_w: Sequence[Polygon], boxes_w: Sequence[Box], inner_w: Sequence[Box]) -> None:
        rings = [edges(polygon) for polygon in polygons_w]
        ends = np.array([side for ring in rings for side in ring], np.float64).reshape(-1, 4).T[:, :, None]
        self._x0, self._y0, self._x1, self._y1 = ends
        self._first = np.cumsum([0, *(len(ring) for ring in rings)])[:-1].astype(np.intp)
        self._edge_zone = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
        self._boxes = np.array(boxes_w, np.float64).reshape(-1, 4).T[:, :, None]
        self._inner = np.array(inner_w, np.float64).reshape(-1, 4).T[:, :, None]
        self._is_clamped = bool(np.isfinite(self._inner).any())

    def contain(self, points_w: Floats) -> Bools:
        """(zones, n) bool: inside, for `points_w` (n, 2) float64; even-odd rule."""
        x, y = points_w.T
        if not len(self._first):
            return np.zeros((0, len(points_w)), np.bool_)
        edge_x, edge_y, zone_x, zone_y = x, y, x, y
        if self._is_clamped:
            left, top, right, bottom = self._inner
            zone_x, zone_y = np.clip(x, left, right), np.clip(y, top, bottom)
            edge_x, edge_y = zone_x[self._edge_zone], zone_y[self._edge_zone]
        spans = (self._y0 > edge_y) != (self._y1 > edge_y)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            meets = edge_x < (self._x1 - self._x0) * (edge_y - self._y0) / (self._y1 - self._y0) + self._x0
        odd = np.logical_xor.reduceat(spans & meets, self._first, axis=0)
        x0, y0, x1, y1 = self._boxes
        return np.asarray(odd & (x0 <= zone_x) & (zone_x <= x1) & (y0 <= zone_y) & (zone_y <= y1))


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
