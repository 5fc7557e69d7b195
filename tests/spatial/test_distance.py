from __future__ import annotations

from math import inf

import pytest

from footfall.spatial.insights import Proximity
from footfall.spatial.operation import Operation
from footfall.spatial.regions import Aggregation, DistanceRule, SpatialSpec, Trigger, Zone
from spatial.storyboard import person

ZONE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
CLOSE, FAR, NONE = Proximity.TOO_CLOSE, Proximity.TOO_FAR, Proximity.UNKNOWN
FOOT_M = 0.3048


def play(frames, fps=1.0, **rule):
    """Each frame lists the people's places along a line on the floor in metres (None: not calibrated)."""
    spec = SpatialSpec(zones=(Zone("lobby", ZONE, (DistanceRule(**{"minimum_m": 2.0, **rule}),)),))
    operation = Operation(spec, 1.0)
    told = []
    for frame, metres in enumerate(frames):
        people = [
            person(f"p{k}", (0.1 + 0.1 * k, 0.5), frame / fps, frame, ground_m=None if m is None else (m, 4.0))
            for k, m in enumerate(metres)
        ]
        told += operation.step(people, frame / fps, frame)
    return told + operation.flush()


def short(insights):
    return [(i.t_s, i.proximity, i.person_count, len(i.violators), round(i.average_m, 3)) for i in insights]


@pytest.mark.parametrize(
    ("frames", "rule", "expected"),
    [
        pytest.param([[0, 5], [0, 5]], {}, [], id="far enough apart"),
        pytest.param([[0, 5], [0, 1]], {}, [(1, CLOSE, 2, 2, 1)], id="comes too close"),
        pytest.param([[0, 1], [0, 1], [0, 1]], {}, [(0, CLOSE, 2, 2, 1)], id="stays too close: told once"),
        pytest.param(
            [[0, 1], [0, 5], [0, 5]], {}, [(0, CLOSE, 2, 2, 1), (1, NONE, 2, 0, 5)], id="the end is told once"
        ),
        pytest.param([[0, 1], [0]], {}, [(0, CLOSE, 2, 2, 1), (1, NONE, 1, 0, 0)], id="one leaves: the end too"),
        pytest.param([[0, 1], [], []], {}, [(0, CLOSE, 2, 2, 1), (1, NONE, 0, 0, 0)], id="all leave"),
        pytest.param(
            [[0, 1], [0, 1, 9]],
            {},
            [(0, CLOSE, 2, 2, 1), (1, CLOSE, 3, 2, 6)],
            id="a bystander changes the number of people",
        ),
        pytest.param([[0], []], {}, [], id="one person has no distance"),
        pytest.param([[None, None], [None]], {}, [], id="not calibrated: no violation, no event"),
        pytest.param(
            [[0, 1], [0, 5], [0]],
            {},
            [(0, CLOSE, 2, 2, 1), (1, NONE, 2, 0, 5)],
            id="after the end nothing is told of who comes and goes",
        ),
        pytest.param(
            [[0, 1], [0, 5]],
            {"interval_s": 0.0},
            [(0, CLOSE, 2, 2, 1), (1, NONE, 2, 0, 5)],
            id="no interval: every frame by itself",
        ),
        pytest.param([[0, 50]], {"maximum_m": 40}, [(0, FAR, 2, 2, 50)], id="too far"),
        pytest.param([[0, 40]], {"maximum_m": 40}, [], id="exactly the maximum is not too far"),
        pytest.param([[0, 1, 50]], {"maximum_m": 40}, [(0, CLOSE, 3, 2, 33.333)], id="too close comes first"),
        pytest.param(
            [[0, 1, None]], {}, [(0, CLOSE, 3, 2, 1)], id="who stands above the horizon counts but is not measured"
        ),
        pytest.param([[0, 2.0]], {}, [], id="exactly the minimum is no violation"),
        pytest.param([[0, 1], [0, 1], [0, 5]], {"output_frequency": 2}, [(2, NONE, 2, 0, 5)], id="every second event"),
    ],
)
def test_trigger_event(frames, rule, expected):
    assert short(play(frames, aggregation=Aggregation.MODE, **rule)) == expected


