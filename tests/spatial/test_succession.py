"""Who goes on as whom."""

from __future__ import annotations

import pytest

from footfall.spatial.succession import heirs, returned
from footfall.spatial.trace import Trace
from spatial.storyboard import person

NOW_S = 1.0


def lost(foot, velocity=(0.0, 0.0), last_s=0.9, height=0.2, aspect=1.0):
    """Somebody who was watched for half a second."""
    trace = Trace(1, aspect)
    for k in range(-5, 1):
        x, y = foot[0] + velocity[0] * k / 10, foot[1] + velocity[1] * k / 10
        trace.see(person("old", (x, y), box_n=(x - 0.025, y - height, x + 0.025, y)), last_s + k / 10)
    return trace


def tall(name, foot, height):
    x, y = foot
    return person(name, foot, box_n=(x - 0.025, y - height, x + 0.025, y))


def goes_on(trace, newcomer, t_s=NOW_S):
    return heirs({"old": trace}, [newcomer], t_s) == {newcomer.track_id: "old"}


@pytest.mark.parametrize(
    ("last_s", "bodies"),
    [
        pytest.param(0.5, 0.25, id="gone for half a second: a quarter of a body"),
        pytest.param(0.0, 0.35, id="for a second: 0.35 bodies"),
        pytest.param(-1.5, 0.5, id="for longer: never more than half of one"),
    ],
)
@pytest.mark.parametrize("way", [(1, 0), (-1, 0), (0, 1), (0, -1)], ids=["right", "left", "down", "up"])
def test_how_far_off_a_newcomer_may_be(last_s, bodies, way):
    for share, expected in ((0.98, True), (1.02, False)):
        off = 0.2 * bodies * share
        foot = 0.5 + way[0] * off, 0.6 + way[1] * off
        assert goes_on(lost((0.5, 0.6), last_s=last_s), person("new", foot)) is expected


def test_distances_are_measured_in_bodies_and_widths():
    trace = lost((0.5, 0.6), aspect=0.5, last_s=0.5)
    assert goes_on(trace, person("new", (0.524, 0.6)))
    assert not goes_on(trace, person("new", (0.526, 0.6)))
    assert goes_on(trace, person("new", (0.5, 0.649)))
    assert not goes_on(trace, person("new", (0.5, 0.651)))


@pytest.mark.parametrize(
    ("height", "expected"),
    [(0.278, True), (0.282, False), (0.144, True), (0.142, False)],
    ids=["taller", "far taller", "shorter", "far shorter"],
)
def test_people_keep_their_size(height, expected):
    assert goes_on(lost((0.5, 0.6)), tall("new", (0.5, 0.6), height)) is expected


@pytest.mark.parametrize(
    ("x", "last_s", "expected"),
    [
        pytest.param(0.40, 0.0, True, id="stopped where last seen"),
        pytest.param(0.45, 0.0, True, id="half of the way"),
        pytest.param(0.50, 0.0, True, id="walked on"),
        pytest.param(0.56, 0.0, True, id="a little farther"),
        pytest.param(0.58, 0.0, False, id="much farther"),
        pytest.param(0.32, 0.0, False, id="behind"),
        pytest.param(0.49, 0.5, True, id="half a second gone: walks on for half a second"),
        pytest.param(0.51, 0.5, False, id="and no farther than that"),
        pytest.param(0.59, -2.0, True, id="long gone: walks on for a second only"),
        pytest.param(0.61, -2.0, False, id="and no farther"),
    ],
)
def test_newcomers_stand_on_the_way_that_was_walked(x, last_s, expected):
    assert goes_on(lost((0.4, 0.6), (0.1, 0.0), last_s), person("new", (x, 0.6))) is expected


@pytest.mark.parametrize(("y", "expected"), [(0.49, True), (0.51, False)])
def test_the_way_may_lead_down(y, expected):
    assert goes_on(lost((0.5, 0.4), (0.0, 0.1), 0.5), person("new", (0.5, y))) is expected


@pytest.mark.parametrize(
    ("foot", "velocity", "expected"),
    [
        pytest.param((0.96, 0.6), (0.1, 0.0), False, id="walks out at the right"),
        pytest.param((0.04, 0.6), (-0.1, 0.0), False, id="at the left"),
        pytest.param((0.5, 0.96), (0.0, 0.1), False, id="below"),
        pytest.param((0.5, 0.04), (0.0, -0.1), False, id="above"),
        pytest.param((0.88, 0.6), (0.1, 0.0), True, id="has not got there yet"),
        pytest.param((0.12, 0.6), (-0.1, 0.0), True, id="neither at the left"),
        pytest.param((0.5, 0.88), (0.0, 0.1), True, id="nor below"),
        pytest.param((0.5, 0.32), (0.0, -0.1), True, id="nor above"),
    ],
)
def test_who_walks_out_of_the_picture_is_not_waited_for(foot, velocity, expected):
    assert goes_on(lost(foot, velocity, last_s=0.0), person("new", foot)) is expected


