"""The same picture as it might have been taken: turned a little, closer, lighter, from the other side."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.learning.lesson import Rgb


@dataclass(frozen=True, slots=True)
class Changes:
    """How far views may go."""

    mirror: bool = True
    """Left and right may change places."""
    turn_deg: float = 12.0
    """Either way."""
    closer: float = 1.3
    """At most so much; farther at most by a tenth."""
    shift: float = 0.08
    """Of the side, any way."""
    stretch: float = 0.12
    """Of one side against the other."""
    gain: float = 0.25
    """Of contrast."""
    light: float = 30.0
    """Of 255, brighter or darker."""
    tint: float = 0.08
    """Of each colour."""


def changed(square: Rgb, changes: Changes, rng: np.random.Generator) -> Rgb:
    """One view.

    Args:
        square: (side, side, 3).
        changes: how far it may go.
        rng: where chance comes from.
    """
    side = square.shape[0]
    moved = cv2.warpAffine(
        square, _placement(side, changes, rng), (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    gain = 1.0 + rng.uniform(-changes.gain, changes.gain)
    tint = 1.0 + rng.uniform(-changes.tint, changes.tint, 3)
    light = rng.uniform(-changes.light, changes.light)
    grey = moved.mean()
    lit = (moved - grey) * (gain * tint) + grey + light
    return np.asarray(np.clip(np.rint(lit), 0, 255), np.uint8)


def _placement(side: int, changes: Changes, rng: np.random.Generator) -> NDArray[np.float64]:
    """(2, 3): where each point of the picture goes, about its middle."""
    angle = np.deg2rad(rng.uniform(-changes.turn_deg, changes.turn_deg))
    size = np.exp(rng.uniform(np.log(0.9), np.log(changes.closer)))
    stretch = np.exp(rng.uniform(-changes.stretch, changes.stretch) / 2)
    across = -1.0 if changes.mirror and rng.random() < 0.5 else 1.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = size * turn @ np.diag([across * stretch, 1 / stretch])
    middle = np.full(2, (side - 1) / 2)
    shift = rng.uniform(-changes.shift, changes.shift, 2) * side
    return np.column_stack([linear, middle + shift - linear @ middle])
