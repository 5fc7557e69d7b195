from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.learning.folds import fold_count, stratified_folds


def one_tag(counts: list[int]) -> np.ndarray:
    return np.eye(len(counts), dtype=bool)[np.repeat(np.arange(len(counts)), counts)]


@pytest.mark.parametrize(
    ("counts", "folds"),
    [
        pytest.param([20, 30], 5, id="never more than five"),
        pytest.param([3, 30], 3, id="as many as the rarest tag has"),
        pytest.param([1, 30], 2, id="never fewer than two"),
        pytest.param([0, 4], 4, id="a tag that nobody has does not count"),
    ],
)
def test_fold_count(counts: list[int], folds: int) -> None:
    assert fold_count(one_tag(counts)) == folds


@given(st.lists(st.integers(5, 23), min_size=2, max_size=6), st.integers(0, 5))
def test_every_fold_has_its_share_of_every_tag(counts: list[int], seed: int) -> None:
    truth = one_tag(counts)
    folds = stratified_folds(truth, seed)
    for tag in range(len(counts)):
        shares = np.bincount(folds[truth[:, tag]], minlength=5)
        assert shares.max() - shares.min() <= 1


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=40), st.integers(0, 5))
def test_any_truth_is_dealt_whole(rows: list[list[bool]], seed: int) -> None:
    truth = np.array(rows)
    folds = stratified_folds(truth, seed)
    assert ((folds >= 0) & (folds < fold_count(truth))).all()
    assert (folds == stratified_folds(truth, seed)).all()


def test_several_tags_are_spread() -> None:
    rng = np.random.default_rng(1)
    truth = rng.random((200, 4)) < [0.5, 0.3, 0.1, 0.05]
    folds = stratified_folds(truth, 1)
    for tag in range(4):
        shares = np.bincount(folds[truth[:, tag]], minlength=5)
        assert shares.min() >= truth[:, tag].sum() // 5 - 2
