"""What must not change totals: small jitter, mirrors, time running backwards, another shape of the same border."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from itertools import pairwise
from math import cos, sin
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from footfall.core.geometry import distance_to_segment
from footfall.core.types import TrackObservation
from footfall.spatial.insights import Direction, Dwelled, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.operation import Operation
from footfall.spatial.regions import CountRule, DwellRule, Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule
from footfall.spatial.totals import Totals
from spatial.storyboard import person, play

RIGHT, LEFT = Direction.LEFT_TO_RIGHT, Direction.RIGHT_TO_LEFT
RULE = LineCrossingRule(0.02)
SQUARE = ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7))
"""Clockwise on the screen: who walks in crosses each side from its left to its right."""
SIDES = tuple(Line(f"side{k}", *ends, (RULE,)) for k, ends in enumerate(pairwise((*SQUARE, SQUARE[0]))))
TILL = Zone("till", SQUARE, (ZoneCrossingRule(0.02), DwellRule(0.02), CountRule(0.02, smoothing_s=0.0)))
DOOR = Line("door", (0.2, 0.52), (0.85, 0.47), (RULE,))
FPS = 10.0

turns = st.tuples(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.2, 0.9))
ways = st.lists(turns, min_size=2, max_size=6)
crowds = st.lists(ways, min_size=1, max_size=4)


def stroll(way):
    """A smooth walk along the stations, slow enough to be seen everywhere."""
    path = [way[0][:2]]
    for (x0, y0, _), (x1, y1, speed) in pairwise(way):
        steps = max(2, round(FPS * (abs(x1 - x0) + abs(y1 - y0)) / (0.2 * speed)))
        path += [(x0 + (x1 - x0) * k / steps, y0 + (y1 - y0) * k / steps) for k in range(1, steps + 1)]
    return path


def scene(crowd):
    """Everybody at once, each with an id that stays."""
    paths = [stroll(way) for way in crowd]
    return [{f"p{n}": path[k] for n, path in enumerate(paths) if k < len(path)} for k in range(max(map(len, paths)))]


def tally(told):
    counts = Counter((i.line, i.direction) for i in told if isinstance(i, LineCrossed))
    counts.update((i.zone, type(i)) for i in told if isinstance(i, ZoneEntered | ZoneExited))
    return counts


def mirrored(frames):
    return [{name: (1.0 - x, y) for name, (x, y) in people.items()} for people in frames]


@settings(max_examples=40)
@given(crowds)
def test_a_mirror_exchanges_the_directions(crowd):
    frames = scene(crowd)
    plain = tally(play(SpatialSpec((TILL,), (DOOR,)), frames, fps=FPS))
    start, end = ((1.0 - x, y) for x, y in (DOOR.start_n, DOOR.end_n))
    till = Zone("till", tuple((1.0 - x, y) for x, y in SQUARE), TILL.rules)
    seen = tally(play(SpatialSpec((till,), (Line("door", start, end, (RULE,)),)), mirrored(frames), fps=FPS))
    swap = {RIGHT: LEFT, LEFT: RIGHT}
    assert Counter({(name, swap.get(what, what)): number for (name, what), number in seen.items()}) == plain


@settings(max_examples=40)
@given(ways)
def test_time_backwards_exchanges_the_directions(way):
    """Where somebody ends far from the line: who vanishes near it may be told, who appears near it cannot be."""
    path = [(way[0][0], 0.2), *stroll(way), (way[-1][0], 0.2)]
    path = stroll([(*point, 0.5) for point in path])
    spec = SpatialSpec(lines=(DOOR,))
    forth = [i.direction for i in play(spec, [{"p": p} for p in path], fps=FPS)]
    back = [i.direction for i in play(spec, [{"p": p} for p in path[::-1]], fps=FPS)]
    assert len(back) == len(forth)
    assert [LEFT if direction is RIGHT else RIGHT for direction in back[::-1]] == forth


@settings(max_examples=40)
@given(ways)
def test_the_sides_of_a_zone_count_who_comes_in_and_out(way):
    """Lines along all sides: passages inwards less passages outwards are entries less exits, while all is seen.

    Who walks through a corner passes two lines at once.
    """
    path = stroll([(0.05, 0.05, 0.5), *way, (0.05, 0.95, 0.5)])
    legs = list(pairwise([(0.05, 0.05), *(place[:2] for place in way), (0.05, 0.95)]))
    assume(all(distance_to_segment(corner, *leg) > 0.03 for corner in SQUARE for leg in legs))
    told = tally(play(SpatialSpec((TILL,), SIDES), [{"p": point} for point in path], fps=FPS))
    entries, exits = told["till", ZoneEntered], told["till", ZoneExited]
    assert entries == exits
    inwards = sum(number for (name, what), number in told.items() if what is RIGHT and name != "till")
    outwards = sum(number for (name, what), number in told.items() if what is LEFT and name != "till")
    assert inwards == outwards
    assert inwards >= entries


@pytest.mark.parametrize("seed", range(10))
def test_a_straight_walk_in_and_out_is_one_entry_and_one_passage_inwards(seed):
    """A closed polygon of lines and the zone agree."""
    chance = Random(seed)
    angle = chance.uniform(0, 6.28)
    far = 0.5 + 0.45 * cos(angle), 0.5 + 0.45 * sin(angle)
    path = stroll([(*far, 0.5), (0.5, 0.5, 0.5), (*far, 0.5)])
    told = tally(play(SpatialSpec((TILL,), SIDES), [{"p": point} for point in path], fps=FPS))
    assert (told["till", ZoneEntered], told["till", ZoneExited]) == (1, 1)
    assert sum(number for (_, what), number in told.items() if what is RIGHT) == 1
    assert sum(number for (_, what), number in told.items() if what is LEFT) == 1


@pytest.mark.parametrize("jitter_px", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("seed", range(5))
def test_small_jitter_changes_no_total(seed, jitter_px):
    """People who walk well over the line and well into the zone, or stay well away."""
    chance = Random(seed)
    stations = ((0.12, 0.1), (0.5, 0.5), (0.9, 0.9), (0.5, 0.1), (0.1, 0.9), (0.5, 0.9))
    crowd = [[(*station, 0.5) for station in chance.sample(stations, 5)] for _ in range(4)]
    frames = scene([[(x + 0.01 * n, y, v) for x, y, v in way] for n, way in enumerate(crowd)])
    noisy = [
        {
            name: (x + chance.gauss(0, jitter_px) / 640, y + chance.gauss(0, jitter_px) / 640)
            for name, (x, y) in people.items()
        }
        for people in frames
    ]
    spec = SpatialSpec((TILL,), (DOOR,))
    assert tally(play(spec, noisy, fps=FPS)) == tally(play(spec, frames, fps=FPS))


places = st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0))


@given(st.lists(st.dictionaries(st.sampled_from("abcde"), places, max_size=5), max_size=40), st.booleans())
def test_nobody_is_ever_less_than_nobody(frames, counts):
    rules = TILL.rules if counts else TILL.rules[:1]
    spec = SpatialSpec((Zone("till", SQUARE, rules),), (DOOR,))
    totals = Totals.of(spec)
    for insight in play(spec, frames, fps=3.0):
        totals.add(insight)
        till = totals.zones["till"]
        assert 0 <= till.now <= till.peak
        assert till.exits <= till.enters
    assert totals.zones["till"].enters == totals.zones["till"].exits


WATCHED = Zone("watched", SQUARE, (*TILL.rules, DwellRule(0.0)), target_side=2)
BEYOND = 0.7 + 1e-12
"""A hair's breadth beyond side 2."""
corners = st.sampled_from([BEYOND, *(n / 20 for n in range(21))])
spots = st.tuples(corners | st.floats(0.0, 1.0), corners | st.floats(0.0, 1.0))
strolls = st.lists(st.dictionaries(st.sampled_from("abc"), spots, max_size=3), min_size=2, max_size=30)


