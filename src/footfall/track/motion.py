"""How a box moves: constant velocity in units of the person's own height, in seconds.

State per track: box centre and size with their rates. Noise is a share of the body height, so one set of numbers
serves near and far people, any resolution and any frame rate; measurement noise grows as the score falls ("NSA
Kalman", Du et al., GIAOTracker, 2021) and prediction noise with the time since the last update. All four
coordinates are independent, so that a filter is three numbers a coordinate and a whole crowd is updated without one
matrix inversion. Rates fade over `fade_s`: nobody walks straight on for ever behind a pillar.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.track.settings import MotionSettings
from footfall.track.table import Floats, Rows, Table, columns, scalar

Moving: TypeAlias = Table | NDArray[np.void]
"""Rows with the fields of `MOTION`, and maybe more."""

MOTION = np.dtype(
    [
        ("cxcywh", "f8", 4),
        ("rate", "f8", 4),
        ("var", "f8", 4),
        ("cov", "f8", 4),
        ("rate_var", "f8", 4),
    ]
)
"""Fields of a moving box: image widths (and per second); variances in squared body heights."""
FIELDS = ("cxcywh", "rate", "var", "cov", "rate_var")

ONE, SMALLEST = scalar(1.0), scalar(1e-6)


def start(moving: Moving, cxcywh: Floats, noise: Floats, spec: MotionSettings) -> None:
    """First sight: the box as measured, standing still, with a walker's uncertainty of speed.

    Args:
        moving: (n,) with the fields of `MOTION`, changed in place.
        cxcywh: (n, 4) float64, centre and size.
        noise: (n,) float64, standard deviation of the measurement in body heights.
        spec: noise levels.
    """
    moving["cxcywh"] = cxcywh
    moving["rate"] = 0.0
    moving["var"] = noise[:, None] ** 2
    moving["cov"] = 0.0
    moving["rate_var"] = np.square(_per_coordinate(spec.start_speed, spec.start_growth))


@lru_cache(maxsize=64)
def _step(dt_s: float, spec: MotionSettings) -> Floats:
    """(9, 4) what a step of time does to each coordinate, in the order in which `predict` asks for it."""
    fade_s = _per_coordinate(spec.fade_s, spec.size_fade_s)
    kept = np.exp(-dt_s / fade_s)
    reach = fade_s * (1.0 - kept)
    shake = np.square(_per_coordinate(spec.acceleration, spec.size_acceleration))
    wandered = np.full(4, spec.wander**2 * dt_s)
    drifted = shake * fade_s**2 * (dt_s - reach * (3.0 - kept) / 2)
    swung, shaken = shake * reach**2 / 2, shake * fade_s * (1.0 - kept**2) / 2
    return np.array([reach, kept, 2 * reach, reach**2, kept**2, wandered, drifted, swung, shaken])


def predict(moving: Moving, dt_s: float, spec: MotionSettings) -> None:
    """Advance by `dt_s` seconds, in place; exact for rates that fade and are shaken, in one step or in many."""
    count = len(moving)
    step = _step(dt_s, spec).repeat(count).reshape(9, 4, count)
    reach, kept, twice_reach, reach2, kept2, wandered, drifted, swung, shaken = step
    box, rate, var, cov, rate_var = columns(moving, FIELDS)
    box += rate * reach
    sizes = box[2:]
    np.maximum(sizes, SMALLEST, out=sizes)
    rate *= kept
    growth = twice_reach * cov
    growth += reach2 * rate_var
    growth += wandered
    growth += drifted
    var += growth
    cov += reach * rate_var
    cov *= kept
    cov += swung
    rate_var *= kept2
    rate_var += shaken


def correct(moving: Moving, rows: Rows | None, cxcywh: Floats, noise: Floats) -> None:
    """Take in one measurement for each of `rows`, in place.

    Args:
        moving: (n,) with the fields of `MOTION`.
        rows: (m,) indices of the measured tracks; None: all of them, in order.
        cxcywh: (m, 4) float64, what was measured.
        noise: (m,) float64, standard deviation of the measurement in body heights.
    """
    measured = moving if rows is None else moving[rows]
    box, rate, var, cov, rate_var = columns(measured, FIELDS)
    total = var + np.square(noise)
    gain, rate_gain = var / total, cov / total
    surprise = cxcywh.T - box
    box += gain * surprise
    rate += rate_gain * surprise
    rate_var -= rate_gain * cov
    left = ONE - gain
    cov *= left
    var *= left
    if rows is not None:
        moving[rows] = measured


def distance2(moving: Moving, cxcywh: Floats, noise: Floats) -> Floats:
    """(n, m) squared Mahalanobis distance of every measurement's centre and height from every prediction.

    Args:
        moving: (n,) with the fields of `MOTION`.
        cxcywh: (m, 4) float64.
        noise: (m,) float64, standard deviation of the measurements in body heights.
    """
    use = [0, 1, 3]
    height = moving["cxcywh"][:, 3][:, None, None]
    apart = (cxcywh[None, :, use] - moving["cxcywh"][:, None, use]) / height
    total = moving["var"][:, None, use] + noise[None, :, None] ** 2
    return np.asarray((apart**2 / total).sum(axis=2))


def distance_walked(moving: Moving, gap_s: Floats, spec: MotionSettings) -> Floats:
    """(n,) body heights between here and where people would be who had kept the speed of `gap_s` (n,) seconds ago."""
    rate = np.hypot(moving["rate"][:, 0], moving["rate"][:, 1]) / moving["cxcywh"][:, 3]
    return np.asarray(rate * np.exp(gap_s / spec.fade_s) * gap_s)


def _per_coordinate(position: float, size: float) -> Floats:
    return np.array([position, position, size, size])
