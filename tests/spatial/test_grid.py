"""Cells of a plane: where points lie, and how a way is shared among them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.geometry import Point
from footfall.spatial.grid import Cell, Grid

GRID = Grid.over((0.0, 0.0), (1.0, 0.5625), 0.1)
PLACES = st.tuples(st.floats(-3.0, 4.0), st.floats(-3.0, 4.0))

CELLS: list[tuple[str, Point, Cell | None]] = [
    ("the first corner", (0.0, 0.0), (0, 0)),
    ("on a border: the later cell", (0.1, 0.2), (1, 2)),
    ("the far right edge belongs to the last column", (1.0, 0.35), (9, 3)),
    ("the bottom of the picture, within the last row, which sticks out", (0.5, 0.5625), (5, 5)),
    ("left of everything", (-0.001, 0.3), None),
    ("below everything", (0.5, 0.601), None),
]


@pytest.mark.parametrize(("point", "cell"), [pytest.param(*row[1:], id=row[0]) for row in CELLS])
def test_where_a_point_lies(point: Point, cell: Cell | None) -> None:
    assert GRID.cell_of(point) == cell


def test_cells_cover_the_plane_and_no_more_than_needed() -> None:
    assert (GRID.columns, GRID.rows) == (10, 6)
    assert Grid.over((0.0, 0.0), (1.0, 0.5), 1.0) == Grid((0.0, 0.0), 1.0, 1, 1)
    assert Grid.over((-60.0, 0.0), (60.0, 60.0), 0.1).columns == 1200, "no cell too many for the noise of floats"
    assert GRID.box((2, 3)) == pytest.approx((0.2, 0.3, 0.3, 0.4))


@pytest.mark.parametrize(
    ("high", "cell"), [((1.0, 1.0), 0.0), ((1.0, 1.0), -1.0), ((0.0, 1.0), 0.1), ((1.0, 0.0), 0.1)]
)
def test_no_cells_where_there_is_no_room(high: Point, cell: float) -> None:
    with pytest.raises(ValueError, match="no cells"):
        Grid.over((0.0, 0.0), high, cell)


WAYS: list[tuple[str, Point, Point, list[tuple[Cell | None, float]]]] = [
    ("within one cell", (0.31, 0.31), (0.39, 0.33), [((3, 3), 1.0)]),
    ("along the outer border", (1.0, 0.31), (1.0, 0.33), [((9, 3), 1.0)]),
    ("over one border, at a quarter of the way", (0.375, 0.35), (0.475, 0.35), [((3, 3), 0.25), ((4, 3), 0.75)]),
    ("back over it", (0.475, 0.35), (0.375, 0.35), [((4, 3), 0.75), ((3, 3), 0.25)]),
    ("no way at all, outside", (2.0, 2.0), (2.0, 2.0), [(None, 1.0)]),
    ("out of the picture", (0.95, 0.35), (1.05, 0.35), [((9, 3), 0.5), (None, 0.5)]),
    ("through a corner", (0.35, 0.35), (0.45, 0.45), [((3, 3), 0.5), ((4, 4), 0.5)]),
]


@pytest.mark.parametrize(("start", "end", "pieces"), [pytest.param(*row[1:], id=row[0]) for row in WAYS])
def test_a_way_is_shared_among_the_cells(start: Point, end: Point, pieces: list[tuple[Cell | None, float]]) -> None:
    found = [(cell, share) for cell, share in GRID.pieces(start, end) if share > 1e-9]
    assert [cell for cell, _ in found] == [cell for cell, _ in pieces]
    assert [share for _, share in found] == pytest.approx([share for _, share in pieces])


@given(PLACES, PLACES)
def test_the_shares_make_one_whole_way_of_neighbours(start: Point, end: Point) -> None:
    pieces = GRID.pieces(start, end)
    assert sum(share for _, share in pieces) == pytest.approx(1.0)
    cells = [cell for cell, share in pieces if cell is not None and share > 1e-9]
    for (a, b), (c, d) in pairwise(cells):
        assert max(abs(a - c), abs(b - d)) <= 1
    assert all(0 <= column < 10 and 0 <= row < 6 for column, row in cells)


@pytest.mark.parametrize("point", [(1e308, -1e308), (-1e300, 0.3), (0.5, 1e18)])
def test_very_far_off_is_drawn_near_and_costs_nothing(point: Point) -> None:
    near = GRID.near(point)
    assert GRID.cell_of(near) is None
    assert len(GRID.pieces(near, GRID.near((-point[0], -point[1])))) <= GRID.columns + GRID.rows + 3
    assert GRID.near((0.2, 0.3)) == (0.2, 0.3)
