"""How a box moves: constant velocity in units of the person's own height, in seconds.

State per track: box centre and size with their rates. Noise is a share of the body height, so one set of numbers
serves near and far people, any resolution and any frame rate; measurement noise grows as the score falls ("NSA
Kalman", Du et al., GIAOTracker, 2021) and prediction noise with the time since the last update. All four
coordinates are independent, so that a filter is three numbers a coordinate and a whole crowd is updated without one
matrix inversion. Rates fade over `fade_s`: nobody walks straight on for ever behind a pillar.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.track.settings import MotionSettings

Floats: TypeAlias = NDArray[np.float64]

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


def start(moving: NDArray[np.void], cxcywh: Floats, noise: Floats, spec: MotionSettings) -> None:
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


def predict(moving: NDArray[np.void], dt_s: float, spec: MotionSettings) -> None:
    """Advance by `dt_s` seconds, in place; exact for rates that fade and are shaken, in one step or in many."""
    fade_s = _per_coordinate(spec.fade_s, spec.size_fade_s)
    kept = np.exp(-dt_s / fade_s)
    reach = fade_s * (1.0 - kept)
    shake = np.square(_per_coordinate(spec.acceleration, spec.size_acceleration))
    moving["cxcywh"] += moving["rate"] * reach
    moving["cxcywh"][:, 2:] = np.maximum(moving["cxcywh"][:, 2:], 1e-6)
    moving["rate"] *= kept
    drifted = shake * fade_s**2 * (dt_s - reach * (3.0 - kept) / 2)
    moving["var"] += 2 * reach * moving["cov"] + reach**2 * moving["rate_var"] + spec.wander**2 * dt_s + drifted
    moving["cov"] = kept * (moving["cov"] + reach * moving["rate_var"]) + shake * reach**2 / 2
    moving["rate_var"] = kept**2 * moving["rate_var"] + shake * fade_s * (1.0 - kept**2) / 2


def correct(moving: NDArray[np.void], rows: NDArray[np.intp], cxcywh: Floats, noise: Floats) -> None:
    """Take in one measurement for each of `rows`, in place.

    Args:
        moving: (n,) with the fields of `MOTION`.
        rows: (m,) indices of the measured tracks.
        cxcywh: (m, 4) float64, what was measured.
        noise: (m,) float64, standard deviation of the measurement in body heights.
    """
    m = moving[rows]
    total = m["var"] + noise[:, None] ** 2
    gain, rate_gain = m["var"] / total, m["cov"] / total
    surprise = cxcywh - m["cxcywh"]
    m["cxcywh"] += gain * surprise
    m["rate"] += rate_gain * surprise
    m["rate_var"] -= rate_gain * m["cov"]
    m["cov"] *= 1 - gain
    m["var"] *= 1 - gain
    moving[rows] = m


def distance2(moving: NDArray[np.void], cxcywh: Floats, noise: Floats) -> Floats:
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


def distance_walked(moving: NDArray[np.void], gap_s: Floats, spec: MotionSettings) -> Floats:
    """(n,) body heights between here and where people would be who had kept the speed of `gap_s` (n,) seconds ago."""
    rate = np.hypot(moving["rate"][:, 0], moving["rate"][:, 1]) / moving["cxcywh"][:, 3]
    return np.asarray(rate * np.exp(gap_s / spec.fade_s) * gap_s)


def _per_coordinate(position: float, size: float) -> Floats:
    return np.array([position, position, size, size])
