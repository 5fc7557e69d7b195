from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.core.geometry import Box
from footfall.core.types import Detections, Frame
from footfall.detect.imaging import InputSpec, fed_at, to_tensor
from footfall.detect.lookout import InterestDetector, Lookout
from footfall.detect.places import MARGIN_H, SPEED_H
from footfall.detect.shared import SharedDetector

SNUG = InputSpec(416, 416, fit="snug")
EVERYWHERE: tuple[Box, ...] = ((0.0, 0.0, 1.0, 1.0),)
HD = (1920, 1080)
Person = tuple[int, int, int]
"""x and y of the feet, height, in pixels."""


class Eye:
    """Finds bright blocks that are tall enough in what it is fed; notes what it was shown."""

    stateful = False

    def __init__(self, spec: InputSpec = SNUG, least_px: int = 24) -> None:
        self.spec, self.least_px = spec, least_px
        self.shown: list[tuple[float, tuple[int, int]]] = []
        """Time, and size of the tensor."""

    def at(self, side_px: int) -> Eye:
        other = Eye(fed_at(self.spec, side_px), self.least_px)
        other.shown = self.shown
        return other

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        return [self._one(frame) for frame in frames]

    def _one(self, frame: Frame) -> Detections:
        tensor, placement = to_tensor(frame.image, self.spec)
        self.shown.append((frame.t_s, (tensor.shape[2], tensor.shape[1])))
        _, _, stats, _ = cv2.connectedComponentsWithStats((tensor[0] > 180).astype(np.uint8))
        xywh = stats[1:][stats[1:, 3] >= self.least_px, :4].astype(np.float32)
        xyxy = placement.to_picture(np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1))
        size = frame.image.shape[1], frame.image.shape[0]
        return Detections(xyxy, np.full(len(xyxy), 0.9, np.float32), np.zeros(len(xyxy), np.int16), size)


def picture(people: Sequence[Person], size_px: tuple[int, int] = HD) -> np.ndarray:
    image = np.full((size_px[1], size_px[0], 3), 90, np.uint8)
    for x, foot, tall in people:
        cv2.rectangle(image, (x - tall // 6, foot - tall), (x + tall // 6, foot - 1), (250, 250, 250), -1)
    return image


def frame(image: np.ndarray, t_s: float, loop: int = 0) -> Frame:
    return Frame("camera", round(t_s * 10), t_s, datetime.fromtimestamp(t_s, UTC), image, loop=loop)


def watching(eye: Eye, watched_n: tuple[Box, ...] = EVERYWHERE) -> InterestDetector:
    return InterestDetector(eye, Lookout(eye.spec, watched_n))


def play(
    story: Sequence[Sequence[Person]],
    watched_n: tuple[Box, ...] = EVERYWHERE,
    *,
    fps: float = 10.0,
    tracks: bool = True,
) -> tuple[list[int], Eye]:
    """How many people are found in each frame, and what the network was shown."""
    eye = Eye()
    detector = watching(eye, watched_n)
    counts = []
    for k, people in enumerate(story):
        (found,) = detector.detect([frame(picture(people), k / fps)])
        for box in found.xyxy_px:
            assert any(abs((box[0] + box[2]) / 2 - x) < 0.1 * tall for x, _, tall in people), "half a person"
            assert any(abs(box[3] - box[1] - tall) < 0.15 * tall for _, _, tall in people), "a part of a person"
        counts.append(len(found))
        if tracks:
            detector.observe([tuple((box / [*HD, *HD]).tolist()) for box in found.xyxy_px])
    return counts, eye


NEAR, FAR = 400, 36
ZONE: tuple[Box, ...] = ((0.6, 0.5, 0.9, 0.9),)


def walk(x: int, foot: int, tall: int, frames: int, step: int) -> list[list[Person]]:
    return [[(x + step * k, foot, tall)] for k in range(frames)]


@pytest.mark.parametrize(
    ("story", "watched_n", "found"),
    [
        pytest.param([[]] * 12, EVERYWHERE, [0] * 12, id="nobody"),
        pytest.param([[]] * 3 + walk(300, 900, NEAR, 9, 20), EVERYWHERE, [0] * 3 + [1] * 9, id="somebody comes"),
        pytest.param([[(900, 800, NEAR)]] * 30, EVERYWHERE, [1] * 30, id="somebody stands still for three seconds"),
        pytest.param(
            [[]] * 3 + walk(600, 300, FAR, 9, 3),
            EVERYWHERE,
            [0] * 3 + [1] * 9,
            id="far away, where the whole picture shows 8 pixels",
        ),
        pytest.param(
            [[]] * 3 + walk(100, 450, NEAR, 9, 5),
            ZONE,
            [0] * 3 + [0] * 7 + [1] * 2,
            id="far from the zone: at the sweep",
        ),
        pytest.param(
            [[(400, 900, NEAR), (800 + 8 * k, 300, FAR), (1700 - 8 * k, 320, FAR)] for k in range(12)],
            EVERYWHERE,
            [1] + [3] * 11,
            id="near and far people together",
        ),
        pytest.param(
            [[(900, 800, NEAR)]] * 4 + [[]] * 8, EVERYWHERE, [1] * 4 + [0] * 8, id="somebody is gone, and so reported"
        ),
        pytest.param(
            [[(500, 900, NEAR), (500 + 30 * k, 900, NEAR)] for k in range(6, 20)],
            EVERYWHERE,
            [2] * 14,
            id="two part ways: two people all the time, whatever the crops",
        ),
    ],
)
def test_who_is_found(story: list[list[Person]], watched_n: tuple[Box, ...], found: list[int]) -> None:
    assert play(story, watched_n)[0] == found


def test_an_empty_scene_is_swept_once_a_second() -> None:
    """And its unknown parts are looked at closely every two seconds."""
    _, eye = play([[]] * 50)
    sweeps = [t_s for t_s, size in eye.shown if size == (416, 256)]
    assert [t_s for t_s in sweeps if t_s % 1.0 == 0.0] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert len(eye.shown) <= 8


def test_one_person_costs_a_third_of_the_whole() -> None:
    _, eye = play(walk(300, 900, NEAR, 31, 10))
    fed_px = [width * height for _, (width, height) in eye.shown]
    assert sum(fed_px) < 0.5 * 31 * 416 * 256


def test_without_a_tracker_what_was_found_is_looked_at_again() -> None:
    assert play([[(900, 800, NEAR)]] * 15, tracks=False)[0] == [1] * 15


def test_another_life_begins_with_the_whole_picture() -> None:
    eye = Eye()
    detector = watching(eye)
    for t_s, loop in ((5.0, 0), (5.1, 0), (4.0, 0), (4.1, 1)):
        detector.detect([frame(picture([]), t_s, loop)])
    detector.reset()
    detector.detect([frame(picture([]), 4.2, loop=1), frame(picture([], (640, 480)), 4.3, loop=1)])
    assert [t_s for t_s, _ in eye.shown] == [5.0, 4.0, 4.1, 4.2, 4.3]


def test_it_stands_around_a_network_that_cameras_share() -> None:
    eye = Eye()
    shared = SharedDetector(eye)
    first, second = (InterestDetector(shared, Lookout(SNUG, EVERYWHERE)) for _ in range(2))
    assert len(first.detect([frame(picture([(900, 800, NEAR)]), 0.0)])[0]) == 1
    assert len(second.detect([frame(picture([]), 0.0)])[0]) == 0
    assert len(first.detect([frame(picture([(900, 800, NEAR)]), 0.1)])[0]) == 1
    assert eye.shown[-1][1] != (416, 256)


@pytest.mark.parametrize("size_px", [(1, 1), (20000, 50), (50, 20000), (33, 17)])
@pytest.mark.parametrize("spec", [SNUG, InputSpec(416, 416), InputSpec(544, 320, fit="stretch")])
def test_any_picture(size_px: tuple[int, int], spec: InputSpec) -> None:
    detector = watching(Eye(spec))
    for k in range(3):
        image = np.full((size_px[1], size_px[0], 3), 100 + 50 * k, np.uint8)
        (found,) = detector.detect([frame(image, k / 10)])
        assert found.frame_size == size_px
        detector.observe([(0.2, 0.2, 0.6, 0.9), (0.0, 0.0, 0.0, 0.0)])


class Blind:
    """Finds nobody; reads from the pixels which part of a small picture it is shown."""

    stateful = False

    def __init__(self) -> None:
        self.shown: list[Box] = []

    def at(self, side_px: int) -> Blind:
        return self

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        for one in frames:
            (x0, y0, _), (x1, y1, _) = one.image[0, 0].tolist(), one.image[-1, -1].tolist()
            self.shown.append((x0, y0, x1 + 1, y1 + 1))
        return [Detections.empty((one.image.shape[1], one.image.shape[0])) for one in frames]


WIDTH, HEIGHT = 250, 200
COORDINATES = np.stack([*np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT)), np.zeros((HEIGHT, WIDTH))], axis=2)


