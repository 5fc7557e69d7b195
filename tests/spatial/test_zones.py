from __future__ import annotations

import random
from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.spatial.insights import Dwelled, ZoneEntered, ZoneExited
from footfall.spatial.operation import Operation
from footfall.spatial.regions import DwellRule, Focus, SpatialSpec, Zone, ZoneCrossingRule
from spatial.storyboard import GONE, WIDE_PICTURE, between, person, play, solo

ZONE = ((0.2, 0.4), (0.6, 0.4), (0.6, 0.9), (0.2, 0.9), (0.2, 0.4))
IN, OUT, WEST = (0.4, 0.6), (0.7, 0.6), (0.1, 0.6)
JUST_IN, JUST_OUT = (0.59, 0.6), (0.61, 0.6)
ENTER, EXIT = "enter", "exit"


def zone(*rules, polygon=ZONE, target_side=None, forget_after_s=3.0):
    rules = rules or (ZoneCrossingRule(0.025),)
    return SpatialSpec(zones=(Zone("till", polygon, rules, target_side),), forget_after_s=forget_after_s)


def story(insights):
    """What happened, and the first sight beyond the border."""
    return [
        (ENTER if isinstance(i, ZoneEntered) else EXIT, i.person.t_s, i.side)
        for i in insights
        if not isinstance(i, Dwelled)
    ]


def dwells(insights):
    return [insight for insight in insights if isinstance(insight, Dwelled)]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([OUT, OUT], [], id="never inside"),
        pytest.param([OUT, IN, WEST], [(ENTER, 1, 2), (EXIT, 2, 4)], id="in through side 2, out through side 4"),
        pytest.param([IN, OUT], [(ENTER, 0, None), (EXIT, 1, 2)], id="first seen inside: side unknown"),
        pytest.param([(0.4, 0.2), IN, (0.4, 0.95)], [(ENTER, 1, 1), (EXIT, 2, 3)], id="top to bottom"),
        pytest.param(
            [OUT, JUST_IN, IN, JUST_OUT, OUT], [(ENTER, 1, 2), (EXIT, 3, 2)], id="told when certain, dated when passed"
        ),
        pytest.param([OUT, JUST_IN, JUST_OUT, OUT], [], id="a foot on the border is no visit"),
        pytest.param([JUST_IN, JUST_OUT, JUST_IN], [], id="first seen in the band counts as outside"),
        pytest.param([JUST_IN, IN, OUT], [(ENTER, 0, None), (EXIT, 2, 2)], id="appears just inside, goes on in"),
        pytest.param(
            [OUT, IN, JUST_OUT, IN, OUT], [(ENTER, 1, 2), (EXIT, 4, 2)], id="leans out and comes back: one visit"
        ),
        pytest.param(
            [OUT, IN, JUST_OUT, JUST_IN, JUST_OUT, WEST], [(ENTER, 1, 2), (EXIT, 4, 2)], id="dithers on the way out"
        ),
        pytest.param([IN, OUT, IN, OUT], [(ENTER, 0, None), (EXIT, 1, 2), (ENTER, 2, 2), (EXIT, 3, 2)], id="twice"),
        pytest.param(
            [IN, GONE, GONE, GONE, IN, OUT],
            [(ENTER, 0, None), (EXIT, 0, None), (ENTER, 4, None), (EXIT, 5, 2)],
            id="away too long",
        ),
        pytest.param([IN, GONE, IN, OUT], [(ENTER, 0, None), (EXIT, 3, 2)], id="a short occlusion is no exit"),
        pytest.param(
            [OUT, IN, IN, GONE, GONE, GONE, GONE],
            [(ENTER, 1, 2), (EXIT, 2, None)],
            id="vanishes inside: left when last seen",
        ),
        pytest.param(
            [OUT, IN, JUST_OUT, GONE, GONE, GONE, GONE], [(ENTER, 1, 2), (EXIT, 2, None)], id="vanishes in the band"
        ),
        pytest.param([OUT, IN, IN], [(ENTER, 1, 2), (EXIT, 2, None)], id="the stream ends"),
        pytest.param([OUT, WEST, OUT], [], id="jumps across"),
        pytest.param([IN, OUT, *[GONE] * 4], [(ENTER, 0, None), (EXIT, 1, 2)], id="vanishes after leaving"),
    ],
)
def test_storyboard(steps, expected):
    limit = 2.5  # seconds
    assert story(play(zone(forget_after_s=limit), solo(steps))) == expected


