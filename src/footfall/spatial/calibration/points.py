"""A camera from points of the floor whose places are known: for cameras that people cannot teach, or as a check.

Four corners of a rectangle, or any four or more measured points, in the picture and on the floor. Where the floor's own
axes lie does not matter. For every focal length and tilt the points of the picture, thrown on the floor, must be the
measured ones turned, shifted and scaled: the scale is the camera's height (Umeyama, 1991), the rest is the error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import acos, cos, exp, hypot, isfinite, log, radians, sin
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Point
from footfall.spatial.ground import Camera

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

Floats: TypeAlias = NDArray[np.float64]

FOCAL_W, FOCAL_SD = 0.75, 0.8
"""Most lenses lie within a factor of two: enough to settle what a view from straight above leaves open."""
LOW, HIGH = np.array([log(0.15), radians(0.5)]), np.array([log(8.0), radians(100.0)])
STARTS = tuple(product((0.4, 0.8, 1.6), (20.0, 45.0, 65.0, 80.0)))
TOLERANCE = 0.05
"""Points that are off by more than this share of their mutual distance are wrong, or are not on one level floor."""
FLAT = 1e-3
"""Three points in a row, or two in one place, measure nothing."""
MOST = 12
"""So many points are looked at to see whether they measure anything."""
CLICK_W = 0.003
"""How exactly a point of the picture is given: two pixels of 640."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A camera from known points."""

    camera: Camera
    off_m: float
    """Root mean square by which the points miss their places on the floor."""
    error: float
    """Standard error of the distances between them, as a share, if each point is given to two pixels of 640."""


def rectangle(width_m: float, depth_m: float) -> tuple[Point, ...]:
    """Corners of a rectangle in order: the first side is `width_m`, the second `depth_m` long.

    Raises:
        ValueError: a side is not a positive length.
    """
    if not (isfinite(width_m) and isfinite(depth_m) and width_m > 0.0 and depth_m > 0.0):
        raise ValueError(f"a rectangle of {width_m} m by {depth_m} m has no area")
    return (0.0, 0.0), (width_m, 0.0), (width_m, depth_m), (0.0, depth_m)


def quadrilateral(sides_m: Sequence[float], diagonal_m: float) -> tuple[Point, ...]:
    """Corners from the four sides in order and the diagonal between the first and the third corner.

    Raises:
        ValueError: not four lengths, or they do not close.
    """
    if len(sides_m) != 4 or not all(isfinite(side) and side > 0.0 for side in (*sides_m, diagonal_m)):
        raise ValueError("give four sides and the diagonal from the first to the third corner, in metres")
    first, second, third, fourth = sides_m
    second_at = _apex(diagonal_m, first, second)
    fourth_at = _apex(diagonal_m, fourth, third)
    return (0.0, 0.0), (second_at[0], second_at[1]), (diagonal_m, 0.0), (fourth_at[0], -fourth_at[1])


def _apex(base_m: float, left_m: float, right_m: float) -> Point:
    """The third corner of a triangle over its base along x."""
    share = (base_m**2 + left_m**2 - right_m**2) / (2.0 * base_m * left_m)
    if not -1.0 < share < 1.0:
        raise ValueError(f"no triangle has sides of {base_m:g}, {left_m:g} and {right_m:g} m")
    angle = acos(share)
    return left_m * cos(angle), left_m * sin(angle)


