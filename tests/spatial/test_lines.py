from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from math import cos, pi, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.core.geometry import Point, side_of_line
from footfall.spatial.insights import Direction, Facing, LineCrossed
from footfall.spatial.lines import LineCrossing, _Walk
from footfall.spatial.operation import Operation
from footfall.spatial.regions import Focus, Line, LineCrossingRule, SpatialSpec
from spatial.storyboard import GONE, WIDE_PICTURE, between, person, play, solo

RIGHT, LEFT = Direction.LEFT_TO_RIGHT, Direction.RIGHT_TO_LEFT
ABOVE, BELOW = (0.5, 0.5), (0.5, 0.7)
NEAR_ABOVE, NEAR_BELOW = (0.5, 0.59), (0.5, 0.61)


def spec(start=(0.2, 0.6), end=(0.8, 0.6), threshold_w=0.025, focus=Focus.FOOTPRINT, forget_after_s=3.0):
    return SpatialSpec(
        lines=(Line("door", start, end, (LineCrossingRule(threshold_w, focus),)),), forget_after_s=forget_after_s
    )


def crossings(steps, rule=None, **kwargs):
    """Direction, and time of the first sight beyond the line."""
    told = play(rule or spec(), solo(steps), **kwargs)
    return [(insight.direction, insight.person.t_s) for insight in told if isinstance(insight, LineCrossed)]


@pytest.mark.parametrize(
    ("steps", "at_s"),
    [
        pytest.param([ABOVE, BELOW], 0.5, id="half way between two sights"),
        pytest.param([ABOVE, (0.5, 0.575), (0.5, 0.7)], 1.2, id="a fifth of the way"),
        pytest.param([ABOVE, GONE, GONE, BELOW], 1.5, id="unseen for a moment: half way over the gap"),
        pytest.param([ABOVE, NEAR_BELOW, BELOW], 0.909, id="dated when passed, not when certain"),
    ],
)
def test_a_passage_is_dated_where_the_path_meets_the_line(steps, at_s):
    [crossed] = [insight for insight in play(spec(), solo(steps)) if isinstance(insight, LineCrossed)]
    assert crossed.t_s == pytest.approx(at_s, abs=1e-3)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([ABOVE, BELOW], [(RIGHT, 1)], id="two sights are enough, downwards is left to right"),
        pytest.param([BELOW, ABOVE], [(LEFT, 1)], id="upwards is right to left"),
        pytest.param([(0.9, 0.5), (0.9, 0.7)], [], id="passes beside the line"),
        pytest.param([ABOVE, BELOW, ABOVE], [(RIGHT, 1), (LEFT, 2)], id="there and back counts both ways"),
        pytest.param([ABOVE, NEAR_BELOW, BELOW], [(RIGHT, 1)], id="told when certain, dated when passed"),
        pytest.param(
            [ABOVE, NEAR_BELOW, NEAR_ABOVE, NEAR_BELOW, BELOW], [(RIGHT, 3)], id="dithers, then goes: once, dated last"
        ),
        pytest.param([ABOVE, NEAR_BELOW, NEAR_ABOVE, ABOVE], [], id="turns back"),
        pytest.param([ABOVE, NEAR_BELOW], [], id="ends before it is certain"),
        pytest.param(
            [ABOVE, NEAR_BELOW, GONE, GONE, GONE, GONE, BELOW], [], id="unseen for too long before it is certain"
        ),
        pytest.param([ABOVE, GONE, GONE, BELOW], [(RIGHT, 3)], id="passes while unseen for a moment"),
        pytest.param([NEAR_ABOVE, BELOW], [], id="appears too near the line to have been on a side"),
        pytest.param([NEAR_BELOW, ABOVE], [], id="on the other side of it, too"),
        pytest.param([(0.5, 0.6), BELOW, ABOVE], [(LEFT, 2)], id="appears exactly on the line"),
        pytest.param(
            [ABOVE, (0.5, 0.6), BELOW], [(RIGHT, 2)], id="a foot exactly on the line does not split the crossing"
        ),
        pytest.param(
            [BELOW, (0.5, 0.6), ABOVE], [(LEFT, 1)], id="a foot exactly on the line, upwards: the line is left"
        ),
        pytest.param([ABOVE, (0.5, 0.6), ABOVE], [], id="touches the line and goes back"),
        pytest.param([ABOVE, (0.9, 0.5), (0.9, 0.7), BELOW], [], id="walks round the end of the line"),
        pytest.param([ABOVE, (0.9, 0.5), (0.9, 0.7), BELOW, ABOVE], [(LEFT, 4)], id="round the end, then back through"),
        pytest.param([ABOVE, (0.79, 0.59), (0.79, 0.61), (0.9, 0.62)], [(RIGHT, 2)], id="through the very end"),
        pytest.param(
            [(0.7, 0.5), (0.81, 0.59), (0.81, 0.61), (0.7, 0.7)],
            [],
            id="bends round the end closely: the chord would lie",
        ),
        pytest.param(
            [(0.85, 0.58), (0.79, 0.59), (0.79, 0.61), (0.85, 0.62)],
            [(RIGHT, 2)],
            id="bends in: the chord would miss it",
        ),
        pytest.param(
            [ABOVE, (0.79, 0.59), (0.79, 0.61), (0.79, 0.59), (0.81, 0.59), (0.81, 0.61), (0.7, 0.7)],
            [],
            id="steps through and back, then goes round the end",
        ),
        pytest.param([ABOVE, BELOW, BELOW, BELOW, BELOW, BELOW, ABOVE], [(RIGHT, 1), (LEFT, 6)], id="waits in between"),
        pytest.param(
            [ABOVE, (0.81, 0.59), (0.81, 0.61), (0.79, 0.61), (0.79, 0.59), ABOVE],
            [],
            id="looks round the end and comes back through the line",
        ),
    ],
)
def test_storyboard(steps, expected):
    assert crossings(steps) == expected


