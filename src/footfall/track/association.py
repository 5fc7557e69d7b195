"""Who could be whom, and who is: overlap of boxes and the assignment that makes the most of it.

Boxes are centre and size in image widths. Overlap is the height-modulated IoU (Yang et al., "Hybrid-SORT", 2024):
people of different depth differ in height long before they stop overlapping. Both boxes are expanded first (Yang et
al., "C-BIoU", 2023), by as much as the prediction is uncertain, so that slow cameras and jumpy boxes still meet.
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


def overlap(a: Floats, b: Floats, expand: Floats, *, modulated: bool = True) -> Floats:
    """(n, m) IoU of expanded boxes times IoU of their vertical extents, in [0, 1].

    Args:
        a: (n, 4) float64, cx cy w h.
        b: (m, 4) float64, cx cy w h.
        expand: (n,) float64, share of its size that both boxes of a pair gain on each side.
        modulated: False gives the plain IoU.
    """
    grow = 1 + 2 * expand[:, None]
    wide, _ = _extent(a[:, 0], a[:, 2], b[:, 0], b[:, 2], grow)
    high, tall = _extent(a[:, 1], a[:, 3], b[:, 1], b[:, 3], grow)
    area = wide * high
    iou = area / (grow**2 * ((a[:, 2] * a[:, 3])[:, None] + b[:, 2] * b[:, 3]) - area)
    return np.asarray(iou * high / tall if modulated else iou)


def head_overlap(a: Floats, b: Floats, expand: Floats) -> Floats:
    """(n, m) `overlap` of what is left of the boxes `a` when they are cut below to the height of the shorter `b`."""
    top, top_b = a[:, 1] - a[:, 3] / 2, b[:, 1] - b[:, 3] / 2
    result = np.zeros((len(a), len(b)))
    for j in np.flatnonzero(b[:, 3] < a[:, 3].max(initial=0.0)):
        height = np.minimum(a[:, 3], b[j, 3])
        cut = np.stack([a[:, 0], top + height / 2, a[:, 2], height], axis=1)
        one = np.array([[b[j, 0], top_b[j] + b[j, 3] / 2, b[j, 2], b[j, 3]]])
        result[:, j] = overlap(cut, one, expand)[:, 0]
    return result


def hidden_share(a: Floats, b: Floats, columns: Rows) -> Floats:
    """(n, k) share of what a box of `a` has below a box of `b` that a third box, which reaches lower, covers.

    Args:
        a: (n, 4) float64, cx cy w h: whole bodies.
        b: (m, 4) float64, cx cy w h: everything seen.
        columns: (k,) which boxes of `b` are tried as visible upper parts.
    """
    bottom_a, bottom_b = a[:, 1] + a[:, 3] / 2, b[:, 1] + b[:, 3] / 2
    result = np.zeros((len(a), len(columns)))
    for k, j in enumerate(columns.tolist()):
        height = np.maximum(bottom_a - bottom_b[j], 1e-6)
        rest = np.stack([a[:, 0], bottom_a - height / 2, a[:, 2], height], axis=1)
        others = b[(bottom_b > bottom_b[j]) & (np.arange(len(b)) != j)]
        if len(others):
            result[:, k] = covered(rest, others).max(axis=1)
    return result


def covered(a: Floats, b: Floats) -> Floats:
    """(n, m) share of each box of `a` that lies in each box of `b`; cx cy w h."""
    one = np.ones((len(a), 1))
    wide, _ = _extent(a[:, 0], a[:, 2], b[:, 0], b[:, 2], one)
    high, _ = _extent(a[:, 1], a[:, 3], b[:, 1], b[:, 3], one)
    return np.asarray(wide * high / (a[:, 2] * a[:, 3])[:, None])


def _extent(at: Floats, size: Floats, other_at: Floats, other_size: Floats, grow: Floats) -> tuple[Floats, Floats]:
    """(n, m) lengths of the intersection and of the union of intervals, all grown by `grow` (n, 1)."""
    half, other_half = grow * size[:, None] / 2, grow * other_size / 2
    low, high = at[:, None] - half, at[:, None] + half
    other_low, other_high = other_at - other_half, other_at + other_half
    common = np.minimum(high, other_high) - np.maximum(low, other_low)
    return np.maximum(common, 0.0), np.maximum(high, other_high) - np.minimum(low, other_low)


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
        free_for_all: (n,) bool, tracks lost so recently that they may compete; others need a detection of their own.
        limit: greatest squared distance.
    """
    candidate = distance2 < 2 * limit
    alone = (candidate.sum(axis=0) == 1)[None, :] & (candidate.sum(axis=1) == 1)[:, None]
    allowed = plausible & (distance2 < limit) & (alone | free_for_all[:, None])
    return np.where(allowed, limit - distance2, NEVER)
