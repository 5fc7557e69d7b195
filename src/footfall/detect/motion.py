"""The detector that needs no weights: people are what moves in front of a background that stands still."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Box
from footfall.core.types import Detections, Frame
from footfall.detect.blobs import Blob, BlobSettings, Mask, clean, find_people, score

_SHADE_FREE = 254
"""The subtractor marks shadows 127 and foreground 255."""
_PIXEL_CHANGED = 12
"""Grey levels between two pictures that are more than camera noise."""


@dataclass(frozen=True, slots=True)
class MotionSettings:
    """Times in seconds, sizes relative to the picture."""

    side_px: int = 384
    """Longest side that is analysed."""
    memory_s: float = 120.0
    """How far back the background remembers; somebody standing still melts into it after about a sixth of this."""
    learning_s: float = 0.4
    """No boxes before: the background is not known yet."""
    light_change: float = 0.5
    """Share of foreground from which the light changed, not the people."""
    quiet_s: float = 10.0
    """A blob in which nothing stirred for this long is a thing, or the place where a person stood at the start."""
    colour_distance: float = 400.0
    """Squared BGR distance from which a pixel differs from the background."""
    blobs: BlobSettings = field(default_factory=BlobSettings)


class MotionDetector:
    """Background subtraction by nearest neighbours (Zivkovic & van der Heijden 2006) and people-sized blobs.

    It remembers its camera: one instance per camera, never shared, frames in order; pictures must come from a camera that
    stands still. A new size, a replayed file starting again (`Frame.loop`) or time going back start it anew.
    """

    stateful = True

    def __init__(self, settings: MotionSettings | None = None, *, min_score: float = 0.0) -> None:
        self.settings = settings or MotionSettings()
        self.min_score = min_score
        self.reset()

    def reset(self) -> None:
        """Forget the background: the camera or its picture changed."""
        self._subtractor = cv2.createBackgroundSubtractorKNN(500, self.settings.colour_distance, detectShadows=True)
        self._life: tuple[int, tuple[int, ...]] | None = None
        self._hints_n: NDArray[np.float64] = np.empty((0, 4))
        self._started_s = self._last_s = 0.0
        self._frames = 0
        self._before: NDArray[np.uint8] = np.empty((0, 0), np.uint8)
        self._stirred_s: NDArray[np.float32] = np.empty((0, 0), np.float32)

    def observe(self, people_n: Iterable[Box]) -> None:
        """Say where people are expected in the next frame, normalised boxes: blobs are split and joined by it."""
        self._hints_n = np.array(list(people_n), np.float64).reshape(-1, 4)

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """One `Detections` per frame; frames of one camera, in order of time."""
        return [self._detect(frame) for frame in frames]

    def _detect(self, frame: Frame) -> Detections:
        height, width = frame.image.shape[:2]
        life = frame.loop, frame.image.shape
        if self._life != life or frame.t_s < self._last_s:
            self.reset()
        scale = min(1.0, self.settings.side_px / max(width, height))
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = cv2.resize(frame.image, size, interpolation=cv2.INTER_AREA) if scale < 1.0 else frame.image
        small = np.asarray(cv2.GaussianBlur(small, (3, 3), 0), np.uint8)
        if self._life is None:
            self._begin(small, frame.t_s)
            self._life = life
        blobs = self._people(small, frame.t_s)
        return _to_detections(blobs, size, (width, height), self.min_score)

    def _begin(self, small: NDArray[np.uint8], t_s: float) -> None:
        self._started_s = self._last_s = t_s
        self._frames = 0
        self._before = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.uint8)
        self._stirred_s = np.full(self._before.shape, t_s, np.float32)

    def _people(self, small: NDArray[np.uint8], t_s: float) -> list[Blob]:
        foreground = self._subtract(small, t_s)
        self._note_stirring(small, t_s)
        if np.count_nonzero(foreground) > self.settings.light_change * foreground.size:
            life, hints = self._life, self._hints_n
            self.reset()
            self._begin(small, t_s)
            self._life, self._hints_n = life, hints
            self._subtract(small, t_s)
            return []
        if t_s - self._started_s < self.settings.learning_s:
            return []
        height, width = foreground.shape
        hints_px = self._hints_n * np.array([width, height, width, height])
        people = find_people(clean(foreground), hints_px, self.settings.blobs)
        return [blob for blob in people if self._stirs(blob, t_s)]

    def _subtract(self, small: NDArray[np.uint8], t_s: float) -> Mask:
        """Foreground without shadows; the background learns by time, not by frames, and fast at first."""
        self._frames += 1
        passed_s = t_s - self._last_s
        self._last_s = t_s
        rate = max(1.0 - math.exp(-passed_s / self.settings.memory_s), 0.5 / self._frames)
        cv2.setRNGSeed(self._frames)
        marked = self._subtractor.apply(small, learningRate=min(1.0, rate))
        return np.asarray(cv2.threshold(marked, _SHADE_FREE, 255, cv2.THRESH_BINARY)[1], np.uint8)

    def _note_stirring(self, small: NDArray[np.uint8], t_s: float) -> None:
        grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
        self._stirred_s[cv2.absdiff(grey, self._before) > _PIXEL_CHANGED] = t_s
        self._before = np.asarray(grey, np.uint8)

    def _stirs(self, blob: Blob, t_s: float) -> bool:
        """Whether something moved inside the blob lately; at first everything counts as having moved."""
        inside = self._stirred_s[blob.y0 : blob.y1, blob.x0 : blob.x1]
        return bool(np.count_nonzero(inside > t_s - self.settings.quiet_s) >= 0.02 * inside.size)


def _to_detections(blobs: list[Blob], size: tuple[int, int], picture: tuple[int, int], min_score: float) -> Detections:
    """Boxes from mask pixels to picture pixels."""
    scale_x, scale_y = picture[0] / size[0], picture[1] / size[1]
    xyxy = [(b.x0 * scale_x, b.y0 * scale_y, b.x1 * scale_x, b.y1 * scale_y) for b in blobs]
    found = Detections(
        np.array(xyxy, np.float32).reshape(-1, 4),
        np.array([score(b, size[1]) for b in blobs], np.float32),
        np.zeros(len(blobs), np.int16),
        picture,
    )
    return found[found.score >= min_score]