def turned(point, degrees):
    """Clockwise about the middle of the line."""
    turn, x, y = radians(degrees), point[0] - 0.5, point[1] - 0.6
    return 0.5 + x * cos(turn) - y * sin(turn), 0.6 + x * sin(turn) + y * cos(turn)


@pytest.mark.parametrize("degrees", [37, 90, 143, 180, 233, 270])
@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([ABOVE, BELOW], [(RIGHT, 1)], id="through the middle"),
        pytest.param([BELOW, ABOVE], [(LEFT, 1)], id="and back"),
        pytest.param([(0.21, 0.5), (0.21, 0.7)], [(RIGHT, 1)], id="near its start"),
        pytest.param([(0.79, 0.5), (0.79, 0.7)], [(RIGHT, 1)], id="near its end"),
        pytest.param([(0.19, 0.5), (0.19, 0.7)], [], id="before its start"),
        pytest.param([(0.81, 0.5), (0.81, 0.7)], [], id="behind its end"),
        pytest.param([(0.1, 0.5), (0.24, 0.7)], [], id="slanting, before its start"),
        pytest.param([(0.18, 0.5), (0.3, 0.72)], [(RIGHT, 1)], id="slanting, behind its start"),
        pytest.param([ABOVE, (0.5, 0.624), (0.5, 0.576), ABOVE], [], id="turns back within the threshold"),
        pytest.param([(0.176, 0.59), (0.5, 0.7)], [(RIGHT, 1)], id="comes from a little before the start"),
        pytest.param([(0.182, 0.59), (0.5, 0.7)], [], id="appears too near the start"),
    ],
)
def test_lines_in_all_directions(steps, expected, degrees):
    start, end, *way = (turned(point, degrees) for point in ((0.2, 0.6), (0.8, 0.6), *steps))
    assert crossings(way, spec(start, end)) == expected


@pytest.mark.parametrize("x", [0.25, 0.75], ids=["start", "end"])
def test_both_ends_belong_to_the_line(x):
    assert crossings([(x, 0.25), (x, 0.75)], spec((0.25, 0.5), (0.75, 0.5))) == [(RIGHT, 1)]
    assert crossings([(0.25, x), (0.75, x)], spec((0.5, 0.25), (0.5, 0.75))) == [(LEFT, 1)]


def test_a_line_without_length_is_never_crossed():
    assert crossings([ABOVE, BELOW, ABOVE], spec((0.5, 0.6), (0.5, 0.6))) == []