@st.composite
def crowds(draw: st.DrawFn) -> list[Box]:
    def person() -> Box:
        x, y = draw(st.floats(0, 0.9)), draw(st.floats(0, 0.8))
        tall = draw(st.floats(0.02, 0.5))
        return x, y, min(1.0, x + tall / 3), min(1.0, y + tall)

    return [person() for _ in range(draw(st.integers(0, 6)))]


@settings(max_examples=80, deadline=None)
@given(
    steps=st.lists(st.tuples(st.floats(0.03, 0.6), crowds()), min_size=2, max_size=8),
    spec=st.sampled_from([SNUG, InputSpec(416, 416)]),
    watched=st.sampled_from([EVERYWHERE, ZONE]),
)
def test_everybody_who_is_expected_is_looked_at(
    steps: list[tuple[float, list[Box]]], spec: InputSpec, watched: tuple[Box, ...]
) -> None:
    """Whoever the tracker reported lies, with room to move, in a crop of the next frame; the sweep keeps its beat."""
    network = Blind()
    detector = InterestDetector(network, Lookout(spec, watched))
    image = COORDINATES.astype(np.uint8)
    t_s, swept_s, expected = 0.0, -1.0, []
    for passed_s, people in steps:
        t_s += passed_s
        network.shown.clear()
        detector.detect([frame(image, t_s)])
        for x0, y0, x1, y1 in expected:
            room = min(MARGIN_H + SPEED_H * passed_s, 1.0) * (y1 - y0) * HEIGHT
            box = x0 * WIDTH - room, y0 * HEIGHT - room, x1 * WIDTH + room, y1 * HEIGHT + room
            inside = max(box[0], 0), max(box[1], 0), min(box[2], WIDTH), min(box[3], HEIGHT)
            assert any(
                a <= inside[0] + 1e-6 and b <= inside[1] + 1e-6 and inside[2] <= c + 1e-6 and inside[3] <= d + 1e-6
                for a, b, c, d in network.shown
            )
        if (0, 0, WIDTH, HEIGHT) in network.shown:
            swept_s = t_s
        assert t_s - swept_s < 1.0
        detector.observe(people)
        expected = people
