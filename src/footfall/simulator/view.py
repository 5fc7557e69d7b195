"""The camera's view in pixels: the vectorised twin of `spatial.ground.Camera`, in three dimensions.

World axes in metres, origin on the floor under the camera: x to the right, y forward, z up.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Point
from footfall.spatial.ground import Camera

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class View:
    """A camera and the grid of samples it is drawn on: `sampling` samples per pixel on each axis."""

    camera: Camera
    size_px: tuple[int, int]
    """(width, height) of the finished picture."""
    sampling: int = 2

    @property
    def grid(self) -> tuple[int, int]:
        """(width, height) in samples."""
        return self.size_px[0] * self.sampling, self.size_px[1] * self.sampling

    @property
    def aspect(self) -> float:
        """Height / width."""
        return self.size_px[1] / self.size_px[0]

    @property
    def focal(self) -> float:
        """Focal length in samples."""
        return self.camera.focal_w * self.grid[0]

    def project(self, points_m: Floats) -> Floats:
        """(n, 3) metres -> (n, 3) float32: x and y in samples, depth along the optical axis in metres.

        Depths of 0 and less lie behind the camera; their x and y mean nothing.
        """
        down = pi / 2 - self.camera.tilt_rad
        width, height = self.grid
        forward, below = points_m[:, 1], self.camera.height_m - points_m[:, 2]
        depth = forward * cos(down) + below * sin(down)
        scale = self.focal / np.where(depth > 0.0, depth, 1.0)
        across = below * cos(down) - forward * sin(down)
        xyz = (width / 2 + points_m[:, 0] * scale, height / 2 + across * scale, depth)
        return np.stack(xyz, axis=1).astype(np.float32)

    def rays(self) -> Floats:
        """(h, w, 3) float32: direction of each sample's ray in world axes, one metre deep along the optical axis.

        `eye + depth * ray` is therefore the world point of a sample at that depth.
        """
        down = pi / 2 - self.camera.tilt_rad
        width, height = self.grid
        u = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / self.focal
        v = ((np.arange(height, dtype=np.float32) + 0.5 - height / 2) / self.focal)[:, None]
        y = np.broadcast_to(cos(down) - v * sin(down), (height, width))
        z = np.broadcast_to(-sin(down) - v * cos(down), (height, width))
        return np.stack([np.broadcast_to(u, (height, width)), y, z], axis=2).astype(np.float32)

    def floor_point_n(self, ground_m: Point) -> Point | None:
        """Floor point -> normalised image point, which may lie outside the picture; None behind the camera."""
        return self.camera.to_image(ground_m, self.aspect)
