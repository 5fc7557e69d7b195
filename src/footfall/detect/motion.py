"""The detector that needs no weights: people are what moves in front of a background that stands still."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Box
from footfall.core.types import Detections, Frame, Image
from footfall.detect.background import Background, BackgroundSettings
from footfall.detect.blobs import Blob, BlobSettings, Mask, clean, find_people, score


@dataclass(frozen=True, slots=True)
class MotionSettings:
    """Times in seconds of stream time, sizes relative to the picture."""

    side_px: int = 384
    """Longest side that is analysed."""
    learning_s: float = 0.4
    """No boxes before: the background is not known yet."""
    light_change: float = 0.5
    """Share of foreground from which the light changed, not the people."""
    quiet_s: float = 5.0
    """A blob in which nothing stirred for this long is a thing."""
    patience_s: float = 60.0
    """The same for a blob in which the tracker knows a person: people stand still, chairs do not walk in."""
    background: BackgroundSettings = field(default_factory=BackgroundSettings)
    blobs: BlobSettings = field(default_factory=BlobSettings)


class MotionDetector:
    """Background subtraction and people-sized blobs, for a camera that stands still.

    It remembers its camera: one instance per camera, never shared, frames in order of time. A new picture size, a
    replayed file that starts again (`Frame.loop`) or time going back start it anew.
    """

    stateful = True

    def __init__(self, settings: MotionSettings | None = None, *, min_score: float = 0.0) -> None:
        self.settings = settings or MotionSettings()
        self.min_score = min_score
        self.reset()

    def reset(self) -> None:
        """Forget the background: the camera or its picture changed."""
        self._background: Background | None = None
        self._life: tuple[int, tuple[int, ...]] | None = None
        self._begun_s = self._last_s = 0.0
        self._hints_n: NDArray[np.float64] = np.empty((0, 4))

    def observe(self, people_n: Iterable[Box]) -> None:
        """Say where people are expected in the next frame, normalised boxes: they may stand still there for longer."""
        self._hints_n = np.array(list(people_n), np.float64).reshape(-1, 4)

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """One `Detections` per frame; frames of one camera, in order of time."""
        return [self._detect(frame) for frame in frames]

    def _detect(self, frame: Frame) -> Detections:
        life = frame.loop, frame.image.shape
        if self._life != life or frame.t_s < self._last_s:
            self.reset()
        self._life, self._last_s = life, frame.t_s
        small = _shrink(frame.image, self.settings.side_px)
        people = self._people(small, frame.t_s)
        height, width = frame.image.shape[:2]
        return _to_detections(people, (small.shape[1], small.shape[0]), (width, height), self.min_score)

    def _people(self, small: Image, t_s: float) -> list[Blob]:
        if self._background is None:
            self._begin(small, t_s)
            return []
        raw, small = small, self._background.steady(small)
        foreground = self._background.subtract(small, t_s)
        if np.count_nonzero(foreground) > self.settings.light_change * foreground.size:
            self._begin(raw, t_s)
            return []
        mask = clean(foreground)
        height, width = mask.shape
        hints_px = self._hints_n * np.array([width, height, width, height])
        found = find_people(mask, self.settings.blobs)
        holes = [blob for blob in found if self._background.is_hole(blob, mask, small)]
        people = [
            blob
            for blob in found
            if blob not in holes and self._background.stirs(blob, t_s - self._quiet_s(blob, hints_px))
        ]
        self._background.learn(small, foreground, _cover(people, mask), _cover(holes, mask), t_s)
        return people if t_s - self._begun_s >= self.settings.learning_s else []

    def _quiet_s(self, blob: Blob, hints_px: NDArray[np.float64]) -> float:
        """How long a blob may stand still: longer where it is most of a known person."""
        is_known = any(blob.share_in(hint) > 0.5 for hint in hints_px.tolist())
        return self.settings.patience_s if is_known else self.settings.quiet_s

    def _begin(self, small: Image, t_s: float) -> None:
        self._background = Background(small, t_s, self.settings.background)
        self._begun_s = t_s


def _shrink(image: Image, side_px: int) -> Image:
    """At most `side_px` long, aspect kept, camera noise smoothed."""
    height, width = image.shape[:2]
    scale = min(1.0, side_px / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA) if scale < 1.0 else image
    return np.asarray(cv2.GaussianBlur(small, (3, 3), 0), np.uint8)


def _cover(people: list[Blob], mask: Mask) -> NDArray[np.bool_]:
    """Whether a pixel lies in somebody's convex hull: parts that look like the wall must not be learnt either."""
    cover = np.zeros(mask.shape, np.uint8)
    for blob in people:
        points = cv2.findNonZero(mask[blob.y0 : blob.y1, blob.x0 : blob.x1])
        cv2.fillConvexPoly(cover, cv2.convexHull(points) + np.array([blob.x0, blob.y0], np.int32), 1)
    return cover.view(np.bool_)


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
