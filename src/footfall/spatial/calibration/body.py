"""How a walking person of unknown height fills a box: the pinhole model of spec/operations.md 7.3, turned round.

A box ends below at the nearer foot, not under the body, and above at the far side of the head: both matter for a
camera that looks down. Rows of the picture alone are used, and these see forward and up only, whatever the lateral
place is. Lengths in metres, places in the picture in image widths from its centre, y down.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.spatial.ground import Camera

Floats: TypeAlias = NDArray[np.float64]

HEAD_M = 0.10
"""Radius of a head with its hair."""
FEET_SIDE_M, FEET_STRIDE_M, FEET_TOE_M = 0.08, 0.18, 0.06
"""How far before the body the nearer foot ends: half a stance, the mean over a stride in the direction of walking, and
what toes reach further than heels."""
HORIZON_RAD = 0.02
"""No foot is believed that is seen less than this below the horizon."""
STEEP_RAD = 1.2
"""Whose head is seen more steeply than this shows no height."""
GAINS = 0.3, 6.0


@dataclass(frozen=True, slots=True)
class Bodies:
    """What a camera makes of sightings: parallel arrays."""

    height_m: Floats
    """(n,) how tall the people would be."""
    x_m: Floats
    """(n,) lateral place of the body's axis."""
    y_m: Floats
    """(n,) forward."""
    vx_m_s: Floats
    vy_m_s: Floats
    noise2_m_s: Floats
    """(n,) variance of the velocity: the sum over both axes."""
    gain: Floats
    """(n,) by which share of its height a box grows when the body grows by one per cent, in per cent."""
    top_rad: Floats
    """(n,) how far below the horizontal the hair is seen."""


def bodies(camera: Camera, sightings: NDArray[np.void], margin_w: float = 0.0) -> Bodies:
    """The people that would look like `sightings` ((n,) `SIGHTING`) here, their heads `margin_w` below their boxes."""
    down, f, h = pi / 2 - camera.tilt_rad, camera.focal_w, camera.height_m
    foot, top = sightings["foot"] / f, (sightings["head"] + margin_w) / f
    low = np.maximum(down + np.arctan(foot), HORIZON_RAD)
    high = np.clip(down + np.arctan(top), -1.5, 1.5)
    sole = h / np.tan(low)
    depth = sole * np.cos(down) + h * np.sin(down)
    rate = h / np.sin(low) ** 2 / f / (1.0 + foot**2)
    vy = -rate * sightings["dfoot"]
    vx = (sightings["dx"] * depth + sightings["x"] * vy * np.cos(down)) / f
    along = vy / np.maximum(np.hypot(vx, vy), 1e-6)
    y = sole + FEET_SIDE_M + FEET_STRIDE_M * np.abs(along) - FEET_TOE_M * along
    height = h - y * np.tan(high) - HEAD_M * (1.0 / np.cos(high) - 1.0)
    x = sightings["x"] / f * (y * np.cos(down) + h * np.sin(down))
    noise2 = (rate * sightings["dfoot_noise"]) ** 2 + (depth / f * sightings["dx_noise"]) ** 2
    seen = (np.cos(high) / np.maximum(np.cos(high - down), 0.05)) ** 2 * f / np.maximum(y, 0.1)
    gain = np.clip(height * seen / (sightings["foot"] - sightings["head"]), *GAINS)
    return Bodies(height, x, y, vx, vy, noise2, gain, high)
