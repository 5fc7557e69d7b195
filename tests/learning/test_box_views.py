from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.learning.box_views import Truth, truth_of, views

SIDE_PX = 160


def picture(height: int, width: int, *boxes: tuple[int, int, int, int]) -> np.ndarray:
    """Grey, with white boxes (x0, y0, x1, y1 in pixels)."""
    rgb = np.full((height, width, 3), 60, np.uint8)
    for x0, y0, x1, y1 in boxes:
        rgb[y0:y1, x0:x1] = 255
    return rgb


def shares(height: int, width: int, *boxes: tuple[int, int, int, int]) -> Truth:
    size = np.array([width, height, width, height], np.float32)
    return Truth(np.array(boxes, np.float32).reshape(-1, 4) / size, np.zeros(len(boxes), np.int64))


@given(st.integers(0, 10_000), st.sampled_from([(200, 200), (120, 300), (640, 360)]))
@settings(max_examples=25, deadline=None)
def test_boxes_follow_their_things(seed, size):
    height, width = size
    box = (width // 3, height // 4, width * 2 // 3, height * 3 // 4)
    rng = np.random.default_rng(seed)
    for rgb, truth in views(picture(height, width, box), shares(height, width, box), 6, SIDE_PX, rng):
        bright = rgb.astype(int).sum(axis=2)
        ys, xs = np.nonzero(bright > (bright.max() + bright.min()) / 2)
        if len(truth.tags) and bright.max() - bright.min() > 200:
            seen = np.array([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]) / SIDE_PX
            np.testing.assert_allclose(truth.xyxy_n[0], seen, atol=2.5 / SIDE_PX)


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_views_are_squares_with_boxes_inside(seed):
    rng = np.random.default_rng(seed)
    boxes = [(5, 5, 60, 40), (100, 50, 199, 99), (0, 0, 4, 4)]
    shown = list(views(picture(100, 200, *boxes), shares(100, 200, *boxes), 5, SIDE_PX, rng))
    assert len(shown) == 5
    for rgb, truth in shown:
        assert rgb.shape == (SIDE_PX, SIDE_PX, 3)
        assert rgb.dtype == np.uint8
        assert len(truth.xyxy_n) == len(truth.tags) <= 3
        assert ((truth.xyxy_n >= 0) & (truth.xyxy_n <= 1)).all()
        assert (truth.xyxy_n[:, 2:] > truth.xyxy_n[:, :2]).all()


def test_the_first_view_is_the_picture_itself():
    one = shares(100, 100, (10, 10, 50, 50))
    (rgb, truth), *_ = views(picture(100, 100, (10, 10, 50, 50)), one, 1, 100, np.random.default_rng(0))
    assert truth is one
    assert (rgb == picture(100, 100, (10, 10, 50, 50))).all()


def test_the_same_seed_gives_the_same_views():
    drawn = [
        [rgb for rgb, _ in views(picture(90, 90, (20, 20, 40, 70)), shares(90, 90, (20, 20, 40, 70)), 4, 64, rng)]
        for rng in (np.random.default_rng(3), np.random.default_rng(3))
    ]
    assert (np.array(drawn[0]) == np.array(drawn[1])).all()


def test_a_picture_without_boxes_has_views_too():
    shown = list(views(picture(50, 80), shares(50, 80), 4, 64, np.random.default_rng(1)))
    assert [len(truth.tags) for _, truth in shown] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("boxes", "kept"),
    [
        pytest.param([[-0.5, 0.1, 0.5, 0.4]], [[0.0, 0.1, 0.5, 0.4]], id="over the edge: cut there"),
        pytest.param([[1.2, 0.1, 1.5, 0.4]], [], id="outside: none"),
        pytest.param([[0.3, 0.3, 0.3, 0.5]], [], id="no width: none"),
        pytest.param([[0.6, 0.6, 0.2, 0.2]], [], id="inside out: none"),
        pytest.param([], [], id="no boxes"),
    ],
)
def test_boxes_as_drawn(boxes, kept):
    truth = truth_of(np.array(boxes, np.float32), (0,) * len(boxes))
    np.testing.assert_allclose(truth.xyxy_n, np.array(kept, np.float32).reshape(-1, 4))
    assert len(truth.tags) == len(kept)
