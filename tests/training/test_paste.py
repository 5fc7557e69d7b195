"""People cut out of one picture and put into another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from footfall.training.augment import compose
from footfall.training.paste import Cutout, cut_out, put_in
from footfall.training.pictures import SILENT, Picture
from footfall.training.recipe import AugmentSpec

BOX = (70, 30, 110, 130)


def room(folder: Path, boxes: Sequence[Sequence[float]] = (BOX,), *, label: int = 0) -> Picture:
    """An ellipse in red in a grey, speckled room of 200 x 160."""
    image = np.random.default_rng(1).integers(90, 130, (160, 200, 3)).astype(np.uint8)
    cv2.ellipse(image, (90, 80), (19, 49), 0, 0, 360, (20, 20, 220), -1)
    path = folder / "room.png"
    cv2.imwrite(str(path), image)
    return Picture(path, "s", np.array(boxes, np.float32), np.full(len(boxes), label), True, False, 1.0)


def test_a_person_is_cut_along_the_outline(tmp_path: Path) -> None:
    person = cut_out(room(tmp_path), np.random.default_rng(0))
    assert person is not None
    assert person.image.shape[:2] == person.opacity.shape
    assert person.image.shape[:2] == pytest.approx((99, 39), abs=4)
    solid = person.opacity > 0.9
    assert solid.mean() == pytest.approx(np.pi / 4, abs=0.08)
    assert person.image[solid][:, 2].min() > 150
    assert person.opacity[0, 0] < 0.2


@pytest.mark.parametrize(
    "boxes",
    [
        pytest.param([], id="nobody"),
        pytest.param([(70, 30, 110, 80)], id="too small"),
        pytest.param([BOX, (80, 40, 120, 140)], id="somebody stands before"),
        pytest.param([(70, 0, 110, 130)], id="cut by the picture"),
        pytest.param([(1.5, 2, 40, 158)], id="nothing in the box stands out"),
    ],
)
def test_who_is_not_cut_out(tmp_path: Path, boxes: list[tuple[float, float, float, float]]) -> None:
    picture = room(tmp_path, np.array(boxes).reshape(-1, 4).tolist() if boxes else np.empty((0, 4)).tolist())
    picture = (
        picture
        if boxes
        else Picture(picture.path, "s", np.empty((0, 4), np.float32), np.empty(0, np.int64), True, False, 1.0)
    )
    assert cut_out(picture, np.random.default_rng(0)) is None


def test_who_is_neither_right_nor_wrong_is_not_cut_out(tmp_path: Path) -> None:
    assert cut_out(room(tmp_path, label=SILENT), np.random.default_rng(0)) is None


@pytest.mark.parametrize("seed", range(6))
def test_the_newcomer_has_a_box_and_hides_who_is_behind(seed: int) -> None:
    canvas = np.zeros((200, 200, 3), np.uint8)
    person = Cutout(np.full((100, 40, 3), 255, np.uint8), np.ones((100, 40), np.float32))
    crowd = np.array([[x, y, x + 4, y + 4] for x in range(0, 200, 4) for y in range(0, 200, 4)], np.float32)
    boxes, label = put_in(canvas, crowd, np.zeros(len(crowd), np.int64), person, np.random.default_rng(seed))
    ys, xs = np.nonzero(canvas[..., 0] > 127)
    np.testing.assert_allclose(boxes[-1], [xs.min(), ys.min(), xs.max() + 1, ys.max() + 1], atol=1)
    assert label[-1] == 0
    white = np.array([canvas[int(y0) : int(y1), int(x0) : int(x1), 0].mean() > 0.6 * 255 for x0, y0, x1, y1 in crowd])
    assert ((label[:-1] == SILENT) == white).mean() > 0.98


def test_examples_with_people_put_in(tmp_path: Path) -> None:
    picture = room(tmp_path)
    plain = AugmentSpec(mosaic=0, scale=(1, 1), rotate_deg=0, colour=0, grey=0, night=0, blur=0, coarse=0, noise=0,
                        compress=0, occlude=0, lens=0, paste=1.0)  # fmt: skip
    example = compose(lambda: picture, 128, plain, np.random.default_rng(4))
    again = compose(lambda: picture, 128, plain, np.random.default_rng(4))
    assert len(example.label) == 2
    assert np.array_equal(example.image, again.image)
