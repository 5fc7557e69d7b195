"""Spares a network the pictures in which nothing can be new: a fixed camera, nobody there, nothing moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.ports import Detector
from footfall.core.types import Detections, Frame, Image
from footfall.detect.imaging import halved

Thumbnail = NDArray[np.uint8]
"""(height, width) uint8 grey, at most `GateSettings.side_px` long."""


@dataclass(frozen=True, slots=True)
class GateSettings:
    """When to look again."""

    sweep_s: float = 1.0
    """At the latest, even if nothing moves."""
    least_moved: float = 0.0005
    """Share of thumbnail pixels that must have changed; a person is many times more."""
    changed_levels: int = 8
    """Grey levels that are more than the camera's noise, which averaging has mostly removed."""
    side_px: int = 160


def thumbnail(image: Image, side_px: int) -> Thumbnail:
    """The picture in small and grey, by averaging."""
    height, width = image.shape[:2]
    scale = min(1.0, side_px / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    grey = halved(np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8), scale)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def moved(before: Thumbnail, now: Thumbnail, changed_levels: int) -> float:
    """Share of pixels that changed, in [0, 1]; 1 where the sizes differ."""
    if before.shape != now.shape:
        return 1.0
    return float(np.count_nonzero(cv2.absdiff(before, now) > changed_levels)) / now.size


def must_look(since_look_s: float, moved_share: float, people_then: int, settings: GateSettings) -> bool:
    """Whether the network must see this picture.

    Args:
        since_look_s: since the last picture it saw; negative where the stream started anew.
        moved_share: of the picture since that last one, so that slow movement adds up.
        people_then: how many it found there: while anybody is there, however still, it sees every picture.
        settings: limits.
    """
    return (
        people_then > 0
        or not 0.0 <= since_look_s < settings.sweep_s
        or moved_share >= settings.least_moved
    )  # fmt: skip


class GatedDetector:
    """A detector behind the gate; remembers its camera, so one per camera around a shared network."""

    stateful = True

    def __init__(self, detector: Detector, settings: GateSettings | None = None) -> None:
        self._detector = detector
        self._settings = settings or GateSettings()
        self.reset()

    def reset(self) -> None:
        """Forget the camera: the next picture is looked at."""
        self.looks = 0
        """Pictures that the network saw."""
        self._seen: Thumbnail = np.empty((0, 0), np.uint8)
        self._seen_s = 0.0
        self._loop = 0
        self._people = 0

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """One `Detections` per frame; nobody in those that need no look.

        Raises:
            DetectorError: the model failed.
        """
        return [self._detect(frame) for frame in frames]

    def _detect(self, frame: Frame) -> Detections:
        now = thumbnail(frame.image, self._settings.side_px)
        since_s = frame.t_s - self._seen_s if frame.loop == self._loop else -1.0
        moved_share = moved(self._seen, now, self._settings.changed_levels)
        if not must_look(since_s, moved_share, self._people, self._settings):
            return Detections.empty((frame.image.shape[1], frame.image.shape[0]))
        (found,) = self._detector.detect([frame])
        self.looks += 1
        self._seen, self._seen_s, self._loop, self._people = now, frame.t_s, frame.loop, len(found)
        return found
