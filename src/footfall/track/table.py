"""Rows with named columns, as of a structured array, but column by column in one block of numbers.

NumPy takes rows out of a structured array field by field; here it is one copy, and each column lies in one piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import prod
from typing import Any, Self, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = NDArray[np.intp]


def scalar(value: float) -> Floats:
    """A number that meets arrays again and again: NumPy takes one without dimensions in half the time of a float."""
    return np.array(value)


class Layout:
    """Where the fields of a structured type lie in a block of numbers; at most one of them is an object.

    Args:
        row: fields of float64, and shapes of them.
    """

    def __init__(self, row: np.dtype[np.void]) -> None:
        self.places: dict[str, int | slice] = {}
        self.height = 0
        for name in row.names or ():
            field = row[name]
            if not field.hasobject:
                count = prod(field.shape)
                self.places[name] = slice(self.height, self.height + count) if field.shape else self.height
                self.height += count


class Table:
    """Rows of one layout; columns are views: `table["score"]` is (n,), `table["cxcywh"]` (n, 4).

    Args:
        layout: names and places of the columns.
        numbers: (layout.height, n) float64.
        ids: (n,) object, the column "id".
    """

    __slots__ = ("_columns", "ids", "layout", "numbers")

    def __init__(self, layout: Layout, numbers: Floats, ids: NDArray[np.object_]) -> None:
        self.layout, self.numbers, self.ids = layout, numbers, ids
        self._columns: dict[str, NDArray[Any]] = {"id": ids}

    @classmethod
    def zeros(cls, layout: Layout, count: int) -> Self:
        """All numbers 0, all ids None."""
        return cls(layout, np.zeros((layout.height, count)), np.full(count, None, np.object_))

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, key: str) -> NDArray[Any]: ...
    @overload
    def __getitem__(self, key: Rows | Flags) -> Table: ...
    def __getitem__(self, key: str | Rows | Flags) -> NDArray[Any] | Table:
        if isinstance(key, str):
            column = self._columns.get(key)
            if column is None:
                column = self._columns[key] = self.numbers[self.layout.places[key]].T
            return column
        rows: Any = key.nonzero()[0] if key.dtype == np.bool_ else key
        return self.take(rows)

    def take(self, rows: Rows) -> Table:
        """A copy of these rows, in this order."""
        return Table(self.layout, self.numbers.take(rows, axis=1), self.ids.take(rows))

    def __setitem__(self, key: str | Rows, value: Any) -> None:
        if isinstance(key, str):
            self[key][...] = value
        else:
            self.numbers[:, key] = value.numbers
            self.ids[key] = value.ids


@lru_cache(maxsize=64)
def _span(layout: Layout, names: tuple[str, ...]) -> tuple[slice, tuple[int, ...]]:
    """Where fields of one shape lie that follow each other, and the shape of their numbers in one row."""
    first, count = layout.places[names[0]], len(names)
    if isinstance(first, int):
        return slice(first, first + count), (count,)
    height = first.stop - first.start
    return slice(first.start, first.start + count * height), (count, height)


def columns(rows: Table | NDArray[np.void], names: tuple[str, ...]) -> Iterable[Floats]:
    """Fields of one shape, which follow each other in a table's layout: views of (n,), or (k, n) for a field of k."""
    if isinstance(rows, Table):
        place, shape = _span(rows.layout, names)
        block: Floats = rows.numbers[place].reshape((*shape, len(rows)))
        return block
    return [rows[name].T for name in names]


def joined(tables: Sequence[Table]) -> Table:
    """The rows of several tables of one layout, one after the other."""
    numbers = np.concatenate([table.numbers for table in tables], axis=1)
    return Table(tables[0].layout, numbers, np.concatenate([table.ids for table in tables]))
