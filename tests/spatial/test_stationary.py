from __future__ import annotations

import random

import pytest

from footfall.spatial.stationary import StationaryFilter
from spatial.storyboard import person

SIZE_PX = (640, 360)


def dropped_after(fps, distance_px=5.0, window_s=3600.0, ratio=0.2, seconds=1500.0, jitter_px=0.0, seen=1.0):
    """Stream time at which a mannequin that stands from the start is first dropped; None if never."""
    chance = random.Random(1)
    keep = StationaryFilter(distance_px, window_s, ratio)
    for k in range(int(seconds * fps)):
        t_s = k / fps
        foot = 0.5 + chance.gauss(0, jitter_px) / SIZE_PX[0], 0.7 + chance.gauss(0, jitter_px) / SIZE_PX[1]
        people = [person("doll", foot, t_s, k)] if chance.random() < seen else []
        if people and not keep.step(people, t_s, SIZE_PX):
            return t_s
        if not people:
            keep.step([], t_s, SIZE_PX)
    return None


@pytest.mark.parametrize("fps", [0.2, 1, 3, 7.5])
def test_twelve_minutes_at_any_frame_rate(fps):
    assert dropped_after(fps) == pytest.approx(720.0, abs=2 / fps + 0.1)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param({"window_s": 100.0, "ratio": 0.1}, 10.0, id="ten seconds of a hundred"),
        pytest.param({"window_s": 100.0, "ratio": 0.1, "jitter_px": 1.5}, 10.0, id="a trembling box"),
        pytest.param({"window_s": 100.0, "ratio": 0.1, "seen": 0.5}, 20.0, id="found half the time: twice as long"),
        pytest.param({"window_s": 100.0, "ratio": 0.5, "seen": 0.3}, None, id="found too seldom for the ratio"),
        pytest.param({"window_s": 100.0, "ratio": 1.0}, None, id="ratio 1 drops nobody"),
        pytest.param({"window_s": 0.0}, None, id="no window drops nobody"),
    ],
)
def test_settings(settings, expected):
    found = dropped_after(10, seconds=200, **settings)
    assert found is None if expected is None else found == pytest.approx(expected, rel=0.2)


def test_only_the_stationary_one_is_dropped_and_only_while_it_stays():
    keep = StationaryFilter(5.0, 100.0, 0.1)
    for k in range(120):
        people = [person("doll", (0.5, 0.7)), person("walker", (0.1 + 0.005 * k, 0.5))]
        kept = keep.step(people, k / 10, SIZE_PX)
    assert [p.track_id for p in kept] == ["walker"]
    assert len(keep.step([person("doll", (0.55, 0.7))], 12.0, SIZE_PX)) == 1
    assert keep.step([person("doll", (0.5, 0.7))], 12.1, SIZE_PX) == ()


def test_a_place_is_free_again_after_the_window():
    keep = StationaryFilter(5.0, 100.0, 0.1)
    for k in range(120):
        kept = keep.step([person("doll", (0.5, 0.7))], k / 10, SIZE_PX)
    assert kept == ()
    for k in range(120, 1200):
        keep.step([], k / 10, SIZE_PX)
    assert len(keep.step([person("guest", (0.5, 0.7))], 120.0, SIZE_PX)) == 1


def test_both_corners_have_to_match():
    keep = StationaryFilter(5.0, 100.0, 0.1)
    for k in range(120):
        keep.step([person("doll", (0.5, 0.7), box_n=(0.4, 0.4, 0.5, 0.7))], k / 10, SIZE_PX)
    crouching = person("guest", (0.5, 0.7), box_n=(0.4, 0.5, 0.5, 0.7))
    assert len(keep.step([crouching], 12.0, SIZE_PX)) == 1


def test_an_outage_makes_nobody_stationary():
    keep = StationaryFilter(5.0, 100.0, 0.1)
    keep.step([person("guest", (0.5, 0.7))], 0.0, SIZE_PX)
    assert len(keep.step([person("guest", (0.5, 0.7))], 90.0, SIZE_PX)) == 1


def test_an_outage_counts_for_half_the_limit_at_most():
    keep = StationaryFilter(5.0, 100.0, 0.1)
    for k in range(41):
        keep.step([person("guest", (0.5, 0.7))], k / 10, SIZE_PX)
    assert len(keep.step([person("guest", (0.5, 0.7))], 44.0, SIZE_PX)) == 1


def test_two_boxes_on_one_place_do_not_count_double():
    keep = StationaryFilter(5.0, 100.0, 0.1)
    for k in range(80):
        kept = keep.step([person("doll", (0.5, 0.7)), person("echo", (0.5, 0.7))], k / 10, SIZE_PX)
    assert len(kept) == 2


def test_passers_by_leave_no_trace():
    keep = StationaryFilter(5.0)
    chance = random.Random(5)
    most = 0
    for k in range(6000):
        people = [person(str(n), (chance.random(), chance.uniform(0.3, 1.0))) for n in range(5)]
        keep.step(people, k / 10, SIZE_PX)
        most = max(most, sum(1 for _ in keep._places()))
    assert most <= 5 * 10 * 12
