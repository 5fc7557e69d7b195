"""How sure a model may be: scores divided by a temperature, so that they fit what came true.

Guo et al. 2017, "On calibration of modern neural networks"; the truth is softened a little (Platt 1999), because few
examples never prove certainty.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_expit, log_softmax, softmax

from footfall.learning.lesson import Kind

F64: TypeAlias = NDArray[np.float64]

COLDEST, HOTTEST = 0.05, 20.0


def temperature(scores: F64, truth: NDArray[np.bool_], kind: Kind) -> float:
    """The temperature at which held-out scores are least surprised by the truth.

    Args:
        scores: (n, tags) of examples that the model had not learned from.
        truth: (n, tags).
        kind: multiclass or multilabel.
    """
    if not len(scores):
        return 1.0
    softened = soft_truth(truth, kind)
    found = minimize_scalar(
        lambda heat: surprise(scores / np.exp(heat), softened, kind),
        bounds=(np.log(COLDEST), np.log(HOTTEST)),
        method="bounded",
    )
    return float(np.exp(found.x))


def soft_truth(truth: NDArray[np.bool_], kind: Kind) -> F64:
    """(n, tags) 0..1: as if every tag had been seen once more, rightly and wrongly."""
    count, tags = truth.shape
    if kind is Kind.MULTILABEL:
        have = truth.sum(axis=0)
        return np.asarray(np.where(truth, (have + 1) / (have + 2), 1 / (count - have + 2)))
    doubt = 1 / (count / tags + 2)
    return np.asarray(np.where(truth, 1 - doubt, doubt / max(1, tags - 1)))


def surprise(scores: F64, truth: F64, kind: Kind) -> float:
    """Mean negative log-likelihood of a soft truth, nats per example."""
    return float(surprises(scores, truth, kind).mean())


def surprises(scores: F64, truth: F64, kind: Kind) -> F64:
    """(n,) the same of each example."""
    if kind is Kind.MULTILABEL:
        each = truth * log_expit(scores) + (1 - truth) * log_expit(-scores)
    else:
        each = truth * log_softmax(scores, axis=1)
    return np.asarray(-each.sum(axis=1))


def probabilities(scores: F64, kind: Kind) -> NDArray[np.float32]:
    """(n, tags) of scores as the model tells them."""
    told = expit(scores) if kind is Kind.MULTILABEL else softmax(scores, axis=1)
    return np.asarray(told, np.float32)
