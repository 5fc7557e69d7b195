"""Where in the picture lines and zones work: what is floor, is near enough, and is seen neither too flat nor too steep.

A place is judged by somebody of mean height who stands there. It is fair where the whole person is in the picture and
large enough to be found, and optimal where also feet can be placed to a hand's breadth and heads do not hide them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, hypot, pi, radians

from footfall.core.geometry import Box, Point, Polygon
from footfall.spatial.ground import Camera

PERSON_M, WIDTH_M = 1.70, 0.55
FAIR_HEIGHT_W, OPTIMAL_HEIGHT_W = 0.06, 0.11
"""Least height of a person in image widths: 38 and 70 pixels of a frame 640 wide."""
FAIR_RAD, OPTIMAL_RAD = (radians(4.0), radians(75.0)), (radians(10.0), radians(60.0))
"""How steeply the camera may look at the feet."""
MARGIN_N = {True: 0.05, False: 0.01}
"""Distance from the border, optimal or fair."""
GRID = 40
SPACING_M = 2.0
MOST_BOXES = 50


@dataclass(frozen=True, slots=True)
class Placement:
    """Regions as polygons (normalised, clockwise from the upper left corner), and people spread over the floor."""

    optimal_n: Polygon
    fair_n: Polygon
    boxes_n: tuple[Box, ...]
    ground_m: tuple[Point, ...]
    """(lateral, forward) of the lower-right corner of the box with the same index (spec/events.md section 7)."""


def place(camera: Camera, aspect: float) -> Placement | None:
    """Where zones and lines work in this camera's picture; None where a person can stand nowhere whole.

    Args:
        camera: the calibrated camera.
        aspect: height / width of the picture.
    """
    fair = _region(camera, aspect, is_optimal=False)
    if fair is None:
        return None
    optimal = _region(camera, aspect, is_optimal=True) or fair
    boxes, ground = _people(camera, aspect)
    return Placement(optimal, fair, boxes, ground)


def person_box(camera: Camera, aspect: float, ground_m: Point) -> Box | None:
    """The box of somebody of mean height on the floor; None behind the camera."""
    foot, head = camera.to_image(ground_m, aspect), camera.to_image(ground_m, aspect, PERSON_M)
    beside = camera.to_image((ground_m[0] + WIDTH_M / 2, ground_m[1]), aspect, PERSON_M / 2)
    middle = camera.to_image(ground_m, aspect, PERSON_M / 2)
    if foot is None or head is None or beside is None or middle is None:
        return None
    half = beside[0] - middle[0]
    return min(foot[0], head[0]) - half, head[1], max(foot[0], head[0]) + half, foot[1]


def _region(camera: Camera, aspect: float, *, is_optimal: bool) -> Polygon | None:
    """The outline of all good foot points: for every row the first and the last one."""
    outline = []
    for row in range(1, GRID):
        y = row / GRID
        good = [x for x in (k / GRID for k in range(1, GRID)) if _is_good(camera, aspect, (x, y), is_optimal)]
        if good:
            outline.append((min(good), max(good), y))
    if len(outline) < 2:
        return None
    left, right = [(x0, y) for x0, _, y in outline], [(x1, y) for _, x1, y in outline]
    return tuple(_straightened([*left[:1], *right[:1], *right[1:], *reversed(left[1:])]))


def _is_good(camera: Camera, aspect: float, foot_n: Point, is_optimal: bool) -> bool:
    ground = camera.to_ground(foot_n, aspect)
    box = None if ground is None else person_box(camera, aspect, ground)
    if ground is None or box is None:
        return False
    margin = MARGIN_N[is_optimal]
    depression = pi / 2 - camera.tilt_rad + atan((foot_n[1] - 0.5) * aspect / camera.focal_w)
    low, high = OPTIMAL_RAD if is_optimal else FAIR_RAD
    least = OPTIMAL_HEIGHT_W if is_optimal else FAIR_HEIGHT_W
    return (
        low <= depression <= high
        and (box[3] - box[1]) * aspect >= least
        and box[0] >= margin
        and box[1] >= margin / 2
        and box[2] <= 1.0 - margin
        and box[3] <= 1.0 - margin / 2
    )


def _straightened(ring: list[Point]) -> list[Point]:
    """The ring without corners that lie on the line between their neighbours."""
    kept = []
    for before, here, after in zip([ring[-1], *ring[:-1]], ring, [*ring[1:], ring[0]], strict=True):
        across = (here[0] - before[0]) * (after[1] - before[1]) - (here[1] - before[1]) * (after[0] - before[0])
        if abs(across) > 1e-9:
            kept.append(here)
    return kept


def _people(camera: Camera, aspect: float) -> tuple[tuple[Box, ...], tuple[Point, ...]]:
    """People on a grid of the floor, nearest first, as far as they are whole in the picture."""
    reach = round(30.0 / SPACING_M)
    spots = [(i * SPACING_M, j * SPACING_M) for j in range(reach + 1) for i in range(-reach, reach + 1)]
    found = []
    for spot in sorted(spots, key=lambda p: (hypot(*p), p)):
        foot = camera.to_image(spot, aspect)
        if foot is None or not _is_good(camera, aspect, foot, is_optimal=False):
            continue
        box = person_box(camera, aspect, spot)
        corner = None if box is None else camera.to_ground((box[2], box[3]), aspect)
        if box is not None and corner is not None:
            found.append((box, corner))
    chosen = found[:MOST_BOXES]
    return tuple(box for box, _ in chosen), tuple(corner for _, corner in chosen)
