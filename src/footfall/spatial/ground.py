"""From the picture to the floor and back: an ideal pinhole camera over a level floor.

Geometry and its proof against published numbers: spec/operations.md section 7.3. Lengths in metres (feet only on the
Azure wire), the focal length in image widths, so that the frame size does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, cos, pi, sin, tan

from footfall.core.geometry import Point

FOOT_M = 0.3048


@dataclass(frozen=True, slots=True)
class Camera:
    """A calibrated camera: principal point at the frame centre, no roll, no lens distortion."""

    height_m: float
    focal_w: float
    """Focal length in image widths: pixels / frame width."""
    tilt_rad: float
    """Angle of the optical axis from straight down."""

    def to_ground(self, point_n: Point, aspect: float) -> Point | None:
        """Normalised image point -> (lateral right, forward) on the floor in metres; None at or above the horizon.

        `aspect` is height / width of the frame.
        """
        depression = pi / 2 - self.tilt_rad + atan((point_n[1] - 0.5) * aspect / self.focal_w)
        if not 0.0 < depression < pi:
            return None
        forward = self.height_m / tan(depression)
        depth = forward * cos(pi / 2 - self.tilt_rad) + self.height_m * sin(pi / 2 - self.tilt_rad)
        return (point_n[0] - 0.5) / self.focal_w * depth, forward

    def to_image(self, ground_m: Point, aspect: float, up_m: float = 0.0) -> Point | None:
        """Floor point (lateral, forward) in metres, `up_m` above the floor -> normalised image point.

        None for points behind the camera.
        """
        lateral, forward = ground_m
        below = self.height_m - up_m
        down = pi / 2 - self.tilt_rad
        depth = forward * cos(down) + below * sin(down)
        if depth <= 0.0:
            return None
        across = below * cos(down) - forward * sin(down)
        return 0.5 + self.focal_w * lateral / depth, 0.5 + self.focal_w * across / depth / aspect
