"""What is drawn on the picture, as it lies on the floor."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from footfall.core.geometry import Point, Polygon
from footfall.spatial.ground import Camera

REACH_M = 60.0
"""How far from the camera the floor is mapped: ahead, and to either side."""
PIECES = 32
"""Lines are laid on the floor piece by piece, because near the horizon they run out of reach."""
PICTURE: Polygon = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
"""The border of the picture: on the floor, what the camera sees of it."""


def on_floor(camera: Camera, path_n: Sequence[Point], aspect: float) -> list[list[Point]]:
    """A line of normalised points -> the parts of it within reach, as (lateral right, forward) in metres.

    For a closed line, give the first point again at the end. `aspect` is height / width of the picture.
    """
    parts: list[list[Point]] = [[]]
    for start, end in pairwise(path_n):
        for piece in range(PIECES + 1):
            share = piece / PIECES
            point_n = start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
            ground_m = camera.to_ground(point_n, aspect)
            if ground_m is not None and max(map(abs, ground_m)) <= REACH_M:
                parts[-1].append(ground_m)
            else:
                parts.append([])
    return [part for part in parts if len(part) > 1]
