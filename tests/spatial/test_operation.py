from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.spatial.insights import Counted, Direction, Dwelled, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.operation import Operation
from footfall.spatial.regions import (
    CountRule,
    DistanceRule,
    DwellRule,
    Focus,
    Line,
    LineCrossingRule,
    SpatialSpec,
    Zone,
    ZoneCrossingRule,
)
from spatial.storyboard import WIDE_PICTURE, person, play

HALL = Zone(
    "hall",
    ((0.0, 0.5), (1.0, 0.5), (1.0, 1.0), (0.0, 1.0)),
    (DwellRule(), ZoneCrossingRule(0.025), CountRule(smoothing_s=0.0)),
)
TILL = Zone(
    "till",
    ((0.3, 0.6), (0.7, 0.6), (0.7, 0.9), (0.3, 0.9)),
    (ZoneCrossingRule(0.025, Focus.BOTTOM_CENTER), DistanceRule()),
)
DOOR = Line("door", (0.0, 0.5), (1.0, 0.5), (LineCrossingRule(), LineCrossingRule(0.05, Focus.CENTER)))
EVERYTHING = SpatialSpec((HALL, TILL), (DOOR,))


def told_order(insights):
    return [
        (
            type(i).__name__,
            getattr(i, "zone", getattr(i, "line", "")),
            i.person.track_id if hasattr(i, "person") else "",
        )
        for i in insights
    ]


def test_order_is_regions_then_rules_then_people():
    operation = Operation(EVERYTHING, 1.0)
    start = [person("abe", (0.4, 0.4)), person("ann", (0.6, 0.4))]
    assert told_order(operation.step(start, 0.0, 0)) == [("Counted", "hall", "")]
    after = [person("ann", (0.6, 0.75), 1.0, 1), person("abe", (0.4, 0.75), 1.0, 1)]
    assert told_order(operation.step(after, 1.0, 1)) == [
        ("ZoneEntered", "hall", "abe"),
        ("ZoneEntered", "hall", "ann"),
        ("Counted", "hall", ""),
        ("ZoneEntered", "till", "abe"),
        ("ZoneEntered", "till", "ann"),
        ("LineCrossed", "door", "abe"),
        ("LineCrossed", "door", "ann"),
        ("LineCrossed", "door", "abe"),
        ("LineCrossed", "door", "ann"),
    ]
    assert told_order(operation.flush()) == [
        ("Dwelled", "hall", "abe"),
        ("Dwelled", "hall", "ann"),
        ("ZoneExited", "hall", "abe"),
        ("ZoneExited", "hall", "ann"),
        ("ZoneExited", "till", "abe"),
        ("ZoneExited", "till", "ann"),
    ]


def test_nothing_to_watch_tells_nothing():
    operation = Operation(SpatialSpec(), 1.0)
    assert operation.step([person("ann", (0.5, 0.5))], 0.0, 0) == []
    assert operation.flush() == []


@pytest.mark.parametrize("aspect", [0.0, -1.0, float("nan")])
def test_a_picture_has_an_aspect(aspect):
    with pytest.raises(ValueError, match="aspect"):
        Operation(SpatialSpec(), aspect)


def test_doubled_and_unconfirmed_ids_do_no_harm():
    operation = Operation(EVERYTHING, 1.0)
    told = []
    for frame, y in enumerate((0.4, 0.45, 0.55, 0.6, 0.75)):
        people = [
            person("ann", (0.5, y), frame, frame, score=0.9),
            person("ann", (0.5, 0.95 - y), frame, frame, score=0.3),
            person("-1", (0.5, 0.4 if frame % 2 else 0.7), frame, frame),
            person("", (0.5, 0.7 if frame % 2 else 0.4), frame, frame),
        ]
        told += operation.step(people if frame % 2 else people[::-1], float(frame), frame)
    assert [i.person.track_id for i in told if isinstance(i, LineCrossed)] == ["ann", "ann"]
    assert [i.person.track_id for i in told if isinstance(i, ZoneEntered)] == ["ann", "ann"]
    assert max(i.count for i in told if isinstance(i, Counted)) == 1


NAMES = "abcdef"
coordinates = st.floats(0.0, 1.0).map(lambda value: round(value, 2))
scenes = st.lists(st.dictionaries(st.sampled_from(NAMES), st.tuples(coordinates, coordinates), max_size=6), max_size=30)


