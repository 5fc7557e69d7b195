"""A story's people as boxes, without pictures: a hundred times faster, for measuring what comes after the detector."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Box, Point
from footfall.simulator.scene import SceneSpec, story_of
from footfall.simulator.truth import FrameTruth, PersonTruth
from footfall.simulator.view import View
from footfall.simulator.walk import Crowd

HEIGHT_M, HEIGHT_SPREAD_M = 1.7, 0.09
RADIUS_M = 0.23
COLUMNS, ROWS = 8, 24
"""How finely it is told which part of a person is hidden by others."""
TORSO = 0.8
"""Share of a box's width that really hides what is behind it."""
LEAST_VISIBLE = 0.05
STEP_S = 0.1
Heights: TypeAlias = NDArray[np.float64]
NOTHING: Box = (0.0, 0.0, 0.0, 0.0)

_ANGLES = np.arange(8) * np.pi / 4
_RING = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1) * RADIUS_M


def simulate_boxes(spec: SceneSpec) -> Iterator[FrameTruth]:
    """The truth of every frame: people are upright cylinders, and hide each other but are hidden by nothing else."""
    story, view = story_of(spec), View(spec.camera, spec.size_px, sampling=1)
    rng = np.random.default_rng([spec.seed, 6])
    heights_m = rng.normal(HEIGHT_M, HEIGHT_SPREAD_M, len(story.journeys))
    crowd = Crowd(story.room, story.journeys, story.queue_m)
    for frame in range(spec.frames):
        crowd.advance(frame / spec.fps, STEP_S)
        people = {index: stance.ground_m for index, stance in crowd.stances().items()}
        yield FrameTruth(frame, frame / spec.fps, tuple(_seen(people, heights_m, view)))


def _seen(people: dict[int, Point], heights_m: Heights, view: View) -> Iterator[PersonTruth]:
    """Everybody in front of the camera; who is nearer hides who is farther."""
    nearest_first = sorted(people, key=lambda index: people[index][1])
    nearer: list[Box] = []
    for index, box_n in zip(nearest_first, _boxes(nearest_first, people, heights_m, view), strict=True):
        foot_n = view.floor_point_n(people[index])
        if foot_n is None:
            continue
        share, visible_n = _visible(box_n, [other for other in nearer if _overlap(other, box_n)])
        nearer.append(box_n)
        full, visible = (box_n, visible_n) if share >= LEAST_VISIBLE else (None, None)
        yield PersonTruth(f"{index:032x}", people[index], foot_n, full, visible, share)


def _boxes(order: list[int], people: dict[int, Point], heights_m: Heights, view: View) -> list[Box]:
    """Of everybody, without a limit at the picture's border; an empty one for who is too near to be in the picture."""
    if not order:
        return []
    ground_m, tall_m = np.array([people[index] for index in order]), heights_m[order]
    points = np.zeros((len(order), 2, len(_RING), 3))
    points[..., :2] = ground_m[:, None, None, :] + _RING
    points[:, 1, :, 2] = tall_m[:, None]
    xyz = view.project(points.reshape(-1, 3).astype(np.float32)).reshape(len(order), -1, 3)
    low, high = xyz[..., :2].min(axis=1) / view.grid, xyz[..., :2].max(axis=1) / view.grid
    low[xyz[..., 2].min(axis=1) <= 0.2] = high[xyz[..., 2].min(axis=1) <= 0.2] = 0.0
    return [(x0, y0, x1, y1) for (x0, y0), (x1, y1) in zip(low.tolist(), high.tolist(), strict=True)]


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _visible(box_n: Box, nearer: Sequence[Box]) -> tuple[float, Box]:
    """Share of a box that is in the picture and not hidden, and the box of that part."""
    x0, y0, x1, y1 = box_n
    cut = max(x0, 0.0), max(y0, 0.0), min(x1, 1.0), min(y1, 1.0)
    if not nearer:
        share = max(0.0, cut[2] - cut[0]) * max(0.0, cut[3] - cut[1]) / max((x1 - x0) * (y1 - y0), 1e-9)
        return share, cut
    xs = x0 + (np.arange(COLUMNS) + 0.5) / COLUMNS * (x1 - x0)
    ys = y0 + (np.arange(ROWS) + 0.5) / ROWS * (y1 - y0)
    free = np.outer((ys > 0.0) & (ys < 1.0), (xs > 0.0) & (xs < 1.0))
    for other in nearer:
        inset = (1.0 - TORSO) / 2 * (other[2] - other[0])
        free &= ~np.outer((ys > other[1]) & (ys < other[3]), (xs > other[0] + inset) & (xs < other[2] - inset))
    if not free.any():
        return 0.0, NOTHING
    rows, columns = np.flatnonzero(free.any(axis=1)), np.flatnonzero(free.any(axis=0))
    wide, high = (x1 - x0) / COLUMNS, (y1 - y0) / ROWS
    part = x0 + columns[0] * wide, y0 + rows[0] * high, x0 + (columns[-1] + 1) * wide, y0 + (rows[-1] + 1) * high
    return float(free.mean()), (max(part[0], 0.0), max(part[1], 0.0), min(part[2], 1.0), min(part[3], 1.0))
