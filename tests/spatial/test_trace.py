"""What is remembered of one person."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from footfall.spatial.trace import FOLLOW_S, Trace
from spatial.storyboard import person

HALF = 0.5
LOW, TALL = (0.45, 0.4, 0.55, 0.6), (0.45, 0.2, 0.55, 0.6)
"""A picture half as high as wide."""


def seen(*sights, aspect=1.0):
    """Somebody seen at (moment, foot point), or at (moment, observation)."""
    trace = Trace(1, aspect)
    for t_s, foot in sights:
        trace.see(person("ann", foot, t_s) if isinstance(foot, tuple) else foot, t_s)
    return trace


def standing(aspect=1.0):
    return seen(*((k / 10, (0.5, 0.6)) for k in range(5)), aspect=aspect)


def walking():
    """From 0.3 to 0.4 within a second, to the right."""
    return seen(*((k / 10, (0.3 + 0.01 * k, 0.6)) for k in range(11)))


def walking_down():
    """From 0.3 to 0.4 within a second."""
    return seen(*((k / 10, (0.5, 0.3 + 0.01 * k)) for k in range(11)))


@pytest.mark.parametrize(
    ("trace", "foot", "after_s", "jumps"),
    [
        pytest.param(standing(), (0.54, 0.6), 0.1, False, id="less than a quarter of the body aside"),
        pytest.param(standing(), (0.56, 0.6), 0.1, True, id="more"),
        pytest.param(standing(), (0.44, 0.6), 0.1, True, id="to the left"),
        pytest.param(standing(), (0.5, 0.64), 0.1, False, id="less than a quarter of it down"),
        pytest.param(standing(), (0.5, 0.66), 0.1, True, id="more down"),
        pytest.param(standing(), (0.5, 0.54), 0.1, True, id="up"),
        pytest.param(standing(HALF), (0.5, 0.64), 0.1, False, id="in a low picture, bodies are low too"),
        pytest.param(standing(HALF), (0.5, 0.66), 0.1, True, id="and steps down as well"),
        pytest.param(standing(HALF), (0.524, 0.6), 0.1, False, id="but not steps aside"),
        pytest.param(standing(HALF), (0.526, 0.6), 0.1, True, id="which look twice as long"),
        pytest.param(standing(), (0.53, 0.63), 0.1, False, id="a diagonal counts by its length"),
        pytest.param(walking(), (0.5, 0.6), 1.0, False, id="walked on unseen"),
        pytest.param(walking(), (0.45, 0.6), 1.0, False, id="walked half as far"),
        pytest.param(walking(), (0.4, 0.6), 1.0, False, id="stopped"),
        pytest.param(walking(), (0.54, 0.6), 1.0, False, id="hurried"),
        pytest.param(walking(), (0.56, 0.6), 1.0, True, id="farther than anybody hurries"),
        pytest.param(walking(), (0.34, 0.6), 1.0, True, id="behind"),
        pytest.param(walking(), (0.48, 0.6), 0.1, True, id="nobody walks that far in a tenth of a second"),
        pytest.param(walking_down(), (0.5, 0.5), 1.0, False, id="walked down"),
        pytest.param(walking_down(), (0.5, 0.34), 1.0, True, id="not up"),
        pytest.param(walking_down(), (0.5, 0.48), 0.1, True, id="nor so far in a tenth of a second"),
        pytest.param(walking(), (0.54, 0.6), 3.0, False, id="long unseen: walks on for a second"),
        pytest.param(walking(), (0.56, 0.6), 3.0, True, id="and no longer"),
        pytest.param(seen((0.0, (0.3, 0.6)), (0.1, (0.34, 0.6))), (0.42, 0.6), 0.3, True, id="two sights are no walk"),
    ],
)
def test_jumps(trace, foot, after_s, jumps):
    t_s = trace.last_s + after_s
    assert trace.jumps(person("ann", foot, t_s), t_s) is jumps


def test_course_of_a_walk_is_where_and_how_fast():
    assert walking().course == pytest.approx((0.4, 0.6, 0.1, 0.0))
    down = seen(*((k / 10, (0.5, 0.3 + 0.02 * k)) for k in range(6)), aspect=HALF)
    assert down.course == pytest.approx((0.5, 0.2, 0.0, 0.1))
    assert down.summary == pytest.approx((0.5, 0.2, 0.0, 0.1, 0.5, 0.1))


@pytest.mark.parametrize(
    ("fps", "walked"),
    [pytest.param(10, 8, id="seven tenths of a second"), pytest.param(50, 16, id="sixteen sights")],
)
def test_course_looks_back_over_the_last_moments_only(fps, walked):
    """Stood for long, then walked 0.2 a second."""
    stood = [(k / fps, (0.3, 0.6)) for k in range(40)]
    walk = [(40 / fps + k / fps, (0.4 + 0.2 * k / fps, 0.6)) for k in range(walked)]
    assert seen(*stood, *walk).course[2] == pytest.approx(0.2)
    assert seen(*stood, *walk[:-1]).course[2] != pytest.approx(0.2)


def test_course_of_a_trembling_box_is_the_best_line():
    times = [k / 10 for k in range(6)]
    xs = [0.5, 0.53, 0.52, 0.56, 0.55, 0.6]
    slope, start = np.polyfit(times, xs, 1)
    assert seen(*zip(times, ((x, 0.6) for x in xs), strict=True)).course == pytest.approx(
        (start + slope * 0.5, 0.6, slope, 0.0)
    )


def boxed(top, bottom, foot_y=None):
    return person("ann", (0.5, bottom if foot_y is None else foot_y), box_n=(0.45, top, 0.55, bottom))


@pytest.mark.parametrize(
    ("now", "foot_y"),
    [
        pytest.param(boxed(0.4, 0.6), 0.6, id="seen whole"),
        pytest.param(boxed(0.4, 0.5), 0.6, id="legs hidden: as far below the head as before"),
        pytest.param(boxed(0.41, 0.53), 0.61, id="a step nearer, legs hidden"),
        pytest.param(boxed(0.4, 0.56), 0.56, id="four fifths are a whole body"),
        pytest.param(boxed(0.5, 0.6), 0.6, id="sits down: the feet stay"),
        pytest.param(boxed(0.4, 0.5, 0.58), 0.58, id="the tracker knows better where the feet are"),
    ],
)
def test_where_the_feet_are(now, foot_y):
    assert seen((0.0, boxed(0.4, 0.6)), (0.1, now)).foot_n == (0.5, pytest.approx(foot_y))


@pytest.mark.parametrize(("bottom", "foot_y"), [(0.985, 1.3), (0.995, 0.995)], ids=["just above", "cut"])
def test_nobody_guesses_the_feet_of_a_box_that_the_picture_cuts(bottom, foot_y):
    """Somebody whose legs are hidden all the way comes near, until the feet are far below the picture."""
    way = [boxed(0.3, 0.8), *(boxed(0.1 * k, min(0.1 * k + 0.25, 0.95)) for k in (4, 5, 6, 7, 8))]
    trace = seen(*((k / 1e6, now) for k, now in enumerate(way)))
    assert trace.foot_n[1] == pytest.approx(1.3, abs=1e-4)
    trace.see(boxed(0.8, bottom), 1e-5)
    assert trace.foot_n[1] == pytest.approx(foot_y, abs=1e-4)


@pytest.mark.parametrize(
    ("bottom", "foot_y"),
    [pytest.param(0.57, 0.6, id="not yet"), pytest.param(0.585, 0.585, id="nine tenths show again")],
)
def test_hidden_legs_stay_hidden_until_the_whole_body_shows(bottom, foot_y):
    trace = seen((0.0, boxed(0.4, 0.6)), (1e-6, boxed(0.4, 0.5)), (2e-6, boxed(0.4, bottom)))
    assert trace.foot_n[1] == pytest.approx(foot_y, abs=1e-4)


def test_who_shows_again_is_whole_again():
    sights = (boxed(0.4, 0.6), boxed(0.4, 0.5), boxed(0.4, 0.59), boxed(0.4, 0.56))
    trace = seen(*((k / 1e6, now) for k, now in enumerate(sights)))
    assert trace.foot_n[1] == 0.56


def test_three_sights_tell_a_speed_however_soon():
    assert seen(*((k / 100, (0.3 + k / 100, 0.6)) for k in range(3))).course[2] == pytest.approx(1.0)


def test_course_goes_on_with_every_sight():
    trace = walking()
    assert trace.course[0] == pytest.approx(0.4)
    trace.see(person("ann", (0.41, 0.6), 1.1), 1.1)
    assert trace.course[0] == pytest.approx(0.41)


@pytest.mark.parametrize(("apart_s", "speed"), [(0.1875, 0.0), (0.25, 0.4)], ids=["too short", "long enough"])
def test_two_sights_tell_a_speed_when_a_fifth_of_a_second_apart(apart_s, speed):
    assert seen((0.0, (0.3, 0.6)), (apart_s, (0.4, 0.6))).course[2] == pytest.approx(speed)


@pytest.mark.parametrize(
    ("since_s", "stature"),
    [pytest.param(0.2, 0.25, id="half way in 0.2 s"), pytest.param(0.8, 0.3, id="all the way, not farther")],
)
def test_how_soon_growth_is_believed(since_s, stature):
    """Seen 0.2 high, then 0.3, then a head alone."""
    trace = seen((0.0, boxed(0.4, 0.6)), (since_s, boxed(0.4, 0.7)), (since_s + 0.1, boxed(0.4, 0.45)))
    assert trace.foot_n[1] == pytest.approx(0.4 + stature)


def test_how_soon_shortness_is_believed():
    """Legs hidden for 15 s: the body is taken for e^-1 of the way nearer to what is seen."""
    trace = seen((0.0, boxed(0.4, 0.6)), (15.0, boxed(0.4, 0.5)))
    assert trace.foot_n[1] == pytest.approx(0.6)
    trace.see(boxed(0.4, 0.5), 15.0)
    assert trace.foot_n[1] == pytest.approx(0.4 + 0.1 + 0.1 * exp(-1.0))


def test_memory_is_bounded():
    assert len(seen(*((k / 50, (0.5, 0.6)) for k in range(200))).sights) == 64


def seen_in(trace, t_s, top, bottom):
    """Take in a box from `top` to `bottom` with the feet at its end; where the feet are then."""
    trace.see(person("ann", (0.5, bottom), t_s, box_n=(0.45, top, 0.55, bottom)), t_s)
    return trace.foot_n[1]


def test_a_clock_that_goes_back_teaches_no_height():
    trace = Trace(1, 1.0)
    assert seen_in(trace, 10.0, 0.25, 0.75) == 0.75
    assert seen_in(trace, 5.0, 0.25, 0.7) == 0.7
    assert seen_in(trace, 5.1, 0.25, 0.65) == 0.65, "four fifths of the height first seen are still a whole body"


def test_a_clock_that_goes_back_makes_nobody_taller():
    trace = Trace(1, 1.0)
    assert seen_in(trace, 100.0, 0.25, 0.75) == 0.75
    assert seen_in(trace, 0.0, 0.25, 0.5) == 0.75, "the legs are hidden"
    assert seen_in(trace, 0.1, 0.25, 0.705) == 0.705, "nine tenths of the height: all of the body shows again"


@pytest.mark.parametrize(("after_s", "stature"), [(-1.0, 0.2), (0.0, 0.2), (1.5 * FOLLOW_S, 0.4), (1000.0, 0.4)])
def test_nobody_grows_while_time_goes_back(after_s, stature):
    trace = seen((5.0, person("ann", (0.5, 0.6), box_n=LOW)))
    trace.see(person("ann", (0.5, 0.6), box_n=TALL), 5.0 + after_s)
    assert trace._stature == pytest.approx(stature)


def test_a_box_upside_down_has_no_height():
    trace = Trace(1, 1.0)
    assert seen_in(trace, 0.0, 0.7, 0.5) == 0.5
    assert seen_in(trace, 0.1, 0.3, 0.7) == 0.7, "far taller than was remembered"
    assert seen_in(trace, 0.2, 0.6, 0.67) == pytest.approx(0.7), (
        "shorter than a quarter of the way up: the legs are hidden"
    )
    left, top, right, bottom = LOW
    assert seen((5.0, person("ann", (0.5, 0.6), box_n=(left, bottom, right, top))))._stature == 0.0


@pytest.mark.parametrize("aspect", [1.0, HALF])
@pytest.mark.parametrize("way", [(1, 0), (-1, 0), (0, 1), (0, -1)], ids=["right", "left", "down", "up"])
def test_who_is_near_the_last_box_has_not_jumped_wherever_the_course_led(aspect, way):
    """Stood, then moved on twice by almost a quarter of the body."""
    step = 0.048 * (1.0 if way[1] else aspect)
    place = [(0.5 + way[0] * step * k, 0.6 + way[1] * step * k) for k in (0, 1, 2)]
    trace = seen(*((k / 10, place[0]) for k in range(5)), (0.5, place[1]), aspect=aspect)
    assert not trace.jumps(person("ann", place[2], 0.6), 0.6)
    assert standing(aspect).jumps(person("ann", place[2], 0.5), 0.5)


@pytest.mark.parametrize(
    ("recent_s", "step_s", "moments"),
    [
        pytest.param(0.5, 0.125, [1.5, 1.625, 1.75, 1.875, 2.0], id="all of the last half second"),
        pytest.param(0.5, 0.25, [1.5, 1.75, 2.0], id="a quarter apart"),
        pytest.param(0.6, 0.2, [1.5, 1.75, 2.0], id="a little more than asked for"),
        pytest.param(0.0, 0.25, [2.0], id="the last alone"),
        pytest.param(9.0, 0.5, [0.0, 0.5, 1.0, 1.5, 2.0], id="all of the life"),
    ],
)
def test_recent_sights(recent_s, step_s, moments):
    trace = seen(*((k / 8, person("ann", (0.5, 0.6), k / 8)) for k in range(17)))
    assert [sight.t_s for sight in trace.recent(recent_s, step_s)] == moments


def test_a_trace_knows_its_key_and_height():
    trace = Trace(7, HALF)
    trace.see(person("ann", (0.5, 0.6)), 0.0)
    assert trace.key == 7
    assert trace.height_w == pytest.approx(0.1)


def test_two_sights_too_soon_tell_no_speed_on_any_clock():
    assert seen((10.0, (0.3, 0.6)), (10.1, (0.4, 0.7))).course == pytest.approx((0.4, 0.7, 0.0, 0.0))
