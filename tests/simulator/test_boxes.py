"""People as boxes: the same truth as with pictures, only faster."""

from __future__ import annotations

from itertools import islice

import pytest

from footfall.simulator.boxes import simulate_boxes
from footfall.simulator.scene import SceneSpec, simulate_scene
from footfall.simulator.truth import FrameTruth

SPEC = SceneSpec(story="crowd", people=10, duration_s=8.0, fps=5.0, size_px=(320, 180), seed=3)


def seen(frame: FrameTruth) -> dict[tuple[float, float], object]:
    return {person.ground_m: person for person in frame.people if person.visible_box_n is not None}


def test_the_same_seed_gives_the_same() -> None:
    assert list(simulate_boxes(SPEC)) == list(simulate_boxes(SPEC))
    assert list(simulate_boxes(SPEC)) != list(simulate_boxes(SceneSpec(story="crowd", people=10, seed=4)))


def test_frames_are_numbered_and_timed() -> None:
    frames = list(simulate_boxes(SPEC))
    assert [frame.frame for frame in frames] == list(range(40))
    assert frames[-1].t_s == pytest.approx(39 / 5)


def test_boxes_stand_on_the_feet() -> None:
    for frame in simulate_boxes(SPEC):
        for person in frame.people:
            if person.full_box_n is not None and person.visibility > 0.9:
                x0, y0, x1, y1 = person.full_box_n
                assert x0 < person.foot_n[0] < x1
                assert y0 + 0.75 * (y1 - y0) < person.foot_n[1] < y1


def test_who_is_behind_others_is_less_visible_and_nobody_is_more_than_whole() -> None:
    shares = [person.visibility for frame in simulate_boxes(SPEC) for person in frame.people]
    assert min(shares) >= 0.0
    assert max(shares) <= 1.0 + 1e-9
    assert any(0.1 < share < 0.8 for share in shares)


def test_boxes_agree_with_the_pictures() -> None:
    """Drawn people are no cylinders, but near enough: boxes overlap by half and more."""
    drawn = next(islice(simulate_scene(SPEC), 20, None))[1]
    boxes = next(islice(simulate_boxes(SPEC), 20, None))
    pairs = [(a, b) for a in drawn.people for b in boxes.people if _near(a.ground_m, b.ground_m)]
    overlaps = [_iou(a.full_box_n, b.full_box_n) for a, b in pairs if a.full_box_n and b.full_box_n]
    assert len(overlaps) >= 3
    assert sum(overlap > 0.5 for overlap in overlaps) >= 0.7 * len(overlaps)


def _near(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) + abs(a[1] - b[1]) < 0.4


def _iou(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    shared = max(wide, 0.0) * max(high, 0.0)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)
