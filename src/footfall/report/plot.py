"""The planes that maps are drawn on: the picture, upright, and the floor from above, the camera at the bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, ceil, cos, floor, sin
from typing import TypeAlias

import cv2
import numpy as np

from footfall.core.geometry import Box, Point, to_widths
from footfall.core.types import Image
from footfall.report.canvas import (
    FAINT,
    FINE,
    LINE,
    MARGIN,
    PLOT,
    RULE,
    TALLEST,
    WIDTH,
    ZONE,
    Pixel,
    blank,
    label,
    stroke,
    text,
)
from footfall.report.document import FLOOR, CameraReport
from footfall.report.scale import Colour
from footfall.spatial.floorplan import PICTURE, on_floor
from footfall.spatial.grid import Cell, Grid

Path: TypeAlias = list[Point]
MARGIN_M = 1.0
BELOW = 22
"""Names stand under their zone or line, this many pixels below its lowest corner."""
SMALLEST_M = 4.0
ROUND_M = (1, 2, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class View:
    """A rectangle of the plane and how large it is drawn."""

    low: Point
    high: Point
    zoom: float
    """Drawn pixels per unit of the plane."""
    is_upright: bool
    """y grows upwards on paper, as on the floor; in the picture it grows downwards."""

    @classmethod
    def of(cls, low: Point, high: Point, *, is_upright: bool) -> View:
        """As large as the sheet allows."""
        zoom = min((WIDTH - 2 * MARGIN) / (high[0] - low[0]), TALLEST / (high[1] - low[1])) * FINE
        return cls(low, high, zoom, is_upright)

    @property
    def size(self) -> Pixel:
        """Width and height in finished pixels."""
        sides = (self.high[0] - self.low[0]) * self.zoom, (self.high[1] - self.low[1]) * self.zoom
        return max(1, round(sides[0] / FINE)), max(1, round(sides[1] / FINE))

    def pixel(self, point: Point) -> Pixel:
        """A point of the plane in drawn pixels."""
        y = self.high[1] - point[1] if self.is_upright else point[1] - self.low[1]
        return round((point[0] - self.low[0]) * self.zoom), round(y * self.zoom)


class Plot:
    """The empty plane of one camera, ready to be drawn on.

    Args:
        camera: whose zones and lines are shown.
        plane: `picture` or `floor`.
        background: (h, w, 3) uint8 BGR, put under the map of the picture, if the user gave one.
    """

    def __init__(self, camera: CameraReport, plane: str, background: Image | None = None) -> None:
        self.grid: Grid = camera.maps[plane].grid
        self._camera = camera
        self._plane = plane
        shown = camera.maps[plane].cells
        self.view = self._floor_view(list(shown)) if plane == FLOOR else self._picture_view()
        self.image = blank(*self.view.size, PLOT)
        self.opacity = 1.0
        if plane == FLOOR:
            self._draw_floor()
        elif background is not None:
            height, width = self.image.shape[:2]
            fitted = np.asarray(cv2.resize(background, (width, height), interpolation=cv2.INTER_AREA), np.float32)
            self.image = (fitted * 0.6).astype(np.uint8)
            self.opacity = 0.65

    def fill(self, cell: Cell, colour: Colour) -> None:
        """Paint one cell; a thin gap stays between two."""
        x0, y0, x1, y1 = self.grid.box(cell)
        (left, top), (right, bottom) = self._corners((x0, y0, x1, y1))
        part = self.image[max(0, top) : max(0, bottom - 1), max(0, left) : max(0, right - 1)]
        part[:] = (part * (1.0 - self.opacity) + np.array(colour) * self.opacity).round().astype(np.uint8)

    def arrow(self, cell: Cell, heading_rad: float, length: float, colour: Colour) -> None:
        """An arrow in a cell, `length` of it long; the heading is clockwise from up on paper."""
        x0, y0, x1, y1 = self.grid.box(cell)
        x, y = self.view.pixel(((x0 + x1) / 2, (y0 + y1) / 2))
        reach = 0.46 * length * self.grid.cell * self.view.zoom
        dx, dy = reach * sin(heading_rad), -reach * cos(heading_rad)
        ends = (round(x - dx), round(y - dy)), (round(x + dx), round(y + dy))
        cv2.arrowedLine(self.image, *ends, colour, max(1, round(0.9 * FINE)), cv2.LINE_AA, 0, 0.38)

    def dot(self, cell: Cell, colour: Colour) -> None:
        """A dot in the middle of a cell."""
        x0, y0, x1, y1 = self.grid.box(cell)
        radius = max(1, round(0.12 * self.grid.cell * self.view.zoom))
        cv2.circle(self.image, self.view.pixel(((x0 + x1) / 2, (y0 + y1) / 2)), radius, colour, -1, cv2.LINE_AA)

    def bow(self, start: Point, end: Point, wide: float, colour: Colour) -> Pixel:
        """A bent arrow between two points of the plane, so that there and back lie apart; its middle, finished."""
        a, b = np.array(self.view.pixel(start), float), np.array(self.view.pixel(end), float)
        normal = np.array([a[1] - b[1], b[0] - a[0]]) * 0.16
        t = np.linspace(0.06, 0.94, 24)[:, None]
        curve = (1 - t) ** 2 * a + 2 * t * (1 - t) * ((a + b) / 2 + normal) + t**2 * b
        points = [(round(x), round(y)) for x, y in curve]
        stroke(self.image, points, colour, wide)
        self._head(points[-4], points[-1], wide, colour)
        return points[12][0] // FINE, points[12][1] // FINE

    def _head(self, before: Pixel, tip: Pixel, wide: float, colour: Colour) -> None:
        angle, size = atan2(tip[1] - before[1], tip[0] - before[0]), (5.0 + 1.6 * wide) * FINE
        wings = [(tip[0] - size * cos(angle + turn), tip[1] - size * sin(angle + turn)) for turn in (-0.45, 0.45)]
        cv2.fillPoly(self.image, [np.array([tip, *wings]).round().astype(np.int32)], colour, cv2.LINE_AA)

    def regions(self) -> None:
        """Zones, lines and their names, on top of everything."""
        for zone in self._camera.survey.spatial.zones:
            self._outline([*zone.polygon_n, zone.polygon_n[0]], zone.name, ZONE)
        for line in self._camera.survey.spatial.lines:
            self._outline([line.start_n, line.end_n], line.name, LINE)

    def _outline(self, path_n: Sequence[Point], name: str, colour: Colour) -> None:
        parts = self._on_plane(path_n)
        for part in parts:
            stroke(self.image, [self.view.pixel(point) for point in part], colour, 1.4)
        if parts:
            x, y = self.view.pixel(max((p for part in parts for p in part), key=self._lowness))
            label(self.image, name, (x // FINE, y // FINE + BELOW), colour)

    def _lowness(self, point: Point) -> Point:
        x, y = self.view.pixel(point)
        return y, -x

    def _on_plane(self, path_n: Sequence[Point]) -> list[Path]:
        camera, aspect = self._camera.survey.camera, self._camera.survey.aspect
        if self._plane == FLOOR and camera is not None:
            return on_floor(camera, path_n, aspect)
        return [[to_widths(point, aspect) for point in path_n]]

    def _picture_view(self) -> View:
        return View.of((0.0, 0.0), (1.0, self._camera.survey.aspect), is_upright=False)

    def _floor_view(self, shown: Sequence[Cell]) -> View:
        """Everything that is shown, and the camera."""
        corners: Path = [(0.0, 0.0), (-SMALLEST_M / 2, 0.0), (SMALLEST_M / 2, SMALLEST_M)]
        for cell in shown:
            x0, y0, x1, y1 = self.grid.box(cell)
            corners += [(x0, y0), (x1, y1)]
        spatial = self._camera.survey.spatial
        paths = [zone.polygon_n for zone in spatial.zones] + [(line.start_n, line.end_n) for line in spatial.lines]
        corners += [point for path in paths for part in self._on_plane(path) for point in part]
        xs, ys = zip(*corners, strict=True)
        low = floor(min(xs) - MARGIN_M), floor(min(ys) - MARGIN_M)
        return View.of(low, (ceil(max(xs) + MARGIN_M), ceil(max(ys) + MARGIN_M)), is_upright=True)

    def _draw_floor(self) -> None:
        """What the camera sees, metre by metre, and the camera."""
        for part in self._on_plane([*PICTURE, PICTURE[0]]):
            ring = np.array([self.view.pixel(point) for point in part], np.int32)
            cv2.fillPoly(self.image, [ring], tuple(int(c * 1.25) for c in PLOT), cv2.LINE_AA)
        view = self.view
        step = next((s for s in ROUND_M if s * view.zoom > 45 * FINE), ROUND_M[-1])
        for axis in (0, 1):
            for at in range((floor(view.low[axis] / step) + 1) * step, ceil(view.high[axis]), step):
                self._rule(axis, at)
        x, y = view.pixel((0.0, 0.0))
        size = 9 * FINE
        triangle = np.array([(x, y - size), (x - size * 2 // 3, y + size // 2), (x + size * 2 // 3, y + size // 2)])
        cv2.fillPoly(self.image, [triangle.astype(np.int32)], FAINT, cv2.LINE_AA)

    def _rule(self, axis: int, at: int) -> None:
        view = self.view
        if axis == 0:
            start, end = view.pixel((at, view.low[1])), view.pixel((at, view.high[1]))
            place = start[0] // FINE + 3, start[1] // FINE - 4
        else:
            start, end = view.pixel((view.low[0], at)), view.pixel((view.high[0], at))
            place = 3, start[1] // FINE - 3
        cv2.line(self.image, start, end, RULE, 1, cv2.LINE_AA)
        text(self.image, f"{at} m", place, FAINT, 0.36)

    def _corners(self, box: Box) -> tuple[Pixel, Pixel]:
        """Upper left and lower right corner on paper."""
        a, b = self.view.pixel(box[:2]), self.view.pixel(box[2:])
        return (a[0], min(a[1], b[1])), (b[0], max(a[1], b[1]))


def middle(grid: Grid, block: Cell, side: int) -> Point:
    """The middle of a block of `side` x `side` cells, as far as it lies on the grid."""
    x0, y0, _, _ = grid.box((block[0] * side, block[1] * side))
    last = min(grid.columns, (block[0] + 1) * side) - 1, min(grid.rows, (block[1] + 1) * side) - 1
    _, _, x1, y1 = grid.box(last)
    return (x0 + x1) / 2, (y0 + y1) / 2
