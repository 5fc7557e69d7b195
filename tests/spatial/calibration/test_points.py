"""A camera from measured points of its floor."""

from __future__ import annotations

from math import cos, hypot, inf, log, nan, radians, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.core.geometry import Point
from footfall.spatial.calibration.points import (
    _area,
    _error,
    _least_triangle,
    _misses,
    _solved,
    camera_from_points,
    quadrilateral,
    rectangle,
)
from footfall.spatial.ground import Camera

ASPECT = 9 / 16
LOBBY = Camera(3.2, 0.8, radians(68.0))


def seen(
    camera: Camera, floor_m: tuple[Point, ...], at: Point = (0.5, 7.0), turn: float = 0.4, aspect: float = ASPECT
) -> list[Point]:
    """Where a plan of the floor lies in the picture when it is put there, turned."""
    c, s = cos(turn), sin(turn)
    placed = [(at[0] + c * x - s * y, at[1] + s * x + c * y) for x, y in floor_m]
    points = [camera.to_image(place, aspect) for place in placed]
    return [point for point in points if point is not None]


@pytest.mark.parametrize(
    "floor_m",
    [
        pytest.param(rectangle(3.0, 2.0), id="rectangle"),
        pytest.param(((0.0, 0.0), (2.0, 0.3), (1.8, 2.4), (-0.6, 1.9), (0.7, 1.1)), id="five points"),
        pytest.param(tuple((-x, y) for x, y in rectangle(3.0, 2.0)), id="corners counted the other way round"),
    ],
)
def test_the_camera_comes_back(floor_m: tuple[Point, ...]) -> None:
    measured = camera_from_points(seen(LOBBY, floor_m), floor_m, ASPECT)
    assert measured.camera.height_m == pytest.approx(3.2, rel=0.01)
    assert measured.camera.focal_w == pytest.approx(0.8, rel=0.02)
    assert measured.camera.tilt_rad == pytest.approx(LOBBY.tilt_rad, abs=0.01)
    assert measured.off_m < 0.01


def test_the_published_samples_come_back() -> None:
    """spec/operations.md 7.3: the cameras whose numbers are known, in feet."""
    for height, focal_w, tilt in ((13.29415, 372.00003 / 640, 0.958186), (12.99408, 401.28 / 608, 1.05767)):
        camera = Camera(height, focal_w, tilt)
        floor = rectangle(9.0, 6.0)
        found = camera_from_points(seen(camera, floor, at=(-2.0, 16.0)), floor, ASPECT).camera
        assert (found.height_m, found.focal_w) == pytest.approx((height, focal_w), rel=0.02)
        assert found.tilt_rad == pytest.approx(tilt, abs=0.01)


@settings(max_examples=25, deadline=None)
@given(st.floats(2.2, 8.0), st.floats(0.45, 1.2), st.floats(45.0, 75.0), st.floats(-3.0, 3.0))
def test_any_camera_comes_back(height: float, focal: float, tilt: float, turn: float) -> None:
    camera = Camera(height, focal, radians(tilt))
    axis = camera.to_ground((0.5, 0.6), ASPECT)
    assert axis is not None
    floor = rectangle(0.5 * axis[1], 0.4 * axis[1])
    points = seen(camera, floor, at=axis, turn=turn)
    measured = camera_from_points(points, floor, ASPECT)
    sides = [measured.camera.to_ground(point, ASPECT) for point in points]
    first, second = sides[0], sides[1]
    assert first is not None
    assert second is not None
    assert hypot(first[0] - second[0], first[1] - second[1]) == pytest.approx(0.5 * axis[1], rel=0.03)


def test_straight_down_metres_are_right_whatever_the_lens_is_taken_for() -> None:
    camera = Camera(3.0, 0.8, radians(1.0))
    floor = rectangle(1.0, 0.8)
    points = seen(camera, floor, at=(-0.5, -0.3))
    found = camera_from_points(points, floor, ASPECT).camera
    a, b = found.to_ground((0.4, 0.4), ASPECT), found.to_ground((0.6, 0.4), ASPECT)
    assert a is not None
    assert b is not None
    assert hypot(a[0] - b[0], a[1] - b[1]) == pytest.approx(0.2 / 0.8 * 3.0, rel=0.05)


def test_larger_figures_are_surer() -> None:
    errors = [camera_from_points(seen(LOBBY, rectangle(s, s)), rectangle(s, s), ASPECT).error for s in (0.5, 1.5, 3.0)]
    assert errors == sorted(errors, reverse=True)
    assert errors[2] < 0.05


