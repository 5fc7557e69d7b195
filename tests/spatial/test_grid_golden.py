"""Points and ways on three grids, those on the very borders of cells too, written down."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from footfall.spatial.grid import Grid
from written import assert_as_written, in_json


def story() -> Iterator[str]:
    lot = Random(75)
    grids = (
        Grid.over((-1.0, 0.5), (2.0, 2.25), 0.25),
        Grid.over((0.3, -0.7), (1.0, 4.0), 0.4),
        Grid.over((4.0, 4.0), (5.0, 8.0), 8.0),
    )
    for grid in grids:
        yield in_json(grid, grid.box((2, 5)))
        for _ in range(150):
            exact = lot.random() < 0.6
            points = [
                tuple(
                    low + (lot.randrange(-2, count + 3) if exact else lot.uniform(-6.0, 1.5 * count + 3.0)) * grid.cell
                    for low, count in zip(grid.low, (grid.columns, grid.rows), strict=True)
                )
                for _ in range(2)
            ]
            start, end = ((x, y) for x, y in points)
            far = (100.0 * (start[0] - 1.0), 100.0 * (end[1] - 1.0))
            yield in_json(start, end, grid.cell_of(start), grid.pieces(start, end), grid.near(far), grid.near(start))


def test_points_and_ways_lie_where_they_lay() -> None:
    assert_as_written("spatial/grid", story())