@pytest.mark.parametrize(
    ("threshold_px", "depth_px", "entered"),
    [
        pytest.param(16, 15, False, id="15 px do not enter with 16"),
        pytest.param(16, 17, True, id="17 px do"),
        pytest.param(48, 47, False, id="47 px do not enter with 48"),
        pytest.param(48, 49, True, id="49 px do"),
    ],
)
def test_thresholds_in_pixels_of_a_640_wide_frame(threshold_px, depth_px, entered):
    rule = ZoneCrossingRule(threshold_px / 640)
    steps = [(0.1, 0.6), (0.2 + depth_px / 640, 0.6)]
    assert bool(play(zone(rule), solo(steps), aspect=WIDE_PICTURE)) is entered


def test_heights_are_measured_in_widths_too():
    rule = ZoneCrossingRule(16 / 640)
    assert play(zone(rule), solo([(0.4, 0.2), (0.4, 0.4 + 15 / 360)]), aspect=WIDE_PICTURE) == []
    assert play(zone(rule), solo([(0.4, 0.2), (0.4, 0.4 + 17 / 360)]), aspect=WIDE_PICTURE) != []


def test_just_the_threshold_is_not_enough():
    rule, square = ZoneCrossingRule(0.125), ((0.25, 0.25), (0.75, 0.25), (0.75, 1.0), (0.25, 1.0))
    assert play(zone(rule, polygon=square), solo([(0.125, 0.5), (0.375, 0.5)])) == []
    assert story(play(zone(rule, polygon=square), solo([(0.125, 0.5), (0.376, 0.5)])))[0] == (ENTER, 1, 4)


@pytest.mark.parametrize(("sights_inside", "visits"), [(1, 0), (2, 1)])
def test_two_sights_inside_are_enough_for_who_is_seen_no_more(sights_inside, visits):
    """A box that trembles, which one sight a little inside does not outweigh."""
    chance = random.Random(2)
    way = [(0.8 - 0.009 * k + chance.gauss(0, 0.012), 0.6 + chance.gauss(0, 0.012)) for k in range(20)]
    path, inside_s = way + [(0.57, 0.6)] * sights_inside, (sights_inside - 1) / 15
    assert [kind for kind, *_ in story(play(zone(), solo(path), fps=15))] == [ENTER, EXIT] * visits
    assert [kind for kind, *_ in story(play(zone(), solo(path + [GONE] * 60), fps=15))] == [ENTER, EXIT] * visits
    told = play(zone(DwellRule()), solo(path + [GONE] * 60), fps=15)
    assert [d.dwell_s for d in told] == [pytest.approx(inside_s)] * visits
    for times in (1, 2):
        in_the_band = path[:-1] + [(0.59, 0.6), path[-1]] * times if sights_inside == 2 else path
        assert play(zone(), solo(in_the_band), fps=15) == []
    assert play(zone(), solo(path), fps=15, flush=False) == []


def test_of_one_frame_the_earlier_comer_is_told_first():
    """Ann, who came first, is given up in the frame in which Bob is seen inside."""
    frames = [{"ann": IN}, {"ann": IN, "bob": OUT}, {"bob": OUT}, {"bob": OUT}, {"bob": OUT}, {"bob": IN}]
    told = play(zone(forget_after_s=3.5), frames, flush=False)
    assert [(type(i), i.person.track_id) for i in told] == [
        (ZoneEntered, "ann"),
        (ZoneExited, "ann"),
        (ZoneEntered, "bob"),
    ]


def test_insights_bear_the_sight_they_are_dated_by():
    entered, exited = play(zone(), solo([OUT, JUST_IN, IN, JUST_OUT, OUT]))
    assert entered == ZoneEntered("till", pytest.approx(10 / 11), person("ann", JUST_IN, 1.0, 1), 2)
    assert exited == ZoneExited("till", pytest.approx(2 + 20 / 21), person("ann", JUST_OUT, 3.0, 3), 2)


