"""Who is examined by whom: every example is held out once, and every fold has its share of every tag."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_FOLDS = 5


def stratified_folds(truth: NDArray[np.bool_], seed: int, most: int = MOST_FOLDS) -> NDArray[np.int16]:
    """Deal examples to folds, the rarest tag first, each example to the fold that lacks its tag most.

    Sechidis, Tsoumakas and Vlahavas 2011, "On the stratification of multi-label data".

    Args:
        truth: (examples, tags).
        seed: decides the order within a tag.
        most: so many folds at most.

    Returns:
        (examples,) number of the fold, below `fold_count(truth)` and `most`.
    """
    count = min(most, fold_count(truth))
    order = np.random.default_rng(seed).permutation(len(truth))
    tallies = np.zeros((count, truth.shape[1]), np.int64)
    sizes = np.zeros(count, np.int64)
    folds = np.full(len(truth), -1, np.int16)
    for tag in np.argsort(truth.sum(axis=0), kind="stable"):
        for example in order[truth[order, tag] & (folds[order] < 0)]:
            _deal(example, tag, truth, folds, (tallies, sizes))
    for example in order[folds[order] < 0]:
        _deal(example, None, truth, folds, (tallies, sizes))
    return folds


def fold_count(truth: NDArray[np.bool_]) -> int:
    """As many folds as the rarest tag that occurs at all has examples, but 2 to 5."""
    counts = truth.sum(axis=0)
    return int(np.clip(counts[counts > 0].min(initial=MOST_FOLDS), 2, MOST_FOLDS))


def _deal(
    example: int,
    tag: int | None,
    truth: NDArray[np.bool_],
    folds: NDArray[np.int16],
    state: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> None:
    tallies, sizes = state
    has = tallies[:, tag] if tag is not None else np.zeros(len(sizes), np.int64)
    fold = int(np.lexsort((sizes, has))[0])
    folds[example] = fold
    tallies[fold] += truth[example]
    sizes[fold] += 1
