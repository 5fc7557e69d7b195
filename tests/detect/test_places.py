from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.geometry import Box
from footfall.detect.crops import Lens
from footfall.detect.imaging import InputSpec
from footfall.detect.interest import InterestSettings
from footfall.detect.places import Statures, close_places, expected_place, moved_places, watched_boxes
from footfall.spatial.regions import Line, SpatialSpec, Zone

HD = (1920, 1080)
LENS = Lens(HD, InputSpec(416, 416, fit="snug"))
ASPECT = HD[1] / HD[0]


def learnt(*heights_n: tuple[float, float]) -> Statures:
    """From people whose feet are at y, and who are so tall, both normalised."""
    statures = Statures()
    for k in range(40):
        foot, tall = heights_n[k % len(heights_n)]
        statures.learn([(0.4, foot - tall, 0.5, foot)], ASPECT, 0.1)
    return statures


SLOPE = learnt((0.3, 0.1), (0.9, 0.5))


def test_regions_become_boxes_and_none_is_everything() -> None:
    zone = Zone("till", ((0.1, 0.2), (0.4, 0.1), (0.3, 0.5)), ())
    line = Line("door", (0.9, 0.2), (0.7, 0.8), ())
    assert watched_boxes(SpatialSpec((zone,), (line,))) == ((0.1, 0.1, 0.4, 0.5), (0.7, 0.2, 0.9, 0.8))
    assert watched_boxes(SpatialSpec()) == ((0.0, 0.0, 1.0, 1.0),)


def test_people_look_taller_farther_down() -> None:
    assert SLOPE.at_px(0.3 * 1080, HD) == pytest.approx(108, rel=0.02)
    assert SLOPE.at_px(0.6 * 1080, HD) == pytest.approx(324, rel=0.02)
    assert SLOPE.at_px(0.0, HD) == 8.0


def test_one_size_tells_nothing_of_other_places() -> None:
    assert learnt((0.5, 0.2)).at_px(600, HD) == pytest.approx(216)
    assert learnt((0.5, 0.2)).at_px(900, HD) is None
    assert Statures().at_px(900, HD) is None


def test_people_cut_by_the_edge_teach_nothing() -> None:
    assert learnt((1.0, 0.5)).at_px(1080, HD) is None


@pytest.mark.parametrize(
    ("box_px", "statures", "tall"),
    [
        pytest.param((900, 200, 940, 300), Statures(), 100, id="a whole person"),
        pytest.param((900, 200, 980, 230), Statures(), 160, id="wider than tall: a part"),
        pytest.param((900, 500, 940, 648), SLOPE, 324, id="shorter than people there: a part"),
    ],
)
def test_a_part_is_not_taken_for_a_far_person(box_px: Box, statures: Statures, tall: float) -> None:
    place = expected_place(box_px, 0.1, statures, HD)
    assert place is not None
    assert place.person_px == pytest.approx(tall, rel=0.02)


@given(
    x=st.floats(0, 1900),
    y=st.floats(0, 1000),
    size=st.tuples(st.floats(1, 500), st.floats(1, 800)),
    gap_s=st.floats(0, 10),
    walk=st.tuples(st.floats(-1.2, 1.2), st.floats(-1.2, 1.2)),
)
def test_whoever_walks_stays_in_the_place(
    x: float, y: float, size: tuple[float, float], gap_s: float, walk: tuple[float, float]
) -> None:
    """Up to 1.2 body heights a second and along one axis, for as long as the margin grows."""
    box_px = (x, y, x + size[0], y + size[1])
    place = expected_place(box_px, gap_s, Statures(), HD)
    assert place is not None
    away_s = min(gap_s, 0.8 / 1.2)
    for at, (low, high) in enumerate(((0, 2), (1, 3))):
        shift = walk[at] * size[1] * away_s
        assert place.xyxy_px[low] <= min(max(box_px[low] + shift, 0.0), HD[at]) + 1e-6
        assert place.xyxy_px[high] >= min(max(box_px[high] + shift, 0.0), HD[at]) - 1e-6


def test_outside_of_the_picture_is_no_place() -> None:
    assert expected_place((2500.0, 10.0, 2600.0, 300.0), 0.0, Statures(), HD) is None


@pytest.mark.parametrize(
    ("moved_px", "found"),
    [
        pytest.param((900, 500, 940, 600), True, id="in the zone"),
        pytest.param((620, 500, 660, 600), True, id="near it"),
        pytest.param((100, 100, 140, 200), False, id="far from it: the sweep will see"),
    ],
)
def test_only_what_moves_near_a_region_counts(moved_px: Box, found: bool) -> None:
    places = list(moved_places([moved_px], [(880.0, 450.0, 1000.0, 700.0)], SLOPE, HD))
    assert bool(places) is found


def test_a_moving_leg_leaves_room_for_the_person() -> None:
    (place,) = moved_places([(900, 600, 930, 648)], [(0.0, 0.0, 1920.0, 1080.0)], SLOPE, HD)
    assert place.person_px == pytest.approx(324, rel=0.02)
    assert place.xyxy_px[1] <= 648 - 270


def test_only_where_people_look_small_is_looked_at_closely() -> None:
    far, near = (200.0, 200.0, 1700.0, 324.0), (200.0, 800.0, 1700.0, 1000.0)
    assert close_places([near], SLOPE, LENS, InterestSettings()) == ()
    pieces = close_places([far], SLOPE, LENS, InterestSettings())
    assert min(piece.xyxy_px[0] for piece in pieces) <= 200
    assert max(piece.xyxy_px[2] for piece in pieces) >= 1700
    for piece in pieces:
        assert LENS.at(piece.xyxy_px, 96 / piece.person_px).cost_px <= 1.5 * LENS.whole.cost_px