@pytest.mark.parametrize(
    ("steps", "times"),
    [
        pytest.param([OUT, (0.5, 0.6), OUT], [0.5, 1.5], id="half way between two sights"),
        pytest.param([(0.64, 0.6), IN, (0.64, 0.6)], [1 / 6, 1 + 5 / 6], id="near the first one, near the second one"),
        pytest.param([IN, OUT], [0.0, 2 / 3], id="first seen inside: at that sight"),
        pytest.param([OUT, (0.5, 0.6)], [0.5, 1.0], id="vanishes inside: at the last sight"),
        pytest.param([OUT, GONE, GONE, (0.5, 0.6), OUT], [1.5, 3.5], id="unseen for a moment: half way over the gap"),
    ],
)
def test_visits_are_dated_between_two_sights(steps, times):
    told = play(zone(), solo(steps))
    assert [insight.t_s for insight in told] == pytest.approx(times)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(ZoneCrossingRule(0.025, exit=False), [ENTER], id="enter only"),
        pytest.param(ZoneCrossingRule(0.025, enter=False), [EXIT], id="exit only"),
        pytest.param(ZoneCrossingRule(0.025, output_frequency=5), [ENTER, EXIT], id="output_frequency is tolerated"),
        pytest.param(ZoneCrossingRule(0.025, focus=Focus.CENTER), [], id="the centre never gets in"),
    ],
)
def test_rule_settings(rule, expected):
    assert [kind for kind, *_ in story(play(zone(rule), solo([(0.4, 0.3), (0.4, 0.46), (0.4, 0.3)])))] == expected


def test_sides_of_a_concave_zone():
    """A U: the path leaves through side 3, crosses the gap, and enters through side 5 in one step."""
    u = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.6, 0.9), (0.6, 0.4), (0.4, 0.4), (0.4, 0.9), (0.1, 0.9))
    told = play(zone(polygon=u), solo([(0.95, 0.95), (0.75, 0.7), (0.5, 0.7), (0.25, 0.7)]))
    assert story(told) == [(ENTER, 1, 2), (EXIT, 2, 4), (ENTER, 3, 6), (EXIT, 3, None)]


def test_a_long_step_through_several_sides_names_the_last():
    u = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.6, 0.9), (0.6, 0.4), (0.4, 0.4), (0.4, 0.9), (0.1, 0.9))
    told = play(zone(polygon=u), solo([(0.95, 0.7), (0.25, 0.7), (0.95, 0.7)]))
    assert story(told) == [(ENTER, 1, 6), (EXIT, 2, 2)]


CAME_IN, WENT_OUT = [(ENTER, 2), (EXIT, None)], [(ENTER, None), (EXIT, 2)]
STAYED_IN = [(ENTER, None), (EXIT, None)]


@pytest.mark.parametrize(
    ("start_px", "place_px", "jitter_px", "expected"),
    [
        pytest.param(500, 364, 6.0, CAME_IN, id="twenty pixels inside: everybody once"),
        pytest.param(500, 364, 10.0, CAME_IN, id="even where the box trembles by half of that"),
        pytest.param(500, 375, 5.0, [], id="nine pixels inside: nobody comes in"),
        pytest.param(500, 392, 6.0, [], id="eight pixels outside: nobody"),
        pytest.param(250, 404, 6.0, WENT_OUT, id="twenty pixels outside: everybody leaves once"),
        pytest.param(250, 393, 5.0, STAYED_IN, id="nine pixels outside: nobody leaves"),
    ],
)
def test_standing_near_the_border_with_a_trembling_box(start_px, place_px, jitter_px, expected):
    """The border is 384 pixels from the left, the threshold 16."""
    chance = random.Random(4)
    told = []
    for _ in range(40):
        places_px = [start_px] * 20 + [place_px] * 90
        path = [(x + chance.gauss(0, jitter_px)) / 640 for x in places_px]
        told += play(zone(), solo([(x, 0.6 + chance.gauss(0, 0.01)) for x in path]), fps=15)
    assert [(kind, side) for kind, _, side in story(told)] == expected * 40


