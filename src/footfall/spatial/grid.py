"""Square cells over a rectangle of a plane: the picture in image widths, or the floor in metres."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor
from typing import TypeAlias

from footfall.core.geometry import Box, Point

Cell: TypeAlias = tuple[int, int]
"""(column, row), from 0 at the corner with the smallest coordinates."""

BEYOND = 1.0
"""Points farther off than this many sizes of the grid are drawn near, so that no number is too large."""


@dataclass(frozen=True, slots=True)
class Grid:
    """`columns` x `rows` squares of side `cell`, the first with its corner at `low`, all in the plane's unit."""

    low: Point
    cell: float
    columns: int
    rows: int

    @classmethod
    def over(cls, low: Point, high: Point, cell: float) -> Grid:
        """Cells that cover the rectangle from `low` to `high`; the last ones may stick out.

        Raises:
            ValueError: the cell or the rectangle has no size.
        """
        width, height = high[0] - low[0], high[1] - low[1]
        if not (cell > 0.0 and width > 0.0 and height > 0.0):
            raise ValueError(f"no cells of {cell} fit into {width} x {height}")
        columns, rows = (max(1, ceil(round(side / cell, 6))) for side in (width, height))
        return cls(low, cell, columns, rows)

    def cell_of(self, point: Point) -> Cell | None:
        """Where a point lies, the outer border included; None outside."""
        u, v = self._in_cells(point)
        if not (0.0 <= u <= self.columns and 0.0 <= v <= self.rows):
            return None
        return min(floor(u), self.columns - 1), min(floor(v), self.rows - 1)

    def pieces(self, start: Point, end: Point) -> list[tuple[Cell | None, float]]:
        """The cells that the straight way from `start` to `end` leads through, each with its share of the way.

        The shares add up to 1. What lies outside has no cell.
        """
        here = self.cell_of(start)
        if here is not None and here == self.cell_of(end):
            return [(here, 1.0)]
        a, b = self._in_cells(start), self._in_cells(end)
        cuts = {0.0, 1.0, *_cuts(a[0], b[0], self.columns), *_cuts(a[1], b[1], self.rows)}
        pieces: list[tuple[Cell | None, float]] = []
        for first, last in pairwise(sorted(cuts)):
            middle = (first + last) / 2
            u, v = a[0] + middle * (b[0] - a[0]), a[1] + middle * (b[1] - a[1])
            is_inside = 0.0 <= u < self.columns and 0.0 <= v < self.rows
            pieces.append(((floor(u), floor(v)) if is_inside else None, last - first))
        return pieces

    def near(self, point: Point) -> Point:
        """The point, or, if it is very far off, the nearest one within reach."""
        width, height = self.columns * self.cell * BEYOND, self.rows * self.cell * BEYOND
        return (
            min(max(point[0], self.low[0] - width), self.low[0] + self.columns * self.cell + width),
            min(max(point[1], self.low[1] - height), self.low[1] + self.rows * self.cell + height),
        )

    def box(self, cell: Cell) -> Box:
        """Low and high corner of a cell in the plane's unit."""
        x, y = self.low[0] + cell[0] * self.cell, self.low[1] + cell[1] * self.cell
        return x, y, x + self.cell, y + self.cell

    def _in_cells(self, point: Point) -> Point:
        return (point[0] - self.low[0]) / self.cell, (point[1] - self.low[1]) / self.cell


def _cuts(start: float, end: float, count: int) -> list[float]:
    """Where the way from `start` to `end` passes the borders 0..count, as shares of the way."""
    if start == end:
        return []
    first, last = max(0, ceil(min(start, end))), min(count, floor(max(start, end)))
    shares = ((border - start) / (end - start) for border in range(first, last + 1))
    return [share for share in shares if 0.0 < share < 1.0]
