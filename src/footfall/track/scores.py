"""What a good score is on this camera: scores are read relative to those of the people seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from footfall.track.table import scalar

LOWEST_LEVEL = 0.4
HIGHEST_LEVEL = 1.0
FULL = 0.95
"""The average good score counts as this much."""
WARM_UP_S = 1.0
CROWD = 5
"""As many good scores at once teach as much as a frame can."""
ZERO, ONE = scalar(0.0), scalar(1.0)


class ScoreLevel:
    """Running average of the camera's good scores, learnt fast at first and slowly later.

    Bounded below, so that an empty scene never turns shadows into people.
    """

    def __init__(self, level: float, memory_s: float) -> None:
        self.level = level
        self._memory_s = memory_s
        self._age_s = 0.0

    def relative(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n,) float64 in [0, 1]: scores in units of the camera's level."""
        relative = score / self.level
        np.maximum(relative, ZERO, out=relative)
        return np.minimum(relative, ONE, out=relative)

    def learn(self, score: NDArray[np.float64], dt_s: float) -> None:
        """Take in the good scores of one frame, which came `dt_s` seconds after the last."""
        if not len(score):
            return
        step_s = min(dt_s, WARM_UP_S) * min(len(score), CROWD) / CROWD
        share = -float(np.expm1(-step_s / min(self._memory_s, WARM_UP_S + self._age_s)))
        self._age_s += step_s
        level = self.level + share * (float(np.add.reduce(score)) / len(score) / FULL - self.level)
        self.level = min(max(level, LOWEST_LEVEL), HIGHEST_LEVEL)