@given(scenes, st.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(frames, chance):
    shuffled = [dict(chance.sample(sorted(people.items()), len(people))) for people in frames]

    def story(scene):
        told = (
            (type(i).__name__, i.t_s, getattr(i, "count", 0), i.person.track_id if hasattr(i, "person") else "")
            for i in play(EVERYTHING, scene, fps=5)
        )
        return sorted(told)

    assert story(frames) == story(shuffled)


@given(scenes)
def test_the_same_input_gives_the_same_insights(frames):
    assert play(EVERYTHING, frames, fps=5) == play(EVERYTHING, frames, fps=5)


def everybody_known(operation):
    """Sizes of every per-person table, wherever it hides."""
    machines = [getattr(m, "_machine", m) for _, m in operation._machines]
    tables = [getattr(m, name) for m in machines for name in ("_known", "_unsettled", "_walks") if hasattr(m, name)]
    return [operation._identity._traces, *tables, *(view._footings._known for view in operation._views)]


@given(st.lists(st.lists(st.integers(0, 500), max_size=5, unique=True), max_size=60))
def test_memory_is_bounded_by_the_living(frames):
    operation = Operation(EVERYTHING, 1.0)
    for t_s, ids in enumerate(frames):
        operation.step([person(str(i), (i / 500, 0.7), float(t_s), t_s) for i in ids], float(t_s), t_s)
        recent = set().union(*map(set, frames[max(0, t_s - 3) : t_s + 1]))
        assert all(len(table) <= len(recent) for table in everybody_known(operation))


def test_many_finished_people_leave_nothing_behind():
    operation = Operation(EVERYTHING, 1.0)
    for k in range(3000):
        operation.step([person(f"p{k}", (0.5, 0.4 + 0.3 * (k % 2)), k * 0.5, k)], k * 0.5, k)
    assert all(len(table) <= 8 for table in everybody_known(operation))
    operation.step([], 3000.0, 3000)
    assert all(len(table) == 0 for table in everybody_known(operation))


def test_a_visit_told_to_everybody():
    path = [{"ann": (0.5, 0.4)}, {"ann": (0.5, 0.75)}, {"ann": (0.5, 0.75)}, {"ann": (0.5, 0.4)}]
    told = play(EVERYTHING, path)
    assert [type(i) for i in told if getattr(i, "zone", "") == "till"] == [ZoneEntered, ZoneExited]
    (dwelled,) = [i for i in told if isinstance(i, Dwelled)]
    assert (dwelled.zone, dwelled.dwell_s, dwelled.dwell_frames, dwelled.side) == ("hall", 1.0, 2, 1)
    assert [i.direction for i in told if isinstance(i, LineCrossed)] == [Direction.LEFT_TO_RIGHT] * 2 + [
        Direction.RIGHT_TO_LEFT
    ] * 2


wild = st.one_of(st.floats(-2.0, 3.0), st.sampled_from([float("nan"), float("inf"), -float("inf"), 1e308, 0.5]))
boxes = st.tuples(wild, wild, wild, wild)
times = st.one_of(st.floats(0.0, 20.0), st.sampled_from([0.0, 3600.0, 1e9]))


@given(
    st.lists(
        st.tuples(times, st.lists(st.tuples(st.sampled_from("abc"), boxes, st.tuples(wild, wild)), max_size=5)),
        max_size=25,
    )
)
def test_no_input_is_too_bad(frames):
    """Boxes without a place or turned inside out, doubled ids, time that stands still, runs back or leaps."""
    operation = Operation(EVERYTHING, WIDE_PICTURE)
    for frame, (t_s, people) in enumerate(frames):
        operation.step([person(i, foot, t_s, frame, box_n=box) for i, box, foot in people], t_s, frame)
        assert all(len(table) <= 3 * (frame + 1) for table in everybody_known(operation))
    operation.flush()


def test_five_thousand_people_and_none():
    operation = Operation(EVERYTHING, WIDE_PICTURE)
    chance = random.Random(3)
    for frame in range(4):
        people = [person(f"p{n}", (chance.random(), chance.random()), frame / 5, frame) for n in range(5000)]
        operation.step(people if frame % 2 else [], frame / 5, frame)
    assert len(operation.step([], 100.0, 4)) >= 1
    assert all(len(table) == 0 for table in everybody_known(operation))
