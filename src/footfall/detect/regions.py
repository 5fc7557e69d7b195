"""Where something moves, whatever it is: background subtraction for the motion detector of a media graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np

from footfall.config.media import Sensitivity
from footfall.core.geometry import Box
from footfall.core.types import Frame, Image
from footfall.detect.background import Background, BackgroundSettings
from footfall.detect.blobs import clean, components

LEAST_AREA: Final[Mapping[Sensitivity, float]] = MappingProxyType(
    {Sensitivity.LOW: 0.01, Sensitivity.MEDIUM: 0.0025, Sensitivity.HIGH: 0.0005}
)
"""Share of the picture that must move."""
SIDE_PX: Final = 384
"""Longest side that is looked at."""


@dataclass(frozen=True, slots=True)
class RegionSettings:
    """Times in seconds of stream time, sizes relative to the picture."""

    least_area: float = LEAST_AREA[Sensitivity.MEDIUM]
    stirred_s: float = 0.5
    """What did not change for so long does not move."""
    learning_s: float = 0.4
    """Nothing moves before: the background is not known yet."""
    light_change: float = 0.7
    """Share of foreground from which the light changed."""
    background: BackgroundSettings = field(default_factory=lambda: BackgroundSettings(memory_s=10.0))


class MotionRegions:
    """The moving pieces of one camera's picture; frames in order of time."""

    def __init__(self, settings: RegionSettings | None = None) -> None:
        self._settings = settings or RegionSettings()
        self._background: Background | None = None
        self._shape: tuple[int, ...] = ()
        self._begun_s = self._last_s = 0.0

    def find(self, frame: Frame) -> list[Box]:
        """Normalised boxes x0 y0 x1 y1; a new picture size, or time that goes back, starts anew."""
        small = _shrink(frame.image)
        background = self._background
        if background is None or small.shape != self._shape or frame.t_s < self._last_s:
            self._begin(small, frame.t_s)
            return []
        self._last_s = frame.t_s
        steady = background.steady(small)
        foreground = background.subtract(steady, frame.t_s)
        if np.count_nonzero(foreground) > self._settings.light_change * foreground.size:
            self._begin(small, frame.t_s)
            return []
        mask = clean(foreground)
        nobody = np.zeros(mask.shape, np.bool_)
        least = self._settings.least_area * mask.size
        found = [blob for blob in components(mask) if blob.area >= least]
        background.learn(steady, foreground, nobody, nobody, frame.t_s)
        moving = [blob for blob in found if background.stirs(blob, frame.t_s - self._settings.stirred_s)]
        if frame.t_s - self._begun_s < self._settings.learning_s:
            return []
        height, width = mask.shape
        return [(blob.x0 / width, blob.y0 / height, blob.x1 / width, blob.y1 / height) for blob in moving]

    def _begin(self, small: Image, t_s: float) -> None:
        self._background = Background(small, t_s, self._settings.background)
        self._shape = small.shape
        self._begun_s = self._last_s = t_s


def _shrink(image: Image) -> Image:
    height, width = image.shape[:2]
    scale = min(1.0, SIDE_PX / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if scale < 1.0 else image
    return np.asarray(cv2.GaussianBlur(small, (3, 3), 0), np.uint8)
