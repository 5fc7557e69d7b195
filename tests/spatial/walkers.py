"""People who walk on a floor, as boxes: cuboids with two feet and a round head, projected point by point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import cos, pi, sin

import numpy as np

from footfall.core.types import TrackObservation
from footfall.spatial.ground import Camera

ASPECT = 9 / 16
STRIDE_M = 1.3


@dataclass(frozen=True, slots=True)
class Walker:
    """Goes to and fro between points of the floor at a constant pace."""

    name: str
    height_m: float
    pace_m_s: float
    corners_m: tuple[tuple[float, float], ...]
    born_s: float = 0.0
    width_m: float = 0.5

    def at(self, t_s: float) -> tuple[float, float, float]:
        """(x, y, direction) at a moment; the direction is 0 away from the camera, clockwise."""
        left = (t_s - self.born_s) * self.pace_m_s
        for (x0, y0), (x1, y1) in zip(self.corners_m, self.corners_m[1:], strict=False):
            length = max(float(np.hypot(x1 - x0, y1 - y0)), 1e-9)
            if left <= length:
                share = left / length
                return x0 + share * (x1 - x0), y0 + share * (y1 - y0), float(np.arctan2(x1 - x0, y1 - y0))
            left -= length
        return *self.corners_m[-1], 0.0

    def lives(self, t_s: float) -> bool:
        length = sum(float(np.hypot(b[0] - a[0], b[1] - a[1])) for a, b in zip(self.corners_m, self.corners_m[1:]))  # noqa: B905
        return 0.0 <= t_s - self.born_s <= length / self.pace_m_s


def box_of(camera: Camera, walker: Walker, t_s: float, aspect: float = ASPECT) -> tuple[float, ...] | None:
    """Normalised box of everything of a body that is projected; None behind the camera."""
    x, y, turn = walker.at(t_s)
    phase = 2 * pi * (t_s - walker.born_s) * walker.pace_m_s / STRIDE_M
    points = []
    for side, swing in ((1.0, sin(phase)), (-1.0, -sin(phase))):
        for along in (0.3 * swing - 0.06, 0.3 * swing + 0.16):
            for beside in (0.04, 0.12):
                ahead, right = along * STRIDE_M / 1.3, side * beside
                points.append(
                    (x + ahead * sin(turn) + right * cos(turn), y + ahead * cos(turn) - right * sin(turn), 0.0)
                )
    for angle in np.linspace(0.0, 2 * pi, 12, endpoint=False):
        half = walker.width_m / 2
        points.append((x + half * sin(angle), y + 0.6 * half * cos(angle), 0.8 * walker.height_m))
        for tilt in (-1.0, -0.5, 0.0, 0.5, 1.0):
            radius, up = 0.1 * cos(tilt * pi / 2), 0.1 * sin(tilt * pi / 2)
            points.append((x + radius * sin(angle), y + radius * cos(angle), walker.height_m - 0.1 + up))
    seen = [camera.to_image((px, py), aspect, up) for px, py, up in points]
    if any(point is None for point in seen):
        return None
    xs, ys = zip(*seen, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


@dataclass
class Stroll:
    """People by lot in a rectangle of the floor."""

    camera: Camera
    people: int = 45
    seed: int = 0
    x_m: tuple[float, float] = (-3.0, 3.0)
    y_m: tuple[float, float] = (4.0, 12.0)
    mean_m: float = 1.70
    sd_m: float = 0.09
    every_s: float = 3.0
    fps: float = 6.0
    noise: float = 0.0
    walkers: list[Walker] = field(init=False)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        self.walkers = [
            Walker(
                f"{number:032x}",
                float(rng.normal(self.mean_m, self.sd_m)),
                float(np.clip(rng.normal(1.3, 0.15), 0.8, 1.8)),
                tuple((float(rng.uniform(*self.x_m)), float(rng.uniform(*self.y_m))) for _ in range(4)),
                number * self.every_s,
            )
            for number in range(self.people)
        ]

    def frames(self, camera: Camera | None = None) -> Iterator[tuple[float, list[TrackObservation]]]:
        """(time, people) frame by frame, seen by `camera` instead of the own one if given."""
        rng = np.random.default_rng(self.seed + 1)
        for number in range(int((self.people * self.every_s + 8.0) * self.fps)):
            t_s = number / self.fps
            yield (
                t_s,
                [
                    seen
                    for walker in self.walkers
                    if walker.lives(t_s) and (seen := self._seen(walker, t_s, rng, camera))
                ],
            )

    def _seen(
        self, walker: Walker, t_s: float, rng: np.random.Generator, camera: Camera | None
    ) -> TrackObservation | None:
        box = box_of(camera or self.camera, walker, t_s)
        if box is None or box[2] < 0 or box[0] > 1 or box[3] < 0 or box[1] > 1:
            return None
        x0, y0, x1, y1 = box
        shake = rng.normal(0.0, self.noise, 4) * np.array([x1 - x0, y1 - y0, x1 - x0, y1 - y0])
        x0, y0, x1, y1 = (float(v) for v in np.clip(np.array(box) + shake, 0.0, 1.0))
        return TrackObservation(walker.name, t_s, 0, (x0, y0, x1, y1), ((x0 + x1) / 2, y1), 0.9)
