from __future__ import annotations

import numpy as np
import pytest

from footfall.learning.calibration import COLDEST, HOTTEST, probabilities, soft_truth, surprise, temperature
from footfall.learning.lesson import Kind

KINDS = [Kind.MULTICLASS, Kind.MULTILABEL]


def sampled(kind: Kind, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Scores, and a truth that comes true as often as they say."""
    rng = np.random.default_rng(3)
    scores = rng.normal(0, 2, (count, 3))
    chance = probabilities(scores, kind)
    if kind is Kind.MULTILABEL:
        return scores, rng.random(chance.shape) < chance
    drawn = (rng.random((count, 1)) > chance.cumsum(axis=1)).sum(axis=1).clip(0, 2)
    return scores, np.eye(3, dtype=bool)[drawn]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("boast", [0.5, 1.0, 4.0])
def test_boasting_is_taken_back(kind: Kind, boast: float) -> None:
    scores, truth = sampled(kind)
    assert temperature(scores * boast, truth, kind) == pytest.approx(boast, rel=0.1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_few_right_answers_prove_no_certainty(kind: Kind) -> None:
    truth = np.eye(2, dtype=bool)[np.arange(10) % 2]
    scores = np.where(truth, 5.0, -5.0)
    sure = probabilities(scores / temperature(scores, truth, kind), kind)[truth]
    assert (sure > 0.8).all()
    assert (sure < 0.95).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scores", [np.zeros((4, 2)), np.full((4, 2), 1e6), np.zeros((0, 2))])
def test_scores_without_sense_stay_in_bounds(kind: Kind, scores: np.ndarray) -> None:
    truth = np.eye(2, dtype=bool)[np.arange(len(scores)) % 2]
    assert COLDEST <= temperature(scores, truth, kind) <= HOTTEST


@pytest.mark.parametrize("kind", KINDS)
def test_probabilities(kind: Kind) -> None:
    told = probabilities(np.array([[800.0, -800.0], [0.0, 0.0]]), kind)
    assert told.dtype == np.float32
    assert told[0].tolist() == [1.0, 0.0]
    assert told[1].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("kind", KINDS)
def test_the_truth_surprises_least(kind: Kind) -> None:
    truth = np.eye(2, dtype=bool)[np.arange(20) % 2]
    softened = soft_truth(truth, kind)
    right, wrong = np.where(truth, 2.0, -2.0), np.where(truth, -2.0, 2.0)
    assert surprise(right, softened, kind) < surprise(wrong, softened, kind)
