"""The first look: a grid of cells over the picture, what each should say, and what it sees around itself.

Assignment after Tian et al. 2019 ("FCOS"): the middle of a box answers for it, the rim is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from footfall.learning.box_views import Truth

F32: TypeAlias = NDArray[np.float32]

WINDOWS: Final = (1, 3, 5)
"""Sides, in cells, of the means that are looked at: nine of each, side by side around the cell."""
TAPS: Final = 9 * len(WINDOWS)
BACKGROUND: Final = 0
UNTOLD: Final = -1
MIDDLE: Final = 0.25
"""Half of the middle's extent, as a share of the box."""


@dataclass(frozen=True, slots=True)
class Scale:
    """At which size a picture is looked at, and how fine the grid is."""

    look_px: int
    """Side of the square that the backbone sees; a multiple of 32."""
    pool: int
    """Cells of stride 8 that make a cell of the grid, along a side."""

    @property
    def map_side(self) -> int:
        """Of the finest map."""
        return self.look_px // 8

    @property
    def side(self) -> int:
        """Cells along a side of the grid."""
        return self.map_side // self.pool


@dataclass(frozen=True, slots=True)
class Targets:
    """What the cells of one view should say; cells row by row."""

    labels: NDArray[np.int64]
    """(side * side,): 0 background, 1 + tag, -1 where nothing is asked."""
    boxes: NDArray[np.int64]
    """(side * side,) row of the box that a cell answers for, or -1."""


def targets(truth: Truth, side: int) -> Targets:
    """Who answers for what: where boxes overlap, the smaller one wins."""
    labels, boxes = np.full((side, side), BACKGROUND, np.int64), np.full((side, side), -1, np.int64)
    for row in np.argsort(-_areas(truth.xyxy_n), kind="stable"):
        x0, y0, x1, y1 = (float(value) * side for value in truth.xyxy_n[row])
        inside = labels[_span(y0, y1, side), _span(x0, x1, side)]
        inside[inside == BACKGROUND] = UNTOLD
    for row in np.argsort(-_areas(truth.xyxy_n), kind="stable"):
        x0, y0, x1, y1 = (float(value) * side for value in truth.xyxy_n[row])
        middle = _middle(y0, y1, side), _middle(x0, x1, side)
        tag = int(truth.tags[row])
        labels[middle] = UNTOLD if tag < 0 else 1 + tag
        boxes[middle] = -1 if tag < 0 else row
    return Targets(labels.reshape(-1), boxes.reshape(-1))


def centres(side: int) -> F32:
    """(side * side, 2) x, y in cells."""
    y, x = np.mgrid[:side, :side]
    return (np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5).astype(np.float32)


def distances(xyxy_n: F32, cells: NDArray[np.int64], side: int) -> F32:
    """Logarithms of the distances to left, top, right, bottom, in cells: (n, 4) boxes and (n,) cells -> (n, 4)."""
    middle = centres(side)[cells]
    boxes = xyxy_n * side
    ltrb = np.concatenate([middle - boxes[:, :2], boxes[:, 2:] - middle], axis=1)
    return np.asarray(np.log(np.maximum(ltrb, 0.1)), np.float32)


def pooled(features: F32, pool: int) -> F32:
    """(channels, h, w) -> (channels, h / pool, w / pool), means."""
    if pool == 1:
        return features
    channels, height, width = features.shape
    return np.asarray(
        features.reshape(channels, height // pool, pool, width // pool, pool).mean(axis=(2, 4)), np.float32
    )


def seen_from(grid: F32, cells: NDArray[np.int64]) -> F32:
    """What cells see: nine means of every size of window, side by side; nothing is zero beyond the picture.

    Args:
        grid: (channels, side, side).
        cells: (n,)

    Returns:
        (n, TAPS * channels): by window, then row by row, then channel.
    """
    _, side, _ = grid.shape
    rows, columns = np.divmod(cells, side)
    parts = []
    for window in WINDOWS:
        means = uniform_filter(grid, (0, window, window), mode="constant") if window > 1 else grid
        padded = np.pad(means, ((0, 0), (window, window), (window, window))).transpose(1, 2, 0)
        parts += [padded[rows + dy * window, columns + dx * window] for dy in range(3) for dx in range(3)]
    return np.concatenate(parts, axis=1)


def _span(low: float, high: float, side: int) -> slice:
    """Cells that touch an interval."""
    return slice(max(0, int(np.floor(low + 1e-4))), min(side, int(np.ceil(high - 1e-4))))


def _middle(low: float, high: float, side: int) -> slice:
    """Cells whose centres are in the middle of an interval; at least the nearest one."""
    centre, reach = (low + high) / 2, (high - low) * MIDDLE
    first, last = int(np.ceil(centre - reach - 0.5001)), int(np.floor(centre + reach - 0.4999))
    if last < first:
        first = last = int(np.floor(centre))
    first = min(max(first, 0), side - 1)
    return slice(first, min(max(last, first), side - 1) + 1)


def _areas(xyxy: F32) -> F32:
    return np.asarray((xyxy[:, 2] - xyxy[:, 0]) * (xyxy[:, 3] - xyxy[:, 1]), np.float32)
