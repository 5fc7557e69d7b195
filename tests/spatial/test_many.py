"""All together or each by itself: on borders, corners and beyond the picture the answers are the same."""

from __future__ import annotations

import numpy as np
import pytest

from footfall.core.geometry import contains, distance_to_segment
from footfall.spatial.area import Area
from footfall.spatial.borders import LineSide
from footfall.spatial.many import ManyLines, ManyZones, distances_to_border
from footfall.spatial.regions import Line

EIGHTHS = [(x / 8, y / 8) for x in range(-1, 10) for y in range(-1, 10)]
U = tuple((x / 8, y / 8) for x, y in ((1, 1), (7, 1), (7, 7), (5, 7), (5, 3), (3, 3), (3, 7), (1, 7)))
TRIANGLE = ((0.125, 0.25), (0.75, 0.5), (0.25, 0.875))
BOW = ((0.25, 0.25), (0.75, 0.75), (0.75, 0.25), (0.25, 0.75))
FLOOR = ((0.0, 0.5), (1.0, 0.5), (1.0, 1.0), (0.0, 1.0))


def together(areas):
    return ManyZones(*([getattr(area, name) for area in areas] for name in ("polygon_w", "box_w", "inner_w")))


@pytest.mark.parametrize("aspect", [1.0, 0.5])
@pytest.mark.parametrize("is_open", [False, True], ids=["closed", "the floor open"])
def test_zones(aspect, is_open):
    areas = [Area(polygon, aspect) for polygon in (U, TRIANGLE, BOW)] + [Area(FLOOR, aspect, is_open=is_open)]
    points_w = [(x, y * aspect) for x, y in EIGHTHS]
    found = together(areas).contain(np.array(points_w)).tolist()
    assert found == [[area.contains(point) for point in points_w] for area in areas]
    assert found[:3] == [[contains(polygon, point) for point in EIGHTHS] for polygon in (U, TRIANGLE, BOW)]
    assert any(map(any, found))


def test_a_path_within_the_box_but_not_in_the_zone():
    area = Area(U, 1.0)
    assert not area.contains((0.5, 0.5))
    assert not together([area]).contain(np.array([(0.5, 0.5)])).any()


def test_no_zones_and_no_lines_contain_nobody():
    points = np.array(EIGHTHS)
    assert together([]).contain(points).shape == (0, len(EIGHTHS))
    assert ManyLines([]).contain(points).shape == (0, len(EIGHTHS))


@pytest.mark.parametrize("aspect", [1.0, 0.5])
def test_lines(aspect):
    ends = [
        ((0.25, 0.25), (0.75, 0.25)),
        ((0.5, 0.75), (0.5, 0.25)),
        ((0.25, 0.5), (0.75, 0.75)),
        ((1.0, 1.0), (0.0, 0.0)),
    ]
    lines = [LineSide(Line("door", *both, ()), aspect) for both in ends]
    points_w = [(x, y * aspect) for x, y in EIGHTHS]
    found = ManyLines([line.terms for line in lines]).contain(np.array(points_w)).tolist()
    assert found == [[line.contains(point) for point in points_w] for line in lines]
    assert found[:2] == [[y > 0.25 * aspect for _, y in points_w], [x > 0.5 for x, _ in points_w]]


SIDES = [
    ((0.25, 0.125), (0.875, 0.125)),
    ((0.25, 0.125), (0.375, 0.75)),
    ((1.0, 0.5), (0.5, 1.0)),
    ((0.5, 0.5), (0.5, 0.5)),
]
"""Level, steep, aslant, and one without length."""


@pytest.mark.parametrize(
    "sides", [*([side] for side in SIDES), SIDES], ids=["level", "steep", "aslant", "a point", "all"]
)
def test_distances_to_a_border(sides):
    nearest = [min(distance_to_segment(point, *side) for side in sides) for point in EIGHTHS]
    assert distances_to_border(sides, np.array(EIGHTHS)) == pytest.approx(nearest)
    assert max(nearest) > 0.5
