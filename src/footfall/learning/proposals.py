"""Where something may be: boxes without names, for people who draw boxes.

A window is likely to hold a thing when what the backbone sees in it differs from what it sees beside it, on every side
(Alexe et al. 2012, "Measuring the objectness of image windows", whose colour contrast this is, on learned features).
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.learning.box_graph import SIDE_PX
from footfall.learning.box_heads import fit_projection
from footfall.learning.embedding import Embedding
from footfall.learning.lesson import Rgb
from footfall.learning.model import stretched
from footfall.learning.second_look import overlaps

F32: TypeAlias = NDArray[np.float32]

COMPONENTS: Final = 12
SIDES: Final = (2, 3, 4, 6, 8, 11, 15, 20)
"""Of windows, in cells of eight pixels of 320."""
MOST_ASPECT: Final = 3.0
SAME: Final = 0.5
"""Overlap from which on two windows are one."""


def propose(embedding: Embedding, rgb: Rgb, most: int = 40) -> tuple[F32, F32]:
    """Boxes around what stands out from its surroundings, the likeliest first.

    Args:
        embedding: the backbone.
        rgb: (height, width, 3).
        most: how many at most.

    Returns:
        (n, 4) float32 xyxy, fractions of the picture, and (n,) float32 scores: 1 for the likeliest, 0 for no contrast.
    """
    sums = _sums(_seen(embedding, rgb))
    parts = [_windows(sums, width, height) for width in SIDES for height in SIDES if _is_likely(width, height)]
    boxes, contrast = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(-contrast, kind="stable")[:3000]
    kept = _apart(boxes[order], most)
    scores = contrast[order][kept]
    top = float(scores.max(initial=0.0))
    likely = scores / top if top > 0 else np.zeros_like(scores)
    return np.asarray(boxes[order][kept] / (sums.shape[1] - 1), np.float32), np.asarray(likely, np.float32)


def _is_likely(width: int, height: int) -> bool:
    return max(width, height) <= MOST_ASPECT * min(width, height)


def _seen(embedding: Embedding, rgb: Rgb) -> F32:
    """(components, cells, cells): what differs within this picture, at the finest stride."""
    fine, middle, _ = embedding.maps(stretched(rgb, SIDE_PX)[None])
    both = np.concatenate([fine[0], middle[0].repeat(2, axis=1).repeat(2, axis=2)])
    rows = both.reshape(len(both), -1).T
    rows = rows / np.maximum(rows.std(axis=0), 1e-3)
    components = fit_projection(rows, COMPONENTS, whitening=0.5)(rows)
    return np.ascontiguousarray(components.T.reshape(-1, *both.shape[1:]))


def _sums(seen: F32) -> NDArray[np.float64]:
    """Sums over all cells above and to the left: (components, cells + 1, cells + 1)."""
    return np.pad(seen.cumsum(axis=1, dtype=np.float64).cumsum(axis=2), ((0, 0), (1, 0), (1, 0)))


def _windows(sums: NDArray[np.float64], width: int, height: int) -> tuple[F32, F32]:
    """All windows of one size, (n, 4) in cells, and how far each differs from its surroundings."""
    cells = sums.shape[1] - 1
    y, x = (grid.reshape(-1) for grid in np.mgrid[: cells - height + 1, : cells - width + 1])
    rim_x, rim_y = max(1, width // 3), max(1, height // 3)
    inside = _mean(sums, x, y, x + width, y + height)
    sides = [
        _mean(sums, x - rim_x, y, x, y + height), _mean(sums, x + width, y, x + width + rim_x, y + height),
        _mean(sums, x, y - rim_y, x + width, y), _mean(sums, x, y + height, x + width, y + height + rim_y),
    ]  # fmt: skip
    differences = np.stack([np.sqrt(((inside - side) ** 2).sum(axis=0)) for side in sides])
    differences = np.sort(np.nan_to_num(differences, nan=0.0), axis=0)
    contrast = (differences[0] + differences[1]) / 2 * (width * height) ** 0.25
    return np.stack([x, y, x + width, y + height], axis=1).astype(np.float32), contrast.astype(np.float32)


def _mean(sums: NDArray[np.float64], *span: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of what lies in x0, y0, x1, y1, as far as it is in the picture: (components, n); nothing of nothing is nan."""
    x0, y0, x1, y1 = (np.clip(edge, 0, sums.shape[1] - 1) for edge in span)
    total = sums[:, y1, x1] - sums[:, y0, x1] - sums[:, y1, x0] + sums[:, y0, x0]
    area = (x1 - x0) * (y1 - y0)
    return np.where(area > 0, total / np.maximum(area, 1), np.nan)


def _apart(boxes: F32, most: int) -> list[int]:
    """Rows of boxes, in order, none of which overlaps an earlier one."""
    kept: list[int] = []
    is_free = np.ones(len(boxes), np.bool_)
    for row in range(len(boxes)):
        if is_free[row]:
            kept.append(row)
            if len(kept) == most:
                break
            is_free &= overlaps(boxes[row : row + 1], boxes)[0] < SAME
    return kept
