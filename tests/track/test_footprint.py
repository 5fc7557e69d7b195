from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.track import footprint
from footfall.track.tracks import TRACK
from track.scenes import SIZE, Box, box, detections, tracker

HEIGHT = 120.0


def feet(boxes: list[Box], fps: float = 12.0) -> list[float]:
    """Foot in pixels of the frames in which the person is reported."""
    who = tracker()
    reports = [who.update(detections([b]), k / fps, k) for k, b in enumerate(boxes)]
    return [person.footprint_n[1] * SIZE[1] for report in reports for person in report]


def upright(count: int, x: float = 200.0) -> list[Box]:
    return [box(x + 4 * k, 200.0) for k in range(count)]


def cut(at: Box, share: float) -> Box:
    """The upper `share` of a box."""
    return at[0], at[1], at[2], at[1] + share * (at[3] - at[1])


STORIES = [
    pytest.param([*upright(24)], 200.0, id="seen whole: the bottom of the box"),
    pytest.param([*upright(24), *(cut(b, 0.6) for b in upright(12, 296.0))], 200.0, id="a desk hides the legs"),
    pytest.param(
        [*upright(24), *(cut(b, 1 - 0.04 * k) for k, b in enumerate(upright(12, 296.0)))],
        200.0,
        id="the desk hides them little by little",
    ),
    pytest.param([*upright(24), *[box(292, 200, 70)] * 12], 200.0, id="sits down: the floor stays where it is"),
    pytest.param([*upright(24), *[box(292, 200, 118, 62)] * 6], 200.0, id="spreads the arms"),
    pytest.param(
        [*upright(24), *(cut(b, 0.6) for b in upright(12, 296.0)), box(344, 200)], 200.0, id="seen whole again"
    ),
]


@pytest.mark.parametrize(("boxes", "expected"), STORIES)
def test_foot_stays_on_the_floor(boxes: list[Box], expected: float) -> None:
    assert feet(boxes)[-1] == pytest.approx(expected, abs=0.05 * HEIGHT)


def test_a_box_cut_by_the_lower_edge_stands_on_the_edge() -> None:
    boxes = [box(200, min(250.0 + 6 * k, 360.0), min(HEIGHT, 360.0 - 130.0 - 6 * k)) for k in range(30)]
    assert feet(boxes)[-1] == pytest.approx(360.0)


@given(
    st.floats(-30, 30), st.floats(-25, 25), st.floats(0.9, 1.1), st.sampled_from([5.0, 12.0, 25.0]), st.floats(40, 140)
)
@settings(max_examples=60, deadline=None)
def test_clean_boxes_give_their_bottom_centre_without_lag(
    across: float, towards: float, growth: float, fps: float, height: float
) -> None:
    who = tracker()
    for k in range(round(2 * fps)):
        t = k / fps
        tall = height * growth**t
        b = box(320 + across * t, 220 + towards * t, tall, 0.4 * tall)
        for person in who.update(detections([b]), t, k):
            assert person.footprint_n[0] * SIZE[0] == pytest.approx(320 + across * t, abs=0.01 * tall)
            assert person.footprint_n[1] * SIZE[1] == pytest.approx(b[3], abs=0.01 * tall)


Span = tuple[float, float]
"""From the top of a box to its bottom, image widths."""
FLOOR = 0.9
"""Lower edge of the picture."""


def boxed(span: Span, width: float = 0.1) -> np.ndarray:
    top, bottom = span
    return np.array([[0.5, (top + bottom) / 2, width, bottom - top]])


def somebody(span: Span = (0.35, 0.65)) -> np.ndarray:
    """Known as 0.3 high and 0.1 wide, three times as tall as wide."""
    tracks = np.zeros(1, TRACK)
    footprint.start(tracks, boxed(span))
    return tracks


def test_the_first_sight_is_the_whole_body() -> None:
    who = somebody((0.35, 0.65))
    assert (who["stature"][0], who["slenderness"][0]) == (pytest.approx(0.3), pytest.approx(3.0))
    assert (who["foot_y"][0], who["sure_foot_y"][0]) == (pytest.approx(0.65), pytest.approx(0.65))


@pytest.mark.parametrize(
    ("before", "box_now", "foot", "sure_foot", "hidden", "whole"),
    [
        pytest.param((0.35, 0.65), boxed((0.35, 0.65)), 0.65, 0.65, False, True, id="the same box"),
        pytest.param((0.35, 0.65), boxed((0.36, 0.67)), 0.67, 0.67, False, True, id="a step nearer"),
        pytest.param((0.35, 0.65), boxed((0.35, 0.53)), 0.65, 0.65, True, False, id="only the upper part"),
        pytest.param((0.35, 0.65), boxed((0.45, 0.63)), 0.63, 0.65, False, False, id="only the lower part"),
        pytest.param((0.35, 0.65), boxed((0.35, 0.60)), 0.65, 0.65, True, False, id="the feet are missing"),
        pytest.param((0.35, 0.65), boxed((0.35, 0.62)), 0.62, 0.65, False, False, id="hardly anything missing: unsure"),
        pytest.param((0.35, 0.65), boxed((0.35, 0.635)), 0.635, 0.635, False, True, id="less: whole"),
        pytest.param(
            (0.35, 0.65), boxed((0.35, 0.64), 0.15), 0.64, 0.64, False, False, id="arms spread: sure, not whole"
        ),
        pytest.param(
            (0.35, 0.65), boxed((0.35, 0.60), 0.08), 0.60, 0.60, False, True, id="walks away: shorter, as slender"
        ),
        pytest.param((0.62, 0.92), boxed((0.62, 0.88)), 0.92, 0.92, True, False, id="cut just above the lower edge"),
        pytest.param((0.62, 0.92), boxed((0.62, 0.895), 0.11), 0.895, 0.92, False, False, id="cut by the lower edge"),
        pytest.param((0.60, 0.90), boxed((0.60, 0.90)), 0.90, 0.90, False, False, id="stands on the lower edge"),
        pytest.param((0.005, 0.305), boxed((0.005, 0.305)), 0.305, 0.305, False, False, id="touches the upper edge"),
        pytest.param((0.015, 0.315), boxed((0.015, 0.315)), 0.315, 0.315, False, True, id="is clear of it"),
    ],
)
def test_what_a_box_tells(
    before: Span, box_now: np.ndarray, foot: float, sure_foot: float, hidden: bool, whole: bool
) -> None:
    who = somebody(before)
    legs_hidden, is_whole = footprint.stand(who, box_now, np.array([0.1]), FLOOR)
    assert (who["foot_y"][0], who["sure_foot_y"][0]) == (pytest.approx(foot), pytest.approx(sure_foot))
    assert (legs_hidden[0], is_whole[0]) == (hidden, whole)