def test_just_the_threshold_away_is_far_enough():
    assert crossings([(0.5, 0.25), (0.5, 0.625)], spec((0.0, 0.5), (1.0, 0.5), 0.125)) == [(RIGHT, 1)]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([ABOVE, (0.5, 0.63)], [(RIGHT, 1)], id="certain at the first sight beyond"),
        pytest.param([ABOVE, ABOVE, ABOVE], [], id="never came"),
    ],
)
def test_who_vanishes_is_told_once(steps, expected):
    assert crossings([*steps, GONE, GONE, GONE, GONE, GONE]) == expected
    assert crossings(steps) == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([BELOW, (0.5, 0.6), BELOW], [], id="touches the line"),
        pytest.param([BELOW, (0.5, 0.6), ABOVE], [(LEFT, 1)], id="steps on it, then over it"),
        pytest.param([ABOVE, (0.5, 0.6), BELOW], [(RIGHT, 2)], id="the other way"),
    ],
)
def test_without_a_threshold_on_the_line_is_not_beyond_it(steps, expected):
    assert crossings(steps, spec(threshold_w=0.0)) == expected


def test_the_end_is_told_once():
    operation = Operation(spec(), 1.0)
    for frame, step in enumerate(trembling_walk(2)):
        operation.step([person("ann", step, frame / 15, frame)], frame / 15, frame)
    assert len(operation.flush()) == 1
    assert operation.flush() == []


def trembling_walk(sights_beyond):
    """Somebody whose box trembles walks to the line and is seen beyond it for so many frames, just deep enough."""
    chance = random.Random(2)
    way = [(0.5 + chance.gauss(0, 0.012), 0.4 + 0.009 * k + chance.gauss(0, 0.012)) for k in range(20)]
    return way + [(0.5, 0.63)] * sights_beyond


@pytest.mark.parametrize(("sights_beyond", "expected"), [(1, 0), (2, 1)])
def test_two_sights_beyond_are_enough_for_who_is_seen_no_more(sights_beyond, expected):
    path = trembling_walk(sights_beyond)
    assert len(crossings(path, fps=15)) == expected
    assert len(crossings(path + [GONE] * 60, fps=15)) == expected
    assert len(crossings(path + [GONE] * 60, fps=15, flush=False)) == expected
    assert crossings(path, fps=15, flush=False) == []
    for times in (1, 2):
        back = path[:-1] + [(0.5, 0.61), path[-1]] * times if sights_beyond == 2 else path
        assert len(crossings(back, fps=15)) == 0
        assert len(crossings(back + [GONE] * 60, fps=15)) == 0


@pytest.mark.parametrize("last", [(0.5, 0.63), (0.5, 0.57)], ids=["right", "left"])
def test_who_turned_up_on_the_line_was_on_no_side_before(last):
    """Trembles over it and back, and is then seen twice beyond: on either side that is no crossing."""
    chance = random.Random(2)
    way = [(0.5 + chance.gauss(0, 0.012), 0.6 + 0.008 * (-1) ** k + chance.gauss(0, 0.004)) for k in range(20)]
    assert crossings([*way, last, last], fps=15) == []
    assert crossings([*way, last, last, *[GONE] * 60], fps=15) == []


def test_who_trembles_and_comes_back_round_the_end_may_pass_again():
    """Stands near the line, passes it, and comes back beside it: of the first passage nothing is left."""
    chance = random.Random(3)
    stands = [(0.5, 0.57), *((0.5 + chance.gauss(0, 0.01), 0.585 + chance.gauss(0, 0.01)) for _ in range(15))]
    walks = [(0.5, 0.61), (0.56, 0.61), (0.56, 0.59), (0.5, 0.572), (0.5, 0.8)]
    assert crossings(stands + walks, spec((0.45, 0.6), (0.55, 0.6)), fps=15) == [(RIGHT, pytest.approx(20 / 15))]


def test_event_bears_the_first_sight_beyond_the_line():
    (crossed,) = play(spec(), solo([ABOVE, NEAR_BELOW, BELOW]))
    assert crossed.line == "door"
    assert crossed.person == person("ann", NEAR_BELOW, 1.0, 1)
    assert crossed.facing is None


def test_it_is_told_only_when_certain():
    assert play(spec(), solo([ABOVE, NEAR_BELOW]), flush=False) == []
    assert len(play(spec(), solo([ABOVE, NEAR_BELOW, BELOW]), flush=False)) == 1


@pytest.mark.parametrize(
    ("focus", "expected"),
    [
        pytest.param(Focus.FOOTPRINT, 1, id="the feet pass"),
        pytest.param(Focus.BOTTOM_CENTER, 1, id="the lower edge passes"),
        pytest.param(Focus.CENTER, 0, id="the centre stays above"),
    ],
)
def test_focus_decides(focus, expected):
    assert len(crossings([ABOVE, (0.5, 0.65)], spec(focus=focus))) == expected


