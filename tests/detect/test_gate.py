from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.types import Detections, Frame
from footfall.detect.gate import GatedDetector, GateSettings, moved, must_look, thumbnail

WALL = np.full((120, 160, 3), 100, np.uint8)


def with_person(x: int, y: int = 40) -> np.ndarray:
    image = WALL.copy()
    image[y : y + 30, x : x + 10] = 200
    return image


def frame(image: np.ndarray, t_s: float, loop: int = 0) -> Frame:
    return Frame("camera", round(t_s * 10), t_s, datetime.fromtimestamp(t_s, UTC), image, loop=loop)


class Bright:
    """Finds one person in every picture with something bright in it."""

    def __init__(self) -> None:
        self.seen: list[float] = []

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        self.seen += [one.t_s for one in frames]
        return [self._one(one) for one in frames]

    def _one(self, one: Frame) -> Detections:
        size = one.image.shape[1], one.image.shape[0]
        if one.image.max() < 150:
            return Detections.empty(size)
        box = np.array([[0, 0, 10, 10]], np.float32)
        return Detections(box, np.ones(1, np.float32), np.zeros(1, np.int16), size)


def run(images: list[np.ndarray], fps: float = 10.0) -> tuple[list[int], list[float]]:
    """How many people the gate let through per frame, and the times at which the detector was asked."""
    detector = Bright()
    gate = GatedDetector(detector)
    people = [len(gate.detect([frame(image, i / fps)])[0]) for i, image in enumerate(images)]
    assert gate.looks == len(detector.seen)
    return people, detector.seen


def test_an_empty_scene_is_swept_once_a_second() -> None:
    people, seen = run([WALL] * 31)
    assert people == [0] * 31
    assert seen == [0.0, 1.0, 2.0, 3.0]


def test_camera_noise_does_not_open_the_gate() -> None:
    rng = np.random.default_rng(1)
    noisy = [
        (cv + rng.normal(0, 4, cv.shape)).clip(0, 255).astype(np.uint8) for cv in [WALL.repeat(4, 0).repeat(4, 1)] * 20
    ]
    assert run(noisy)[1] == [0.0, 1.0]


def test_somebody_enters_between_two_sweeps() -> None:
    people, _ = run([WALL] * 3 + [with_person(20)] * 3)
    assert people == [0, 0, 0, 1, 1, 1]


def test_somebody_who_stands_still_is_never_lost() -> None:
    people, seen = run([WALL] + [with_person(20)] * 30 + [WALL] * 3)
    assert people == [0] + [1] * 30 + [0] * 3
    assert len(seen) == 32


def test_slow_movement_adds_up() -> None:
    """Each step is below the noise; against the last picture looked at it is not."""
    images = [np.full((120, 160, 3), 100 + level, np.uint8) for level in range(0, 40, 3)]
    assert run(images, fps=100)[1] == [0.0, 0.03, 0.06, 0.09, 0.12]


def test_a_restart_is_looked_at() -> None:
    detector = Bright()
    gate = GatedDetector(detector)
    gate.detect([frame(WALL, 5.0), frame(WALL, 5.1), frame(WALL, 4.0), frame(WALL, 4.1, loop=1)])
    assert detector.seen == [5.0, 4.0, 4.1]
    gate.reset()
    gate.detect([frame(WALL, 4.2, loop=1)])
    assert detector.seen[-1] == 4.2


def test_another_size_counts_as_movement() -> None:
    assert moved(thumbnail(WALL, 160), thumbnail(WALL[:60], 160), 8) == 1.0


@given(since=st.floats(-5, 5), share=st.floats(0, 1), people=st.integers(0, 3))
def test_the_gate_closes_only_on_a_fresh_empty_still_scene(since: float, share: float, people: int) -> None:
    settings = GateSettings()
    closed = not must_look(since, share, people, settings)
    assert closed == (people == 0 and 0 <= since < settings.sweep_s and share < settings.least_moved)


@given(story=st.lists(st.one_of(st.none(), st.integers(0, 140)), min_size=1, max_size=40))
def test_nobody_is_lost_whatever_they_do(story: list[int | None]) -> None:
    """With a person that differs from the wall, the gated answer equals the detector's own, frame by frame."""
    images = [WALL if x is None else with_person(x) for x in story]
    people, _ = run(images)
    assert people == [int(x is not None) for x in story]
