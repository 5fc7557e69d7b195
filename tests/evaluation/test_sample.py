from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.evaluation.sample import spread, triples


@pytest.mark.parametrize(
    ("total", "count", "run", "chosen"),
    [
        pytest.param(5, 9, 3, [0, 1, 2, 3, 4], id="few: all of them"),
        pytest.param(100, 3, 1, [0, 49, 99], id="singles from first to last"),
        pytest.param(100, 6, 3, [0, 1, 2, 97, 98, 99], id="two runs, one at either end"),
        pytest.param(100, 2, 3, [0, 1], id="less than a run"),
        pytest.param(0, 3, 3, [], id="nothing"),
    ],
)
def test_spread(total: int, count: int, run: int, chosen: list[int]) -> None:
    assert spread(total, count, run) == chosen


@given(st.integers(0, 500), st.integers(1, 100), st.integers(1, 4))
def test_never_more_than_asked_and_never_beyond(total: int, count: int, run: int) -> None:
    chosen = spread(total, count, run)
    assert len(set(chosen)) == len(chosen) <= count
    assert chosen == sorted(chosen)
    assert all(0 <= number < total for number in chosen)
    assert bool(chosen) == bool(total)


def test_triples_are_neighbours() -> None:
    assert triples([0, 1, 2, 3, 7, 8, 9, 20]) == [(0, 1, 2), (1, 2, 3), (7, 8, 9)]