def test_thresholds_are_image_widths():
    picture = {"aspect": WIDE_PICTURE}
    depth = 0.025 / WIDE_PICTURE
    assert crossings([(0.5, 0.6 - depth * 1.01), (0.5, 0.6 + depth * 1.01)], **picture) == [(RIGHT, 1)]
    assert crossings([(0.5, 0.6 - depth * 1.01), (0.5, 0.6 + depth * 0.99)], **picture) == []


@pytest.mark.parametrize("degrees", [0, 37, 90, 143, 233])
@pytest.mark.parametrize(
    ("body_rad", "expected"),
    [
        pytest.param(pi, Facing.STRAIGHT, id="looks where it goes, down"),
        pytest.param(pi - pi / 4, Facing.STRAIGHT, id="45 degrees is straight"),
        pytest.param(pi + pi / 4 + 0.01, Facing.RIGHT, id="clockwise beyond"),
        pytest.param(pi - pi / 4 - 0.01, Facing.LEFT, id="counter-clockwise beyond"),
        pytest.param(3 * pi / 2, Facing.RIGHT, id="down, body to the picture's left"),
        pytest.param(pi / 2, Facing.LEFT, id="down, body to the picture's right"),
    ],
)
def test_facing_against_the_direction_of_crossing(body_rad, expected, degrees):
    start, end, above, below = (turned(point, degrees) for point in ((0.2, 0.6), (0.8, 0.6), ABOVE, BELOW))
    body_rad += radians(degrees)
    (down,) = play(spec(start, end), solo([above, below]), image_orientation_rad=body_rad)
    (up,) = play(spec(start, end), solo([below, above]), image_orientation_rad=(body_rad + pi) % (2 * pi))
    assert (down.facing, up.facing) == (expected, expected)


coordinates = st.floats(0.0, 1.0).map(lambda value: round(value, 3))
walks = st.lists(st.tuples(coordinates, coordinates), max_size=25)
slants = st.tuples(coordinates, coordinates, coordinates, coordinates).filter(
    lambda c: abs(c[0] - c[2]) + abs(c[1] - c[3]) > 0.1
)


@given(walks, slants)
def test_reversing_the_line_swaps_directions(steps, slant):
    x0, y0, x1, y1 = (value + 0.00037 for value in slant)  # no foot exactly on the line: that side is a convention
    forth = crossings(steps, spec((x0, y0), (x1, y1)), fps=10)
    back = crossings(steps, spec((x1, y1), (x0, y0)), fps=10)
    swap = {RIGHT: LEFT, LEFT: RIGHT}
    assert [(swap[direction], t) for direction, t in back] == forth


@given(walks, slants, st.sampled_from([1.0, 5.0, 15.0, 30.0]))
def test_crossings_of_one_side_need_a_way_back(steps, slant, fps):
    """Directions may repeat only when the person got back round the end; a line from edge to edge has none."""
    directions = [direction for direction, _ in crossings(steps, spec((-1.0, slant[1]), (2.0, slant[3])), fps=fps)]
    assert all(a != b for a, b in pairwise(directions))


@settings(max_examples=40)
@given(
    st.floats(0.05, 0.4),
    st.floats(-0.15, 0.15),
    st.floats(0.0, 1.0),
    st.integers(1, 3),
    st.sampled_from([6.0, 10.0, 15.0, 30.0]),
)
def test_half_the_frame_rate_gives_the_same_counts(speed, drift, phase, bends, fps):
    """Somebody strolls up and down through the line on a smooth curve, for a minute."""

    def where(t_s):
        return 0.5 + drift * sin(bends * t_s * 0.1), 0.6 + 0.2 * cos(speed * t_s * 5 + 6.28 * phase)

    frames = int(60 * fps)
    full = [where(k / fps) for k in range(frames)]
    fast = crossings(full, fps=fps)
    slow = crossings(full[::2], fps=fps / 2)
    seen_late = 1.5  # the last crossing may be dated but not certain when the clip ends
    fast = [direction for direction, t in fast if t < 60 - seen_late]
    assert fast == [direction for direction, _ in slow][: len(fast)]
    assert len(slow) <= len(fast) + 2


JITTER_PX, WIDTH_PX, FPS = 6.0, 640.0, 15
LINE_Y_PX = 180.0


def jittered(chance, path_px, spread_px, memory):
    """Foot points of a path with first-order correlated jitter (memory 0: white)."""
    noise = [chance.gauss(0, spread_px), chance.gauss(0, spread_px)]
    for x, y in path_px:
        yield (x + noise[0]) / WIDTH_PX, (y + noise[1]) / (WIDTH_PX * WIDE_PICTURE)
        noise = [memory * n + chance.gauss(0, spread_px * (1 - memory**2) ** 0.5) for n in noise]


