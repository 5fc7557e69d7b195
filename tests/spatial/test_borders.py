"""One by one or all together: who came to another side must not depend on how many are looked at."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.geometry import contains
from footfall.spatial import borders
from footfall.spatial.area import FEW, Area
from footfall.spatial.footing import Rest
from footfall.spatial.many import ManyZones
from footfall.spatial.operation import Operation
from footfall.spatial.regions import (
    CountRule,
    DwellRule,
    Focus,
    Line,
    LineCrossingRule,
    SpatialSpec,
    Zone,
    ZoneCrossingRule,
)
from spatial.storyboard import WIDE_PICTURE, person

U = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.6, 0.9), (0.6, 0.4), (0.4, 0.4), (0.4, 0.9), (0.1, 0.9))
BOW = ((0.2, 0.2), (0.8, 0.8), (0.8, 0.2), (0.2, 0.8))
FLOOR = ((0.0, 0.6), (1.0, 0.6), (1.0, 1.0), (0.0, 1.0))
RULES = (CountRule(smoothing_s=0.0), ZoneCrossingRule(0.02), DwellRule(0.02, Focus.CENTER))
SPEC = SpatialSpec(
    (Zone("u", U, RULES), Zone("bow", BOW, RULES), Zone("floor", FLOOR, RULES, is_open=True)),
    (
        Line("door", (0.2, 0.5), (0.8, 0.55), (LineCrossingRule(0.02),)),
        Line("gate", (0.5, 1.0), (0.5, 0.0), (LineCrossingRule(0.02, Focus.BOTTOM_CENTER),)),
    ),
)


def scene(seed, frames=40):
    """Between 0 and 30 people, coming and going, some unseen for a while."""
    chance = random.Random(seed)
    people = {f"p{n}": [chance.random(), chance.random()] for n in range(30)}
    for frame in range(frames):
        size = chance.choice((0, 3, 14, 15, 16, 17, 30))
        for place in people.values():
            place[0] += chance.gauss(0, 0.03)
            place[1] += chance.gauss(0, 0.03)
        yield [person(i, tuple(place), frame / 10, frame) for i, place in list(people.items())[:size]]


def insights(seed, many, monkeypatch):
    monkeypatch.setattr(borders, "MANY", many)
    operation = Operation(SPEC, WIDE_PICTURE)
    told = [i for frame, seen in enumerate(scene(seed)) for i in operation.step(seen, frame / 10, frame)]
    return told + operation.flush()


@pytest.mark.parametrize("seed", range(6))
def test_a_crowd_is_told_the_same_as_single_people(seed, monkeypatch):
    one_by_one = insights(seed, 10**6, monkeypatch)
    assert len(one_by_one) > 50
    assert insights(seed, 0, monkeypatch) == one_by_one
    assert insights(seed, 15, monkeypatch) == one_by_one


def loiterers(seed, frames=150):
    """People who tremble and stroll around in one place, many of them near a border; some are missed."""
    chance = random.Random(seed)
    people = {f"p{n}": [chance.uniform(0.1, 0.9), chance.uniform(0.1, 0.9)] for n in range(25)}
    for frame in range(frames):
        seen = []
        for name, place in people.items():
            place[:] = (value + chance.gauss(0, 0.004) for value in place)
            if chance.random() > 0.1:
                seen.append(person(name, (place[0] + chance.gauss(0, 0.003), place[1]), frame / 10, frame))
        yield seen


def loitered(seed, threshold_w):
    rules = (CountRule(threshold_w), ZoneCrossingRule(threshold_w), DwellRule(threshold_w, Focus.CENTER))
    zones = tuple(Zone(zone.name, zone.polygon_n, rules, is_open=zone.is_open) for zone in SPEC.zones)
    lines = tuple(Line(line.name, line.start_n, line.end_n, (LineCrossingRule(threshold_w),)) for line in SPEC.lines)
    point = Line("point", (0.5, 0.5), (0.5, 0.5), (LineCrossingRule(threshold_w),))
    operation = Operation(SpatialSpec(zones, (*lines, point)), WIDE_PICTURE)
    told = [i for frame, seen in enumerate(loiterers(seed)) for i in operation.step(seen, frame / 10, frame)]
    return told + operation.flush()


@pytest.mark.parametrize("threshold_w", [0.0, 0.01, 0.05])
@pytest.mark.parametrize("seed", range(4))
def test_who_rests_near_a_border_is_told_the_same_as_when_looked_at_all_the_time(seed, threshold_w, monkeypatch):
    at_rest = loitered(seed, threshold_w)
    assert len(at_rest) > 50
    monkeypatch.setattr(Rest, "holds", lambda rest, point_w: False)
    assert loitered(seed, threshold_w) == at_rest


points = st.tuples(st.floats(-0.2, 1.2), st.floats(-0.2, 1.2))


@given(st.lists(points, min_size=1, max_size=20))
def test_inside_is_inside_however_it_is_computed(places):
    import numpy as np  # noqa: PLC0415

    areas = [Area(polygon, 1.0) for polygon in (U, BOW, FLOOR)]
    many = ManyZones(*([getattr(area, name) for area in areas] for name in ("polygon_w", "box_w", "inner_w")))
    found = many.contain(np.array(places)).tolist()
    assert found == [[area.contains(place) for place in places] for area in areas]
    assert found == [[contains(polygon, place) for place in places] for polygon in (U, BOW, FLOOR)]


@given(st.lists(points, min_size=FEW, max_size=FEW + 5))
def test_distances_of_many_are_those_of_each(places):
    area = Area(U, WIDE_PICTURE)
    assert area.border_distances(places) == pytest.approx([area.border_distance(place) for place in places], abs=1e-12)
