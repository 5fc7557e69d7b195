"""Where something may be: boxes without names, for people who draw boxes.

Neighbouring cells of like colour are joined, the likest first, until all are one; what stays apart for long before it
is joined is likely a thing (after Uijlings et al. 2013, "Selective search for object recognition").
"""

from __future__ import annotations

from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import ward_tree
from sklearn.feature_extraction.image import grid_to_graph

from footfall.learning.lesson import Rgb
from footfall.learning.model import stretched
from footfall.learning.second_look import overlaps

F32: TypeAlias = NDArray[np.float32]
F64: TypeAlias = NDArray[np.float64]

LOOK_PX: Final = 320
CELLS: Final = 64
"""Along a side of the picture."""
COLOUR: Final = 40.0
"""A difference in Lab that counts as much as half the picture's side."""
PLACE: Final = 2.0
LEAST_CELLS: Final = 3
MOST_SHARE: Final = 0.8
"""Of the picture's side."""
MOST_ASPECT: Final = 4.0
SAME: Final = 0.5
"""Overlap from which on two boxes are one."""


def propose(rgb: Rgb, most: int = 40) -> tuple[F32, F32]:
    """Boxes around what stays apart from its surroundings, the likeliest first.

    Args:
        rgb: (height, width, 3).
        most: how many at most.

    Returns:
        (n, 4) float32 xyxy, fractions of the picture, and (n,) float32 scores in 0..1, 1 for the likeliest.
    """
    boxes, scores = _groups(_described(rgb))
    sides = boxes[:, 2:] - boxes[:, :2]
    shortest, longest = sides.min(axis=1), sides.max(axis=1)
    is_fit = (shortest >= LEAST_CELLS) & (longest <= MOST_SHARE * CELLS) & (longest <= MOST_ASPECT * shortest)
    boxes, scores = boxes[is_fit & (scores > 0)], scores[is_fit & (scores > 0)]
    order = np.argsort(-scores, kind="stable")
    kept = order[_apart(boxes[order], most)]
    top = float(scores[kept].max(initial=0.0)) or 1.0
    return (boxes[kept] / CELLS).astype(np.float32), (scores[kept] / top).astype(np.float32)


def _described(rgb: Rgb) -> F32:
    """(cells, 5) colour and place of every cell, row by row."""
    lab = cv2.cvtColor(stretched(rgb, LOOK_PX), cv2.COLOR_RGB2LAB).astype(np.float32)
    colours = cv2.resize(lab, (CELLS, CELLS), interpolation=cv2.INTER_AREA).reshape(-1, 3) / COLOUR
    places = np.indices((CELLS, CELLS)).reshape(2, -1).T * (PLACE / CELLS)
    return np.concatenate([colours, places], axis=1).astype(np.float32)


def _groups(cells: F32) -> tuple[F64, F64]:
    """Boxes (n, 4), in cells, around every group that ever was; how long it stayed apart, and how full its box is."""
    count = len(cells)
    pairs, _, _, _, heights = ward_tree(cells, connectivity=grid_to_graph(CELLS, CELLS), return_distance=True)
    y, x = np.divmod(np.arange(count), CELLS)
    boxes = np.concatenate([np.stack([x, y, x + 1, y + 1], axis=1), np.zeros((len(pairs), 4))]).astype(np.float64)
    areas, made = np.ones(len(boxes)), np.concatenate([np.zeros(count), heights])
    joined = np.full(len(boxes), made.max(initial=0.0))
    for group, (one, other) in enumerate(pairs, start=count):
        boxes[group, :2] = np.minimum(boxes[one, :2], boxes[other, :2])
        boxes[group, 2:] = np.maximum(boxes[one, 2:], boxes[other, 2:])
        areas[group] = areas[one] + areas[other]
        joined[[one, other]] = made[group]
    return boxes, (joined - made) * areas / (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)


def _apart(boxes: F64, most: int) -> list[int]:
    """Rows of boxes, in order, none of which overlaps an earlier one."""
    kept: list[int] = []
    is_free = np.ones(len(boxes), np.bool_)
    while is_free.any() and len(kept) < most:
        row = int(is_free.argmax())
        kept.append(row)
        is_free &= overlaps(boxes[row : row + 1].astype(np.float32), boxes.astype(np.float32))[0] < SAME
    return kept