def test_four_sides_and_a_diagonal_make_a_floor_plan() -> None:
    corners = quadrilateral([3.0, 2.0, 3.0, 2.0], hypot(3.0, 2.0))
    sides = [hypot(a[0] - b[0], a[1] - b[1]) for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)]
    assert sides == pytest.approx([3.0, 2.0, 3.0, 2.0])
    assert hypot(corners[1][0] - corners[3][0], corners[1][1] - corners[3][1]) == pytest.approx(hypot(3.0, 2.0))


def test_the_corners_of_a_rectangle() -> None:
    assert rectangle(3.0, 2.0) == ((0.0, 0.0), (3.0, 0.0), (3.0, 2.0), (0.0, 2.0))


FIVE: tuple[Point, ...] = ((0.0, 0.0), (2.0, 0.3), (1.8, 2.4), (-0.6, 1.9), (0.7, 1.1))


@pytest.mark.parametrize(("astray", "is_refused"), [(0.03, False), (0.04, True)])
def test_a_point_astray_by_a_tenth_of_the_plan_is_too_much(astray: float, is_refused: bool) -> None:
    *points, (x, y) = seen(LOBBY, FIVE)
    points.append((x + astray, y))
    if is_refused:
        with pytest.raises(ValueError, match="miss"):
            camera_from_points(points, FIVE, ASPECT)
    else:
        assert camera_from_points(points, FIVE, ASPECT).off_m > 0.1


@pytest.mark.parametrize(("height", "is_refused"), [(0.0045, True), (0.0075, False)])
def test_how_flat_a_plan_may_be(height: float, is_refused: bool) -> None:
    """Half of base by height, measured in widths of the plan, which is three metres wide: a thousandth at least."""
    floor = ((0.0, 0.0), (3.0, 0.0), (1.5, height), (1.5, 1.5))
    points, moved = seen(LOBBY, floor), [(x + 100.0, y) for x, y in floor]
    if is_refused:
        with pytest.raises(ValueError, match="in a row"):
            camera_from_points(points, moved, ASPECT)
    else:
        assert camera_from_points(points, moved, ASPECT).camera.height_m == pytest.approx(3.2, rel=0.05)


def test_a_plan_may_be_drawn_as_seen_from_below() -> None:
    mirrored = tuple((-x, y) for x, y in FIVE)
    found, other = (camera_from_points(seen(LOBBY, FIVE), floor, ASPECT) for floor in (FIVE, mirrored))
    assert (other.camera.height_m, other.camera.focal_w) == pytest.approx((3.2, 0.8), rel=0.02)
    assert (other.off_m, other.error) == pytest.approx((found.off_m, found.error), abs=1e-5)


SQUARE = [(0.3, 0.5), (0.6, 0.5), (0.7, 0.8), (0.2, 0.8)]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(lambda: rectangle(0.0, 2.0), "no area", id="flat rectangle"),
        pytest.param(lambda: rectangle(2.0, 0.0), "no area", id="no depth"),
        pytest.param(lambda: rectangle(inf, 2.0), "no area", id="endless"),
        pytest.param(lambda: rectangle(2.0, inf), "no area", id="endlessly deep"),
        pytest.param(lambda: rectangle(nan, 2.0), "no area", id="no number"),
        pytest.param(lambda: quadrilateral([1, 2, 3], 2), "four sides", id="three sides"),
        pytest.param(lambda: quadrilateral([1, 1, 1, 1], 5), "no triangle", id="a diagonal that is too long"),
        pytest.param(lambda: quadrilateral([1, 1, 1, inf], 1), "four sides", id="an endless side"),
        pytest.param(lambda: quadrilateral([1, 1, 1, 0], 1), "four sides", id="no side at all"),
        pytest.param(lambda: quadrilateral([1, 1, 1, 1], 2), "no triangle", id="flat"),
        pytest.param(
            lambda: quadrilateral([1, 1, 1, 1], 2.5), "no triangle", id="a diagonal that is a little too long"
        ),
        pytest.param(lambda: quadrilateral([1, 2, 1, 1], 1), "no triangle", id="flat the other way"),
        pytest.param(lambda: quadrilateral([1, 2.3, 1, 1], 1), "no triangle", id="a side that is too long"),
        pytest.param(
            lambda: camera_from_points(SQUARE, [(nan, 0), (1, 0), (1, 1), (0, 1)], 0.6), "no number", id="plan"
        ),
        pytest.param(lambda: camera_from_points(SQUARE[:3], rectangle(1, 1)[:3], 0.6), "four or more", id="three"),
        pytest.param(lambda: camera_from_points(SQUARE, rectangle(1, 1)[:3], 0.6), "four or more", id="unequal"),
        pytest.param(
            lambda: camera_from_points([(0.1, 0.1), (0.2, 0.2), (0.3, 0.3), (0.3, 0.8)], rectangle(1, 1), 0.6),
            "in a row",
            id="three in a row",
        ),
        pytest.param(
            lambda: camera_from_points([(0.3, 0.5), (0.5, 0.500004), (0.7, 0.5), (0.5, 0.9)], rectangle(1, 1), 0.6),
            "in a row",
            id="three very nearly in a row",
        ),
        pytest.param(lambda: camera_from_points([SQUARE[0]] * 4, rectangle(1, 1), 0.6), "in a row", id="one place"),
        pytest.param(
            lambda: camera_from_points([(nan, 0.1), *SQUARE[1:]], rectangle(1, 1), 0.6), "no number", id="nan"
        ),
        pytest.param(
            lambda: camera_from_points([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]], rectangle(3, 2), 0.6),
            "order",
            id="corners crossed over",
        ),
    ],
)
def test_what_measures_nothing_is_refused(make, said) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=said):
        make()


