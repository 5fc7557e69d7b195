"""What the scene looks like without people, learnt at the pace of stream time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.types import Image
from footfall.detect.blobs import Blob, Mask

_FOREGROUND = 255
"""The subtractor marks foreground 255 and shadows 127."""
_PRIMING = 8
"""How often it must see a picture to take it for the background."""

_LEAST_RATE = 1e-4
"""The model misbehaves at a learning rate of nothing."""

_GAUGE_EVERY = 4
"""Every so many columns and rows are enough to judge the light by."""
_LARGEST_GAIN = 2.0
"""Beyond, the light was switched, not adjusted."""


@dataclass(frozen=True, slots=True)
class BackgroundSettings:
    """Times in seconds of stream time, whatever the frame rate."""

    memory_s: float = 20.0
    """How far back the background remembers; a new thing melts into it after about a sixth of this."""
    tick_s: float = 0.2
    """What stirs is looked at this often."""
    patience_s: float = 120.0
    """People are kept out of the background for so long; what covers a place longer becomes part of it."""
    healing_s: float = 0.4
    """Where something went away, what comes to light is background after this."""
    colour_distance: float = 400.0
    """Squared BGR distance from which a pixel differs from the background."""
    shadow_darkness: float = 0.7
    """A pixel of the background's hue but darker is shadow down to this share of its brightness."""
    stirred_levels: int = 12
    """Grey levels between two ticks that are more than camera noise."""


