from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.types import Detections
from footfall.track.association import covered
from footfall.track.tracks import MOST, TRACK, Sight, at_edge, is_confirmed, latest, people_boxes, share_inside

SIZE_PX = (512, 256)


def found(*xyxy_px: tuple[float, ...], score: float = 0.9, label: int = 0) -> Detections:
    count = len(xyxy_px)
    boxes = np.array(xyxy_px, np.float32).reshape(-1, 4)
    return Detections(boxes, np.full(count, score, np.float32), np.full(count, label, np.int16), SIZE_PX)


def test_boxes_are_measured_in_picture_widths_from_their_centres() -> None:
    rows, boxes = people_boxes(found((64, 32, 128, 224), (256, 128, 512, 256)))
    assert rows.tolist() == [0, 1]
    assert boxes.tolist() == [[0.1875, 0.25, 0.125, 0.375], [0.75, 0.375, 0.5, 0.25]]


@pytest.mark.parametrize(
    ("box_px", "is_usable"),
    [
        pytest.param((64, 32, 65, 33), True, id="one pixel"),
        pytest.param((64, 32, 64.875, 64), False, id="narrower than a pixel"),
        pytest.param((64, 32, 128, 32.875), False, id="lower than a pixel"),
        pytest.param((128, 32, 64, 224), False, id="left and right exchanged"),
        pytest.param((64, 224, 128, 32), False, id="top and bottom exchanged"),
        pytest.param((-64, 32, 1, 224), True, id="a pixel of it is in the picture"),
        pytest.param((-64, 32, 0.5, 224), False, id="less than a pixel is, at the left"),
        pytest.param((511.5, 32, 600, 224), False, id="at the right"),
        pytest.param((64, -64, 128, 0.5), False, id="above"),
        pytest.param((64, 255.5, 128, 300), False, id="below"),
        pytest.param((np.nan, 32, 128, 224), False, id="no number"),
        pytest.param((64, 32, 128, np.inf), False, id="without end"),
    ],
)
def test_boxes_that_cover_a_pixel_are_usable(box_px: tuple[float, ...], is_usable: bool) -> None:
    rows, boxes = people_boxes(found((64, 32, 128, 224), box_px))
    assert rows.tolist() == ([0, 1] if is_usable else [0])
    assert boxes.shape == (len(rows), 4)


def test_only_people_with_a_score_are_usable() -> None:
    assert len(people_boxes(found((64, 32, 128, 224), label=1))[0]) == 0
    assert len(people_boxes(found((64, 32, 128, 224), score=np.nan))[0]) == 0
    assert len(people_boxes(found())[0]) == 0


def test_huge_boxes_end_a_picture_away_from_the_picture() -> None:
    _, boxes = people_boxes(found((-9999, -9999, 9999, 9999)))
    assert boxes.tolist() == [[0.5, 0.25, 3.0, 1.5]]


def test_a_part_of_a_sight_keeps_its_columns_together() -> None:
    sight = Sight(
        np.array([4, 7, 9]), np.arange(12.0).reshape(3, 4), np.array([0.1, 0.2, 0.3]), np.array([1.0, 2.0, 3.0])
    )
    part = sight.only(np.array([2, 0]))
    assert (part.row.tolist(), part.score.tolist(), part.noise.tolist()) == ([9, 4], [0.3, 0.1], [3.0, 1.0])
    assert part.cxcywh.tolist() == [[8.0, 9.0, 10.0, 11.0], [0.0, 1.0, 2.0, 3.0]]
    assert (len(sight), len(part)) == (3, 2)


def test_tracks_with_an_id_are_confirmed() -> None:
    tracks = np.zeros(3, TRACK)
    tracks["id"] = ["a", None, "b"]
    assert is_confirmed(tracks).tolist() == [True, False, True]


def test_of_a_huge_crowd_the_best_thousand_are_looked_at() -> None:
    crowd = found(*[(64, 32, 128, 224)] * (MOST + 2))
    assert len(people_boxes(crowd[:MOST])[0]) == MOST == 1000
    crowd.score[[3, 7]] = 0.5
    assert people_boxes(crowd)[0].tolist() == [row for row in range(MOST + 2) if row not in {3, 7}]


def test_of_too_many_tracks_those_unseen_for_longest_are_forgotten() -> None:
    tracks = np.zeros(2 * MOST + 1, TRACK)
    tracks["seen_s"], tracks["score"] = 5.0, np.arange(2 * MOST + 1)
    assert len(latest(tracks[1:])) == 2 * MOST
    tracks["seen_s"][4] = 3.0
    assert latest(tracks)["score"].tolist() == [k for k in range(2 * MOST + 1) if k != 4]


@pytest.mark.parametrize(
    ("box", "touches"),
    [
        pytest.param((0.5, 0.25, 0.2, 0.3), False, id="in the middle"),
        pytest.param((0.105, 0.25, 0.2, 0.3), True, id="left"),
        pytest.param((0.115, 0.25, 0.2, 0.3), False, id="near the left edge"),
        pytest.param((0.895, 0.25, 0.2, 0.3), True, id="right"),
        pytest.param((0.885, 0.25, 0.2, 0.3), False, id="near the right edge"),
        pytest.param((0.5, 0.345, 0.2, 0.3), True, id="below"),
        pytest.param((0.5, 0.335, 0.2, 0.3), False, id="near the lower edge"),
        pytest.param((0.5, 0.15, 0.2, 0.3), False, id="above: nobody comes from there"),
    ],
)
def test_boxes_at_the_edges_of_a_picture_half_as_high_as_wide(box: tuple[float, ...], touches: bool) -> None:
    assert at_edge(np.array([box]), 0.5)[0] == touches


@given(st.floats(-0.5, 1.5), st.floats(-0.5, 1.5), st.floats(0.01, 2.0), st.floats(0.01, 2.0), st.floats(0.3, 1.5))
def test_the_share_inside_is_what_the_picture_covers(
    x: float, y: float, width: float, height: float, floor: float
) -> None:
    picture = np.array([[0.5, floor / 2, 1.0, floor]])
    assert share_inside((x, y, width, height), floor) == covered(np.array([[x, y, width, height]]), picture)[0, 0]
