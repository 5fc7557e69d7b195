"""How good a model is, by what it told about pictures that it had not learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footfall.learning.lesson import Example, HeldOut


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one tag, or of all."""

    precision: float
    """Share of the answers at or above the threshold that are right; 0 where there is no answer."""
    precision_std: float
    """Standard deviation of it over the folds."""
    recall: float
    """Share of the truth that was told at or above the threshold; 0 where there is no truth."""
    recall_std: float
    average_precision: float | None
    """Area under the curve of precision over recall; None where there is no truth."""


@dataclass(frozen=True, slots=True)
class Performance:
    """Figures of a model."""

    overall: Figures
    """Precision and recall over all answers together, average precision as the mean of the tags'."""
    tags: tuple[Figures, ...]
    """In the order of the lesson's tags."""


def classification(
    examples: Sequence[Example], tag_count: int, held_out: HeldOut, threshold: float = 0.5
) -> Performance:
    """Figures of a classifier."""
    raise NotImplementedError


def detection(
    examples: Sequence[Example], tag_count: int, held_out: HeldOut, threshold: float = 0.5, overlap: float = 0.3
) -> Performance:
    """Figures of a detector; a box counts as right when it overlaps a true one of its tag at least so much (IoU)."""
    raise NotImplementedError


def average_precision(is_right: NDArray[np.bool_], scores: NDArray[np.float32], truths: int) -> float | None:
    """Area under the precision-recall curve, sum of precision times the rise of recall, equal scores taken together.

    Args:
        is_right: (n,) of each answer.
        scores: (n,)
        truths: how many there were to find.
    """
    raise NotImplementedError
