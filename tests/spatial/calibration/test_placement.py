"""Where zones work: on the floor, near enough, whole people; and people two metres apart."""

from __future__ import annotations

from math import hypot, radians

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.core.geometry import contains, polygon_area
from footfall.spatial.calibration.placement import _straightened, person_box, place
from footfall.spatial.ground import FOOT_M, Camera

ASPECT = 9 / 16
LOBBY = Camera(3.2, 0.8, radians(68.0))


def test_regions_lie_on_the_floor_inside_each_other() -> None:
    placement = place(LOBBY, ASPECT)
    assert placement is not None
    horizon = LOBBY.to_image((0.0, 1e6), ASPECT)
    assert horizon is not None
    assert all(0.0 < x < 1.0 and horizon[1] < y < 1.0 for x, y in placement.fair_n)
    assert polygon_area(placement.optimal_n) < polygon_area(placement.fair_n)
    middle = sum(x for x, _ in placement.optimal_n) / len(placement.optimal_n), 0.7
    assert contains(placement.optimal_n, middle)
    assert contains(placement.fair_n, middle)


def test_people_are_spread_over_the_floor_and_whole() -> None:
    placement = place(LOBBY, ASPECT)
    assert placement is not None
    assert len(placement.boxes_n) == len(placement.ground_m) > 5
    assert all(0.0 <= x0 < x1 <= 1.0 and 0.0 <= y0 < y1 <= 1.0 for x0, y0, x1, y1 in placement.boxes_n)
    nearest = min(hypot(a[0] - b[0], a[1] - b[1]) for a in placement.ground_m for b in placement.ground_m if a != b)
    assert nearest > 1.5


def test_ground_points_belong_to_lower_right_corners() -> None:
    """spec/operations.md 7.3, conclusion 5: so it is in the published sample, to 0.3 %."""
    placement = place(LOBBY, ASPECT)
    assert placement is not None
    for (_, _, right, bottom), ground in zip(placement.boxes_n, placement.ground_m, strict=True):
        assert LOBBY.to_ground((right, bottom), ASPECT) == pytest.approx(ground)


def test_the_published_camera_has_its_best_places_in_the_middle_of_the_picture() -> None:
    placement = place(Camera(13.29415 * FOOT_M, 372.00003 / 640, 0.958186), ASPECT)
    assert placement is not None
    assert contains(placement.optimal_n, (0.5, 0.6))
    assert not contains(placement.fair_n, (0.5, 0.05))


@pytest.mark.parametrize(
    "camera",
    [
        pytest.param(Camera(3.0, 0.8, radians(178.0)), id="looks up"),
        pytest.param(Camera(3.0, 0.8, radians(2.0)), id="looks straight down"),
        pytest.param(Camera(60.0, 0.5, radians(60.0)), id="people are dots"),
    ],
)
def test_nowhere_is_said_as_nothing(camera: Camera) -> None:
    assert place(camera, ASPECT) is None


@settings(max_examples=30, deadline=None)
@given(st.floats(0.8, 20.0), st.floats(0.2, 4.0), st.floats(0.0, 3.1), st.floats(0.3, 2.0))
def test_any_camera_gives_places_in_the_picture_or_none(h: float, f: float, tilt: float, aspect: float) -> None:
    placement = place(Camera(h, f, tilt), aspect)
    if placement is not None:
        assert len(placement.fair_n) >= 3
        assert all(0.0 < x < 1.0 and 0.0 < y < 1.0 for x, y in (*placement.fair_n, *placement.optimal_n))


def test_nobody_has_a_box_whose_feet_are_behind_a_camera_that_looks_up() -> None:
    assert person_box(Camera(3.0, 0.8, radians(100.0)), 0.5625, (0.0, 0.4)) is None


@pytest.mark.parametrize("first", range(8))
def test_corners_on_a_straight_side_are_left_out(first: int) -> None:
    """A square on its tip with a corner in the middle of each side, from wherever it begins."""
    ring = [(0.5, 0.0), (0.75, 0.25), (1.0, 0.5), (0.75, 0.75), (0.5, 1.0), (0.25, 0.75), (0.0, 0.5), (0.25, 0.25)]
    assert sorted(_straightened(ring[first:] + ring[:first])) == [(0.0, 0.5), (0.5, 0.0), (0.5, 1.0), (1.0, 0.5)]


@pytest.mark.parametrize(
    ("camera", "is_some"),
    [
        pytest.param(Camera(2.6, 1.2, radians(60.0)), True, id="two rows of the picture make a region"),
        pytest.param(Camera(2.2, 0.5, radians(24.0)), False, id="one does not"),
    ],
)
def test_how_small_a_region_may_be(camera: Camera, is_some: bool) -> None:
    assert (place(camera, ASPECT) is not None) == is_some