def test_a_start_exactly_on_the_border_names_that_side():
    steps = [(0.6, 0.6), (0.4, 0.6)]
    assert story(play(zone(), solo(steps)))[0] == (ENTER, 1, 2)


@pytest.mark.parametrize("fps", [3, 5, 15, 30])
@pytest.mark.parametrize("seconds", [7.0, 41.0])
def test_dwell_is_right_to_a_frame(fps, seconds):
    inside = round(seconds * fps)
    steps = [*between((0.9, 0.6), OUT, fps), *([IN] * (inside + 1)), *between(OUT, (0.9, 0.6), fps)]
    (dwelled,) = play(zone(DwellRule()), solo(steps), fps=fps)
    assert dwelled.dwell_s == pytest.approx(seconds, abs=1 / fps)
    assert abs(dwelled.dwell_frames - inside) <= 1
    assert (dwelled.zone, dwelled.side, dwelled.person.t_s) == ("till", 2, (fps + 1 + inside + 1) / fps)
    assert dwelled.person.t_s - 1 / fps < dwelled.t_s < dwelled.person.t_s


def test_dwell_of_who_is_first_seen_inside_begins_with_that_sight():
    (dwelled,) = play(zone(DwellRule()), solo([GONE, GONE, IN, IN, IN]))
    assert (dwelled.dwell_s, dwelled.dwell_frames) == (2.0, 3)


def test_dwell_of_a_visit_with_a_step_outside_is_one():
    (dwelled,) = play(zone(DwellRule()), solo([OUT, IN, JUST_OUT, JUST_OUT, IN, IN, OUT]))
    assert (dwelled.dwell_s, dwelled.dwell_frames) == (4.0, 3)


def test_dwell_ends_at_the_last_sight_of_who_vanishes():
    (dwelled,) = play(zone(DwellRule()), solo([OUT, IN, IN, IN, GONE, GONE, GONE, GONE, GONE]))
    assert (dwelled.dwell_s, dwelled.dwell_frames, dwelled.t_s, dwelled.side) == (2.0, 3, 3.0, None)


def test_dwell_of_who_vanishes_at_the_door_ends_inside():
    (dwelled,) = play(zone(DwellRule()), solo([OUT, IN, IN, JUST_OUT, *[GONE] * 4]))
    assert (dwelled.dwell_s, dwelled.t_s, dwelled.side) == (1.0, 3.0, None)


def test_an_approach_that_failed_does_not_lengthen_the_visit():
    (dwelled,) = play(zone(DwellRule()), solo([OUT, JUST_IN, JUST_OUT, OUT, IN, IN, OUT]))
    assert (dwelled.dwell_s, dwelled.dwell_frames) == (1.0, 2)


@pytest.mark.parametrize("gap", [(28, 40), (100, 112)], ids=["enters unseen", "leaves unseen"])
def test_a_detector_gap_at_the_border_costs_at_most_a_frame(gap):
    """Walks 0.6 widths through the zone in 8 s; the border is passed within 0.8 s without detections."""
    fps = 15
    path = between((0.9, 0.6), (0.1, 0.6), 135)
    path += between((0.1, 0.6), (0.0, 0.6), 17)
    truth = sum(0.2 < x < 0.6 for x, _ in path) / fps
    steps = [
        GONE
        if any(g <= k < g + 12 for g in [path_index(path, 0.6) - 5 if gap[0] < 50 else path_index(path, 0.2) - 5])
        else p
        for k, p in enumerate(path)
    ]
    (dwelled,) = play(zone(DwellRule()), solo(steps), fps=fps)
    assert dwelled.dwell_s == pytest.approx(truth, abs=1.01 / fps)


def path_index(path, x):
    return next(k for k, point in enumerate(path) if point[0] < x)


def test_speed_over_the_frames_inside():
    (dwelled,) = play(zone(DwellRule()), solo([OUT, IN, IN, OUT]), speed_m_s=1.5)
    assert (dwelled.average_speed_m_s, dwelled.minimum_speed_m_s) == (1.5, 1.5)
    (unknown,) = play(zone(DwellRule()), solo([OUT, IN, IN, OUT]))
    assert (unknown.average_speed_m_s, unknown.minimum_speed_m_s) == (None, None)


