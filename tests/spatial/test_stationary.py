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


@pytest.mark.parametrize("number", range(4), ids=["left", "top", "right", "bottom"])
def test_each_side_has_to_match(number):
    keep = StationaryFilter(5.0, 100.0, 0.1)
    stand(keep, BOX_PX, 0.0, 12.0)
    other = tuple(side + 8.0 * (k == number) for k, side in enumerate(BOX_PX))
    assert len(keep.step([at(other)], 12.1, SIZE_PX)) == 1


def test_by_default_a_fifth_of_an_hour_is_too_long():
    keep = StationaryFilter(5.0)
    assert stand(keep, BOX_PX, 0.0, 750.0, fps=1) == 721


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


BOX_PX = (302.5, 182.5, 352.5, 302.5)
"""In the middle of a square of 5 pixels, so that three pixels lead into the next one on every side."""


def at(box_px, size_px=SIZE_PX):
    """Somebody in this box."""
    (x0, y0, x1, y1), (width, height) = box_px, size_px
    return person("doll", (0.5, 0.7), box_n=(x0 / width, y0 / height, x1 / width, y1 / height))


def moved(dx, dy, box_px=BOX_PX):
    x0, y0, x1, y1 = box_px
    return x0 + dx, y0 + dy, x1 + dx, y1 + dy


def stand(keep, box_px, begin_s, end_s, fps=10):
    """Somebody stands there from one moment to the other; the first moment of being dropped, in seconds after begin."""
    for k in range(round((end_s - begin_s) * fps) + 1):
        if not keep.step([at(box_px)], begin_s + k / fps, SIZE_PX):
            return k / fps
    return None


@pytest.mark.parametrize("dx", [-3.0, 0.0, 3.0])
@pytest.mark.parametrize("dy", [-3.0, 0.0, 3.0])
def test_a_place_is_as_wide_as_the_distance_on_every_side(dx, dy):
    keep = StationaryFilter(5.0, 100.0, 0.1)
    stand(keep, BOX_PX, 0.0, 12.0)
    assert keep.step([at(moved(dx, dy))], 12.1, SIZE_PX) == ()
    assert len(keep.step([at(moved(2 * dx, 2 * dy))], 12.2, SIZE_PX)) == (0 if dx == dy == 0.0 else 1)


def test_at_the_distance_itself_it_is_one_place():
    keep, size_px, box_px = StationaryFilter(5.0, 100.0, 0.1), (512, 256), (256.0, 64.0, 288.0, 192.0)
    for k in range(120):
        keep.step([at(box_px, size_px)], k / 10, size_px)
    assert keep.step([at(moved(3.0, 4.0, box_px), size_px)], 12.0, size_px) == ()


def test_of_two_places_the_nearer_one_is_meant():
    keep = StationaryFilter(5.0, 100.0, 0.1)
    for k in range(120):
        keep.step([at(BOX_PX), *([at(moved(8.0, 0.0))] if k > 100 else [])], k / 10, SIZE_PX)
    assert keep.step([at(moved(3.5, 0.0))], 12.0, SIZE_PX) == ()


@pytest.mark.parametrize(
    ("away_s", "more_s"),
    [
        pytest.param(44.0, 6.0, id="back in time: what was missing to ten seconds"),
        pytest.param(48.0, 10.1, id="back too late: ten seconds anew"),
    ],
)
def test_four_seconds_at_a_place_are_remembered_for_five_and_ten_times_four(away_s, more_s):
    keep = StationaryFilter(5.0, 100.0, 0.1)
    stand(keep, BOX_PX, 0.0, 4.0)
    for k in range(1, round(away_s * 10)):
        keep.step([], 4.0 + k / 10, SIZE_PX)
    assert stand(keep, BOX_PX, 4.0 + away_s, 80.0) == pytest.approx(more_s, abs=0.15)


@pytest.mark.parametrize(
    ("t_s", "is_free"),
    [
        pytest.param(103.0, False, id="not two seconds of the twelve have left the window"),
        pytest.param(103.6, True, id="more than two have"),
    ],
)
def test_the_window_moves_on(t_s, is_free):
    keep = StationaryFilter(5.0, 100.0, 0.1)
    for k in range(round(t_s * 10)):
        keep.step([at(BOX_PX)] if k <= 120 else [], k / 10, SIZE_PX)
    assert bool(keep.step([at(BOX_PX)], t_s, SIZE_PX)) is is_free


def test_the_window_moves_on_slice_by_slice():
    """Of twenty seconds the first five have left the window."""
    keep = StationaryFilter(5.0, 100.0, 0.1)
    for k in range(1052):
        keep.step([at(BOX_PX)] if k <= 200 else [], k / 10, SIZE_PX)
    assert keep.step([at(BOX_PX)], 105.2, SIZE_PX) == ()


def test_exactly_the_limit_is_not_more_than_it():
    keep = StationaryFilter(5.0, 100.0, 0.1)
    kept = [len(keep.step([at(BOX_PX)], k / 2, SIZE_PX)) for k in range(22)]
    assert kept == [1] * 21 + [0]


def test_an_outage_counts_for_half_the_limit():
    keep = StationaryFilter(5.0, 100.0, 0.1)
    stand(keep, BOX_PX, 0.0, 6.0)
    assert keep.step([at(BOX_PX)], 46.0, SIZE_PX) == ()


@pytest.mark.parametrize(
    ("px_s", "is_dropped"),
    [
        pytest.param(1.5, True, id="a picture that slowly drifts stays one place"),
        pytest.param(3.5, False, id="who walks ever so slowly does not"),
    ],
)
def test_drift(px_s, is_dropped):
    keep = StationaryFilter(5.0, 100.0, 0.1)
    kept = [len(keep.step([at(moved(px_s * k / 10, 0.0))], k / 10, SIZE_PX)) for k in range(300)]
    assert (0 in kept) is is_dropped


def test_two_sizes_at_one_corner_are_two_places():
    """The doll's place outlives that of somebody taller who shared its upper left corner for a moment."""
    keep = StationaryFilter(5.0, 100.0, 0.1)
    taller = (*BOX_PX[:2], BOX_PX[2] + 20.0, BOX_PX[3] + 50.0)
    for k in range(80):
        keep.step([at(BOX_PX), *([at(taller)] if k < 3 else [])], k / 10, SIZE_PX)
    for k in range(80, 200):
        keep.step([], k / 10, SIZE_PX)
    assert stand(keep, BOX_PX, 20.0, 24.0) == pytest.approx(2.1, abs=0.15)


def test_of_people_long_gone_nothing_is_kept():
    keep = StationaryFilter(5.0, 100.0, 0.1)
    for k in range(100):
        keep.step([person("walker", (0.1 + 0.005 * k, 0.5))], k / 10, SIZE_PX)
    keep.step([], 120.0, SIZE_PX)
    assert keep._cells == {}


def test_the_memory_of_a_place_is_bounded():
    keep = StationaryFilter(5.0, 100.0, 0.1)
    stand(keep, BOX_PX, 0.0, 9.9)
    for k in range(100, 1500):
        keep.step([at(BOX_PX)], k / 10, SIZE_PX)
    assert all(len(place.slices) <= 61 for _, place in keep._places())
