"""Where a fixed camera's picture has changed since it was last looked at; pure."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Box
from footfall.detect.gate import Thumbnail

CELL_PX = 8
"""Side of a cell in thumbnail pixels."""
LEAST_CHANGED = 3
"""Thumbnail pixels of a cell that must have changed: a person 40 pixels tall in a 1920 wide picture is some fifteen."""
LEVELS = 8
"""Grey levels that are a change, at least ..."""
NOISE_LEVELS = 5.0
"""... and at least this many times the median difference, which is the camera's noise."""

Cells = NDArray[np.bool_]
"""(rows, columns) bool: `CELL_PX` squares of the thumbnail, the last ones cut off by its edge."""


def changed_cells(before: Thumbnail, now: Thumbnail) -> Cells:
    """The cells that changed; all of them where the sizes differ."""
    rows, columns = -(-now.shape[0] // CELL_PX), -(-now.shape[1] // CELL_PX)
    if before.shape != now.shape:
        return np.ones((rows, columns), np.bool_)
    difference = cv2.absdiff(before, now)
    levels = max(float(LEVELS), NOISE_LEVELS * float(np.median(difference[::3, ::3])))
    padded = np.zeros((rows * CELL_PX, columns * CELL_PX), np.bool_)
    padded[: now.shape[0], : now.shape[1]] = difference > levels
    counts = padded.reshape(rows, CELL_PX, columns, CELL_PX).sum(axis=(1, 3))
    return np.asarray(counts >= LEAST_CHANGED)


def without(cells: Cells, boxes_n: NDArray[np.float64], shape: tuple[int, int]) -> Cells:
    """The cells that lie in none of the boxes, (n, 4) normalised, of a thumbnail of `shape` (height, width)."""
    cells = cells.copy()
    sides = np.array([shape[1], shape[0]] * 2) / CELL_PX
    for x0, y0, x1, y1 in (boxes_n * sides).tolist():
        cells[int(np.ceil(max(y0, 0.0))) : max(0, int(y1)), int(np.ceil(max(x0, 0.0))) : max(0, int(x1))] = False
    return cells


def areas(cells: Cells, shape: tuple[int, int]) -> list[Box]:
    """Normalised boxes around cells that lie together, one cell wider on every side; `shape` as in `without`."""
    if not cells.any():
        return []
    wide = cv2.dilate(cells.astype(np.uint8), np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(wide, connectivity=4)
    xywh = stats[1:, :4].astype(np.float64)
    corners = np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1) * CELL_PX
    inside: list[Box] = np.clip(corners / np.array([shape[1], shape[0]] * 2), 0.0, 1.0).tolist()
    return [(x0, y0, x1, y1) for x0, y0, x1, y1 in inside]
