"""Who could be whom, and who is: overlap of boxes and the assignment that makes the most of it.

Boxes are centre and size in image widths. Overlap is the height-modulated IoU (Yang et al., "Hybrid-SORT", 2024):
people of different depth differ in height long before they stop overlapping. Both boxes are expanded first (Yang et
al., "C-BIoU", 2023), by as much as the prediction is uncertain, so that slow cameras and jumpy boxes still meet.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from footfall.track.table import Flags, Floats, Rows, scalar

NEVER = -1.0
"""Gain of a pair that must not be matched."""
A_LITTLE = 1e-6
"""What is too far apart for any overlap is so by more than rounding."""
ZERO, HALF, ONE, TWO = (scalar(value) for value in (0.0, 0.5, 1.0, 2.0))


class Pairs(NamedTuple):
    """Who could be whom: parallel arrays, row by row of an (n, m) matrix of which most is empty."""

    i: Rows
    """(k,) rows."""
    j: Rows
    """(k,) columns."""
    gain: Floats
    """(k,) float64."""

    def only(self, which: Flags) -> Pairs:
        """Those pairs alone; `which`: (k,) bool."""
        return self if np.count_nonzero(which) == len(which) else Pairs(self.i[which], self.j[which], self.gain[which])


def overlap(a: Floats, b: Floats, expand: Floats, *, modulated: bool = True) -> Floats:
    """(n, m) IoU of expanded boxes times IoU of their vertical extents, in [0, 1].

    Args:
        a: (n, 4) float64, cx cy w h.
        b: (m, 4) float64, cx cy w h.
        expand: (n,) float64, share of its size that both boxes of a pair gain on each side.
        modulated: False gives the plain IoU.
    """
    return _met(a.T[:, :, None], b.T[:, None, :], 1 + 2 * expand[:, None], modulated=modulated)


def near(a: Floats, b: Floats, expand: Floats, slack: float = 0.0) -> tuple[Rows, Rows]:
    """Rows and columns of at least all pairs that overlap across: most boxes are far apart.

    Args:
        a: (n, 4) float64, cx cy w h.
        b: (m, 4) float64, cx cy w h.
        expand: (n,) float64, share of its size that both boxes of a pair gain on each side.
        slack: so far may all of `a` move together until this has to be asked anew.
    """
    x, width, other_x, other_width = a[:, 0], a[:, 2], b[:, 0], b[:, 2]
    reach = HALF * width
    reach += expand * (width + max(other_width.tolist(), default=0.0))
    reach += slack + A_LITTLE
    half = HALF * other_width
    flags = (x - reach)[:, None] <= other_x + half
    flags &= (x + reach)[:, None] >= other_x - half
    return _where(flags)


def meeting(a: Floats, b: Floats, expand: Floats, tried: tuple[Rows, Rows] | None = None) -> Pairs:
    """Pairs that overlap at all when expanded, and their `overlap`.

    Args:
        a: (n, 4) float64, cx cy w h.
        b: (m, 4) float64, cx cy w h.
        expand: (n,) float64, share of its size that both boxes of a pair gain on each side.
        tried: what `near` says; None: it is asked.
    """
    i, j = near(a, b, expand) if tried is None else tried
    met = _met(a.T.take(i, axis=1), b.T.take(j, axis=1), ONE + TWO * expand.take(i), modulated=True)
    good = (met > ZERO).nonzero()[0]
    return Pairs(i.take(good), j.take(good), met.take(good))


def _where(flags: Flags) -> tuple[Rows, Rows]:
    """Rows and columns of what is set in an (n, m) matrix, row by row."""
    i, j = np.unravel_index(flags.ravel().nonzero()[0], flags.shape)
    return i, j


def coincident(boxes: Floats, least: float) -> tuple[Rows, Rows]:
    """Pairs of boxes (n, 4) that overlap by `least` or more, each both ways round.

    Intervals that share so much of their union have their middles no farther apart than (1 - least) / (2 least) of
    either one, which nearly all pairs are.
    """
    at, size = boxes.T[:2], boxes.T[2:]
    reach = ((1.0 - least) / (2.0 * max(least, 1e-9)) + A_LITTLE) * size
    close = np.abs(at[:, :, None] - at[:, None, :]) <= reach[:, :, None]
    both = close[0] & close[1]
    if np.count_nonzero(both) > len(boxes):
        i, j = _where(both)
        others = i != j
        i, j = i[others], j[others]
        good = _met(boxes[i].T, boxes[j].T, np.ones(1), modulated=True) >= least
        return i[good], j[good]
    return np.empty(0, np.intp), np.empty(0, np.intp)


def head_overlap(a: Floats, b: Floats, expand: Floats) -> Floats:
    """(n, m) `overlap` of what is left of the boxes `a` when they are cut below to the height of the shorter `b`."""
    whole, upper = a.T[:, :, None], b.T[:, None, :]
    cut = np.repeat(whole, len(b), axis=2)
    np.minimum(cut[3], upper[3], out=cut[3])
    cut[1] += (cut[3] - whole[3]) / 2
    return _met(cut, upper, 1 + 2 * expand[:, None], modulated=True)


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
    a, b = a.T[:, :, None], b.T[:, None, :]
    common, _, _ = _extents(a, b, np.ones(1))
    return np.asarray(common[0] * common[1] / (a[2] * a[3]))


def _met(a: Floats, b: Floats, grow: Floats, *, modulated: bool) -> Floats:
    """Overlap of boxes (4, ...), all grown by `grow`; all three are broadcast against each other."""
    common, low, high = _extents(a, b, grow)
    area: Floats = common[0] * common[1]
    union = grow**2 * (a[2] * a[3] + b[2] * b[3])
    union -= area
    area /= union
    if modulated:
        area *= common[1]
        area /= high - low
    return area


def _extents(a: Floats, b: Floats, grow: Floats) -> tuple[Floats, Floats, Floats]:
    """(2, ...) width and height of the intersections of grown boxes; the ends of their unions from top to bottom."""
    at, other_at, half_grow = a[:2], b[:2], HALF * grow
    half, other_half = half_grow * a[2:], half_grow * b[2:]
    low, high = at - half, at + half
    other_low, other_high = other_at - other_half, other_at + other_half
    common = np.minimum(high, other_high)
    common -= np.maximum(low, other_low)
    np.maximum(common, ZERO, out=common)
    return common, np.minimum(low[1], other_low[1]), np.maximum(high[1], other_high[1])


def assign(gain: Floats, least: float) -> tuple[Rows, Rows]:
    """The pairs with the greatest total gain, of which none gains less than `least`. `gain`: (n, m) float64."""
    i, j = (gain >= least).nonzero()
    return settle(Pairs(i, j, gain[i, j]), least)


def settle(pairs: Pairs, least: float) -> tuple[Rows, Rows]:
    """Of pairs that all gain `least` or more those with the greatest total gain, no row and no column twice.

    Pairs of two who could meet nobody else need no assignment.
    """
    if is_clear(pairs):
        return pairs.i, pairs.j
    i, j, _ = pairs
    alone = (np.bincount(i)[i] == 1) & (np.bincount(j)[j] == 1)
    best_i, best_j = _solve(pairs.only(~alone), least)
    return np.concatenate((i[alone], best_i)), np.concatenate((j[alone], best_j))


def is_clear(pairs: Pairs) -> bool:
    """Whether nobody is in two pairs."""
    i, j, _ = pairs
    return bool(np.count_nonzero(np.bincount(i)) == len(i) == np.count_nonzero(np.bincount(j)))


def _solve(pairs: Pairs, least: float) -> tuple[Rows, Rows]:
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - `runtime.late`: no start waits for it

    i, j, gain = pairs
    (rows,), (columns,) = np.bincount(i).nonzero(), np.bincount(j).nonzero()
    value = np.zeros((len(rows), len(columns)))
    value[rows.searchsorted(i), columns.searchsorted(j)] = gain - least + 1e-9
    best_i, best_j = linear_sum_assignment(value, maximize=True)
    good = value[best_i, best_j] > 0.0
    return rows[best_i[good]], columns[best_j[good]]


def mutual(gain: Floats, least: float) -> tuple[Rows, Rows]:
    """The pairs of which each is the other's best and that gain at least `least`. `gain` must not be empty."""
    best = gain.argmax(axis=1)
    rows = np.arange(len(gain))
    good = (gain.argmax(axis=0)[best] == rows) & (gain[rows, best] >= least)
    return rows[good], best[good]


def gate(distance2: Floats, plausible: Flags, free_for_all: Flags, limit: Floats) -> Floats:
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
