from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.learning.box_heads import Linear, fit_projection, fit_ridge, fit_softmax, softmax


def normal(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("rows", [pytest.param(300, id="more rows than columns"), pytest.param(12, id="fewer rows")])
@pytest.mark.parametrize("whitening", [0.0, 0.5, 1.0])
def test_components_are_uncorrelated_and_the_widest_comes_first(rows, whitening):
    seen = normal(rows, 20) * np.linspace(5, 0.5, 20, dtype=np.float32) + 3
    components = fit_projection(seen, 6, whitening)(seen)
    covariance = components.T @ components / rows
    assert components.shape == (rows, 6)
    np.testing.assert_allclose(components.mean(axis=0), 0.0, atol=1e-4)
    np.testing.assert_allclose(covariance - np.diag(np.diag(covariance)), 0.0, atol=1e-3)
    assert np.diag(covariance)[0] == pytest.approx(1.0, rel=1e-3)
    assert (np.diff(np.diag(covariance)) <= 1e-3).all()


def test_what_never_changes_makes_no_nonsense():
    seen = np.full((30, 8), 7.0, np.float32)
    assert np.isfinite(fit_projection(seen, 4, 1.0)(seen)).all()


@given(st.integers(1, 5), st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_a_head_folded_over_its_projection_says_the_same(outputs, seed):
    seen = normal(40, 10, seed=seed)
    projection = fit_projection(seen, 4, 0.5)
    head = Linear(normal(4, outputs, seed=seed), normal(outputs, seed=seed + 1))
    np.testing.assert_allclose(head.after(projection)(seen), head(projection(seen)), atol=1e-4)


def test_heads_side_by_side():
    left, right = Linear(normal(3, 2), normal(2)), Linear(normal(3, 4), normal(4))
    x = normal(5, 3, seed=3)
    np.testing.assert_allclose(left.beside(right)(x), np.concatenate([left(x), right(x)], axis=1), atol=1e-6)


def test_softmax_tells_clouds_apart():
    labels = np.arange(300) % 3
    x = normal(300, 2) * 0.5 + np.array([[0, 3], [3, 0], [-3, -3]], np.float32)[labels]
    chances = softmax(fit_softmax(x, labels, np.ones(300, np.float32), 3, 1e-4)(x))
    np.testing.assert_allclose(chances.sum(axis=1), 1.0, atol=1e-5)
    assert (chances.argmax(axis=1) == labels).mean() > 0.98


def test_rows_that_weigh_nothing_teach_nothing():
    labels = np.array([0, 0, 1, 1, 0, 0])
    x = np.array([[-2], [-1], [1], [2], [5], [6]], np.float32)
    weights = np.array([1, 1, 1, 1, 0, 0], np.float32)
    head = fit_softmax(x, labels, weights, 2, 1e-3)
    np.testing.assert_allclose(head.weights, fit_softmax(x[:4], labels[:4], weights[:4], 2, 1e-3).weights, atol=1e-3)


def test_more_decay_makes_a_softmax_less_sure():
    labels, x = np.array([0, 1] * 20), np.array([[-1.0], [1.0]] * 20, np.float32)
    ones = np.ones(40, np.float32)
    sure, shy = (softmax(fit_softmax(x, labels, ones, 2, decay)(x))[1, 1] for decay in (1e-4, 1.0))
    assert sure > 0.99 > shy > 0.5


def test_ridge_finds_the_line():
    x, table = normal(200, 5), normal(5, 4, seed=1)
    head = fit_ridge(x, x @ table + 2.0, np.ones(200, np.float32), 1e-6)
    np.testing.assert_allclose(head.weights, table, atol=1e-3)
    np.testing.assert_allclose(head.bias, 2.0, atol=1e-3)


def test_ridge_of_a_single_row_says_that_row():
    head = fit_ridge(normal(1, 5), np.array([[1, 2, 3, 4]], np.float32), np.ones(1, np.float32), 1e-3)
    np.testing.assert_allclose(head(normal(3, 5, seed=2)), np.array([[1, 2, 3, 4]] * 3), atol=1e-5)
