from __future__ import annotations

import numpy as np
import pytest

from footfall.learning.heads import MOST_DIRECTIONS, Head, directions, fit
from footfall.learning.lesson import Kind


def clouds(count: int, width: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Three tags around three places."""
    rng = np.random.default_rng(seed)
    tag = np.arange(count) % 3
    places = np.random.default_rng(0).normal(0, 1, (3, width))
    return (places[tag] + rng.normal(0, 0.7, (count, width))).astype(np.float32), np.eye(3, dtype=bool)[tag]


def learn(features: np.ndarray, widths: list[int], truth: np.ndarray, kind: Kind, strength: float) -> Head:
    seen = directions(features, widths, 1)
    return fit(seen.of(features), truth, kind, strength).on_features(seen)


@pytest.mark.parametrize("kind", [Kind.MULTICLASS, Kind.MULTILABEL])
@pytest.mark.parametrize(
    ("count", "width"),
    [
        pytest.param(15, 200, id="more features than pictures"),
        pytest.param(300, 8, id="more pictures than features"),
        pytest.param(900, 1000, id="many of both"),
    ],
)
def test_clouds_are_told_apart(kind: Kind, count: int, width: int) -> None:
    features, truth = clouds(count, width)
    head = learn(features, [width], truth, kind, 1.0)
    others, wanted = clouds(90, width, seed=2)
    assert (head.scores(others).argmax(axis=1) == wanted.argmax(axis=1)).mean() > 0.9


def test_directions_are_no_more_than_needed() -> None:
    features, _ = clouds(900, 1000)
    assert directions(features, [1000], 1).weights.shape == (1000, MOST_DIRECTIONS)
    assert directions(features[:15], [1000], 1).weights.shape[1] <= 15


def test_groups_count_alike_however_many_features_they_have() -> None:
    rng = np.random.default_rng(1)
    narrow, wide = rng.normal(0, 1, (600, 4)), rng.normal(0, 100, (600, 40))
    features = np.concatenate([narrow, wide], axis=1).astype(np.float32)
    seen = directions(features, [4, 40], 1)
    inputs = features @ seen.weights
    part = features[:, :4] @ seen.weights[:4]
    assert np.var(inputs, axis=0).sum() == pytest.approx(2.0, rel=0.02)
    assert np.var(part, axis=0).sum() == pytest.approx(1.0, rel=0.02)


def test_features_that_never_change_say_nothing() -> None:
    features, truth = clouds(30, 5)
    features[:, 2] = 7.0
    head = learn(features, [5], truth, Kind.MULTICLASS, 1.0)
    assert (head.weights[2] == 0.0).all()


def test_features_that_are_all_alike() -> None:
    truth = np.eye(2, dtype=bool)[np.arange(10) % 2]
    features = np.ones((10, 4), np.float32)
    head = learn(features, [4], truth, Kind.MULTICLASS, 1.0)
    assert head.scores(features) == pytest.approx(0.0, abs=1e-6)


def test_a_tag_that_nobody_or_everybody_has() -> None:
    features, truth = clouds(30, 5)
    truth = np.stack([truth[:, 0], np.ones(30, bool), np.zeros(30, bool)], axis=1)
    scores = learn(features, [5], truth, Kind.MULTILABEL, 1.0).scores(features)
    assert (scores[:, 1] > 3.0).all()
    assert (scores[:, 2] < -3.0).all()


def test_a_tag_that_was_never_shown_is_never_told() -> None:
    features, truth = clouds(30, 5)
    rows = ~truth[:, 2]
    for known in (truth[rows], np.tile([True, False, False], (rows.sum(), 1))):
        scores = learn(features[rows], [5], known, Kind.MULTICLASS, 1.0).scores(features)
        assert (scores[:, 2] < scores[:, :2].max(axis=1) - 5).all()