def camera_from_points(points_n: Sequence[Point], floor_m: Sequence[Point], aspect: float) -> Measured:
    """The camera that sees the floor's points where they are in the picture.

    Args:
        points_n: four or more, normalised.
        floor_m: the same points on the floor in metres, in axes of any origin and turn, also mirrored ones.
        aspect: height / width of the picture.

    Raises:
        ValueError: too few points, some in a row or one place, or no camera sees them so.
    """
    image, floor = np.array(points_n, np.float64), np.array(floor_m, np.float64)
    if len(image) < 4 or image.shape != floor.shape:
        raise ValueError(f"{len(image)} points in the picture and {len(floor)} on the floor: give four or more of both")
    if not (np.isfinite(image).all() and np.isfinite(floor).all()):
        raise ValueError("a coordinate is no number")
    if _least_triangle(image) < FLAT**2 or _least_triangle(floor / np.ptp(floor, axis=0).max()) < FLAT:
        raise ValueError("three of the points lie in a row, or two in one place: spread them over the floor")
    size = float(np.sqrt(((floor - floor.mean(axis=0)) ** 2).sum(axis=1).mean()))
    found = min((_solved(image, floor * flip, aspect, size) for flip in _FLIPS), key=lambda r: float(r.cost))
    flip = min(_FLIPS, key=lambda f: float(np.abs(_misses(found.x, image, floor * f, aspect)[0]).sum()))
    misses, height = _misses(found.x, image, floor * flip, aspect)
    off = float(np.sqrt((misses**2).sum(axis=1).mean()))
    if not off <= TOLERANCE * size * 2.0:
        raise ValueError(f"no camera sees these points so: they miss by {off:.2f} m. Check their order and the lengths")
    camera = Camera(height, exp(found.x[0]), float(found.x[1]))
    return Measured(camera, off, _error(camera, image, floor * flip, aspect, size))


_FLIPS = (np.array([1.0, 1.0]), np.array([-1.0, 1.0]))
"""A floor plan may be drawn as seen from below."""


def _solved(image: Floats, floor: Floats, aspect: float, size: float) -> OptimizeResult:
    from scipy.optimize import least_squares  # noqa: PLC0415 - large, and few floors are measured

    def residuals(values: Floats) -> Floats:
        misses, _ = _misses(values, image, floor, aspect)
        return np.append((misses / size / 0.01).ravel(), (values[0] - log(FOCAL_W)) / FOCAL_SD)

    tries = [least_squares(residuals, [log(f), radians(t)], bounds=(LOW, HIGH), max_nfev=60) for f, t in STARTS]
    return min(tries, key=lambda found: float(found.cost))


def _misses(values: Floats, image: Floats, floor: Floats, aspect: float) -> tuple[Floats, float]:
    """(n, 2) metres by which the points miss, and the height of the camera."""
    camera = Camera(1.0, exp(values[0]), float(values[1]))
    places = [camera.to_ground((float(x), float(y)), aspect) for x, y in image]
    seen = np.array([(0.0, 100.0) if place is None else place for place in places])
    a, b = seen - seen.mean(axis=0), floor - floor.mean(axis=0)
    turn = complex((a * b).sum(), (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / max(float((a * a).sum()), 1e-12)
    mapped = (a[:, 0] + 1j * a[:, 1]) * turn
    return np.stack([mapped.real - b[:, 0], mapped.imag - b[:, 1]], axis=1), abs(turn)


def _least_triangle(points: Floats) -> float:
    """Least area spanned by three of those four points that are spread best."""
    return max(min(_area(*three) for three in combinations(four, 3)) for four in combinations(points[:MOST], 4))


def _area(p: Floats, q: Floats, r: Floats) -> float:
    return abs(float((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))) / 2


def _error(camera: Camera, image: Floats, floor: Floats, aspect: float, size: float) -> float:
    """What wrongly given points do to distances: each is moved on both axes, and the camera found again near by."""
    from scipy.optimize import least_squares  # noqa: PLC0415

    start = np.array([log(camera.focal_w), camera.tilt_rad])

    def distances(pixels: Floats) -> Floats:
        def residuals(values: Floats) -> Floats:
            misses, _ = _misses(values, pixels, floor, aspect)
            return np.append((misses / size / 0.01).ravel(), (values[0] - log(FOCAL_W)) / FOCAL_SD)

        values = least_squares(residuals, np.clip(start, LOW, HIGH), bounds=(LOW, HIGH), max_nfev=20).x
        found = Camera(_misses(values, pixels, floor, aspect)[1], exp(values[0]), float(values[1]))
        places = [found.to_ground((float(x), float(y)), aspect) or (0.0, 1e6) for x, y in image]
        return np.array([hypot(p[0] - q[0], p[1] - q[1]) for p, q in combinations(places, 2)])

    best, total = distances(image), 0.0
    for row, axis in product(range(len(image)), (0, 1)):
        moved = image.copy()
        moved[row, axis] += CLICK_W / (aspect if axis else 1.0)
        total += float(np.median(np.abs(distances(moved) / best - 1.0))) ** 2
    return float(np.sqrt(total))
