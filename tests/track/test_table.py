"""Columns in one block behave as the fields of a structured array do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.track import footprint, motion
from footfall.track.settings import MotionSettings
from footfall.track.table import Layout, Table, columns, joined, scalar
from footfall.track.tracks import LAYOUT, TRACK

SEEDS = st.integers(0, 2**32 - 1)


def people(count: int, seed: int) -> tuple[np.ndarray, Table]:
    """The same people as a structured array and as a table; no field is 0 or less."""
    rng = np.random.default_rng(seed)
    structured, table = np.zeros(count, TRACK), Table.zeros(LAYOUT, count)
    for name in TRACK.names or ():
        if name != "id":
            structured[name] = rng.uniform(0.1, 0.9, structured[name].shape)
            table[name] = structured[name]
    structured["id"] = [f"p{k}" if k % 3 else None for k in range(count)]
    table["id"] = structured["id"]
    return structured, table


def are_same(structured: np.ndarray, table: Table) -> bool:
    names = TRACK.names or ()
    return len(structured) == len(table) and all((structured[name] == table[name]).all() for name in names)


@given(st.integers(0, 9), SEEDS)
@settings(max_examples=50, deadline=None)
def test_rows_are_taken_put_and_joined_as_those_of_a_structured_array(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    structured, table = people(count, seed)
    rows, mask = rng.permutation(count)[: count // 2], rng.random(count) < 0.5
    assert are_same(structured, table)
    assert are_same(structured[rows], table[rows])
    assert are_same(structured[mask], table[mask])
    assert are_same(np.concatenate([structured, structured[rows]]), joined([table, table[rows]]))
    others, other_table = people(len(rows), seed + 1)
    structured[rows], table[rows] = others, other_table
    assert are_same(structured, table)


def test_columns_are_views_and_rows_are_copies() -> None:
    _, table = people(3, 1)
    part = table[np.array([1])]
    table["cxcywh"][1, 3] = 7.0
    assert table["cxcywh"].shape == (3, 4)
    assert table["cxcywh"][1, 3] == 7.0
    assert part["cxcywh"][0, 3] != 7.0


def test_a_name_that_is_no_column_is_an_error() -> None:
    with pytest.raises(KeyError, match="shoe_size"):
        Table.zeros(LAYOUT, 1)["shoe_size"]


def changed(rows: Any, seed: int) -> Any:
    """After a step of time, a sight and a look at the feet."""
    rng, spec = np.random.default_rng(seed), MotionSettings()
    boxes, noise = rng.uniform(0.1, 0.9, (len(rows), 4)), rng.uniform(0.05, 0.2, len(rows))
    motion.predict(rows, 0.1, spec)
    motion.correct(rows, np.arange(len(rows))[::-1], boxes, noise)
    motion.correct(rows, None, boxes, noise)
    footprint.stand(rows, boxes, np.full(len(rows), 0.1), 0.9, (0.1, 0.4))
    return rows


@given(st.integers(0, 9), SEEDS)
@settings(max_examples=50, deadline=None)
def test_people_move_alike_in_both(count: int, seed: int) -> None:
    structured, table = people(count, seed)
    assert are_same(changed(structured, seed), changed(table, seed))


def test_a_layout_knows_how_many_numbers_a_row_has() -> None:
    layout = Layout(np.dtype([("box", "f8", 4), ("id", "O"), ("score", "f8")]))
    assert (layout.places, layout.height) == ({"box": slice(0, 4), "score": 4}, 5)


def test_a_single_table_is_joined_to_itself() -> None:
    structured, table = people(3, 1)
    assert are_same(structured, joined([table]))


def test_neighbouring_columns_are_one_block_of_views() -> None:
    layout = Layout(np.dtype([("score", "f8"), ("at", "f8", 2), ("size", "f8", 2), ("x", "f8"), ("y", "f8")]))
    table = Table.zeros(layout, 3)
    for number, name in enumerate(("at", "size", "x", "y")):
        table[name] = number
    at, size = columns(table, ("at", "size"))
    assert (at.tolist(), size.tolist()) == ([[0.0] * 3] * 2, [[1.0] * 3] * 2)
    assert [column.tolist() for column in columns(table, ("x", "y"))] == [[2.0] * 3, [3.0] * 3]
    size[1, 2] = 7.0
    assert table["size"].tolist() == [[1.0, 1.0], [1.0, 1.0], [1.0, 7.0]]


def test_a_scalar_is_an_array_without_dimensions() -> None:
    assert (scalar(0.25).shape, scalar(0.25).dtype, float(scalar(0.25))) == ((), np.float64, 0.25)
