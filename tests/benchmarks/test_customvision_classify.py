"""The comparison of classifiers in small: its pictures, the usual way, and both side by side."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.customvision_classify import Source, compare, described, oriented, ours, usual

from benchmarks import customvision_pictures as pictures

WAYS = {"ours": ours, "usual": usual}


@pytest.fixture(scope="module")
def few() -> dict[str, list[np.ndarray]]:
    rng = np.random.default_rng(4)
    return {kind: [pictures.thing(kind, rng) for _ in range(16)] for kind in ("star", "bottle", "car")}


def test_the_same_seed_draws_the_same_things() -> None:
    one, same, other = (pictures.thing("mug", np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (one == same).all()
    assert one.shape != other.shape or (one != other).any()


def test_ten_kinds_of_digits_and_of_things() -> None:
    assert len(pictures.digits()) == len(pictures.THINGS) == 10
    assert all(len(shown) >= 170 for shown in pictures.digits().values())


@pytest.mark.parametrize(("turned", "strongest"), [(False, 0), (True, 4)], ids=["upright edges", "lying edges"])
def test_orientations_are_told_apart(turned: bool, strongest: int) -> None:
    stripes = np.tile(np.repeat([0.0, 200.0], 8), (64, 4)).astype(np.float32)
    blocks = oriented(stripes.T if turned else stripes).reshape(4, 9, -1).sum(axis=(0, 2))
    assert blocks[[strongest, (strongest + 8) % 9 if not turned else strongest]].sum() > 0.9 * blocks.sum()


def test_a_picture_is_described_by_orientations_and_colours(few: dict[str, list[np.ndarray]]) -> None:
    assert described(few["car"][0]).shape == (7 * 7 * 36 + 512,)


def test_side_by_side(few: dict[str, list[np.ndarray]]) -> None:
    figures = compare(Source(few, few), 5, 1, WAYS)
    assert figures is not None
    assert figures["ratio"] == pytest.approx(figures["ours_mean"] / figures["usual_mean"])
    assert figures["ours_mean"] > 0.5
    assert compare(Source(few, few), 15, 1, WAYS) is None, "too few would be left to be told"
