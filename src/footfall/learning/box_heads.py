"""Linear heads, solved: principal components, multinomial logistic regression, ridge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, eigh
from scipy.optimize import minimize

F32: TypeAlias = NDArray[np.float32]

ENOUGH: Final = 1e-5
"""Where a step improves the loss by less than this share, logistic regression ends."""


@dataclass(frozen=True, slots=True)
class Projection:
    """From what is seen to its principal components, each divided by a power of its spread."""

    mean: F32
    """(d,)"""
    axes: F32
    """(d, k)"""

    def __call__(self, seen: F32) -> F32:
        """(n, d) -> (n, k)."""
        return np.asarray((seen - self.mean) @ self.axes, np.float32)


@dataclass(frozen=True, slots=True)
class Linear:
    """y = x @ weights + bias."""

    weights: F32
    """(d, outputs)"""
    bias: F32
    """(outputs,)"""

    def __call__(self, x: F32) -> F32:
        """(n, d) -> (n, outputs)."""
        return np.asarray(x @ self.weights + self.bias, np.float32)

    def after(self, projection: Projection) -> Linear:
        """The same answer from what was there before the projection."""
        weights = projection.axes @ self.weights
        return Linear(weights, np.asarray(self.bias - projection.mean @ weights, np.float32))

    def beside(self, other: Linear) -> Linear:
        """The outputs of both, one after the other."""
        return Linear(np.concatenate([self.weights, other.weights], axis=1), np.concatenate([self.bias, other.bias]))


def fit_projection(seen: F32, components: int, whitening: float) -> Projection:
    """Principal components.

    Args:
        seen: (n, d)
        components: how many at most.
        whitening: 0 leaves the components as wide as they are against each other, 1 makes them alike; the widest has
            a spread of 1.
    """
    mean = seen.mean(axis=0, dtype=np.float64).astype(np.float32)
    centred = seen - mean
    rows, width = seen.shape
    is_tall = rows > width
    products = centred.T @ centred if is_tall else centred @ centred.T
    size = len(products)
    kept = min(components, size)
    squares, axes = eigh(products.astype(np.float64), subset_by_index=(size - kept, size - 1))
    squares = np.maximum(squares[::-1], max(1e-6 * float(squares[-1]), 1e-12))
    axes = axes[:, ::-1] if is_tall else centred.T @ axes[:, ::-1] / np.sqrt(squares)
    spread = np.sqrt(squares / squares[0])
    return Projection(mean, np.asarray(axes / np.sqrt(squares[0] / rows) / spread**whitening, np.float32))


def fit_softmax(x: F32, labels: NDArray[np.int64], weights: F32, classes: int, decay: float) -> Linear:
    """Multinomial logistic regression by L-BFGS, the bias free.

    Args:
        x: (n, d)
        labels: (n,) 0..classes - 1.
        weights: (n,) how much each row counts.
        classes: outputs.
        decay: how much the squares of the weights cost, against the mean loss of a row.
    """
    count, width = x.shape
    share = (weights / max(float(weights.sum()), 1e-12)).astype(np.float32)
    rows = np.arange(count)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = flat.reshape(width + 1, classes)
        logits = x @ table[:-1].astype(np.float32) + table[-1].astype(np.float32)
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        total = chances.sum(axis=1, keepdims=True)
        value = float(share @ (np.log(total[:, 0]) - logits[rows, labels]))
        chances /= total
        chances[rows, labels] -= 1.0
        chances *= share[:, None]
        slope = np.empty_like(table)
        slope[:-1] = x.T @ chances + decay * table[:-1]
        slope[-1] = chances.sum(axis=0)
        return value + 0.5 * decay * float((table[:-1] ** 2).sum()), slope.reshape(-1)

    start = np.zeros((width + 1) * classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150, "ftol": ENOUGH})
    table = found.x.reshape(width + 1, classes).astype(np.float32)
    return Linear(table[:-1], table[-1])


def fit_ridge(x: F32, y: F32, weights: F32, decay: float) -> Linear:
    """Ridge regression, the bias free.

    Args:
        x: (n, d)
        y: (n, outputs)
        weights: (n,)
        decay: how much the squares of the weights cost, against the mean loss of a row.
    """
    share = (weights / max(float(weights.sum()), 1e-12)).astype(np.float64)
    x_mean, y_mean = share @ x, share @ y
    x_centred, y_centred = (x - x_mean).astype(np.float64), y - y_mean
    gram = (x_centred * share[:, None]).T @ x_centred
    gram[np.diag_indices_from(gram)] += decay
    table = cho_solve(cho_factor(gram, lower=True), (x_centred * share[:, None]).T @ y_centred)
    return Linear(table.astype(np.float32), (y_mean - x_mean @ table).astype(np.float32))


def softmax(logits: F32) -> F32:
    """(n, classes) -> (n, classes)."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
