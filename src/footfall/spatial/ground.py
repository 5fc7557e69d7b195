"""From the picture to the floor and back: an ideal pinhole camera over a level floor.

Geometry and its proof against published numbers: spec/operations.md section 7.3. Lengths in metres (feet only on the
Azure wire), the focal length in image widths, so that the frame size does not matter.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import atan, atan2, cos, pi, sin, tan

from footfall.core.geometry import Point, to_widths
from footfall.core.types import TrackObservation
from footfall.spatial.motion import Motion, Sample, fit

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


WINDOW_S = 1.0
"""Speed and direction are those of the last second..."""
SETTLED_S = 0.3
"""...and unknown until a person has been seen for this long."""
FORGET_S = 3.0
WALKING_M_S = 0.3
WALKING_HEIGHTS_S = 0.2
"""Below this speed (in metres, without a camera in body heights) people stand, and motion says nothing about facing."""
CERTAINTY = 3.0
"""A direction counts when the speed exceeds its standard error this many times."""
AHEAD_M = 0.3
"""How far ahead a body direction is followed on the floor to see where it points in the picture."""


@dataclass(slots=True)
class _Path:
    floor: deque[Sample] = field(default_factory=deque)
    image: deque[Sample] = field(default_factory=deque)


class GroundEstimator:
    """Adds what the floor tells about people: place, speed and body direction, the latter two from motion.

    Args:
        camera: None as long as it is not calibrated: then only the direction in the picture is estimated.
        aspect: height / width of the picture.
        speed: whether to fill `speed_m_s`.
        orientation: whether to fill `ground_orientation_rad` and `image_orientation_rad`; both stay None while a
            person stands still.
    """

    def __init__(self, camera: Camera | None, aspect: float, speed: bool, orientation: bool) -> None:
        self._camera = camera
        self._aspect = aspect
        self._speed = speed
        self._orientation = orientation
        self._paths: dict[str, _Path] = {}

    def use(self, camera: Camera | None) -> None:
        """Go on with another camera: places on the floor of before mean nothing any more."""
        if camera != self._camera:
            self._camera = camera
            for path in self._paths.values():
                path.floor.clear()

    def step(self, people: Sequence[TrackObservation], t_s: float) -> tuple[TrackObservation, ...]:
        """The same people at stream time `t_s` (seconds), with the floor's figures filled in."""
        measured = tuple(self._measure(person, t_s) for person in people)
        for track_id in [i for i, path in self._paths.items() if t_s - path.image[-1][0] > FORGET_S]:
            del self._paths[track_id]
        return measured

    def _measure(self, person: TrackObservation, t_s: float) -> TrackObservation:
        path = self._paths.setdefault(person.track_id, _Path())
        _extend(path.image, t_s, to_widths(person.footprint_n, self._aspect))
        if self._camera is None:
            direction = self._seen_direction(person, path) if self._orientation else None
            return person if direction is None else replace(person, image_orientation_rad=direction)
        ground_m = self._camera.to_ground(person.footprint_n, self._aspect)
        if ground_m is None:
            path.floor.clear()
            return person
        _extend(path.floor, t_s, ground_m)
        motion = _motion(path.floor)
        body = None
        if motion is not None and self._orientation and _is_moving(motion, WALKING_M_S):
            body = atan2(motion.x, motion.y) % (2 * pi)
        return replace(
            person,
            ground_m=ground_m,
            speed_m_s=motion.speed if motion is not None and self._speed else None,
            ground_orientation_rad=body,
            image_orientation_rad=None if body is None else self._projected(self._camera, ground_m, body),
        )

    def _seen_direction(self, person: TrackObservation, path: _Path) -> float | None:
        """Direction of motion in the picture, for want of a floor."""
        motion = _motion(path.image)
        height_w = (person.box_n[3] - person.box_n[1]) * self._aspect
        if motion is None or not _is_moving(motion, WALKING_HEIGHTS_S * height_w):
            return None
        return atan2(motion.x, -motion.y) % (2 * pi)

    def _projected(self, camera: Camera, ground_m: Point, body_rad: float) -> float | None:
        """A direction on the floor as it looks in the picture."""
        ahead_m = ground_m[0] + AHEAD_M * sin(body_rad), ground_m[1] + AHEAD_M * cos(body_rad)
        here, ahead = camera.to_image(ground_m, self._aspect), camera.to_image(ahead_m, self._aspect)
        if here is None or ahead is None:
            return None
        return atan2(ahead[0] - here[0], (here[1] - ahead[1]) * self._aspect) % (2 * pi)


def _extend(samples: deque[Sample], t_s: float, point: Point) -> None:
    """Append, keep the last second, and at slow frame rates at least two samples unless they are stale."""
    while samples and (t_s - samples[0][0] > FORGET_S or (len(samples) > 1 and t_s - samples[0][0] > WINDOW_S)):
        samples.popleft()
    samples.append((t_s, *point))


def _motion(samples: deque[Sample]) -> Motion | None:
    """Mean motion over the window; None until it is long enough."""
    return fit(tuple(samples)) if samples[-1][0] - samples[0][0] >= SETTLED_S else None


def _is_moving(motion: Motion, slowest: float) -> bool:
    return motion.speed >= slowest and motion.speed >= CERTAINTY * motion.error
