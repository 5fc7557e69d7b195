"""Linear heads: what every feature says for and against every tag.

Logistic regression on standardised features, projected on the directions in which the examples differ; standardisation,
projection and regression are one matrix in the end.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.learning.lesson import Kind

F32: TypeAlias = NDArray[np.float32]
F64: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

MOST_DIRECTIONS = 384
MOST_SQUARE = 1500
"""Up to so many rows or features the directions are exact; beyond they are sought."""
_STILL = 1e-5
_NOISE = 1e-6
"""Share of the strongest direction's energy, below which rounding speaks."""
_STEPS = 300


@dataclass(frozen=True, slots=True)
class Directions:
    """From features to the few numbers that a regression sees: `features @ weights + bias`."""

    weights: F64
    bias: F64

    def of(self, features: F32) -> F64:
        """(n, features) -> (n, directions)."""
        return np.asarray(features @ self.weights + self.bias)


@dataclass(frozen=True, slots=True)
class Head:
    """What it sees to scores: `seen @ weights + bias`."""

    weights: F64
    """(directions or features, tags)"""
    bias: F64
    """(tags,)"""

    def scores(self, seen: F32 | F64) -> F64:
        """(n, directions or features) -> (n, tags), any number."""
        return np.asarray(seen @ self.weights + self.bias)

    def cooled(self, temperature: float) -> Head:
        """The same with its scores divided."""
        return Head(self.weights / temperature, self.bias / temperature)

    def on_features(self, seen: Directions) -> Head:
        """A head that sees directions, as one that sees features."""
        return Head(seen.weights @ self.weights, seen.bias @ self.weights + self.bias)


def directions(features: F32, widths: Sequence[int], seed: int) -> Directions:
    """Where examples differ.

    Args:
        features: (n, features), blocks side by side.
        widths: number of features of each block; every block counts as much as any other, however many it has.
        seed: of the search where there are many features.
    """
    from sklearn.utils.extmath import randomized_svd  # noqa: PLC0415 an optional extra

    mean = features.mean(axis=0, dtype=np.float64)
    spread = features.std(axis=0, dtype=np.float64)
    share = np.concatenate([np.full(width, 1 / np.sqrt(width)) for width in widths])
    scale = np.where(spread > _STILL, share / np.maximum(spread, _STILL), 0.0)
    standard = ((features - mean) * scale).astype(np.float32)
    if min(standard.shape) > MOST_SQUARE:
        _, _, across = randomized_svd(standard, MOST_DIRECTIONS, n_iter=2, random_state=seed)
    else:
        across = _across(standard)
    weights = scale[:, None] * across.T.astype(np.float64)
    return Directions(weights, -mean @ weights)


def _across(standard: F32) -> F64:
    """Principal directions of centred rows, (directions, features), by the smaller of their two products."""
    count, width = standard.shape
    product = standard @ standard.T if count <= width else standard.T @ standard
    strengths, vectors = np.linalg.eigh(product.astype(np.float64))
    strengths, vectors = strengths[::-1][:MOST_DIRECTIONS], vectors[:, ::-1][:, :MOST_DIRECTIONS]
    telling = max(1, int(np.count_nonzero(strengths > _NOISE * max(strengths[0], _STILL))))
    strengths, vectors = np.maximum(strengths[:telling], _STILL), vectors[:, :telling]
    across = vectors.T if count > width else (vectors / np.sqrt(strengths)).T @ standard
    return np.asarray(across, np.float64)


def fit(inputs: F64, truth: Flags, kind: Kind, strength: float) -> Head:
    """The regression of tags on what is seen.

    Args:
        inputs: (n, directions).
        truth: (n, tags); of multiclass exactly one in each row.
        kind: multiclass (softmax) or multilabel (each tag for itself).
        strength: how far examples are believed: the inverse of the penalty on weights, C.
    """
    if kind is Kind.MULTILABEL:
        columns = [_one(inputs, truth[:, tag], strength) for tag in range(truth.shape[1])]
        return Head(np.stack([column[0] for column in columns], 1), np.array([column[1] for column in columns]))
    return Head(*_all(inputs, truth.argmax(axis=1), truth.shape[1], strength))


def _one(inputs: F64, has: Flags, strength: float) -> tuple[F64, float]:
    """Weights and bias of one tag for itself."""
    if has.all() or not has.any():
        odds = (has.sum() + 1) / (len(has) - has.sum() + 1)
        return np.zeros(inputs.shape[1]), float(np.log(odds))
    weights, bias = _regress(inputs, has.astype(np.int64), strength)
    return weights[0], float(bias[0])


def _all(inputs: F64, tag: NDArray[np.int64], tag_count: int, strength: float) -> tuple[F64, F64]:
    """Weights (directions, tags) and bias of all tags together."""
    known = np.unique(tag)
    weights, bias = np.zeros((inputs.shape[1], tag_count)), np.full(tag_count, -30.0)
    if len(known) == 1:
        bias[known] = 0.0
        return weights, bias
    learned, offset = _regress(inputs, tag, strength)
    if len(known) == 2:
        learned, offset = np.vstack([-learned, learned]) / 2, np.concatenate([-offset, offset]) / 2
    weights[:, known], bias[known] = learned.T, offset
    return weights, bias


def _regress(inputs: F64, tag: NDArray[np.int64], strength: float) -> tuple[F64, F64]:
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415 an optional extra
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # after so many steps it is good enough
        model = LogisticRegression(C=strength, max_iter=_STEPS, tol=1e-4).fit(inputs, tag)
    return model.coef_, model.intercept_
