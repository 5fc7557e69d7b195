from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.spatial.count import Ticks, most_common
from footfall.spatial.insights import Counted
from footfall.spatial.operation import Operation
from footfall.spatial.regions import CountRule, SpatialSpec, Trigger, Zone
from spatial.storyboard import person

ZONE = ((0.2, 0.4), (0.8, 0.4), (0.8, 0.9), (0.2, 0.9))


def spec(**rule):
    return SpatialSpec(zones=(Zone("hall", ZONE, (CountRule(**rule),)),))


def crowd(size, t_s=0.0, frame=0):
    return [person(f"p{k}", (0.3 + 0.05 * k, 0.6), t_s, frame) for k in range(size)]


def count(sizes, fps=1.0, **rule):
    """(count, number of people shown, t_s) of every event while a crowd of these sizes is seen."""
    operation = Operation(spec(**rule), 1.0)
    told = []
    for frame, size in enumerate(sizes):
        told += operation.step(crowd(size, frame / fps, frame), frame / fps, frame)
    told += operation.flush()
    assert all(isinstance(insight, Counted) and insight.zone == "hall" for insight in told)
    return [(insight.count, len(insight.people), insight.t_s) for insight in told]


@pytest.mark.parametrize(
    ("sizes", "rule", "expected"),
    [
        pytest.param([0, 0, 0], {}, [(0, 0, 0)], id="an empty hall is told once"),
        pytest.param([2, 2, 3, 3, 1], {}, [(2, 2, 0), (3, 3, 2), (1, 1, 4)], id="every change"),
        pytest.param(
            [0, 1, 2, 3, 4, 5, 6, 7],
            {"output_frequency": 3},
            [(0, 0, 0), (3, 3, 3), (6, 6, 6)],
            id="every third of seven changes, and the first",
        ),
        pytest.param(
            [1, 1, 1, 1],
            {"trigger": Trigger.INTERVAL},
            [(1, 1, 0), (1, 1, 1), (1, 1, 2), (1, 1, 3)],
            id="every second, changed or not",
        ),
        pytest.param(
            [1, 2, 3, 4, 5],
            {"trigger": Trigger.INTERVAL, "interval_s": 2.0},
            [(1, 1, 0), (3, 3, 2), (5, 5, 4)],
            id="every two seconds",
        ),
        pytest.param(
            [1] * 7,
            {"trigger": Trigger.INTERVAL, "output_frequency": 3},
            [(1, 1, 0), (1, 1, 3), (1, 1, 6)],
            id="every third tick, and the first",
        ),
        pytest.param(
            [1, 1, 1],
            {"trigger": Trigger.INTERVAL, "interval_s": 0.0},
            [(1, 1, 0), (1, 1, 1), (1, 1, 2)],
            id="no interval: every frame",
        ),
    ],
)
def test_storyboard(sizes, rule, expected):
    assert count(sizes, **rule) == expected


@pytest.mark.parametrize(
    ("sizes", "smoothing_s", "expected"),
    [
        pytest.param([3] * 10 + [2] + [3] * 10, 0.5, [3], id="one missed detection is no change"),
        pytest.param([3] * 10 + [2] + [3] * 10, 0.0, [3, 2, 3], id="without smoothing it is"),
        pytest.param([3, 3, 2] * 10, 0.3, [3], id="flicker: the most common one"),
        pytest.param([3] * 10 + [5] * 10, 0.5, [3, 5], id="a real change is told once"),
    ],
)
def test_smoothing(sizes, smoothing_s, expected):
    assert [number for number, *_ in count(sizes, fps=10, smoothing_s=smoothing_s)] == expected


def test_a_change_is_told_when_it_is_as_common_as_before():
    assert count([3] * 10 + [5] * 10, fps=10, smoothing_s=0.5) == [(3, 3, 0.0), (5, 5, 1.2)]
    assert count([1, 2], fps=4, smoothing_s=0.5) == [(1, 1, 0.0), (2, 2, 0.25)]


def test_a_frame_as_old_as_the_window_has_left_it():
    """Two of four frames are enough; with the fifth they would not be."""
    assert count([3] * 10 + [5] * 10, fps=10, smoothing_s=0.4) == [(3, 3, 0.0), (5, 5, 1.1)]


def test_people_shown_are_as_many_as_told():
    told = count([3] * 10 + [2] + [3] * 10, fps=10, smoothing_s=0.5, trigger=Trigger.INTERVAL)
    assert told == [(3, 3, 0.0), (3, 3, 1.0), (3, 3, 2.0)]


def test_people_shown_are_the_newest_that_were_so_many():
    operation = Operation(spec(trigger=Trigger.INTERVAL, smoothing_s=2.0), 1.0)
    for frame, size in enumerate([2, 2, 1]):
        told = operation.step(crowd(size, 0.5 * frame, frame), 0.5 * frame, frame)
    assert [(one.count, one.frame, [p.frame for p in one.people]) for one in told] == [(2, 2, [1, 1])]


def test_threshold_is_depth():
    operation = Operation(spec(threshold_w=0.025), 1.0)
    (first,) = operation.step(
        [person("in", (0.226, 0.6)), person("edge", (0.224, 0.6)), person("out", (0.1, 0.6))], 0.0, 0
    )
    assert (first.count, [p.track_id for p in first.people], first.frame) == (1, ["in"], 0)


def test_who_stands_just_at_the_threshold_is_not_counted():
    zone = Zone("hall", ((0.25, 0.25), (0.75, 0.25), (0.75, 1.0), (0.25, 1.0)), (CountRule(0.125),))
    operation = Operation(SpatialSpec(zones=(zone,)), 1.0)
    (first,) = operation.step([person("just", (0.375, 0.5)), person("more", (0.376, 0.5))], 0.0, 0)
    assert [p.track_id for p in first.people] == ["more"]


def test_ticks_start_with_the_first_frame():
    ticks = Ticks(1.0)
    assert [t for t in (7.25, 7.5, 8.0, 8.25, 9.0, 9.25, 9.5) if ticks.passed(t)] == [8.25, 9.25]


def test_ticks_do_not_drift_and_do_not_burst():
    ticks = Ticks(1.0)
    times = [k / 15 for k in range(31)] + [9.9, 10.0, 10.5, 11.0]
    assert [round(t, 3) for t in times if ticks.passed(t)] == [1.0, 2.0, 9.9, 10.0, 11.0]


def test_equally_common_counts_go_to_the_newest():
    assert most_common([1, 2, 1, 2]) == 2
    assert most_common([2, 1, 1, 2, 3]) == 2


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60), st.sampled_from([1.0, 5.0, 15.0, 30.0]))
def test_consecutive_counts_differ_and_the_first_is_at_once(sizes, fps):
    told = count(sizes, fps=fps)
    assert told[0] == (sizes[0], sizes[0], 0.0)
    assert all(a[0] != b[0] for a, b in pairwise(told))
    assert all(number == shown for number, shown, _ in told)
    assert {number for number, *_ in told} <= set(sizes)
