"""How deep a foot stands in a zone."""

from __future__ import annotations

import pytest

from footfall.spatial.area import FAR_W, Area

FLOOR = ((0.2, 0.5), (0.8, 0.5), (0.8, 1.0), (0.2, 1.0))
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
LEFT_HALF, RIGHT_HALF = (((x, 0.1), (x + 0.4, 0.1), (x + 0.4, 0.9), (x, 0.9)) for x in (0.1, 0.5))
UPPER_HALF, LOWER_HALF = (((0.1, y), (0.9, y), (0.9, y + 0.4), (0.1, y + 0.4)) for y in (0.1, 0.5))


@pytest.mark.parametrize(
    ("polygon_n", "point", "closed_w", "open_w"),
    [
        pytest.param(FLOOR, (0.5, 1.0), 0.0, 0.3, id="feet cut off by the edge: only other sides matter"),
        pytest.param(FLOOR, (0.5, 0.99), 0.01, 0.3, id="feet near the picture's edge"),
        pytest.param(FLOOR, (0.5, 1.05), -0.05, 0.304138, id="feet known to be below the picture"),
        pytest.param(FLOOR, (0.25, 0.9), 0.05, 0.05, id="near a side in the picture nothing changes"),
        pytest.param(FLOOR, (0.1, 1.0), -0.1, -0.1, id="beside the zone"),
        pytest.param(WHOLE, (0.5, 1.0), 0.0, FAR_W, id="the whole picture has no border"),
    ],
)
def test_sides_on_the_picture_edge_are_no_border_of_open_zones(polygon_n, point, closed_w, open_w):
    assert Area(polygon_n, 1.0).depth(point) == pytest.approx(closed_w, abs=1e-9)
    assert Area(polygon_n, 1.0, is_open=True).depth(point) == pytest.approx(open_w, abs=1e-5)


@pytest.mark.parametrize("aspect", [1.0, 0.5625])
@pytest.mark.parametrize(
    ("x", "y"),
    [
        pytest.param(-0.05, 0.5, id="left"),
        pytest.param(1.05, 0.5, id="right"),
        pytest.param(0.5, -0.05, id="above"),
        pytest.param(0.5, 1.05, id="below"),
    ],
)
def test_feet_beyond_any_edge_of_the_picture_are_in_an_open_zone_that_reaches_there(x, y, aspect):
    foot_w = x, y * aspect
    assert Area(WHOLE, aspect, is_open=True).depth(foot_w) == FAR_W
    assert Area(WHOLE, aspect).depth(foot_w) < 0.0


@pytest.mark.parametrize("foot", [(0.5, 0.97), (0.47, 0.93), (0.53, 0.93)], ids=["tip", "one side", "other side"])
@pytest.mark.parametrize("turn", [0, 1, 2, 3], ids=["below", "right", "above", "left"])
def test_a_corner_on_the_picture_edge_opens_no_side(turn, foot):
    """A triangle whose tip touches the edge: both sides at the tip stay borders, the third lies inside the picture."""
    triangle = ((0.5, 1.0), (0.2, 0.5), (0.8, 0.5))
    for _ in range(turn):
        triangle, foot = tuple((y, 1.0 - x) for x, y in triangle), (foot[1], 1.0 - foot[0])
    assert Area(triangle, 1.0, is_open=True).depth(foot) == pytest.approx(Area(triangle, 1.0).depth(foot))


@pytest.mark.parametrize(
    ("one", "other", "foot"),
    [
        pytest.param(LEFT_HALF, RIGHT_HALF, (0.5, 0.5), id="side by side"),
        pytest.param(UPPER_HALF, LOWER_HALF, (0.5, 0.5), id="one above the other"),
    ],
)
def test_a_foot_on_the_common_side_of_two_zones_is_in_one_of_them(one, other, foot):
    assert Area(one, 1.0).contains(foot) != Area(other, 1.0).contains(foot)


U = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.6, 0.9), (0.6, 0.4), (0.4, 0.4), (0.4, 0.9), (0.1, 0.9))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param((0.05, 0.2), (0.15, 0.2), (0.5, 8), id="half of the way, through the last side"),
        pytest.param((0.5, 0.05), (0.5, 0.25), (0.25, 1), id="a quarter of it, through the first"),
        pytest.param((0.95, 0.7), (0.25, 0.7), (0.55 / 0.7, 6), id="in, out and in again: the last passage"),
        pytest.param((0.05, 0.7), (0.75, 0.7), (0.55 / 0.7, 4), id="the same from the other side"),
        pytest.param((0.1, 0.5), (0.3, 0.5), (0.0, 8), id="starts on a side: at once"),
        pytest.param((0.6, 0.7), (0.5, 0.7), (0.0, 4), id="starts on a side in the middle of the ring"),
    ],
)
def test_where_a_path_passes_the_border(start, end, expected):
    fraction, side = Area(U, 1.0).crossing(start, end)
    assert (pytest.approx(fraction), side) == expected


@pytest.mark.parametrize(
    ("foot", "direction", "sides"),
    [
        pytest.param((0.2, 0.7), (-1.0, 0.0), {8}, id="looks left"),
        pytest.param((0.2, 0.7), (1.0, 0.0), {6}, id="looks right: the far sides are behind the first"),
        pytest.param((0.2, 0.7), (0.0, -1.0), {1}, id="looks up"),
        pytest.param((0.39, 0.85), (0.0, -1.0), {1}, id="looks up along a side"),
        pytest.param((0.2, 0.7), (0.0, 1.0), {7}, id="looks down"),
        pytest.param((0.05, 0.7), (1.0, 0.0), {8}, id="from outside towards it"),
        pytest.param((0.05, 0.7), (-1.0, 0.0), set(), id="from outside away from it"),
    ],
)
def test_the_side_somebody_looks_at(foot, direction, sides):
    assert {side for side in range(1, 9) if Area(U, 1.0).faces(foot, direction, side)} == sides


@pytest.mark.parametrize(
    ("polygon_n", "is_open"),
    [
        pytest.param(U, False, id="a zone"),
        pytest.param((*U, U[0]), False, id="its first vertex repeated"),
        pytest.param(WHOLE, True, id="no border at all"),
    ],
)
@pytest.mark.parametrize("count", [0, 1, 11, 12, 30])
def test_many_points_are_as_far_from_the_border_as_each(polygon_n, is_open, count):
    area = Area(polygon_n, 1.0, is_open=is_open)
    places = [(0.37 * k % 1.0, 0.73 * k % 1.0) for k in range(count)]
    assert area.border_distances(places) == pytest.approx([area.border_distance(place) for place in places], abs=1e-12)
