"""Drawings and rules at the very limits, in a picture twice as wide as high: what is wrong, and what is just right."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from footfall.core.geometry import Point, polygon_area
from footfall.spatial.lint.advice import lint
from footfall.spatial.lint.drawing import drawn, room_w
from footfall.spatial.lint.settings import set_up
from footfall.spatial.lint.shapes import deepest_w, depth, on_picture_edge, segment, shared_part
from footfall.spatial.regions import (
    CountRule,
    DistanceRule,
    Line,
    LineCrossingRule,
    SpatialSpec,
    Trigger,
    Zone,
    ZoneCrossingRule,
    ZoneRule,
)
from spatial.lint.crowd import square
from spatial.lint.sights import ASPECT, codes

HALL = square(0.2, 0.2, 0.8, 0.8)


def a_line(*xyxy: float, threshold_w: float | None = 0.0, name: str = "a") -> Line:
    rules = () if threshold_w is None else (LineCrossingRule(threshold_w),)
    return Line(name, (xyxy[0], xyxy[1]), (xyxy[2], xyxy[3]), rules)


def a_zone(*corners: Point, rules: tuple[ZoneRule, ...] = (CountRule(0.0),), name: str = "z") -> Zone:
    return Zone(name, corners, rules)


def seen(*regions: Line | Zone, aspect: float = ASPECT) -> list[str]:
    zones = tuple(region for region in regions if isinstance(region, Zone))
    return codes(drawn(SpatialSpec(zones, tuple(r for r in regions if isinstance(r, Line))), aspect))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param(a_line(0.0, 0.5, 1e-6, 0.5), "line-without-length", id="a millionth long"),
        pytest.param(a_line(0.0, 0.5, 1.5e-6, 0.5), "line-too-short", id="longer than that"),
        pytest.param(a_line(0.0, 0.5, 0.0199, 0.5), "line-too-short", id="nearly a fiftieth"),
        pytest.param(a_line(0.0, 0.5, 0.02, 0.5), "", id="a fiftieth"),
        pytest.param(a_line(0.5, 0.5, 0.5, 0.53), "line-too-short", id="less than a fiftieth of the width"),
        pytest.param(a_line(0.25, 0.5, 0.3125, 0.5, threshold_w=0.03125), "", id="two thresholds"),
        pytest.param(a_line(0.25, 0.5, 0.3115, 0.5, threshold_w=0.03125), "line-too-short", id="less than two"),
        pytest.param(a_line(0.5, -1e-3, 0.5, 1.001), "", id="a thousandth outside"),
        pytest.param(a_line(0.5, -0.0015, 0.5, 0.5), "line-outside-picture", id="more than that, above"),
        pytest.param(a_line(0.5, 0.5, 0.5, 1.0015), "line-outside-picture", id="more than that, below"),
        pytest.param(a_line(-0.0015, 0.5, 0.5, 0.5), "line-outside-picture", id="more than that, on the left"),
        pytest.param(a_line(0.03125, 0.0, 0.03125, 1.0, threshold_w=0.03125), "", id="a threshold from the border"),
        pytest.param(a_line(0.031, 0.0, 0.031, 1.0, threshold_w=0.03125), "line-without-room", id="less than that"),
        pytest.param(a_line(0.0015, 0.0, 0.0015, 1.0, threshold_w=None), "", id="a thousandth, without rules"),
        pytest.param(a_line(0.0005, 0.0, 0.0005, 1.0, threshold_w=None), "line-without-room", id="less, without rules"),
        pytest.param(a_line(0.25, 0.9375, 0.75, 0.9375, threshold_w=0.03125), "", id="a threshold from below"),
        pytest.param(a_line(0.25, 0.95, 0.75, 0.95, threshold_w=0.03125), "line-without-room", id="half as far"),
    ],
)  # fmt: skip
def test_a_line_alone(line: Line, code: str) -> None:
    assert seen(line) == ([code] if code else [])


def test_the_largest_threshold_of_a_line_counts() -> None:
    rules = LineCrossingRule(0.0), LineCrossingRule(0.03125)
    for order in (rules, rules[::-1]):
        assert seen(Line("a", (0.25, 0.5), (0.3115, 0.5), order)) == ["line-too-short"]


def test_names() -> None:
    hall, again = a_zone(*HALL, name="hall"), a_zone(*HALL, name="hall", rules=())
    assert seen(hall, again) == ["name-taken"]
    assert seen(hall, a_line(0.2, 0.5, 0.8, 0.5, name="hall")) == ["name-taken"]
    assert seen(hall, a_zone(*HALL, name="till", rules=())) == []


@pytest.mark.parametrize(
    ("side", "code"),
    [(None, []), (0, ["target-side-missing"]), (1, []), (4, []), (5, ["target-side-missing"])],
)
def test_sides_of_a_zone(side: int | None, code: list[str]) -> None:
    assert seen(Zone("hall", HALL, (), side)) == code


@pytest.mark.parametrize(
    ("corners", "code"),
    [
        pytest.param(square(0.5, 0.5, 1.3, 0.9), "zone-outside-picture", id="beyond the right edge"),
        pytest.param(square(0.0, 0.0, 1.0, 1.0), "", id="all of the picture"),
        pytest.param(((0.2, 0.2), (0.8, 0.8), (0.8, 0.2), (0.2, 0.8)), "zone-crosses-itself", id="a bow"),
        pytest.param(((0.1, 0.1), (0.5, 0.5), (0.9, 0.9)), "zone-without-inside", id="a stroke"),
    ],
)
def test_a_zone_alone(corners: tuple[Point, ...], code: str) -> None:
    assert seen(a_zone(*corners)) == ([code] if code else [])


def test_a_line_without_length_points_to_the_right() -> None:
    begin, way, length = segment((0.5, 0.5), (0.5, 0.5), ASPECT)
    assert (begin.tolist(), way.tolist(), length) == ([0.5, 0.25], [1.0, 0.0], 0.0)


def test_room_beside_a_line() -> None:
    assert room_w(a_line(0.25, 0.0, 0.25, 1.0), ASPECT) == 0.25
    assert room_w(a_line(0.75, 0.0, 0.75, 1.0), ASPECT) == 0.25
    assert room_w(a_line(0.0, 0.25, 1.0, 0.25), ASPECT) == 0.125
    assert room_w(a_line(1.5, 0.0, 1.5, 1.0), ASPECT) == 0.0
    assert room_w(a_line(-0.5, 0.0, -0.5, 1.0), ASPECT) == 0.0


@pytest.mark.parametrize(
    ("x0", "y0", "x1", "y1"),
    [(0.25, 0.0, 0.0, 0.5), (0.75, 0.0, 1.0, 0.5), (1.0, 0.5, 0.75, 1.0), (0.0, 0.5, 0.25, 1.0)],
    ids=["upper left", "upper right", "lower right", "lower left"],
)
def test_room_in_a_corner(x0: float, y0: float, x1: float, y1: float) -> None:
    """The line cuts off a quarter by a quarter."""
    assert room_w(a_line(x0, y0, x1, y1), ASPECT) == pytest.approx(0.25 / 2**0.5)
    assert room_w(a_line(x1, y1, x0, y0), ASPECT) == pytest.approx(0.25 / 2**0.5)


BASE = a_line(0.25, 0.0, 0.25, 1.0, threshold_w=0.03125)


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        pytest.param(a_line(0.0, 0.0, 0.0, 0.3), a_line(0.01, 0.0, 0.01, 0.3, name="b"), "lines-alike", id="alike"),
        pytest.param(a_line(0.0, 0.0, 0.0, 0.4), a_line(0.011, 0.4, 0.011, 0.0, name="b"), "", id="more"),
        pytest.param(
            a_line(0.2, 0.5, 0.7, 0.5), a_line(0.2249, 0.5, 0.6751, 0.5, name="b"), "lines-too-close", id="shorter"
        ),
        pytest.param(
            a_line(0.2, 0.5, 0.7, 0.5), a_line(0.677, 0.5, 0.223, 0.5, name="b"), "lines-too-close", id="and back"
        ),
        pytest.param(a_line(0.2, 0.5, 0.7, 0.5), a_line(0.68, 0.5, 0.22, 0.5, name="b"), "lines-alike", id="nearer"),
        pytest.param(BASE, a_line(0.3125, 0.0, 0.3125, 1.0, name="b"), "", id="two thresholds apart"),
        pytest.param(BASE, a_line(0.312, 0.0, 0.312, 1.0, name="b"), "lines-too-close", id="less than two thresholds"),
        pytest.param(a_line(0.312, 0.0, 0.312, 1.0, name="b"), BASE, "lines-too-close", id="whosever they are"),
        pytest.param(BASE, a_line(0.28, 0.45, 0.28, 0.55, name="b"), "lines-too-close", id="a short one beside it"),
        pytest.param(
            a_line(0.25, 0.1, 0.25, 0.5, threshold_w=0.0304),
            a_line(0.31, 0.3, 0.31, 0.7, name="b"),
            "lines-too-close",
            id="half of them side by side",
        ),
        pytest.param(
            a_line(0.25, 0.1, 0.25, 0.5, threshold_w=0.0303), a_line(0.31, 0.32, 0.31, 0.72, name="b"), "", id="less"
        ),
        pytest.param(a_line(0.5, 0.2, 0.5, 0.6), a_line(0.5, 0.61, 0.5, 1.0, name="b"), "", id="one behind the other"),
        pytest.param(a_line(0.5, 0.0, 0.5, 0.5), a_line(0.2, 0.5, 0.8, 0.5, name="b"), "lines-crossed", id="touching"),
        pytest.param(a_line(0.5, 0.0, 0.5, 0.49), a_line(0.2, 0.5, 0.8, 0.5, name="b"), "", id="at right angles"),
        pytest.param(
            a_line(0.5, 0.5, 0.5, 0.5), a_line(0.5, 0.4, 0.5, 0.6, name="b"), "line-without-length", id="one is a point"
        ),
        pytest.param(
            a_line(0.5, 0.5, 0.5, 0.5), a_line(0.5, 0.5, 0.5, 0.5, name="b"), "line-without-length", id="both are"
        ),
    ],
)  # fmt: skip
def test_two_lines(one: Line, other: Line, code: str) -> None:
    told = [found for found in seen(one, other) if found != "line-without-room"]
    assert sorted(set(told)) == ([code] if code else [])


@pytest.mark.parametrize(("aside", "code"), [(0.105, ["lines-too-close"]), (0.109, [])])
def test_lines_at_fifteen_degrees(aside: float, code: list[str]) -> None:
    """tan 15 deg = 0.268: a line 0.4 long is 0.107 aside at its end."""
    one = a_line(0.2, 0.1, 0.2, 0.9, threshold_w=0.09)
    for turned in ((0.22, 0.1, 0.22 + aside, 0.9), (0.22 + aside, 0.9, 0.22, 0.1), (0.22 + aside, 0.1, 0.22, 0.9)):
        assert seen(one, a_line(*turned, name="b")) == code


def test_lines_far_apart_are_not_too_close_where_nobody_was_recorded() -> None:
    assert seen(a_line(0.3, 0.1, 0.3, 0.9), a_line(0.5, 0.1, 0.5, 0.9, name="b")) == []
    wide = SpatialSpec((), (a_line(0.3, 0.1, 0.3, 0.9), a_line(0.5, 0.1, 0.5, 0.9, name="b")))
    assert lint(wide) == ()
    assert codes(drawn(wide, ASPECT, 0.09)) == []
    assert codes(drawn(wide, ASPECT, 0.11)) == ["lines-too-close"]


@pytest.mark.parametrize("tilt", [k / 97 for k in range(20)])
def test_lines_that_are_parallel_to_the_digit(tilt: float) -> None:
    """The cosine of their angle is rounded to a little more than one."""
    ways = [a_line(x, 0.1, x + tilt, 0.9, name=name, threshold_w=0.03) for x, name in ((0.1, "a"), (0.15, "b"))]
    assert set(seen(*ways)) <= {"lines-too-close"}


@pytest.mark.parametrize(
    ("high", "code"),
    [
        pytest.param(2.0**-20, "zone-without-inside", id="less than a millionth"),
        pytest.param(1e-6, "zone-a-sliver", id="a millionth"),
        pytest.param(1.5e-6, "zone-a-sliver", id="more"),
    ],
)
def test_a_zone_without_an_inside(high: float, code: str) -> None:
    ring = square(0.0, 0.0, 1.0, high)
    assert polygon_area(ring) == high
    assert seen(a_zone(*ring), aspect=1.0) == [code]


@pytest.mark.parametrize(
    ("wide", "threshold_w", "code"),
    [
        pytest.param(0.008, 0.5, ["zone-a-sliver"], id="a sliver: less than four thousandths deep on the grid"),
        pytest.param(0.0084, 0.0, [], id="no sliver"),
        pytest.param(0.0084, 0.5, ["threshold-too-large"], id="no sliver, and too large a threshold"),
        pytest.param(0.2, 0.0985, [], id="a threshold as deep as the zone on the grid"),
        pytest.param(0.2, 0.1015, ["threshold-too-large"], id="deeper than the zone"),
    ],
)
def test_how_deep_a_zone_is(wide: float, threshold_w: float, code: list[str]) -> None:
    zone = a_zone(*square(0.25, 0.0, 0.25 + wide, 1.0), rules=(CountRule(0.0), ZoneCrossingRule(threshold_w)))
    assert seen(zone) == code
    assert seen(a_zone(*zone.polygon_n, rules=())) == [found for found in code if "sliver" in found]


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        pytest.param((0.0, 36), (32, 48), ["zones-overlap"], id="a quarter of the smaller one"),
        pytest.param((0.0, 35), (32, 48), [], id="less"),
        pytest.param((0.0, 44), (32, 48), ["zones-overlap"], id="three quarters"),
        pytest.param((0.0, 45), (32, 48), [], id="more: one lies nearly in the other"),
        pytest.param((0.0, 48), (8, 48), [], id="five sixths of both"),
        pytest.param((0.0, 48), (7, 48), ["zones-alike"], id="more than 0.85 of both"),
    ],
)
def test_two_zones(one: tuple[float, int], other: tuple[int, int], code: list[str]) -> None:
    """Forty-eighths of a picture, which the grid hits exactly."""
    zones = [Zone(str(k), square(a / 48, 0.0, b / 48, 1.0), (CountRule(0.0),)) for k, (a, b) in enumerate((one, other))]
    assert seen(*zones) == code
    assert seen(zones[0], Zone("1", zones[1].polygon_n, (ZoneCrossingRule(0.0),))) == []
    assert seen(zones[1], zones[0]) == code


def test_shares_of_what_has_no_inside() -> None:
    flat, whole = ((0.2, 0.2), (0.2, 0.2), (0.2, 0.2)), square(0.0, 0.0, 1.0, 1.0)
    assert shared_part(flat, flat) == (0.0, 0.0)
    assert shared_part(flat, whole) == (0.0, 0.0)
    assert deepest_w(flat, ASPECT, is_open=False) == 0.0
    assert shared_part(square(0.0, 0.0, 0.5, 1.0), whole) == (0.5, 1.0)


@pytest.mark.parametrize(
    ("is_open", "point", "deep"),
    [
        pytest.param(False, (-0.0625, 0.5), -0.0625, id="left of a closed zone"),
        pytest.param(True, (-0.0625, 0.5), 0.5625, id="left of an open one"),
        pytest.param(False, (0.125, 0.5), 0.125, id="in a closed zone"),
        pytest.param(True, (0.125, 0.5), 0.375, id="in an open one"),
        pytest.param(True, (0.625, 0.5), -0.125, id="right of both"),
    ],
)
def test_an_open_zone_has_no_border_at_the_picture_s_edge(is_open: bool, point: Point, deep: float) -> None:
    """The left half of the picture; its upper and lower sides are open too."""
    ring = square(0.0, 0.0, 0.5, 1.0)
    assert depth(ring, np.array([point]), ASPECT, is_open=is_open).tolist() == [deep]


def test_beyond_the_right_and_the_lower_edge_an_open_zone_goes_on() -> None:
    half, beyond = square(0.5, 0.0, 1.0, 1.0), np.array([(1.0625, 0.5), (0.75, 1.125), (0.4375, 1.125)])
    assert (depth(half, beyond, ASPECT, is_open=True) > 0.0).tolist() == [True, True, False]
    assert (depth(half, beyond, ASPECT, is_open=False) > 0.0).tolist() == [False] * 3


@pytest.mark.parametrize(
    ("start", "end", "is_edge"),
    [
        ((0.0, 0.2), (0.0, 0.8), True),
        ((1.0, 0.2), (1.0, 0.8), True),
        ((0.2, 0.0), (0.8, 0.0), True),
        ((0.2, 1.0), (0.8, 1.0), True),
        ((0.0, 0.2), (0.2, 0.8), False),
        ((0.2, 0.2), (0.0, 0.8), False),
        ((1.0, 0.2), (0.8, 0.8), False),
        ((0.8, 0.2), (1.0, 0.8), False),
        ((1.5e-6, 0.2), (1.5e-6, 0.8), False),
        ((1.0 - 1.5e-6, 0.2), (1.0 - 1.5e-6, 0.8), False),
        ((0.0, 0.2), (1.0, 0.8), False),
    ],
)
def test_sides_on_the_picture_s_edge(start: Point, end: Point, is_edge: bool) -> None:
    assert on_picture_edge(start, end) == is_edge


EVENT, TICK = Trigger.EVENT, Trigger.INTERVAL
HALVES = ZoneCrossingRule(exit=False), ZoneCrossingRule(enter=False)


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        pytest.param(HALVES, [], id="entries and exits each by a rule of their own"),
        pytest.param((*HALVES, CountRule(), CountRule(0.1)), ["rule-twice"], id="and two counts"),
        pytest.param((HALVES[0], HALVES[0]), ["rule-twice"], id="the same half twice"),
        pytest.param((*HALVES, HALVES[0]), ["rule-twice"], id="both halves, and one of them again"),
        pytest.param((*HALVES[::-1], HALVES[0]), ["rule-twice"], id="in any order"),
        pytest.param(HALVES[::-1], [], id="exits and entries"),
        pytest.param(
            (CountRule(trigger=TICK, interval_s=100.0, smoothing_s=90.0),), [], id="long ticks, long smoothing"
        ),
        pytest.param((CountRule(trigger=TICK, interval_s=1.0, smoothing_s=1.0),), [], id="as long as a tick"),
        pytest.param(
            (CountRule(trigger=TICK, interval_s=1.0, smoothing_s=1.1),), ["smoothing-beyond-tick"], id="longer"
        ),
        pytest.param((CountRule(trigger=EVENT, interval_s=1.0, smoothing_s=60.0),), [], id="a minute"),
        pytest.param((CountRule(trigger=EVENT, smoothing_s=61.0),), ["smoothing-too-long"], id="more than a minute"),
        pytest.param((CountRule(output_frequency=1),), [], id="each change"),
        pytest.param((CountRule(output_frequency=2),), ["changes-left-out"], id="every second change"),
        pytest.param((CountRule(output_frequency=100),), ["changes-left-out"], id="one in a hundred"),
        pytest.param((CountRule(output_frequency=101),), ["event-too-rare"], id="one in more"),
        pytest.param((CountRule(trigger=TICK, interval_s=86400.0),), [], id="a day"),
        pytest.param((CountRule(trigger=TICK, interval_s=86401.0),), ["event-too-rare"], id="more than a day"),
        pytest.param(
            (CountRule(trigger=TICK, interval_s=864.0, output_frequency=100),), [], id="a hundred ticks a day"
        ),
        pytest.param((ZoneCrossingRule(output_frequency=2),), ["frequency-ignored"], id="every second crossing"),
        pytest.param((ZoneCrossingRule(enter=False, exit=False),), ["rule-tells-nothing"], id="neither"),
        pytest.param((DistanceRule(minimum_m=2.0, maximum_m=2.0),), [], id="one distance"),
        pytest.param((DistanceRule(minimum_m=2.1, maximum_m=2.0),), ["distance-limits-swapped"], id="swapped"),
        pytest.param((DistanceRule(minimum_m=0.0),), ["distance-never-violated"], id="any distance"),
        pytest.param((DistanceRule(minimum_m=-1.0),), ["distance-never-violated"], id="less than none"),
        pytest.param((DistanceRule(minimum_m=0.1),), [], id="a minimum"),
        pytest.param((DistanceRule(minimum_m=0.0, maximum_m=9.0),), [], id="a maximum"),
        pytest.param((DistanceRule(trigger=TICK, minimum_m=0.0, maximum_m=inf),), [], id="any distance, measured"),
        pytest.param((DistanceRule(output_frequency=2),), ["changes-left-out"], id="every second violation"),
    ],
)
def test_rules(rules: tuple[ZoneRule, ...], code: list[str]) -> None:
    assert codes(set_up(SpatialSpec((Zone("z", square(0.1, 0.1, 0.9, 0.9), rules),)))) == code


def test_rules_of_lines() -> None:
    line = a_line(0.1, 0.5, 0.9, 0.5, threshold_w=None)
    assert codes(set_up(SpatialSpec((), (line,)))) == ["no-rules"]
    often = Line("l", line.start_n, line.end_n, (LineCrossingRule(output_frequency=2),) * 2)
    assert codes(set_up(SpatialSpec((), (often,)))) == ["rule-twice", "frequency-ignored"]
