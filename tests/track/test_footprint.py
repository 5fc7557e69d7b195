from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