@pytest.mark.parametrize(
    ("frames", "rule", "expected"),
    [
        pytest.param(
            [[0, 5]] * 5, {}, [(2, NONE, 2, 0, 5), (4, NONE, 2, 0, 5)], id="no violation: every tick all the same"
        ),
        pytest.param([[None, None]] * 3, {}, [(2, NONE, 2, 0, 0)], id="not calibrated: unknown"),
        pytest.param([[]] * 3, {}, [(2, NONE, 0, 0, 0)], id="nobody there"),
        pytest.param(
            [[0, 5], [0, 1], [0, 3]], {}, [(2, NONE, 2, 0, 3)], id="average: the latest frame, the mean distance"
        ),
        pytest.param(
            [[0, 1], [0], [0, 5], [0]],
            {},
            [(2, NONE, 2, 0, 3), (3, NONE, 1, 0, 0)],
            id="frames with one person have no mean; the rest at the end",
        ),
        pytest.param(
            [[0, 1], [0, 1.5], [0, 5]],
            {"aggregation": Aggregation.MODE},
            [(2, CLOSE, 2, 2, 1.5)],
            id="mode: the most frequent kind",
        ),
        pytest.param(
            [[0, 1], [0, 5], [0]],
            {"aggregation": Aggregation.MODE},
            [(2, NONE, 1, 0, 0)],
            id="mode: all alike, the newest",
        ),
        pytest.param(
            [[0, 1]] * 9, {"output_frequency": 2}, [(4, CLOSE, 2, 2, 1), (8, CLOSE, 2, 2, 1)], id="every second tick"
        ),
    ],
)
def test_trigger_interval(frames, rule, expected):
    assert short(play(frames, trigger=Trigger.INTERVAL, interval_s=2.0, **rule)) == expected


def test_a_flickering_violation_tells_no_stories():
    frames = [[0, 1]] * 10 + [[0, 5]] + [[0, 1]] * 10
    assert short(play(frames, fps=15)) == [(0, CLOSE, 2, 2, 1)]


def test_average_is_the_mean_over_the_last_half_second():
    (first, last) = play([[0, 1.0]] * 5 + [[0, 3.0]] * 10, fps=10)
    assert (first.average_m, first.t_s) == (1.0, 0.0)
    assert (last.average_m, last.t_s) == (pytest.approx(2.2), 0.7)


def test_frames_farther_apart_than_half_a_second_stand_alone():
    assert [told.average_m for told in play([[0, 1.0], [0, 5.0]])] == [1.0, 5.0]


def test_who_stands_just_at_the_threshold_takes_no_part():
    zone = Zone("lobby", ((0.25, 0.25), (0.75, 0.25), (0.75, 1.0), (0.25, 1.0)), (DistanceRule(0.125),))
    people = [person("just", (0.375, 0.5), ground_m=(0.0, 5.0)), person("in", (0.5, 0.5), ground_m=(1.0, 5.0))]
    assert Operation(SpatialSpec(zones=(zone,)), 1.0).step(people, 0.0, 0) == []


def test_the_event_carries_limits_violators_and_frame():
    (told,) = play([[0, 1, 9]])
    assert (told.zone, told.frame, told.trigger) == ("lobby", 0, Trigger.EVENT)
    assert (told.minimum_m, told.maximum_m) == (2.0, inf)
    assert [p.track_id for p in told.violators] == ["p0", "p1"]


def test_the_published_figures():
    """Two people 4.11 feet apart on the floor are too close for 6 feet (spec/operations.md section 6.5)."""
    spec = SpatialSpec(zones=(Zone("lobby", ZONE, (DistanceRule(),)),))
    places = ((-1.464, 18.297), (2.631, 18.636))
    people = [person(f"p{k}", (0.3 + k / 3, 0.5), ground_m=(x * FOOT_M, y * FOOT_M)) for k, (x, y) in enumerate(places)]
    (told,) = Operation(spec, 342 / 608).step(people, 0.0, 0)
    assert told.proximity is CLOSE
    assert told.average_m / FOOT_M == pytest.approx(4.11, abs=0.005)
    assert told.minimum_m == pytest.approx(6 * FOOT_M)


def test_only_people_deep_enough_take_part():
    spec = SpatialSpec(zones=(Zone("lobby", ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)), (DistanceRule(),)),))
    people = [person("in", (0.5, 0.5), ground_m=(0.0, 5.0)), person("edge", (0.79, 0.5), ground_m=(1.0, 5.0))]
    assert Operation(spec, 1.0).step(people, 0.0, 0) == []