def watched(steps, **columns):
    """Dwell of somebody at these places, with what else is known frame by frame."""
    operation, told = Operation(zone(DwellRule(), target_side=columns.pop("target_side", None)), 1.0), []
    for frame, step in enumerate(steps):
        more = {name: values[frame] for name, values in columns.items()}
        told += operation.step([person("ann", step, float(frame), frame, **more)], float(frame), frame)
    (dwelled,) = told + operation.flush()
    return dwelled


def test_speeds_of_a_visit_are_averaged_where_they_are_known():
    dwelled = watched([OUT, IN, IN, IN, IN, OUT], speed_m_s=[9.0, 2.0, None, 1.0, 1.5, 0.1])
    assert (dwelled.average_speed_m_s, dwelled.minimum_speed_m_s) == (1.5, 1.0)


def test_facing_time_is_that_of_the_frames_in_which_somebody_faces():
    right, left = pi / 2, 3 * pi / 2
    steps = [OUT, IN, IN, IN, IN, IN, OUT]
    facing = watched(steps, target_side=2, image_orientation_rad=[right, right, right, left, None, right, right])
    assert facing.target_side_s == 2.0
    assert watched(steps, target_side=2, image_orientation_rad=[right, *[None] * 5, right]).target_side_s is None


def test_facing_time_of_who_is_first_seen_inside_runs_from_that_sight():
    assert watched([IN, IN, IN, OUT], target_side=2, image_orientation_rad=[pi / 2] * 4).target_side_s == 2.0


@pytest.mark.parametrize(
    ("body_rad", "target_side", "expected"),
    [
        pytest.param(pi / 2, 2, 3.0, id="looks right at side 2"),
        pytest.param(pi / 2, 4, 0.0, id="looks away from side 4"),
        pytest.param(0.0, 1, 3.0, id="looks up at side 1"),
        pytest.param(None, 1, None, id="direction unknown"),
        pytest.param(pi, None, None, id="no target side"),
    ],
)
def test_time_facing_the_target_side(body_rad, target_side, expected):
    steps = [OUT, IN, IN, IN, IN, OUT]
    (dwelled,) = play(zone(DwellRule(), target_side=target_side), solo(steps), image_orientation_rad=body_rad)
    assert dwelled.target_side_s == expected


def test_rules_of_one_zone_keep_their_own_thresholds():
    told = play(zone(ZoneCrossingRule(0.075), DwellRule(0.025)), solo([OUT, (0.55, 0.6), (0.55, 0.6), OUT]))
    assert [type(insight) for insight in told] == [Dwelled]


places = st.sampled_from([IN, OUT, WEST, JUST_IN, JUST_OUT, (0.4, 0.5), GONE])
coordinates = st.floats(0.0, 1.0).map(lambda value: round(value, 3) + 0.00041)
walks = st.lists(st.one_of(places, st.tuples(coordinates, coordinates)), max_size=40)
rates = st.sampled_from([1.0, 4.0, 15.0, 30.0])


@given(walks, rates)
def test_enter_and_exit_alternate_and_time_goes_on(steps, fps):
    told = story(play(zone(), solo(steps), fps=fps))
    assert [kind for kind, *_ in told] == [ENTER, EXIT] * (len(told) // 2)
    times = [t for _, t, _ in told]
    assert times == sorted(times)


@given(walks, rates)
def test_durations_are_never_negative(steps, fps):
    for dwelled in dwells(play(zone(DwellRule()), solo(steps), fps=fps)):
        assert dwelled.dwell_s >= 0.0
        assert dwelled.dwell_frames >= 1
        assert (dwelled.dwell_frames - 1) / fps <= dwelled.dwell_s + 1e-9


@given(walks, rates)
def test_winding_and_first_vertex_do_not_matter(steps, fps):
    ring = ZONE[:-1]
    expected = [(kind, t) for kind, t, _ in story(play(zone(), solo(steps), fps=fps))]
    for polygon in (ring[::-1], ring[2:] + ring[:2]):
        assert [(kind, t) for kind, t, _ in story(play(zone(polygon=polygon), solo(steps), fps=fps))] == expected