def trials(seed, memory):
    """Counts of 200 true crossings, and of 60 people who stand 4-10 px from the line for 20 s."""
    chance = random.Random(seed)
    line = spec((0.0, 0.5), (1.0, 0.5))
    walks = []
    for _ in range(200):
        speed, start, stop, way = (
            chance.uniform(40, 150),
            chance.uniform(60, 160),
            chance.uniform(60, 160),
            chance.choice((1, -1)),
        )
        steps = int((start + stop) / speed * FPS)
        x = chance.uniform(150, 490)
        walks.append([(x, LINE_Y_PX + way * (k * speed / FPS - start)) for k in range(steps + 1)])
    stands = []
    for _ in range(60):
        place = chance.uniform(150, 490), LINE_Y_PX + chance.choice((1, -1)) * chance.uniform(4, 10)
        stands.append([place] * (20 * FPS))

    def count(paths):
        runs = (list(jittered(chance, path, JITTER_PX, memory)) for path in paths)
        return [len(crossings(run, line, fps=FPS, aspect=WIDE_PICTURE)) for run in runs]

    return count(walks), count(stands)


@pytest.mark.parametrize("seed", range(4))
def test_people_standing_at_the_line_are_not_counted(seed):
    walkers, standers = trials(seed, memory=0.0)
    assert walkers == [1] * 200
    assert sum(standers) <= 2


@pytest.mark.parametrize("seed", range(2))
def test_slowly_wandering_boxes_hardly_count(seed):
    walkers, standers = trials(seed, memory=0.6)
    assert walkers == [1] * 200
    assert sum(standers) <= 4


@pytest.mark.parametrize("threshold_px", [10, 12])
def test_a_band_narrower_than_the_jitter_still_holds(threshold_px):
    chance = random.Random(7)
    line = spec((0.0, 0.5), (1.0, 0.5), threshold_w=threshold_px / 640)
    told = 0
    for _ in range(30):
        place = 320.0, LINE_Y_PX + chance.choice((1, -1)) * chance.uniform(4, 10)
        run = list(jittered(chance, [place] * 300, JITTER_PX, 0.0))
        told += len(crossings(run, line, fps=FPS, aspect=WIDE_PICTURE))
    assert told <= 4


@pytest.mark.parametrize("fps", [5, 8, 15, 30])
@pytest.mark.parametrize("jitter_px", [0.0, 2.0])
def test_standing_exactly_on_the_line_never_counts_twice(fps, jitter_px):
    chance = random.Random(fps)
    for _ in range(20):
        run = list(jittered(chance, [(320.0, LINE_Y_PX)] * (10 * fps), jitter_px, 0.0))
        assert len(crossings(run, spec((0.0, 0.5), (1.0, 0.5)), fps=fps, aspect=WIDE_PICTURE)) <= 1


@pytest.mark.parametrize("fps", [3, 5, 15, 30])
def test_slow_walkers_with_trembling_boxes_count_once(fps):
    chance = random.Random(fps)
    for _ in range(40):
        path = [(320.0, LINE_Y_PX - 70 + 30 * k / fps) for k in range(int(140 / 30 * fps))]
        run = list(jittered(chance, path, 4.0, 0.0))
        assert len(crossings(run, spec((0.0, 0.5), (1.0, 0.5)), fps=fps, aspect=WIDE_PICTURE)) == 1


def test_irregular_frames_do_not_matter():
    chance = random.Random(3)
    for _ in range(50):
        times = sorted(chance.uniform(0, 4) for _ in range(30))
        steps = [(0.5, 0.4 + 0.1 * t) for t in times]
        assert [direction for direction, _ in crossings(steps)] == [RIGHT]


def test_a_walk_in_small_steps_counts_once():
    assert len(crossings(between(ABOVE, BELOW, 200), fps=30)) == 1


@pytest.mark.parametrize("fps", [3, 5, 15, 30])
def test_who_passes_and_turns_on_the_heel_counts_both_ways(fps):
    chance = random.Random(fps)
    for _ in range(40):
        speed, reach = chance.uniform(60, 120), chance.uniform(60, 120)
        way = [LINE_Y_PX - reach + speed * k / fps for k in range(int(2 * reach / speed * fps) + 1)]
        run = list(jittered(chance, [(320.0, y) for y in way + way[::-1]], 1.0, 0.0))
        told = crossings(run, spec((0.0, 0.5), (1.0, 0.5)), fps=fps, aspect=WIDE_PICTURE)
        assert [direction for direction, _ in told] == [RIGHT, LEFT]


