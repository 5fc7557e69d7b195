"""One list of people from several looks at one picture: nobody twice, nobody cut in half; pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from footfall.core.types import Detections
from footfall.detect.crops import Look

DOUBLE = 0.45
"""Boxes of two looks that overlap by more, as intersection over union, are one person."""
PART = 0.6
"""A cut box that lies by this share in another one is a part of that person."""
EXPECTED = 0.3
"""A cut box that overlaps an expected person by so much is that person."""
BORDER = 0.02
"""A box that ends this close to the inner border of a look, in shares of the look, is cut off by it."""

Boxes = NDArray[np.float32]
"""(n, 4) x0 y0 x1 y1."""


def stitched(views: Sequence[tuple[Look, Detections]], expected_px: Boxes) -> tuple[Detections, Detections]:
    """What was found in all looks together, and what was left out because it is cut.

    Of two boxes of one person the one counts that no border cuts, else the better score. A cut box for which there is
    no other is left out, so that nobody appears as a half person: its place has to be looked at as a whole. But a cut
    box of somebody who is expected there counts, because a person must not be gone for a border.

    Args:
        views: looks with their detections, in pixels of the picture, all of the same `frame_size`; at least one.
        expected_px: (n, 4) where people are expected, pixels of the picture.
    """
    size = views[0][1].frame_size
    found = Detections(
        np.concatenate([one.xyxy_px for _, one in views]),
        np.concatenate([one.score for _, one in views]),
        np.concatenate([one.label for _, one in views]),
        size,
    )
    view = np.repeat(np.arange(len(views)), [len(one) for _, one in views])
    cut = np.concatenate([is_cut(one.xyxy_px, look, size) for look, one in views])
    keep = _first_of_each(found.xyxy_px, view, cut, np.lexsort((-found.score, cut)).tolist())
    known = shares(found.xyxy_px[keep], expected_px)[0].max(axis=1, initial=0.0) >= EXPECTED
    counts = ~cut[keep] | known
    return found[keep[counts]], found[keep[~counts]]


def is_cut(xyxy_px: Boxes, look: Look, picture_px: tuple[int, int]) -> NDArray[np.bool_]:
    """(n,) whether boxes end at a border of the look that is not the picture's."""
    x0, y0, x1, y1 = look.xyxy_px
    width, height = look.size_px
    near_x, near_y = BORDER * width, BORDER * height
    return np.asarray(
        ((xyxy_px[:, 0] <= x0 + near_x) & (x0 > 0))
        | ((xyxy_px[:, 1] <= y0 + near_y) & (y0 > 0))
        | ((xyxy_px[:, 2] >= x1 - near_x) & (x1 < picture_px[0]))
        | ((xyxy_px[:, 3] >= y1 - near_y) & (y1 < picture_px[1]))
    )


def shares(a: Boxes, b: Boxes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Intersection over union, and intersection over the area of `a`, of each pair: two (n, m) arrays."""
    low, high = np.maximum(a[:, None, :2], b[None, :, :2]), np.minimum(a[:, None, 2:], b[None, :, 2:])
    common = np.clip(high - low, 0.0, None).astype(np.float64).prod(axis=2)
    area_a, area_b = ((boxes[:, 2:] - boxes[:, :2]).astype(np.float64).prod(axis=1) for boxes in (a, b))
    union = area_a[:, None] + area_b[None, :] - common
    return common / np.maximum(union, 1e-9), common / np.maximum(area_a[:, None], 1e-9)


def _first_of_each(xyxy_px: Boxes, view: NDArray[np.intp], cut: NDArray[np.bool_], rows: list[int]) -> NDArray[np.intp]:
    """Rows that are a person of their own, where an earlier row of another look wins over a later one."""
    overlap, inside = shares(xyxy_px, xyxy_px)
    keep: list[int] = []
    for row in rows:
        others = [kept for kept in keep if view[kept] != view[row]]
        double = overlap[row, others].max(initial=0.0) > DOUBLE
        part = cut[row] and inside[row, others].max(initial=0.0) > PART
        if not (double or part):
            keep.append(row)
    return np.array(keep, np.intp)