def played_from(frames, start_s, fps):
    """What is told of people who all look to the right, in a stream whose first frame is at `start_s`."""
    operation, told = Operation(SpatialSpec((WATCHED,), (DOOR,)), 1.0), []
    for k, people in enumerate(frames):
        t_s = start_s + k / fps
        seen = [person(name, foot, t_s, k, image_orientation_rad=1.6) for name, foot in people.items()]
        told += operation.step(seen, t_s, k)
    return told + operation.flush()


def facts(told, start_s):
    """Everything that is told, in the time of a stream that starts at 0."""
    return [[type(one).__name__, *(_fact(f.name, getattr(one, f.name), start_s) for f in fields(one))] for one in told]


def _fact(name, value, start_s):
    if isinstance(value, TrackObservation):
        return value.track_id, value.frame
    if isinstance(value, tuple):
        return [_fact("", each, start_s) for each in value]
    if isinstance(value, float):
        return pytest.approx(value - start_s if name == "t_s" else value, abs=1e-6)
    return value


@settings(max_examples=60)
@given(strolls, st.integers(1, 10**7))
def test_another_clock_changes_nothing_but_the_times(frames, start_s):
    """Eighths of a second and whole seconds are exact in floating point: what differs, hangs on the clock itself."""
    assert facts(played_from(frames, start_s, 8.0), start_s) == facts(played_from(frames, 0, 8.0), 0)


@pytest.mark.parametrize("x", [0.7, BEYOND], ids=["on the border", "a hair's breadth outside"])
@pytest.mark.parametrize("start_s", [0, 10**6])
def test_who_comes_from_the_border_looks_at_it_no_longer_than_they_stay(x, start_s):
    frames = [{"p": (x, 0.5)}, *[{"p": (0.6, 0.5)}] * 4, {"p": (0.9, 0.5)}]
    dwells = [told for told in played_from(frames, start_s, 8.0) if isinstance(told, Dwelled)]
    assert [(dwell.dwell_s, dwell.target_side_s) for dwell in dwells] == [(0.375, 0.375)] * 2


@settings(max_examples=60)
@given(strolls, st.floats(0.0, 1e6))
def test_nobody_looks_at_a_side_for_longer_than_they_stay(frames, start_s):
    for told in played_from(frames, start_s, 10.0):
        if isinstance(told, Dwelled) and told.target_side_s is not None:
            assert 0.0 <= told.target_side_s <= told.dwell_s + 1e-6