def size_of(floor_m: tuple[Point, ...]) -> float:
    """Root mean square distance from the middle."""
    floor = np.array(floor_m)
    return float(np.sqrt(((floor - floor.mean(axis=0)) ** 2).sum(axis=1).mean()))


def test_areas_of_triangles() -> None:
    corners = [np.array(corner, float) for corner in ((1, 2), (4, 3), (2, 6))]
    assert [_area(corners[a], corners[b], corners[c]) for a, b, c in ((0, 1, 2), (1, 0, 2), (2, 1, 0))] == [5.5] * 3
    assert _area(np.array([1.0, 2.0]), np.array([2.0, 4.0]), np.array([3.0, 6.0])) == 0.0


@pytest.mark.parametrize(
    ("points", "area"),
    [
        pytest.param([(0, 0), (2, 0), (2, 1), (0, 1)], 1.0, id="a rectangle: any three are half of it"),
        pytest.param([(0, 0), (2, 0), (2, 1), (0, 1), (1, 0)], 1.0, id="a fifth in a row does no harm"),
        pytest.param([(0, 0), (4, 0), (0, 4), (1, 1)], 2.0, id="the least of one inside"),
        pytest.param([*((k, 0) for k in range(10)), (0, 3), (9, 3)], 13.5, id="the twelfth counts"),
        pytest.param([*((k, 0) for k in range(11)), (0, 3), (10, 3)], 0.0, id="the thirteenth does not"),
    ],
)
def test_how_far_points_are_from_a_row(points: list[Point], area: float) -> None:
    assert _least_triangle(np.array(points, float)) == area


@pytest.mark.parametrize("mirror", [1.0, -1.0])
def test_misses_are_what_no_turn_shift_and_scale_takes_away(mirror: float) -> None:
    """The best of them by least squares of complex numbers: b = scale x a."""
    values, points = np.array([log(0.7), radians(60.0)]), np.array(seen(LOBBY, FIVE))
    floor = np.array(FIVE) * (mirror, 1.0) + (3.0, -2.0)
    places = np.array([Camera(1.0, 0.7, radians(60.0)).to_ground((x, y), ASPECT) for x, y in points]) @ (1, 1j)
    wanted = floor @ (1, 1j)
    a, b = places - places.mean(), wanted - wanted.mean()
    (scale,), *_ = np.linalg.lstsq(a[:, None], b, rcond=None)
    misses, height = _misses(values, points, floor, ASPECT)
    assert misses @ (1, 1j) == pytest.approx(scale * a - b)
    assert height == pytest.approx(abs(scale))


def test_nothing_is_missed_by_the_camera_itself() -> None:
    misses, height = _misses(np.array([log(0.8), LOBBY.tilt_rad]), np.array(seen(LOBBY, FIVE)), np.array(FIVE), ASPECT)
    assert np.abs(misses).max() < 1e-9
    assert height == pytest.approx(3.2)


def test_points_above_the_horizon_lie_a_hundred_heights_away() -> None:
    values, points = np.array([log(0.8), radians(90.0)]), np.array([(0.5, 0.2), (0.5, 0.7), (0.4, 0.9), (0.6, 0.9)])
    camera = Camera(1.0, 0.8, radians(90.0))
    places = [(0.0, 100.0), *(camera.to_ground((x, y), ASPECT) for x, y in points[1:])]
    misses, height = _misses(values, points, np.array(places), ASPECT)
    assert np.abs(misses).max() < 1e-9
    assert height == pytest.approx(1.0)


