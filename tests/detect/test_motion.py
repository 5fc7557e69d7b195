"""A rendered room: a textured wall, people as textured rectangles, noise, a lamp."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from footfall.core.types import Detections, Frame
from footfall.detect.motion import MotionDetector

WIDTH, HEIGHT = 320, 180
PERSON = (30, 80)
_RNG = np.random.default_rng(7)
ROOM = cv2.GaussianBlur(_RNG.integers(60, 180, (HEIGHT, WIDTH, 3), np.uint8), (0, 0), 3)
CLOTHES = cv2.GaussianBlur(_RNG.integers(0, 255, (PERSON[1], PERSON[0], 3), np.uint8), (0, 0), 2) // 3


def render(*people_x: float, y: int = 60, noise: float = 2.0, light: float = 1.0, seed: int = 0) -> np.ndarray:
    """People at their left edges."""
    image = ROOM.astype(np.float32)
    for x in people_x:
        x0, x1 = max(0, round(x)), min(WIDTH, round(x) + PERSON[0])
        if x1 > x0:
            image[y : y + PERSON[1], x0:x1] = CLOTHES[:, x0 - round(x) : x1 - round(x)]
    grain = np.random.default_rng(seed).normal(0, noise, image.shape)
    return np.clip(image * light + grain, 0, 255).astype(np.uint8)


def frame(image: np.ndarray, index: int, fps: float, loop: int = 0) -> Frame:
    t_s = index / fps
    return Frame("camera", index, t_s, datetime.fromtimestamp(t_s, UTC), image, loop=loop)


def watch(images: Iterable[np.ndarray], fps: float, detector: MotionDetector | None = None) -> list[Detections]:
    detector = detector or MotionDetector()
    return [detector.detect([frame(image, i, fps)])[0] for i, image in enumerate(images)]


def walk(fps: float, speed: float = 80.0, start_s: float = 1.0, seconds: float = 5.0) -> list[float]:
    """Left edge over time: outside first, then from left to right at pixels per second."""
    return [-PERSON[0] - 5 + max(0.0, i / fps - start_s) * speed for i in range(round(seconds * fps))]


@pytest.mark.parametrize("fps", [5.0, 12.5, 25.0])
def test_somebody_walks_through_at_any_frame_rate(fps: float) -> None:
    edges = walk(fps)
    found = watch([render(x, seed=i) for i, x in enumerate(edges)], fps)
    inside = [(x, one) for x, one in zip(edges, found, strict=True) if 0 <= x <= WIDTH - PERSON[0]]
    outside = [one for x, one in zip(edges, found, strict=True) if x <= -PERSON[0] or x >= WIDTH + 40]
    assert len(inside) >= 3 * fps
    assert sum(len(one) == 1 for _, one in inside) >= 0.95 * len(inside)
    assert [len(one) for one in outside] == [0] * len(outside)
    for x, one in inside:
        if len(one) == 1:
            x0, y0, x1, y1 = one.xyxy_px[0].tolist()
            assert (x0 + x1) / 2 == pytest.approx(x + PERSON[0] / 2, abs=8)
            assert y1 == pytest.approx(140, abs=6)
            assert y1 - y0 == pytest.approx(PERSON[1], abs=12)
            assert 0.3 <= one.score[0] <= 0.951


def test_two_people_pass_each_other_as_two() -> None:
    steps = [max(0, i - 8) * 8.0 for i in range(50)]
    story = [render(-35 + step, WIDTH + 5 - step, seed=i) for i, step in enumerate(steps)]
    counts = [len(one) for one in watch(story, 10.0)]
    assert counts[16:24] == [2] * 8
    assert counts[36:44] == [2] * 8
    assert max(counts) == 2


@pytest.mark.parametrize("fps", [5.0, 25.0])
def test_somebody_who_stands_is_kept_while_swaying(fps: float) -> None:
    edges = [min(x, 140.0) + 2 * np.sin(1.5 * i / fps) for i, x in enumerate(walk(fps, seconds=30))]
    story = [render(x, seed=i) for i, x in enumerate(edges)]
    found = watch(story, fps)
    standing = found[round(4 * fps) :]
    assert sum(len(one) == 1 for one in standing) >= 0.9 * len(standing)


def test_somebody_who_was_there_first_leaves_no_ghost() -> None:
    fps = 10.0
    story = [render(140.0 if i < 10 else 140.0 + (i - 10) * 9, seed=i) for i in range(80)]
    gone = [one for i, one in enumerate(watch(story, fps)) if i > 35]
    assert [len(one) for one in gone] == [0] * len(gone)


def test_a_thing_left_behind_becomes_background() -> None:
    fps = 5.0
    story = [render(*([140.0] if i > 10 else []), seed=i) for i in range(round(20 * fps))]
    found = watch(story, fps)
    assert any(len(one) for one in found[10:30])
    assert [len(one) for one in found[-10:]] == [0] * 10


@pytest.mark.parametrize("noise", [0.0, 4.0, 8.0])
def test_an_empty_noisy_room_is_empty(noise: float) -> None:
    assert {len(one) for one in watch([render(noise=noise, seed=i) for i in range(60)], 10.0)} == {0}


def test_a_light_switch_is_not_a_crowd() -> None:
    fps, edges = 10.0, walk(10.0, start_s=5.0, seconds=9.0)
    story = [render(x, light=1.0 if i < 20 else 0.45, seed=i) for i, x in enumerate(edges)]
    found = watch(story, fps)
    assert [len(one) for one in found[:50]] == [0] * 50
    inside = [one for x, one in zip(edges, found, strict=True) if 0 <= x <= WIDTH - PERSON[0]]
    assert sum(len(one) == 1 for one in inside) >= 0.9 * len(inside)


def test_a_slow_dawn_is_not_a_crowd() -> None:
    story = [render(light=0.6 + i * 0.001, seed=i) for i in range(400)]
    assert {len(one) for one in watch(story, 5.0)} == {0}


@pytest.mark.parametrize("change", ["size", "loop", "time"])
def test_a_new_beginning_forgets_the_old_scene(change: str) -> None:
    detector = MotionDetector()
    watch([render(seed=i) for i in range(20)], 10.0, detector)
    image, index, loop = render(100.0), 20, 0
    if change == "size":
        image = image[:, :200].copy()
    elif change == "loop":
        loop = 1
    else:
        index = 3
    found = [detector.detect([frame(image, index + i, 10.0, loop)])[0] for i in range(10)]
    assert [len(one) for one in found] == [0] * 10


def test_nobody_before_the_background_is_known() -> None:
    found = watch([render(x) for x in np.linspace(0, 60, 10)], 25.0)
    assert [len(one) for one in found] == [0] * 10


def test_boxes_are_measured_in_the_frames_own_pixels() -> None:
    large = [cv2.resize(render(x), (WIDTH * 3, HEIGHT * 3)) for x in walk(10.0, seconds=3.0)]
    last = watch(large, 10.0)[-1]
    assert last.frame_size == (WIDTH * 3, HEIGHT * 3)
    assert last.xyxy_px[0, 3] == pytest.approx(420, abs=18)


@pytest.mark.parametrize(("is_known", "still_found"), [(False, 0), (True, 1)])
def test_a_known_person_may_stand_still_for_longer(is_known: bool, still_found: int) -> None:
    detector = MotionDetector()
    watch([render(seed=i) for i in range(10)], 10.0, detector)
    found = detector.detect([frame(render(100.0), 10, 10.0)])[0]
    assert len(found) == 1
    if is_known:
        x0, y0, x1, y1 = (found.xyxy_px[0] / [WIDTH, HEIGHT, WIDTH, HEIGHT]).tolist()
        detector.observe([(x0, y0, x1, y1)])
    for index in range(11, 100):
        found = detector.detect([frame(render(100.0), index, 10.0)])[0]
    assert len(found) == still_found


def test_two_runs_give_the_same_boxes() -> None:
    story = [render(x, seed=i) for i, x in enumerate(walk(10.0))]
    first, second = watch(story, 10.0), watch(story, 10.0)
    assert all(np.array_equal(a.xyxy_px, b.xyxy_px) for a, b in zip(first, second, strict=True))


def test_weak_blobs_can_be_dropped() -> None:
    story = [render(x, seed=i) for i, x in enumerate(walk(10.0))]
    assert {len(one) for one in watch(story, 10.0, MotionDetector(min_score=0.99))} == {0}