class Background:
    """Nearest-neighbour background model (Zivkovic & van der Heijden 2006) that does not learn people.

    Where people stood in the picture before, the model is fed the plate, the last picture of each pixel while it was
    background, and the pixel is compared with the plate instead. So it is where something that was background before
    went away: the plate shows at once what came to light.
    """

    def __init__(self, image: Image, t_s: float, settings: BackgroundSettings) -> None:
        """Take the first picture for the background: (height, width, 3) uint8 at the size of all later ones."""
        self._settings = settings
        self._model = cv2.createBackgroundSubtractorKNN(500, settings.colour_distance, detectShadows=True)
        self._model.setShadowThreshold(settings.shadow_darkness)
        self._frames = 0
        self._last_s = self._ticked_s = t_s
        for _ in range(_PRIMING):
            self._apply(image, 0.5)
        self._plate = image.copy()
        self._grey = _grey(image)
        self._stirred_s = np.full(image.shape[:2], t_s, np.float32)
        self._covered_s = np.zeros(image.shape[:2], np.float32)
        self._kept_out = np.zeros(image.shape[:2], np.bool_)
        self._hole_s = np.zeros(image.shape[:2], np.float32)
        self._healed_s = np.full(image.shape[:2], -np.inf, np.float32)

    def steady(self, image: Image) -> Image:
        """The picture at the exposure of the background, colour by colour: cameras adjust to people and daylight.

        The gain is the median over the picture, so that people do not count while they cover less than half of it.
        """
        now = image[::_GAUGE_EVERY, ::_GAUGE_EVERY].reshape(-1, 3).astype(np.float32)
        before = self._plate[::_GAUGE_EVERY, ::_GAUGE_EVERY].reshape(-1, 3).astype(np.float32)
        gain = np.clip(np.median((now + 1.0) / (before + 1.0), axis=0), 1.0 / _LARGEST_GAIN, _LARGEST_GAIN)
        table = np.clip(np.arange(256)[:, None] / gain + 0.5, 0, 255).astype(np.uint8)
        return np.asarray(cv2.LUT(image, table[None]), np.uint8)

    def subtract(self, image: Image, t_s: float) -> Mask:
        """Foreground without shadows, (height, width) uint8 0 or 255."""
        rate = 1.0 - math.exp((self._last_s - t_s) / self._settings.memory_s)
        self._last_s = t_s
        kept_out = self._kept_out
        fed = np.asarray(cv2.copyTo(self._plate, kept_out.view(np.uint8), image.copy()), np.uint8)
        marked = self._apply(fed, max(rate, _LEAST_RATE))
        foreground = np.where(marked == _FOREGROUND, np.uint8(_FOREGROUND), np.uint8(0))
        judged = kept_out | (t_s - self._healed_s < self._settings.memory_s)
        foreground[judged] = np.where(self._differs(image[judged], self._plate[judged]), 255, 0)
        return foreground

    def learn(
        self,
        image: Image,
        foreground: Mask,
        people: NDArray[np.bool_],
        holes: NDArray[np.bool_],
        t_s: float,
    ) -> None:
        """Note what stirs, who covers what, and what has come to light; looks once per tick.

        Args:
            image: the picture.
            foreground: what `subtract` gave for it.
            people: where people are, (height, width): kept out of the background.
            holes: where something went away, (height, width): soon background.
            t_s: stream time.
        """
        passed_s = t_s - self._ticked_s
        if passed_s >= self._settings.tick_s:
            self._ticked_s = t_s
            grey = _grey(image)
            self._stirred_s[cv2.absdiff(grey, self._grey) > self._settings.stirred_levels] = t_s
            self._grey = grey
            self._covered_s = np.where(people, self._covered_s + np.float32(passed_s), np.float32(0.0))
            self._hole_s = np.where(holes, self._hole_s + np.float32(passed_s), np.float32(0.0))
            healed = self._hole_s >= self._settings.healing_s
            self._healed_s[healed] = t_s
            cv2.copyTo(image, (((foreground == 0) | healed) & ~people).view(np.uint8), self._plate)
        self._kept_out = people & (self._covered_s < self._settings.patience_s)

    def _differs(self, bgr: NDArray[np.uint8], plate_bgr: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Whether (n, 3) pixels are neither their background nor a shadow on it, by the model's own measure."""
        pixel, plate = bgr.astype(np.float32), plate_bgr.astype(np.float32)
        limit = self._settings.colour_distance
        other = _squares(pixel - plate) > limit
        brightness = np.einsum("ij,ij->i", pixel, plate) / np.maximum(_squares(plate), 1.0)
        off_hue = _squares(pixel - brightness[:, None] * plate)
        shadow = (
            (brightness >= self._settings.shadow_darkness) & (brightness <= 1.0) & (off_hue < limit * brightness**2)
        )
        return np.asarray(other & ~shadow, np.bool_)

    def stirs(self, blob: Blob, since_s: float) -> bool:
        """Whether something moved inside the blob since; a new background counts as moving."""
        inside = self._stirred_s[blob.y0 : blob.y1, blob.x0 : blob.x1]
        return bool(np.count_nonzero(inside >= since_s) >= 0.02 * inside.size)

    def is_hole(self, blob: Blob, mask: Mask, image: Image) -> bool:
        """Whether the blob is where something went away: its outline is an edge of the plate, not of the picture."""
        margin = 2
        window = (
            slice(max(0, blob.y0 - margin), blob.y1 + margin),
            slice(max(0, blob.x0 - margin), blob.x1 + margin),
        )
        outline = cv2.morphologyEx(mask[window], cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
        if not outline.any():
            return False
        now, before = (float(_edges(picture[window])[outline].mean()) for picture in (image, self._plate))
        return before > 1.5 * now

    def _apply(self, image: Image, rate: float) -> Mask:
        self._frames += 1
        cv2.setRNGSeed(self._frames)
        return np.asarray(self._model.apply(image, learningRate=rate), np.uint8)


def _grey(image: Image) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def _squares(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Squared length of each row of (n, 3)."""
    return np.asarray(np.einsum("ij,ij->i", rows, rows), np.float32)


def _edges(image: Image) -> NDArray[np.float32]:
    """Strength of grey edges, (height, width) float32."""
    grey = _grey(np.ascontiguousarray(image))
    dx, dy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return np.asarray(cv2.magnitude(dx, dy), np.float32)