def test_points_in_one_place_have_no_height() -> None:
    misses, height = _misses(np.array([log(0.8), 1.0]), np.array([(0.5, 0.5)] * 4), np.array(FIVE[:4]), ASPECT)
    assert height == 0.0
    assert misses == pytest.approx(np.mean(FIVE[:4], axis=0) - np.array(FIVE[:4]))


def test_what_the_search_makes_small() -> None:
    """Misses in hundredths of the plan's size, and how unusual the lens is."""
    *points, (x, y) = seen(LOBBY, FIVE)
    image, floor, size = np.array([*points, (x + 0.03, y)]), np.array(FIVE), size_of(FIVE)
    found = _solved(image, floor, ASPECT, size)
    misses, _ = _misses(found.x, image, floor, ASPECT)
    lens = (found.x[0] - log(0.75)) / 0.8
    assert found.cost == pytest.approx(((misses / size * 100.0) ** 2).sum() / 2 + lens**2 / 2)
    assert found.cost == pytest.approx(237.13161, rel=1e-5)
    assert found.x == pytest.approx([-0.25787, 1.19116], abs=2e-4)


def test_the_numbers_of_a_plan_with_a_point_astray() -> None:
    *points, (x, y) = seen(LOBBY, FIVE)
    found = camera_from_points([*points, (x + 0.03, y)], FIVE, ASPECT)
    assert (found.camera.height_m, found.camera.focal_w) == pytest.approx((3.00644, 0.77269), rel=1e-3)
    assert (found.camera.tilt_rad, found.off_m) == pytest.approx((1.19116, 0.132253), rel=1e-3)
    assert found.error == pytest.approx(0.0209017, rel=1e-3)


@pytest.mark.parametrize(
    ("camera", "floor_m", "at", "aspect", "error"),
    [
        pytest.param(LOBBY, FIVE, (0.5, 7.0), ASPECT, 0.0191008, id="five points"),
        pytest.param(
            Camera(4.0, 0.6, radians(50.0)), rectangle(2.0, 3.0), (-1.0, 4.0), ASPECT, 0.0176949, id="steep and wide"
        ),
        pytest.param(
            Camera(2.5, 1.1, radians(75.0)), rectangle(1.0, 1.0), (1.0, 8.0), 1.0, 0.0608764, id="flat, small and far"
        ),
        pytest.param(
            Camera(3.0, 0.5, radians(1.0)),
            rectangle(1.0, 0.8),
            (-0.5, -0.3),
            ASPECT,
            0.0147364,
            id="straight above: the lens is guessed",
        ),
    ],
)
def test_what_two_pixels_of_each_point_do(
    camera: Camera, floor_m: tuple[Point, ...], at: Point, aspect: float, error: float
) -> None:
    image = np.array(seen(camera, floor_m, at, aspect=aspect))
    assert _error(camera, image, np.array(floor_m), aspect, size_of(floor_m)) == pytest.approx(error, rel=1e-4)


def test_where_two_pixels_lead_above_the_horizon_nobody_knows_a_distance() -> None:
    """Such a point is taken to lie a thousand kilometres away."""
    camera, floor = Camera(3.2, 0.8, radians(80.0)), rectangle(3.0, 300.0)
    image = np.array(seen(camera, floor, at=(-2.0, 20.0), turn=0.0))
    assert _error(camera, image, np.array(floor), ASPECT, size_of(floor)) == pytest.approx(4712.0, rel=0.05)


def test_coordinates_must_come_in_pairs_of_the_same_number() -> None:
    floor = [(x, y, 0.0) for x, y in rectangle(3.0, 2.0)]
    with pytest.raises(ValueError, match="4 points in the picture and 4 on the floor"):
        camera_from_points(SQUARE, floor, ASPECT)  # type: ignore[arg-type]


@pytest.mark.parametrize("corners", [rectangle(3.0, 2.0), quadrilateral([3.0, 2.5, 2.0, 1.5], 2.8)])
def test_four_sides_and_a_diagonal_are_kept(corners: tuple[Point, ...]) -> None:
    sides = [hypot(a[0] - b[0], a[1] - b[1]) for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)]
    diagonal = hypot(corners[2][0] - corners[0][0], corners[2][1] - corners[0][1])
    assert quadrilateral(sides, diagonal)[0] == (0.0, 0.0)
    again = quadrilateral(sides, diagonal)
    assert [hypot(a[0] - b[0], a[1] - b[1]) for a, b in zip(again, [*again[1:], again[0]], strict=True)] == (
        pytest.approx(sides)
    )
    assert again[2] == (diagonal, 0.0)
    assert again[1][1] > 0.0 > again[3][1]
