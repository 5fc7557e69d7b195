"""How tall people look at which place of this camera's picture, learnt from people seen whole.

On a level floor the height of a standing person in the picture is very nearly a straight line over the height of the
feet. Two numbers tell it; they are enough to say where the feet of somebody must be of whom only the upper part shows.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

MEMORY_S = 600.0
"""Time constant of forgetting: cameras are moved."""
ENOUGH = 20.0
"""Sightings before the line is believed."""
SPREAD = 0.03
"""Least standard deviation of the feet, in image widths: a line needs two ends."""
STEEPEST = 0.9
FLATTEST = 0.05


class Perspective:
    """A running straight-line fit of box height over box bottom, in image widths."""

    def __init__(self) -> None:
        self._sums = [0.0] * 5
        """Number, sum of feet, of heights, of feet squared, of feet times heights."""

    def learn(self, foot_y: Floats, height: Floats, dt_s: float) -> None:
        """Take in people seen whole in one frame, `dt_s` seconds after the one before.

        Args:
            foot_y: (n,) float64, lower edges of their boxes.
            height: (n,) float64, heights of their boxes.
            dt_s: Seconds.
        """
        kept = float(np.exp(-dt_s / MEMORY_S))
        sums = np.add.reduce(foot_y), np.add.reduce(height), foot_y.dot(foot_y), foot_y.dot(height)
        self._sums = [kept * old + float(new) for old, new in zip(self._sums, (len(foot_y), *sums), strict=True)]

    def slope(self) -> tuple[float, float] | None:
        """(height at the upper edge, growth per image width downwards); None while not known."""
        number, feet, heights, feet2, both = self._sums
        if number < ENOUGH:
            return None
        variance = feet2 / number - (feet / number) ** 2
        if variance < SPREAD**2:
            return None
        growth = (both / number - feet * heights / number**2) / variance
        if not FLATTEST < growth < STEEPEST:
            return None
        return (heights - growth * feet) / number, growth


def feet_below(top: Floats, stature: Floats, seen_at: Floats, line: tuple[float, float] | None) -> Floats:
    """(n,) where the feet are of people whose heads are at `top`, image widths.

    Args:
        top: (n,) float64, upper edges of their boxes.
        stature: (n,) float64, how tall they looked when last seen whole ...
        seen_at: (n,) float64, ... with their feet here.
        line: What `Perspective.slope` says; without it people look as tall everywhere.
    """
    if line is None:
        return np.asarray(top + stature)
    base, growth = line
    factor = np.clip(stature / np.maximum(base + growth * seen_at, 1e-6), 0.5, 2.0)
    share = np.minimum(factor * growth, STEEPEST)
    return np.asarray(np.maximum((top + factor * base) / (1.0 - share), top + 0.25 * stature))