def test_the_lower_edge_is_where_the_picture_ends():
    trace = lost((0.5, 0.96), (0.0, 0.1), last_s=0.0, aspect=0.5)
    assert not goes_on(trace, person("new", (0.5, 0.96)))


@pytest.mark.parametrize(
    ("off", "expected"), [(0.019, {}), (0.021, {"b": "a"})], ids=["a rival nearly as near", "one twice as far"]
)
def test_rivals(off, expected):
    assert heirs({"a": lost((0.5, 0.6))}, [person("b", (0.51, 0.6)), person("c", (0.5 - off, 0.6))], NOW_S) == expected
    two = {"a": lost((0.51, 0.6)), "x": lost((0.5 - off, 0.6))}
    assert heirs(two, [person("b", (0.5, 0.6))], NOW_S) == expected


def test_several_at_once_each_its_own():
    two = {"a": lost((0.3, 0.6)), "x": lost((0.5, 0.6))}
    assert heirs(two, [person("y", (0.501, 0.6)), person("b", (0.301, 0.6))], NOW_S) == {"b": "a", "y": "x"}


def test_ids_that_were_exchanged_are_exchanged_back():
    two = {"a": lost((0.3, 0.6)), "x": lost((0.5, 0.6))}
    assert heirs(two, [person("a", (0.5, 0.6)), person("x", (0.3, 0.6))], NOW_S) == {"a": "x", "x": "a"}


def test_who_may_as_well_have_jumped_is_a_rival():
    """`a` was seen 0.05 from where it is now; `b`, lost, was 0.03 off: not nearly twice as near."""
    two = {"a": lost((0.35, 0.6)), "b": lost((0.37, 0.6))}
    assert heirs(two, [person("a", (0.4, 0.6))], NOW_S) == {}
    assert heirs({"b": two["b"]}, [person("a", (0.4, 0.6))], NOW_S) == {"a": "b"}


def test_nobody_goes_on_as_nobody():
    assert heirs({}, [person("b", (0.5, 0.6))], NOW_S) == {}
    assert heirs({"a": lost((0.5, 0.6))}, [], NOW_S) == {}
    assert heirs({"a": lost((0.5, 0.6), height=0.0)}, [tall("b", (0.5, 0.6), 0.0)], NOW_S) == {}


def comes_back(trace, newcomer, t_s):
    return returned({"old": trace}, [newcomer], t_s) == {newcomer.track_id: "old"}


@pytest.mark.parametrize(
    ("last_s", "bodies"),
    [pytest.param(4.0, 0.5, id="at once: half a body"), pytest.param(2.0, 2.5, id="after two seconds: two more")],
)
@pytest.mark.parametrize("way", [(1, 0), (-1, 0), (0, 1), (0, -1)], ids=["right", "left", "down", "up"])
@pytest.mark.parametrize("aspect", [1.0, 0.5])
def test_after_a_break_people_are_as_far_off_as_they_walk(last_s, bodies, way, aspect):
    for share, expected in ((0.98, True), (1.02, False)):
        off = 0.2 * bodies * share
        foot = 0.5 + way[0] * off * aspect, 0.6 + way[1] * off
        assert comes_back(lost((0.5, 0.6), last_s=last_s, aspect=aspect), person("new", foot), 4.0) is expected


@pytest.mark.parametrize(
    ("last_s", "ratio"), [pytest.param(4.0, 1.4, id="at once"), pytest.param(2.0, 1.6, id="later")]
)
def test_after_a_break_people_are_nearly_as_tall(last_s, ratio):
    for share, expected in ((0.99, True), (1.01, False)):
        for height in (0.2 * ratio * share, 0.2 / ratio / share):
            assert comes_back(lost((0.5, 0.6), last_s=last_s), tall("new", (0.5, 0.6), height), 4.0) is expected


def test_nobody_comes_back_without_a_height():
    for before, now in ((0.2, 0.0), (0.0, 0.2), (0.0, 0.0)):
        assert not comes_back(lost((0.5, 0.6), height=before), tall("new", (0.5, 0.6), now), NOW_S)


@pytest.mark.parametrize(
    ("away", "newcomers", "expected"),
    [
        pytest.param({"a": 0.3, "b": 0.4}, {"c": 0.38, "d": 0.32}, {"c": "b", "d": "a"}, id="each to the nearest"),
        pytest.param({"a": 0.3}, {"c": 0.34, "d": 0.32}, {"d": "a"}, id="nobody twice"),
        pytest.param({"a": 0.3, "b": 0.4}, {"c": 0.38}, {"c": "b"}, id="one is still away"),
        pytest.param({"a": 0.3, "b": 0.32}, {"c": 0.33, "d": 0.27}, {"c": "b", "d": "a"}, id="the nearest pair first"),
    ],
)
def test_the_nearest_come_together_first(away, newcomers, expected):
    traces = {name: lost((x, 0.6)) for name, x in away.items()}
    assert returned(traces, [person(name, (x, 0.6)) for name, x in newcomers.items()], NOW_S) == expected
