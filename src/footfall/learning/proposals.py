"""Where something may be: boxes without names, for people who draw boxes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from footfall.learning.lesson import Rgb


def propose(rgb: Rgb, most: int = 40) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Boxes around what stands out from its surroundings, the likeliest first.

    Returns:
        (n, 4) float32 xyxy, fractions of the picture, and (n,) float32 scores in 0..1; n <= `most`.
    """
    raise NotImplementedError
