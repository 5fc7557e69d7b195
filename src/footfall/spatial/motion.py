"""Straight-line motion from a handful of jittery points: velocity by least squares, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, log, sqrt
from statistics import median_low
from typing import TypeAlias

Sample: TypeAlias = tuple[float, float, float]
"""(t in seconds, x, y)."""

MEDIAN_OF_SQUARES = 2.0 * log(2.0)
"""Median of the squared length of a plane vector whose coordinates have variance 1."""


@dataclass(frozen=True, slots=True)
class Motion:
    """Velocity in the samples' unit a second, with its standard error."""

    x: float = 0.0
    y: float = 0.0
    error: float = 0.0

    @property
    def speed(self) -> float:
        """Length of the velocity."""
        return hypot(self.x, self.y)


def fit(samples: Sequence[Sample]) -> Motion:
    """Least-squares velocity of the samples; zero when they span no time."""
    count = len(samples)
    if count < 2:
        return Motion()
    mid_t, mid_x, mid_y = (sum(column) / count for column in zip(*samples, strict=True))
    spread = sum((t - mid_t) ** 2 for t, _, _ in samples)
    if spread <= 0.0:
        return Motion()
    vx = sum((t - mid_t) * (x - mid_x) for t, x, _ in samples) / spread
    vy = sum((t - mid_t) * (y - mid_y) for t, _, y in samples) / spread
    misfit = sum((x - mid_x - vx * (t - mid_t)) ** 2 + (y - mid_y - vy * (t - mid_t)) ** 2 for t, x, y in samples)
    return Motion(vx, vy, sqrt(misfit / (2 * count - 4) / spread) if count > 2 else 0.0)


def jitter(samples: Sequence[Sample], lag: int) -> float:
    """Standard deviation, per axis, of what is not smooth motion; 0 when there are too few samples.

    Each sample is held against the straight line between its neighbours `lag` steps before and after it (a second
    difference, weighted for uneven times), so that walking reads as none. The median of these makes one sharp turn
    harmless: it bends at most 2 `lag` of them, which is the smaller half from 6 `lag` samples on.
    """
    if len(samples) < 6 * lag:
        return 0.0
    bends = []
    for (t0, x0, y0), (t1, x1, y1), (t2, x2, y2) in zip(samples, samples[lag:], samples[2 * lag :], strict=False):
        along = (t1 - t0) / (t2 - t0) if t2 > t0 else 0.5
        gain = 1.0 + along**2 + (1.0 - along) ** 2
        bends.append(((x1 - x0 - along * (x2 - x0)) ** 2 + (y1 - y0 - along * (y2 - y0)) ** 2) / gain)
    return sqrt(median_low(bends) / MEDIAN_OF_SQUARES)
