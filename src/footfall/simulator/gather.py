"""Where people stand and what they do: scattered, in pairs, in a queue, in a crowd, at tables, far away."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Point
from footfall.simulator.lens import Lens
from footfall.simulator.place import Scenery
from footfall.simulator.posture import Pose
from footfall.simulator.view import Floats

TALLEST_SHARE = 0.9
"""Of the picture's height that a person may take."""
FAR_SHARE = 0.14
SMALLEST_PX = 7.0
SMALLEST_ON_PICTURE = 0.13
"""Of the height of a given picture, whose places are seldom deep."""
WELL_FRAMED = 0.8
"""Share of pictures whose people are looked for where their heads are in the picture too."""


class Gathering(Enum):
    """How people are spread."""

    NOBODY = "nobody"
    SCATTERED = "scattered"
    PAIRS = "pairs"
    QUEUE = "queue"
    CROWD = "crowd"
    SEATED = "seated"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Spot:
    """Somebody's place on the floor."""

    ground_m: Point
    heading_rad: float
    pose: Pose


def gather(rng: np.random.Generator, gathering: Gathering, scenery: Scenery, lens: Lens) -> list[Spot]:
    """Places on the visible floor, nobody inside anybody else."""
    if gathering is Gathering.NOBODY:
        return []
    seeds = _visible_floor(scenery, lens, far=gathering is Gathering.FAR)
    if rng.random() < WELL_FRAMED and len(seeds):
        seeds = _with_heads(seeds, lens)
    if not len(seeds):
        return []
    spots = {
        Gathering.SCATTERED: _scattered,
        Gathering.FAR: _scattered,
        Gathering.PAIRS: _pairs,
        Gathering.QUEUE: _queue,
        Gathering.CROWD: _crowd,
        Gathering.SEATED: _seated,
    }[gathering](rng, seeds, scenery)
    return _apart(spots)


def _visible_floor(scenery: Scenery, lens: Lens, *, far: bool) -> Floats:
    """(n, 2) floor points where a person has a useful size, as dense as the pixels that show them."""
    rows, columns = np.nonzero(scenery.floor[::4, ::4])
    rows, columns = rows * 4, columns * 4
    depth = scenery.depth[rows, columns]
    tall_px = lens.focal_w * lens.size_px[0] * 1.7 * cos(lens.tilt_rad * 0.6) / depth
    least = SMALLEST_ON_PICTURE * lens.size_px[1] if scenery.is_picture else SMALLEST_PX
    most = FAR_SHARE if far and not scenery.is_picture else TALLEST_SHARE
    keep = (tall_px > least) & (tall_px < most * lens.size_px[1])
    if not keep.any():
        keep = (tall_px > SMALLEST_PX) & (tall_px < 3 * lens.size_px[1])
    rays = lens.rays()[rows[keep], columns[keep]]
    return np.asarray(rays[:, :2] * depth[keep][:, None], np.float32)


def _with_heads(seeds: Floats, lens: Lens) -> Floats:
    """Those floor points above which a head would be seen; all if there are none."""
    heads = lens.project(np.concatenate([seeds, np.full((len(seeds), 1), 1.65, np.float32)], axis=1))
    width, height = lens.size_px
    keep = (heads[:, 2] > 0.8) & (heads[:, 1] > 0) & (heads[:, 1] < height) & (heads[:, 0] > 0) & (heads[:, 0] < width)
    return seeds[keep] if keep.any() else seeds


def _scattered(rng: np.random.Generator, seeds: Floats, scenery: Scenery) -> list[Spot]:
    count = int(np.clip(rng.geometric(0.16), 1, 24))
    return [_walker(rng, _seed(rng, seeds), scenery) for _ in range(count)]


def _walker(rng: np.random.Generator, at: Point, scenery: Scenery) -> Spot:
    if rng.random() < 0.5:
        heading = scenery.heading_rad + float(rng.choice([0.0, pi])) + float(rng.normal(0, 0.25))
    else:
        heading = float(rng.uniform(0, 2 * pi))
    pose = rng.choice(len(_POSES), p=_POSE_SHARES)
    return Spot(at, heading, _POSES[int(pose)])