@pytest.mark.parametrize(
    ("box_now", "constant_s"),
    [
        pytest.param(boxed((0.29, 0.65), 0.12), 0.3, id="comes nearer"),
        pytest.param(boxed((0.38, 0.65), 0.09), 0.3, id="walks away"),
        pytest.param(boxed((0.29, 0.65), 0.18), 0.3, id="taller and stout: comes nearer too"),
        pytest.param(boxed((0.35, 0.53)), 15.0, id="legs hidden"),
        pytest.param(boxed((0.47, 0.65)), 15.0, id="sits down"),
        pytest.param(boxed((0.625, 0.895), 0.09), 15.0, id="walks out of the picture below"),
    ],
)
def test_how_soon_a_new_height_is_believed(box_now: np.ndarray, constant_s: float) -> None:
    who = somebody()
    footprint.stand(who, box_now, np.array([constant_s]), FLOOR)
    assert who["stature"][0] == pytest.approx(0.3 + (box_now[0, 3] - 0.3) * (1.0 - np.exp(-1.0)))


@pytest.mark.parametrize(
    ("box_now", "constant_s"),
    [
        pytest.param(boxed((0.35, 0.65), 0.09), 0.5, id="more slender: was cut by the edge before"),
        pytest.param(boxed((0.35, 0.65), 0.11), 2.0, id="less: may be the arms"),
        pytest.param(boxed((0.35, 0.53)), inf, id="legs hidden: nothing is learnt"),
        pytest.param(boxed((0.595, 0.895), 0.11), inf, id="at the lower edge: neither"),
    ],
)
def test_how_soon_a_new_proportion_is_believed(box_now: np.ndarray, constant_s: float) -> None:
    who = somebody()
    footprint.stand(who, box_now, np.array([1.0]), FLOOR)
    now = box_now[0, 3] / box_now[0, 2]
    assert who["slenderness"][0] == pytest.approx(3.0 + (now - 3.0) * (1.0 - np.exp(-1.0 / constant_s)))


@pytest.mark.parametrize(
    ("box_now", "foot", "stature", "hidden"),
    [
        pytest.param((0.32, 0.44), 0.64, 0.32, True, id="upper part of somebody nearer: taller now"),
        pytest.param((0.40, 0.55), 0.55, 0.30, False, id="it would be a stride of half a body: sits instead"),
        pytest.param((0.31, 0.62), 0.62, 0.30, False, id="seen whole: as tall as seen before, at first"),
    ],
)
def test_perspective_tells_how_tall_the_hidden_are(box_now: Span, foot: float, stature: float, hidden: bool) -> None:
    """Everybody here looks half as high as the feet are low: 0.3 at 0.6."""
    who = somebody((0.3, 0.6))
    legs_hidden, _ = footprint.stand(who, boxed(box_now), np.array([1e-9]), 1.5, (0.0, 0.5))
    assert legs_hidden[0] == hidden
    assert (who["foot_y"][0], who["stature"][0]) == (pytest.approx(foot), pytest.approx(stature))


def test_boxes_are_drawn_out_to_the_feet() -> None:
    who = somebody((0.35, 0.65))
    assert footprint.completed(who, boxed((0.35, 0.53))) == pytest.approx(boxed((0.35, 0.65)))
    assert footprint.completed(who, boxed((0.40, 0.70))) == pytest.approx(boxed((0.40, 0.65)))
    assert 0.0 < footprint.completed(who, boxed((0.7, 0.8)))[0, 3] < 1e-3


def test_the_whole_body_stands_on_its_foot() -> None:
    who = somebody((0.35, 0.65))
    who["cxcywh"] = [[0.7, 0.44, 0.12, 0.18]]
    assert footprint.whole_boxes(who) == pytest.approx(np.array([[0.7, 0.5, 0.12, 0.3]]))
    assert who["cxcywh"][0].tolist() == [0.7, 0.44, 0.12, 0.18]


@pytest.mark.parametrize(("height", "partial"), [(0.26, True), (0.27, False), (0.3, False)])
def test_a_body_much_shorter_than_known_is_partial(height: float, partial: bool) -> None:
    who = somebody()
    who["last_cxcywh"] = [[0.5, 0.5, 0.1, height]]
    assert footprint.is_partial(who)[0] == partial
