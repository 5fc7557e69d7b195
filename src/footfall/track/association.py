"""Who could be whom, and who is: overlap of boxes and the assignment that makes the most of it.

Boxes are centre and size in image widths. Overlap is the height-modulated IoU (Yang et al., "Hybrid-SORT", 2024): people of
different depth differ in height long before they stop overlapping. Both boxes are expanded first (Yang et al., "C-BIoU", 2023),
by as much as the prediction is uncertain, so that slow cameras and jumpy boxes still meet.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Floats: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.intp]

NEVER = -1.0
"""Gain of a pair that must not be matched."""


def overlap(a: Floats, b: Floats, expand: Floats, height_power: float = 1.0) -> Floats:
    """(n, m) IoU of expanded boxes times IoU of their vertical extents, in [0, 1].

    Args:
        a: (n, 4) float64, cx cy w h.
        b: (m, 4) float64, cx cy w h.
        expand: (n,) float64, share of its size that both boxes of a pair gain on each side.
        height_power: 0 leaves the plain IoU.
    """
    grow = (1 + 2 * expand)[:, None, None] / 2
    half_a, half_b = a[:, None, 2:] * grow, b[None, :, 2:] * grow
    low_a, high_a = a[:, None, :2] - half_a, a[:, None, :2] + half_a
    low_b, high_b = b[None, :, :2] - half_b, b[None, :, :2] + half_b
    common = np.maximum(np.minimum(high_a, high_b) - np.maximum(low_a, low_b), 0.0)
    area = common.prod(axis=2)
    iou = area / (4 * (half_a.prod(axis=2) + half_b.prod(axis=2)) - area)
    if height_power == 0.0:
        return np.asarray(iou)
    tall = np.maximum(high_a[..., 1], high_b[..., 1]) - np.minimum(low_a[..., 1], low_b[..., 1])
    return np.asarray(iou * (common[..., 1] / tall) ** height_power)


def covered(a: Floats, b: Floats) -> Floats:
    """(n, m) share of each box of `a` that lies in each box of `b`; cx cy w h."""
    half_a, half_b = a[:, None, 2:] / 2, b[None, :, 2:] / 2
    upper = np.minimum(a[:, None, :2] + half_a, b[None, :, :2] + half_b)
    lower = np.maximum(a[:, None, :2] - half_a, b[None, :, :2] - half_b)
    return np.asarray(np.maximum(upper - lower, 0.0).prod(axis=2) / a[:, None, 2:].prod(axis=2))


def assign(gain: Floats, least: float) -> tuple[Rows, Rows]:
    """The pairs with the greatest total gain, of which none gains less than `least`.

    Rows and columns that could meet nobody are left out before the assignment.
    """
    possible = gain >= least
    rows, columns = np.flatnonzero(possible.any(axis=1)), np.flatnonzero(possible.any(axis=0))
    value = np.where(possible, gain - least + 1e-9, 0.0)[np.ix_(rows, columns)]
    i, j = linear_sum_assignment(value, maximize=True)
    i, j = rows[i], columns[j]
    good = possible[i, j]
    return i[good], j[good]


def gate(distance2: Floats, plausible: NDArray[np.bool_], free_for_all: NDArray[np.bool_], limit: float) -> Floats:
    """(n, m) gain of reviving a lost track: how much nearer than `limit` it is; `NEVER` outside of it.

    Args:
        distance2: (n, m) float64, squared Mahalanobis distances.
        plausible: (n, m) bool, pairs that reach and size allow.
        free_for_all: (n,) bool, tracks lost so recently that they may compete; the others need a detection of their own.
        limit: greatest squared distance.
    """
    candidate = distance2 < 2 * limit
    alone = (candidate.sum(axis=0) == 1)[None, :] & (candidate.sum(axis=1) == 1)[:, None]
    allowed = plausible & (distance2 < limit) & (alone | free_for_all[:, None])
    return np.where(allowed, limit - distance2, NEVER)
