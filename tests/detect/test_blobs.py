from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.detect.blobs import Blob, BlobSettings, clean, find_people, score

WIDTH, HEIGHT = 160, 120
Box = tuple[int, int, int, int]
NO_HINTS = np.empty((0, 4))


def mask_of(*boxes: Box) -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    for x0, y0, x1, y1 in boxes:
        mask[y0:y1, x0:x1] = 255
    return mask


def people(mask: np.ndarray) -> list[Box]:
    found = find_people(mask, BlobSettings())
    return sorted((b.x0, b.y0, b.x1, b.y1) for b in found)


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        pytest.param([], [], id="nobody"),
        pytest.param([(20, 30, 36, 80)], [(20, 30, 36, 80)], id="one person"),
        pytest.param([(20, 30, 36, 80), (60, 30, 76, 80)], [(20, 30, 36, 80), (60, 30, 76, 80)], id="two apart"),
        pytest.param([(20, 30, 24, 34)], [], id="a bird is too small"),
        pytest.param([(0, 60, 160, 75)], [], id="a lying beam is no person"),
        pytest.param([(80, 10, 84, 110)], [], id="a pole is no person"),
        pytest.param([(0, 0, 160, 110)], [], id="half the picture is no person"),
        pytest.param([(20, 30, 36, 60), (22, 63, 34, 80)], [(20, 30, 36, 80)], id="trunk and legs belong together"),
        pytest.param([(22, 30, 32, 38), (18, 40, 36, 90)], [(18, 30, 36, 90)], id="so do head and trunk"),
        pytest.param(
            [(20, 10, 36, 50), (20, 65, 36, 110)],
            [(20, 10, 36, 50), (20, 65, 36, 110)],
            id="two people behind each other do not",
        ),
        pytest.param(
            [(20, 30, 36, 80), (50, 30, 66, 80), (36, 60, 50, 80)],
            [(20, 30, 44, 80), (44, 30, 66, 80)],
            id="hand in hand: cut at the valley",
        ),
    ],
)
def test_blobs_become_people(boxes: list[Box], expected: list[Box]) -> None:
    found = people(mask_of(*boxes))
    assert len(found) == len(expected)
    assert np.abs(np.array(found) - np.array(expected)).max(initial=0) <= 8


def test_cleaning_drops_speckle_and_closes_gaps() -> None:
    mask = mask_of((20, 30, 36, 50), (20, 53, 36, 80), (100, 50, 101, 51))
    cleaned = clean(mask)
    assert cleaned[51, 28] == 255
    assert cleaned[50, 100] == 0
    assert people(cleaned) == [(20, 30, 36, 80)]


def test_a_solid_upright_blob_scores_best() -> None:
    solid, hollow, flat, small = (
        score(blob, HEIGHT)
        for blob in (Blob(0, 0, 20, 50, 800), Blob(0, 0, 20, 50, 300), Blob(0, 0, 60, 30, 1500), Blob(0, 0, 4, 9, 30))
    )
    assert solid == pytest.approx(0.95)
    assert max(hollow, flat, small) < solid


@given(
    st.lists(st.tuples(st.integers(0, 150), st.integers(0, 110), st.integers(1, 80), st.integers(1, 80)), max_size=6),
)
def test_whatever_the_mask_boxes_are_inside_and_plausible(
    rects: list[tuple[int, int, int, int]],
) -> None:
    mask = mask_of(*[(x, y, min(x + w, WIDTH), min(y + h, HEIGHT)) for x, y, w, h in rects])
    for blob in find_people(mask, BlobSettings()):
        assert 0 <= blob.x0 < blob.x1 <= WIDTH
        assert 0 <= blob.y0 < blob.y1 <= HEIGHT
        assert 0.45 <= blob.height / blob.width <= 4.5
        assert 0.3 <= score(blob, HEIGHT) <= 0.951
