from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from footfall.core.types import Detections, Frame, Image
from footfall.training.teachers import Labels, fuse, renamed, teach, to_rows


def labels(*rows: tuple[float, float, float, float, float]) -> Labels:
    table = np.array(rows, np.float32).reshape(-1, 5)
    return Labels(table[:, :4], table[:, 4], np.zeros(len(table), np.int16))


@dataclass
class RedFinder:
    """A teacher that boxes everything red, as sure as it is told to be."""

    score: float = 0.8
    least_px: int = 0

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        return [self._find(frame.image) for frame in frames]

    def _find(self, image: Image) -> Detections:
        size = image.shape[1], image.shape[0]
        ys, xs = np.nonzero(image[..., 2] > 200)
        if len(xs) == 0 or image.shape[0] < self.least_px:
            return Detections.empty(size)
        box = np.array([[xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]], np.float32)
        return Detections(box, np.array([self.score], np.float32), np.zeros(1, np.int16), size)


def room(*box: int) -> Image:
    image = np.zeros((100, 200, 3), np.uint8)
    x0, y0, x1, y1 = box
    image[y0:y1, x0:x1, 2] = 255
    return image


@pytest.mark.parametrize(
    ("views", "opinions", "expected"),
    [
        pytest.param([], 2, [], id="nobody looked"),
        pytest.param([labels((0, 0, 10, 20, 0.9))], 1, [(0, 0, 10, 20, 0.9)], id="one opinion stands"),
        pytest.param([labels((0, 0, 10, 20, 0.8)), labels()], 2, [(0, 0, 10, 20, 0.4)], id="half of them see nobody"),
        pytest.param(
            [labels((0, 0, 10, 20, 0.6)), labels((2, 0, 12, 20, 0.6))],
            2,
            [(1, 0, 11, 20, 0.6)],
            id="they meet half way",
        ),
        pytest.param(
            [labels((0, 0, 10, 20, 0.9), (50, 0, 60, 20, 0.5))],
            1,
            [(0, 0, 10, 20, 0.9), (50, 0, 60, 20, 0.5)],
            id="two people stay two",
        ),
    ],
)
def test_fused(views: list[Labels], opinions: int, expected: list[tuple[float, ...]]) -> None:
    fused = fuse(views, opinions)
    rows = np.column_stack([fused.xyxy_px, fused.score]) if len(fused.score) else np.empty((0, 5))
    np.testing.assert_allclose(rows, np.array(expected).reshape(-1, 5), atol=1e-5)


def test_the_mirror_image_agrees_with_the_picture() -> None:
    taught = teach([RedFinder(0.8)], room(30, 10, 50, 80), closer=False)
    np.testing.assert_allclose(taught.xyxy_px, [[30, 10, 50, 80]])
    np.testing.assert_allclose(taught.score, [0.8])


def test_a_teacher_who_is_alone_counts_half() -> None:
    taught = teach([RedFinder(0.8), RedFinder(0.8, least_px=1000)], room(30, 10, 50, 80), closer=False)
    np.testing.assert_allclose(taught.score, [0.4])


def test_tiles_do_not_add_people_who_are_cut_or_known() -> None:
    known = teach([RedFinder()], room(5, 5, 15, 25))
    assert len(known.score) == 1
    cut = teach([RedFinder()], room(70, 10, 150, 95))
    assert len(cut.score) == 1


@dataclass
class Nearsighted(RedFinder):
    """Finds only what fills a tenth of the picture's height."""

    def _find(self, image: Image) -> Detections:
        found = super()._find(image)
        return found[found.xyxy_px[:, 3] - found.xyxy_px[:, 1] >= image.shape[0] * 0.1]


def test_tiles_find_the_small_ones() -> None:
    picture = room(20, 20, 24, 28)
    assert len(teach([Nearsighted()], picture, closer=False).score) == 0
    np.testing.assert_allclose(teach([Nearsighted()], picture).xyxy_px, [[20, 20, 24, 28]])


def test_rows_are_rounded_and_renamed() -> None:
    seen = Labels(
        np.array([[0.04, 1, 2, 3], [5, 6, 7, 8], [1, 1, 2, 2]], np.float32),
        np.array([0.91239, 0.05, 0.5], np.float32),
        np.array([0, 0, 1], np.int16),
    )
    assert to_rows(renamed(seen, [1, -1]), 0.1) == [[0.0, 1.0, 2.0, 3.0, 0.912, 1]]
