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
    return _met(a[:, None], b[None], 1 + 2 * expand[:, None], modulated=modulated)


def head_overlap(a: Floats, b: Floats, expand: Floats) -> Floats:
    """(n, m) `overlap` of what is left of the boxes `a` when they are cut below to the height of the shorter `b`."""
    cut = np.repeat(a[:, None], len(b), axis=1)
    cut[..., 3] = np.minimum(cut[..., 3], b[:, 3])
    cut[..., 1] += (cut[..., 3] - a[:, 3][:, None]) / 2
    return _met(cut, b[None], 1 + 2 * expand[:, None], modulated=True)


def hidden_share(a: Floats, b: Floats, upper: Rows) -> Floats:
    """(n,) share of what each box of `a` has below its visible part that a third box, which reaches lower, covers.

    Args:
        a: (n, 4) float64, cx cy w h: whole bodies.
        b: (m, 4) float64, cx cy w h: everything seen.
        upper: (n,) which boxes of `b` are tried as the visible upper parts.
    """
    bottom, floor = b[:, 1] + b[:, 3] / 2, a[:, 1] + a[:, 3] / 2
    height = np.maximum(floor - bottom[upper], 1e-6)
    rest = np.stack([a[:, 0], floor - height / 2, a[:, 2], height], axis=1)
    lower = bottom > bottom[upper][:, None]
    return np.asarray(np.where(lower, covered(rest, b), 0.0).max(axis=1, initial=0.0))


def covered(a: Floats, b: Floats) -> Floats:
    """(n, m) share of each box of `a` that lies in each box of `b`; cx cy w h."""
    a, b = a[:, None], b[None]
    wide, _ = _extent(a[..., 0], a[..., 2], b[..., 0], b[..., 2])
    high, _ = _extent(a[..., 1], a[..., 3], b[..., 1], b[..., 3])
    return np.asarray(wide * high / (a[..., 2] * a[..., 3]))


def _met(a: Floats, b: Floats, grow: Floats, *, modulated: bool) -> Floats:
    """(n, m) overlap of boxes (n or 1, m or 1, 4), all grown by `grow` (n, 1)."""
    wide, _ = _extent(a[..., 0], grow * a[..., 2], b[..., 0], grow * b[..., 2])
    high, tall = _extent(a[..., 1], grow * a[..., 3], b[..., 1], grow * b[..., 3])
    area = wide * high
    iou = area / (grow**2 * (a[..., 2] * a[..., 3] + b[..., 2] * b[..., 3]) - area)
    return np.asarray(iou * high / tall if modulated else iou)


def _extent(at: Floats, size: Floats, other_at: Floats, other_size: Floats) -> tuple[Floats, Floats]:
    """Lengths of the intersection and of the union of intervals."""
    low, high = at - size / 2, at + size / 2
    other_low, other_high = other_at - other_size / 2, other_at + other_size / 2
    common = np.minimum(high, other_high) - np.maximum(low, other_low)
    return np.maximum(common, 0.0), np.maximum(high, other_high) - np.minimum(low, other_low)


def assign(gain: Floats, least: float) -> tuple[Rows, Rows]:
    """The pairs with the greatest total gain, of which none gains less than `least`.

    Pairs of two who could meet nobody else need no assignment.
    """
    possible = gain >= least
    alone = possible & (possible.sum(axis=1) == 1)[:, None] & (possible.sum(axis=0) == 1)
    contested = possible & ~alone
    i, j = np.nonzero(alone)
    rows, columns = np.flatnonzero(contested.any(axis=1)), np.flatnonzero(contested.any(axis=0))
    if not len(rows):
        return i, j
    value = np.where(contested, gain - least + 1e-9, 0.0)[np.ix_(rows, columns)]
    best, best_j = linear_sum_assignment(value, maximize=True)
    best, best_j = rows[best], columns[best_j]
    good = contested[best, best_j]
    return np.append(i, best[good]), np.append(j, best_j[good])


def mutual(gain: Floats, least: float) -> tuple[Rows, Rows]:
    """The pairs of which each is the other's best and that gain at least `least`. `gain` must not be empty."""
    best = gain.argmax(axis=1)
    rows = np.arange(len(gain))
    good = (gain.argmax(axis=0)[best] == rows) & (gain[rows, best] >= least)
    return rows[good], best[good]


def gate(distance2: Floats, plausible: NDArray[np.bool_], free_for_all: NDArray[np.bool_], limit: Floats) -> Floats:
    """(n, m) gain of reviving a lost track: how much nearer than `limit` it is; `NEVER` outside of it.

    Args:
        distance2: (n, m) float64, squared Mahalanobis distances.
        plausible: (n, m) bool, pairs that reach and size allow.
        free_for_all: (n,) bool, tracks lost so recently that they may compete; others need a detection of their own.
        limit: (n,) float64, greatest squared distances.
    """
    limit = limit[:, None]
    candidate = distance2 < 2 * limit
    alone = (candidate.sum(axis=0) == 1)[None, :] & (candidate.sum(axis=1) == 1)[:, None]
    allowed = plausible & (distance2 < limit) & (alone | free_for_all[:, None])
    return np.where(allowed, limit - distance2, NEVER)