def test_twice_over_and_once_round_the_end_is_no_crossing():
    """All of it so near to a short line that nothing is sure in between."""
    way = [(0.5, 0.3), (0.5, 0.55), (0.5, 0.65), (0.56, 0.65), (0.56, 0.55), (0.5, 0.55), (0.5, 0.65), (0.5, 0.9)]
    assert crossings(way, spec((0.49, 0.6), (0.51, 0.6), 0.1)) == []
    assert crossings(way[:3] + way[-1:], spec((0.49, 0.6), (0.51, 0.6), 0.1)) == [(RIGHT, 2)]


def test_a_passage_back_is_not_the_one_that_is_told():
    """Over, round the end, over again, back, and round the other way: the last passage away counts."""
    there = [(0.5, 0.3), (0.5, 0.55), (0.5, 0.65), (0.56, 0.65), (0.56, 0.55), (0.5, 0.55), (0.5, 0.65)]
    back = [(0.5, 0.55), (0.56, 0.55), (0.56, 0.65), (0.5, 0.9)]
    assert crossings(there + back, spec((0.49, 0.6), (0.51, 0.6), 0.1)) == [(RIGHT, 6)]


def test_a_line_longer_than_the_picture_is_wide() -> None:
    """From corner to corner; nobody rests so near to it that a passage goes unseen."""
    rule = spec((0.0, 0.0), (1.0, 1.0), 0.3)
    assert crossings([(0.2, 0.8), (0.45, 0.55), (0.45, 0.55), (0.55, 0.45), (0.8, 0.2)], rule) == [(LEFT, 3)]


def test_steps_to_and_fro_are_seen_on_a_line_longer_than_the_picture_is_wide_too() -> None:
    steps = [ABOVE, (0.5, 0.605), (0.5, 0.598), (0.5, 0.605), BELOW]
    assert crossings(steps, spec((-1.0, 0.6), (2.0, 0.6))) == [(RIGHT, 3)]


class Sure:
    """In place of somebody's footing: whether the person is likely, or firmly, to the right of the line."""

    def __init__(self, is_likely: bool, is_firm: bool) -> None:
        self._likely, self._firm = is_likely, is_firm

    def is_likely(self, threshold_w: float, depth_w: Callable[[Point], float]) -> bool:
        assert threshold_w == 0.025
        assert (depth_w(BELOW), depth_w(ABOVE)) == (pytest.approx(0.1), pytest.approx(-0.1))
        return self._likely

    def is_firm(self, depth: float, threshold_w: float, depth_w: Callable[[Point], float]) -> bool:
        assert depth == 0.03
        return self._firm


@pytest.mark.parametrize(
    ("side", "is_likely", "is_firm", "expected"),
    [
        pytest.param(0, True, False, True, id="turns up: likely is enough"),
        pytest.param(0, False, True, True, id="turns up: firmly will do, too"),
        pytest.param(0, False, False, False, id="turns up, neither"),
        pytest.param(-1, True, False, False, id="comes over: likely is not enough"),
        pytest.param(-1, False, True, True, id="comes over: firmly"),
    ],
)
def test_less_is_asked_of_the_side_where_somebody_turns_up(side, is_likely, is_firm, expected) -> None:
    line = spec().lines[0]
    machine = LineCrossing(0, line, line.rules[0], 1.0)
    assert machine._is_firm(_Walk(Sure(is_likely, is_firm), side), 1, 0.03) is expected


@pytest.mark.parametrize(
    ("point", "distance"),
    [
        pytest.param((0.5, 0.605), 0.005, id="beside the line"),
        pytest.param((0.9, 0.6), 0.1, id="beyond its end, on its course"),
        pytest.param((0.8 + 0.03, 0.6 + 0.04), 0.04, id="far enough from its course, which is enough to know"),
        pytest.param((0.8 + 0.04, 0.6 + 0.02), 0.02 * 5**0.5, id="near its course"),
    ],
)
def test_how_far_away_the_line_is(point, distance) -> None:
    line = spec().lines[0]
    machine = LineCrossing(0, line, line.rules[0], 1.0)
    value = side_of_line((0.2, 0.6), (0.8, 0.6), point)
    assert machine._distance(point, value) == pytest.approx(distance)
