"""Colours and ticks for figures from 0 to the largest one, on perceptually uniform colour maps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from math import floor, log10
from typing import TypeAlias

import cv2
import numpy as np

from footfall.core.types import Image

Colour: TypeAlias = tuple[int, int, int]
"""Blue, green, red."""

DARKEST = 45
"""The colour maps begin at black or near it; we begin here, so that the smallest figure stands out from the paper."""


class Palette(IntEnum):
    """Perceptually uniform colour maps (S. van der Walt and N. Smith, 2015)."""

    INFERNO = cv2.COLORMAP_INFERNO
    VIRIDIS = cv2.COLORMAP_VIRIDIS
    PLASMA = cv2.COLORMAP_PLASMA


@dataclass(frozen=True, slots=True)
class Scale:
    """From a figure to a colour."""

    largest: float
    palette: Palette
    power: float = 0.5
    """What grows evenly: the square root, because figures of people spread widely; 1: the figure itself."""
    is_whole: bool = False
    """Only whole figures make sense."""

    def share(self, value: float) -> float:
        """Where a figure lies between 0 and the largest, 0..1."""
        return min(1.0, max(0.0, value / self.largest)) ** self.power if self.largest > 0.0 else 0.0

    def colour(self, value: float) -> Colour:
        """The colour of a figure."""
        blue, green, red = self.strip(256)[0, round(255 * self.share(value))]
        return int(blue), int(green), int(red)

    def strip(self, length: int) -> Image:
        """(1, length, 3): the colours from 0 to the largest figure."""
        shades = np.linspace(DARKEST, 255, length).round().astype(np.uint8)[None]
        return np.asarray(cv2.applyColorMap(shades, int(self.palette)), np.uint8)

    def ticks(self) -> list[float]:
        """0, a few round figures, the largest."""
        if self.largest <= 0.0:
            return [0.0]
        power = 10.0 ** floor(log10(self.largest))
        steps = [factor * power for factor in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)]
        kept = [0.0]
        for step in steps:
            if self.is_whole and step % 1.0:
                continue
            if step < self.largest and self.share(step) - self.share(kept[-1]) > 0.16 and self.share(step) < 0.84:
                kept.append(step)
        return [*kept, self.largest]


def duration(seconds: float) -> str:
    """Seconds in words that fit under a tick: `4.5 s`, `42 s`, `12 min`, `3.5 h`."""
    if seconds >= 7200.0:
        return f"{plain(seconds / 3600.0)} h"
    if seconds >= 120.0:
        return f"{plain(seconds / 60.0)} min"
    return f"{seconds:.0f} s" if seconds >= 10.0 else f"{seconds:.2g} s"


def plain(value: float) -> str:
    """A number of three digits, or of all before the point."""
    return f"{value:.3g}" if value < 999.5 else f"{value:.0f}"
