from __future__ import annotations

import numpy as np
import pytest
from benchmarks.shelf import products, scenes
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.learning.proposals import propose
from footfall.learning.second_look import overlaps


def picture(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    """Grey, with boxes (x0, y0, x1, y1 in pixels) in strong colours."""
    rgb = np.full((240, 320, 3), 120, np.uint8)
    for index, (x0, y0, x1, y1) in enumerate(boxes):
        rgb[y0:y1, x0:x1] = [(230, 20, 20), (20, 20, 230), (20, 230, 20)][index]
    return rgb


@pytest.mark.parametrize(
    "things",
    [
        pytest.param([(100, 80, 180, 160)], id="one thing"),
        pytest.param([(20, 20, 90, 120), (150, 100, 230, 180), (250, 30, 310, 90)], id="three things apart"),
    ],
)
def test_things_come_first(things):
    boxes, scores = propose(picture(*things), most=len(things) + 2)
    truth = np.array(things, np.float32) / [320, 240, 320, 240]
    assert (overlaps(truth.astype(np.float32), boxes).max(axis=1) > 0.7).all()
    assert scores[0] == 1.0
    assert (np.diff(scores) <= 0).all()


def test_more_products_are_found_than_by_chance():
    rng = np.random.default_rng(0)
    found, chance = [], []
    for scene in scenes(products(5, 9), 6, 9):
        corner = rng.uniform(0, 0.8, (40, 2))
        windows = np.concatenate([corner, corner + rng.uniform(0.05, 0.3, (40, 2))], axis=1).astype(np.float32)
        boxes, _ = propose(scene.rgb)
        if len(scene.tags):
            found += (overlaps(scene.xyxy_n, boxes).max(axis=1) > 0.5).tolist()
            chance += (overlaps(scene.xyxy_n, windows).max(axis=1) > 0.5).tolist()
    assert np.mean(found) > max(0.25, 3 * np.mean(chance))


@given(st.integers(0, 10_000), st.integers(1, 60))
@settings(max_examples=6, deadline=None)
def test_boxes_are_in_the_picture_and_apart(seed, most):
    rng = np.random.default_rng(seed)
    rgb = rng.integers(0, 256, (6, 9, 3), np.uint8).repeat(20, axis=0).repeat(20, axis=1)
    boxes, scores = propose(rgb, most)
    assert len(boxes) == len(scores) <= most
    assert ((boxes >= 0) & (boxes <= 1)).all()
    assert (boxes[:, 2:] > boxes[:, :2]).all()
    assert ((scores > 0) & (scores <= 1)).all()
    shares = overlaps(boxes, boxes)
    assert shares[~np.eye(len(boxes), dtype=bool)].max(initial=0.0) < 0.5


def test_an_even_picture_gives_no_nonsense():
    boxes, scores = propose(np.full((50, 50, 3), 90, np.uint8))
    assert np.isfinite(boxes).all()
    assert np.isfinite(scores).all()