def _pairs(rng: np.random.Generator, seeds: Floats, scenery: Scenery) -> list[Spot]:
    spots = []
    for _ in range(int(rng.integers(1, 6))):
        x, y = _seed(rng, seeds)
        turn, gap = float(rng.uniform(0, 2 * pi)), float(rng.uniform(0.45, 0.9))
        other = x + gap * cos(turn), y + gap * sin(turn)
        if rng.random() < 0.5:
            spots += [Spot((x, y), turn, Pose.STAND), Spot(other, turn + pi, Pose.STAND)]
        else:
            way = turn + pi / 2
            spots += [Spot((x, y), way, Pose.WALK), Spot(other, way, Pose.WALK)]
    return spots + [_walker(rng, _seed(rng, seeds), scenery) for _ in range(int(rng.integers(0, 4)))]


def _queue(rng: np.random.Generator, seeds: Floats, scenery: Scenery) -> list[Spot]:
    x, y = _seed(rng, seeds)
    turn, gap = float(rng.uniform(0, 2 * pi)), float(rng.uniform(0.5, 1.1))
    spots = []
    for index in range(int(rng.integers(3, 13))):
        away = gap * index + float(rng.normal(0, 0.08))
        aside = float(rng.normal(0, 0.1))
        at = x - away * cos(turn) - aside * sin(turn), y - away * sin(turn) + aside * cos(turn)
        spots.append(Spot(at, turn + float(rng.normal(0, 0.4)), Pose.STAND))
    return spots + [_walker(rng, _seed(rng, seeds), scenery) for _ in range(int(rng.integers(0, 5)))]


def _crowd(rng: np.random.Generator, seeds: Floats, scenery: Scenery) -> list[Spot]:
    x, y = _seed(rng, seeds)
    spread, same_way = float(rng.uniform(0.8, 4.0)), float(rng.uniform(0, 2 * pi))
    flowing = rng.random() < 0.5
    spots = []
    for _ in range(int(rng.integers(8, 31))):
        at = x + float(rng.normal(0, spread)), y + float(rng.normal(0, spread))
        heading = same_way + float(rng.normal(0, 0.4)) if flowing else float(rng.uniform(0, 2 * pi))
        spots.append(Spot(at, heading, Pose.WALK if flowing else Pose.STAND))
    return spots


def _seated(rng: np.random.Generator, seeds: Floats, scenery: Scenery) -> list[Spot]:
    """Rows of people who sit and look one way, as in a class, or a few around tables."""
    x, y = _seed(rng, seeds)
    turn = float(rng.uniform(0, 2 * pi))
    rows, columns = int(rng.integers(1, 5)), int(rng.integers(1, 6))
    row_m, column_m = float(rng.uniform(0.9, 1.6)), float(rng.uniform(0.6, 1.1))
    spots = []
    for row in range(rows):
        for column in range(columns):
            if rng.random() < 0.2:
                continue
            ahead, aside = row * row_m, (column - columns / 2) * column_m
            at = x + ahead * cos(turn) - aside * sin(turn), y + ahead * sin(turn) + aside * cos(turn)
            spots.append(Spot(at, turn + float(rng.normal(0, 0.15)), Pose.SIT))
    return spots + [_walker(rng, _seed(rng, seeds), scenery) for _ in range(int(rng.integers(0, 3)))]


def _seed(rng: np.random.Generator, seeds: Floats) -> Point:
    x, y = seeds[int(rng.integers(len(seeds)))]
    return float(x + rng.normal(0, 0.1)), float(y + rng.normal(0, 0.1))


def _apart(spots: list[Spot], least_m: float = 0.42) -> list[Spot]:
    kept: list[Spot] = []
    for spot in spots:
        x, y = spot.ground_m
        if all((x - o.ground_m[0]) ** 2 + (y - o.ground_m[1]) ** 2 > least_m**2 for o in kept):
            kept.append(spot)
    return kept


_POSES = (Pose.STAND, Pose.WALK, Pose.RUN, Pose.BEND, Pose.SQUAT)
_POSE_SHARES: NDArray[np.float64] = np.array([0.34, 0.50, 0.04, 0.07, 0.05])
