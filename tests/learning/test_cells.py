from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.learning.box_views import Truth
from footfall.learning.cells import TAPS, Scale, centres, distances, pooled, seen_from, targets

SIDE = 10


def truth(*boxes: tuple[float, float, float, float], tags: tuple[int, ...] | None = None) -> Truth:
    rows = np.array(boxes, np.float32).reshape(-1, 4)
    return Truth(rows, np.array(range(len(boxes)) if tags is None else tags, np.int64))


def drawn(labels: np.ndarray) -> list[str]:
    return ["".join(".?"[-value] if value <= 0 else str(value) for value in row) for row in labels.reshape(SIDE, SIDE)]


@pytest.mark.parametrize(
    ("boxes", "tags", "rows"),
    [
        pytest.param([], (), {0: "..........", 9: ".........."}, id="nothing there: all is background"),
        pytest.param(
            [(0.2, 0.2, 0.6, 0.6)],
            (0,),
            {1: "..........", 2: "..????....", 3: "..?11?....", 5: "..????...."},
            id="the middle answers, the rim is left alone",
        ),
        pytest.param(
            [(0.41, 0.41, 0.47, 0.47)], (2,), {4: "....3.....", 5: ".........."}, id="a box within a cell has that cell"
        ),
        pytest.param(
            [(0.0, 0.0, 1.0, 1.0), (0.4, 0.4, 0.6, 0.6)],
            (0, 1),
            {3: "??111111??", 4: "??112211??", 5: "??112211??"},
            id="the smaller one wins in the middle of the larger",
        ),
        pytest.param(
            [(0.2, 0.2, 0.6, 0.6)], (-1,), {3: "..????....", 4: "..????...."}, id="a cut box is nobody's answer"
        ),
        pytest.param([(0.9, 0.9, 1.0, 1.0)], (0,), {8: "..........", 9: ".........1"}, id="in the corner"),
    ],
)
def test_who_answers(boxes, tags, rows):
    labels = drawn(targets(truth(*boxes, tags=tags), SIDE).labels)
    assert {row: labels[row] for row in rows} == rows


unit = st.floats(0.0, 0.9)


@given(unit, unit, st.floats(0.02, 0.5), st.floats(0.02, 0.5), st.sampled_from([10, 20, 40]))
def test_every_box_has_a_cell_and_its_distances_lead_back_to_it(x, y, width, height, side):
    one = truth((x, y, min(1.0, x + width), min(1.0, y + height)))
    told = targets(one, side)
    cells = np.flatnonzero(told.boxes == 0)
    assert len(cells)
    assert (told.labels[cells] == 1).all()
    lengths = np.exp(distances(np.repeat(one.xyxy_n, len(cells), axis=0), cells, side))
    middle = centres(side)[cells]
    back = np.concatenate([middle - lengths[:, :2], middle + lengths[:, 2:]], axis=1) / side
    is_inside = (lengths > 0.11).all(axis=1)
    np.testing.assert_allclose(back[is_inside], np.repeat(one.xyxy_n, is_inside.sum(), axis=0), atol=1e-5)


def test_what_a_cell_sees_is_its_surroundings_row_by_row():
    grid = np.arange(25, dtype=np.float32).reshape(1, 5, 5)
    (seen,) = seen_from(grid, np.array([12]))
    assert seen.shape == (TAPS,)
    assert seen[:9].tolist() == [6, 7, 8, 11, 12, 13, 16, 17, 18]
    assert seen[13] == pytest.approx(12.0)  # mean of the middle 3 x 3
    assert seen[9] == pytest.approx(0.0)  # three cells up and left: means of what lies beyond the picture


def test_a_corner_sees_nothing_beyond_the_picture():
    (seen,) = seen_from(np.ones((1, 5, 5), np.float32), np.array([0]))
    assert seen[:9].tolist() == [0, 0, 0, 0, 1, 1, 0, 1, 1]
    assert seen[13] == pytest.approx(4 / 9)


def test_pooling_takes_means():
    grid = np.array([[[1, 3, 0, 0], [5, 7, 0, 4]]], np.float32)
    assert pooled(grid, 2).tolist() == [[[4.0, 1.0]]]
    assert pooled(grid, 1) is grid


def test_a_scale_knows_its_grids():
    assert (Scale(320, 2).map_side, Scale(320, 2).side, Scale(320, 1).side) == (40, 20, 40)
