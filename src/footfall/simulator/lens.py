"""A camera that may roll and bend lines: where world points fall in the picture, and the ray of every pixel.

World axes in metres, origin on the floor under the camera: x to the right, y forward, z up.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin

import cv2
import numpy as np

from footfall.core.geometry import Point
from footfall.simulator.view import Floats

RAY_STEP_PX = 8
NO_BEND = 1e-6
FOLD_LIMIT = 0.9
"""Share of the radius at which a bent lens would fold the picture over; beyond it, the bend stays as it is there."""


@dataclass(frozen=True, slots=True)
class Lens:
    """Pinhole with one radial term (Brown 1971)."""

    size_px: tuple[int, int]
    height_m: float
    tilt_rad: float
    """Below the horizon; pi / 2 looks straight down."""
    roll_rad: float = 0.0
    focal_w: float = 0.8
    """Focal length in picture widths."""
    bend: float = 0.0
    """Radial term per square picture width: below 0 is a barrel."""

    def axes(self) -> Floats:
        """(3, 3) float32: rows right, down and along the optical axis, in world axes."""
        c, s = cos(self.tilt_rad), sin(self.tilt_rad)
        right, down = np.array([1.0, 0.0, 0.0]), np.array([0.0, -s, -c])
        cr, sr = cos(self.roll_rad), sin(self.roll_rad)
        rows = (cr * right + sr * down, cr * down - sr * right, np.array([0.0, c, -s]))
        return np.stack(rows).astype(np.float32)

    def project(self, points_m: Floats) -> Floats:
        """(n, 3) metres -> (n, 3) float32: x and y in pixels, depth along the optical axis in metres.

        Depths of 0 and less lie behind the camera; their x and y mean nothing.
        """
        seen = (points_m - np.array([0.0, 0.0, self.height_m], np.float32)) @ self.axes().T
        depth = seen[:, 2]
        flat = seen[:, :2] * (np.float32(self.focal_w) / np.where(depth > 1e-3, depth, 1e-3))[:, None]
        flat *= self._stretch((flat * flat).sum(axis=1))[:, None]
        width, height = self.size_px
        out = np.empty((len(points_m), 3), np.float32)
        out[:, 0], out[:, 1], out[:, 2] = flat[:, 0] * width + width / 2, flat[:, 1] * width + height / 2, depth
        return out

    def rays(self) -> Floats:
        """(h, w, 3) float32: direction through each pixel's centre in world axes, one metre deep along the axis."""
        width, height = self.size_px
        columns, rows = width // RAY_STEP_PX + 2, height // RAY_STEP_PX + 2
        x = (np.arange(columns, dtype=np.float32) * RAY_STEP_PX - width / 2) / width
        y = (np.arange(rows, dtype=np.float32) * RAY_STEP_PX - height / 2) / width
        coarse = self._directions(np.stack(np.broadcast_arrays(x[None, :], y[:, None]), axis=2).reshape(-1, 2))
        at_x = np.broadcast_to((np.arange(width, dtype=np.float32) + 0.5) / RAY_STEP_PX, (height, width))
        at_y = np.broadcast_to(((np.arange(height, dtype=np.float32) + 0.5) / RAY_STEP_PX)[:, None], (height, width))
        grid = coarse.reshape(rows, columns, 3)
        return np.asarray(cv2.remap(grid, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)

    def floor_point_m(self, at_px: Point) -> Point | None:
        """Where a pixel sees the floor; None above the horizon."""
        width, height = self.size_px
        flat = np.array([[(at_px[0] - width / 2) / width, (at_px[1] - height / 2) / width]], np.float32)
        ray = self._directions(flat)[0]
        if ray[2] > -1e-3:
            return None
        depth = self.height_m / -float(ray[2])
        return float(ray[0]) * depth, float(ray[1]) * depth

    def _stretch(self, square: Floats) -> Floats:
        if self.bend < -NO_BEND:
            square = np.minimum(square, np.float32(FOLD_LIMIT / (-3.0 * self.bend)))
        return np.asarray(1.0 + np.float32(self.bend) * square, np.float32)

    def _directions(self, bent: Floats) -> Floats:
        """(n, 2) places in picture widths from the middle -> (n, 3) rays; the bend is undone by iteration."""
        flat = bent.copy()
        for _ in range(12 if abs(self.bend) > NO_BEND else 0):
            flat = bent / self._stretch((flat * flat).sum(axis=1))[:, None]
        axes = self.axes()
        return np.asarray((flat / np.float32(self.focal_w)) @ axes[:2] + axes[2], np.float32)
