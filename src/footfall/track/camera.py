"""How far the camera has moved since the frame before, told by the people alone.

Everybody shifts together when a camera sways, is knocked, or turns. A small shift shows in the pairs that still
overlap (`drift`); a large one, as with few frames a second, leaves nothing overlapping: then every pair of alike
height votes for the shift it would need, and the constellation that most people agree on wins (`leap`).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

VOTES = 4
"""As many people at least must shift together before it is the camera that moved."""
SPREADS = 2.0
"""A common shift counts as far as it exceeds this many standard errors."""
ALIKE = 0.2
"""Logarithm by which the heights of one person may differ."""
NEAR = 0.12
"""Standard deviation of where a person is found after a shift, in body heights."""
FARTHEST = 0.25
"""Longest leap, in image widths."""
STEADY = 0.6
"""No leap is looked for when this share of the people is where it was expected ..."""
AGREED = 0.5
"""... and none is believed on which a smaller share agrees ..."""
GAINED = 0.25
"""... or that finds not this share of the people more than no leap."""
MOST = 40
"""People, and shifts, that are tried at most: the tallest, and the shortest."""


def drift(moved: Floats) -> Floats:
    """(2,) the common part of `moved` (n, 2), where people were found less where they were expected."""
    if len(moved) < VOTES:
        return np.zeros(2)
    shift = _middle(moved.T)
    error_x, error_y = _middle(np.abs(moved.T - shift[:, None])).tolist()
    shift_x, shift_y = shift.tolist()
    error2 = ((1.86 * error_x) ** 2 + (1.86 * error_y) ** 2) / len(moved)
    agreed = 1.0 - SPREADS**2 * error2 / max(shift_x**2 + shift_y**2, 1e-12)
    return np.asarray(shift * agreed) if agreed > 0.0 else np.zeros(2)


def _middle(numbers: Floats) -> Floats:
    """(2,) the upper median of each row of (2, n)."""
    ordered = numbers.copy()
    ordered.sort(axis=1)
    return ordered[:, len(ordered[0]) // 2]


def leap(expected: Floats, seen: Floats) -> Floats:
    """(2,) the shift that brings most of the people `expected` onto those `seen`; 0 unless it explains far more.

    Args:
        expected: (n, 4) float64, cx cy w h in image widths: predictions.
        seen: (m, 4) float64, the same: trusted detections.
    """
    expected, seen = _tallest(expected), _tallest(seen)
    if min(len(expected), len(seen)) < VOTES:
        return np.zeros(2)
    apart = seen[None, :, :2] - expected[:, None, :2]
    length = np.hypot(apart[..., 0], apart[..., 1])
    alike = (np.abs(np.log(seen[None, :, 3] / expected[:, None, 3])) < ALIKE) & (length < FARTHEST)
    still = _found(np.zeros((1, 2)), apart, alike, expected[:, 3])[0]
    if still >= STEADY:
        return np.zeros(2)
    shifts = apart[alike][np.argsort(length[alike])[: MOST * 4]]
    if not len(shifts):
        return np.zeros(2)
    found = _found(shifts, apart, alike, expected[:, 3])
    best = int(np.argmax(found))
    if found[best] < max(AGREED, still + GAINED, VOTES / len(expected)):
        return np.zeros(2)
    return np.asarray(shifts[best])


def _tallest(boxes: Floats) -> Floats:
    return boxes if len(boxes) <= MOST else boxes[np.argsort(-boxes[:, 3])[:MOST]]


def _found(shifts: Floats, apart: Floats, alike: NDArray[np.bool_], height: Floats) -> Floats:
    """(k,) share of the people found after each of the `shifts` (k, 2)."""
    off = (apart[None] - shifts[:, None, None]) / (NEAR * height[None, :, None, None])
    near = np.where(alike[None], np.exp(-np.square(off).sum(axis=3) / 2), 0.0)
    return np.asarray(near.max(axis=2).mean(axis=1))
