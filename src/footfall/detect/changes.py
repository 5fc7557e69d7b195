"""Where a fixed camera's picture has changed since it was last looked at; pure."""

from __future__ import annotations

from math import ceil

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

Mask = NDArray[np.bool_]
"""(height, width) bool, one per thumbnail pixel."""


def changed(before: Thumbnail, now: Thumbnail) -> Mask:
    """The pixels that changed, in cells where enough of them did; all of them where the sizes differ."""
    if before.shape != now.shape:
        return np.ones(now.shape, np.bool_)
    difference = cv2.absdiff(before, now)
    some = difference[::3, ::3].ravel()
    levels = max(float(LEVELS), NOISE_LEVELS * float(np.partition(some, some.size // 2)[some.size // 2]))
    mask = difference > levels
    rows, columns = -(-now.shape[0] // CELL_PX), -(-now.shape[1] // CELL_PX)
    padded = np.zeros((rows * CELL_PX, columns * CELL_PX), np.bool_)
    padded[: now.shape[0], : now.shape[1]] = mask
    counts = padded.reshape(rows, CELL_PX, columns, CELL_PX).sum(axis=(1, 3))
    return mask & _pixels(counts >= LEAST_CHANGED, now.shape)


def without(mask: Mask, boxes_n: NDArray[np.float64]) -> Mask:
    """What changed outside of the boxes, (n, 4) normalised."""
    mask = mask.copy()
    height, width = mask.shape
    for x0, y0, x1, y1 in np.clip(boxes_n, 0.0, 1.0).tolist():
        mask[int(y0 * height) : ceil(y1 * height), int(x0 * width) : ceil(x1 * width)] = False
    return mask


def areas(mask: Mask) -> list[Box]:
    """Normalised boxes around pixels whose cells lie together, or have one other cell between them."""
    if not mask.any():
        return []
    height, width = mask.shape
    cells = np.zeros((-(-height // CELL_PX), -(-width // CELL_PX)), np.uint8)
    y, x = np.nonzero(mask)
    cells[y // CELL_PX, x // CELL_PX] = 1
    _, together = cv2.connectedComponents(cv2.dilate(cells, np.ones((3, 3), np.uint8)), connectivity=4)
    label = together[y // CELL_PX, x // CELL_PX]
    order = np.argsort(label, kind="stable")
    starts = np.flatnonzero(np.diff(label[order], prepend=0))
    low = [np.minimum.reduceat(axis[order], starts) for axis in (x, y)]
    high = [np.maximum.reduceat(axis[order], starts) + 1 for axis in (x, y)]
    return [
        (x0 / width, y0 / height, x1 / width, y1 / height)
        for x0, y0, x1, y1 in zip(*(side.tolist() for side in (*low, *high)), strict=True)
    ]


def _pixels(cells: Mask, shape: tuple[int, ...]) -> Mask:
    """Cells as pixels of a thumbnail of `shape`."""
    return np.asarray(cells.repeat(CELL_PX, axis=0).repeat(CELL_PX, axis=1)[: shape[0], : shape[1]])
