"""One model for many cameras."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from copy import copy
from typing import Self

from footfall.core.ports import Detector, Resizable
from footfall.core.types import Detections, Frame


class SharedDetector:
    """Lets threads take turns at one detector: one set of weights in memory, one inference at a time.

    Give it detectors without memory only; `MotionDetector` belongs to one camera.
    """

    def __init__(self, detector: Detector) -> None:
        """Share `detector`.

        Raises:
            ValueError: the detector remembers pictures of one camera.
        """
        if getattr(detector, "stateful", False):
            raise ValueError("a detector that remembers its camera cannot be shared: make one per camera")
        self._detector = detector
        self._turn = threading.Lock()

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """Wait for the turn, then detect.

        Raises:
            DetectorError: the model failed.
        """
        with self._turn:
            return self._detector.detect(frames)

    def at(self, side_px: int) -> Self:
        """The same model fed at another size, where it can be; all of them take turns at it."""
        other = copy(self)
        if isinstance(self._detector, Resizable):
            other._detector = self._detector.at(side_px)
        return other
