from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from footfall.core.ports import Detector
from footfall.core.types import Detections, Frame
from footfall.detect.motion import MotionDetector
from footfall.detect.shared import SharedDetector


class Crowded:
    """Counts how many callers are inside at once."""

    def __init__(self) -> None:
        self.inside = self.most = self.calls = 0

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.001)
        self.inside -= 1
        self.calls += 1
        return [Detections.empty((one.index, 1)) for one in frames]


def test_cameras_take_turns_and_get_their_own_answer() -> None:
    crowded = Crowded()
    shared = SharedDetector(crowded)
    wrong: list[int] = []

    def camera(number: int) -> None:
        frame = Frame("camera", number, 0.0, datetime.fromtimestamp(0, UTC), np.zeros((1, 1, 3), np.uint8))
        for _ in range(20):
            if shared.detect([frame])[0].frame_size != (number, 1):
                wrong.append(number)

    threads = [threading.Thread(target=camera, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert isinstance(shared, Detector)
    assert (crowded.most, crowded.calls, wrong) == (1, 80, [])


def test_a_detector_that_remembers_its_camera_is_refused() -> None:
    with pytest.raises(ValueError, match="one per camera"):
        SharedDetector(MotionDetector())
