"""Straight-line motion from a handful of jittery points: velocity by least squares, and how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, hypot, log, sqrt
from typing import TypeAlias

Sample: TypeAlias = tuple[float, float, float]
"""(t in seconds, x, y)."""

LEAST = 6
"""Fewer samples tell nothing about jitter."""
LONG_LAG_S = 0.25
"""Jitter is compared over one frame and over about this long, which tells how long it lasts..."""
LONGEST_MEMORY_S = 0.5
"""...but what lasts longer than this is motion."""
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


@dataclass(frozen=True, slots=True)
class Noise:
    """Jitter that forgets exponentially (an autoregression of first order)."""

    sigma: float = 0.0
    """Standard deviation per axis."""
    memory: float = 0.0
    """Correlation from one sample to the next, in [0, 1)."""

    def independent(self, count: int) -> float:
        """How many independent samples tell as much about the mean as `count` of these."""
        return max(1.0, count * (1.0 - self.memory) / (1.0 + self.memory))


def fit(samples: Sequence[Sample]) -> Motion:
    """Least-squares velocity of the samples; zero when they span no time."""
    count = len(samples)
    if count < 2:
        return Motion()
    mid_t = mid_x = mid_y = 0.0
    for t, x, y in samples:
        mid_t, mid_x, mid_y = mid_t + t, mid_x + x, mid_y + y
    mid_t, mid_x, mid_y = mid_t / count, mid_x / count, mid_y / count
    spread = vx = vy = misfit = 0.0
    for t, x, y in samples:
        since = t - mid_t
        spread, vx, vy = spread + since * since, vx + since * (x - mid_x), vy + since * (y - mid_y)
    if spread <= 0.0:
        return Motion()
    vx, vy = vx / spread, vy / spread
    for t, x, y in samples:
        since = t - mid_t
        off_x, off_y = x - mid_x - vx * since, y - mid_y - vy * since
        misfit += off_x * off_x + off_y * off_y
    error = sqrt(misfit / (2 * count - 4) / spread) if count > 2 else 0.0
    return Motion(vx, vy, error)


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
        left = 1.0 - along
        x, y = x1 - x0 - along * (x2 - x0), y1 - y0 - along * (y2 - y0)
        bends.append((x * x + y * y) / (1.0 + along * along + left * left))
    bends.sort()
    return sqrt(bends[(len(bends) - 1) // 2] / MEDIAN_OF_SQUARES)


def noise(samples: Sequence[Sample]) -> Noise:
    """Jitter and its memory, from second differences over a short and a longer lag; none with too few samples.

    With correlation u from sample to sample the second difference over k samples has the variance
    s^2 (1 - u^k) (3 - u^k) / 2: the ratio of the two lags gives u, then the short one gives s. Smooth motion grows much
    faster with the lag than noise can, so the bound on u keeps bends in the path from being taken for jitter.
    """
    if len(samples) < LEAST:
        return Noise()
    variance = jitter(samples, 1) ** 2
    step_s = (samples[-1][0] - samples[0][0]) / (len(samples) - 1)
    lag = min(round(LONG_LAG_S / step_s), len(samples) // 6) if step_s > 0.0 else 1
    if lag < 2 or variance <= 0.0:
        return Noise(sqrt(variance))
    memory = _memory(jitter(samples, lag) ** 2 / variance, lag, exp(-step_s / LONGEST_MEMORY_S))
    return Noise(sqrt(3.0 * variance / ((1.0 - memory) * (3.0 - memory))), memory)


def blend(old: Noise, new: Noise, share: float) -> Noise:
    """Running mean of what was measured: `share` of the new."""
    share = min(max(share, 0.0), 1.0)
    sigma = sqrt((1.0 - share) * old.sigma**2 + share * new.sigma**2)
    return Noise(sigma, (1.0 - share) * old.memory + share * new.memory)


def _memory(ratio: float, lag: int, most: float) -> float:
    """The correlation at which second differences over `lag` samples vary `ratio` times as much as over one."""
    low, high = 0.0, most
    for _ in range(8):
        middle = (low + high) / 2
        power = middle**lag
        grows = (1.0 - power) * (3.0 - power) / ((1.0 - middle) * (3.0 - middle))
        low, high = (middle, high) if grows < ratio else (low, middle)
    return low
