from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.track.association import NEVER, assign, covered, gate, head_overlap, hidden_share, mutual, overlap

NO_GROWTH = np.zeros(1)


def one(*cxcywh: float) -> np.ndarray:
    return np.array([cxcywh], np.float64)


@pytest.mark.parametrize(
    ("a", "b", "modulated", "expected"),
    [
        pytest.param(one(0, 0, 2, 4), one(0, 0, 2, 4), True, 1.0, id="the same"),
        pytest.param(one(0, 0, 2, 4), one(1, 0, 2, 4), False, 1 / 3, id="half a width aside"),
        pytest.param(one(0, 0, 2, 4), one(1, 0, 2, 4), True, 1 / 3, id="half a width aside, same height"),
        pytest.param(one(0, 0, 2, 4), one(0, 0, 2, 2), True, 1 / 4, id="half as tall"),
        pytest.param(one(0, 0, 2, 4), one(2, 0, 2, 4), True, 0.0, id="side by side"),
        pytest.param(one(0, 0, 2, 4), one(9, 9, 2, 4), True, 0.0, id="apart"),
    ],
)
def test_overlap(a: np.ndarray, b: np.ndarray, modulated: bool, expected: float) -> None:
    assert overlap(a, b, NO_GROWTH, modulated=modulated)[0, 0] == pytest.approx(expected)
    assert overlap(b, a, NO_GROWTH, modulated=modulated)[0, 0] == pytest.approx(expected)


def test_expanded_boxes_meet() -> None:
    assert overlap(one(0, 0, 2, 4), one(2.2, 0, 2, 4), np.array([0.1]))[0, 0] > 0


def test_covered_is_the_share_of_the_first() -> None:
    assert covered(one(0, 1, 2, 2), one(0, 0, 2, 4))[0, 0] == pytest.approx(1.0)
    assert covered(one(0, 0, 2, 4), one(0, 1, 2, 2))[0, 0] == pytest.approx(0.5)


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_assignment_is_one_to_one_and_never_below_the_least(n: int, m: int, seed: int) -> None:
    gain = np.random.default_rng(seed).uniform(-1, 1, (n, m))
    rows, columns = assign(gain, 0.2)
    assert len(set(rows.tolist())) == len(rows) == len(set(columns.tolist())) == len(columns)
    assert (gain[rows, columns] >= 0.2).all()
    left = np.delete(np.delete(gain, rows, axis=0), columns, axis=1)
    assert not (left >= 0.2).any()


def test_assignment_takes_the_best_total() -> None:
    rows, columns = assign(np.array([[0.9, 0.8], [0.8, 0.1]]), 0.2)
    assert sorted(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 1), (1, 0)]


def test_gate_wants_long_lost_tracks_alone() -> None:
    near = np.array([[1.0], [2.0]])
    everywhere = np.ones((2, 1), np.bool_)
    assert gate(near, everywhere, np.array([True, False]), np.full(2, 4.0)).tolist() == [[3.0], [NEVER]]
    assert gate(near[:1], everywhere[:1], np.array([False]), np.full(1, 4.0)).tolist() == [[3.0]]
    assert gate(near[:1], ~everywhere[:1], np.array([True]), np.full(1, 4.0)).tolist() == [[NEVER]]


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_mutual_pairs_are_each_others_best(n: int, m: int, seed: int) -> None:
    gain = np.random.default_rng(seed).uniform(-1, 1, (n, m))
    rows, columns = mutual(gain, 0.2)
    pairs = {(i, j) for i in range(n) for j in range(m) if gain[i, j] == max(*gain[i], *gain[:, j], 0.2)}
    assert set(zip(rows.tolist(), columns.tolist(), strict=True)) == pairs


def test_an_upper_body_fits_the_upper_part_of_a_whole_one() -> None:
    whole, upper, lower = one(0, 0, 2, 4), one(0, -1, 2, 2), one(0, 1, 2, 2)
    assert head_overlap(whole, upper, NO_GROWTH)[0, 0] == pytest.approx(1.0)
    assert head_overlap(whole, lower, NO_GROWTH)[0, 0] == pytest.approx(0.0)
    assert head_overlap(upper, whole, NO_GROWTH)[0, 0] == pytest.approx(overlap(upper, whole, NO_GROWTH)[0, 0])


def test_what_is_hidden_is_covered_by_somebody_who_reaches_lower() -> None:
    upper, cover, aside = one(0, -1, 2, 2), one(1, 2, 2, 4), one(9, 2, 2, 4)
    first = np.zeros(1, np.intp)
    assert hidden_share(one(0, 0, 2, 4), np.concatenate([upper, cover]), first)[0] == pytest.approx(0.5)
    assert hidden_share(one(0, 0, 2, 4), np.concatenate([upper, aside]), first)[0] == 0.0
    assert hidden_share(one(0, 0, 2, 4), upper, first)[0] == 0.0
