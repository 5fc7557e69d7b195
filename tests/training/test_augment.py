import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.core.types import Image
from footfall.training.augment import Example, compose, cut
from footfall.training.pictures import SILENT, Picture
from footfall.training.recipe import AugmentSpec

PLAIN = AugmentSpec(
    mosaic=0, scale=(1.0, 1.0), rotate_deg=0, mirror=0, colour=0, grey=0, night=0, blur=0, coarse=0, noise=0,
    compress=0, occlude=0, lens=0,
)  # fmt: skip
ALL = AugmentSpec(mosaic=0.5, grey=0.5, night=0.5, blur=0.5, coarse=0.5, noise=0.5, compress=0.5, occlude=0.7, lens=0.7)


@pytest.fixture(scope="module")
def bar(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """A red bar, 40 wide and 100 high, in a dark room of 200 x 160."""
    image = np.full((160, 200, 3), 20, np.uint8)
    image[30:130, 80:120] = (0, 0, 255)
    path = tmp_path_factory.mktemp("bar") / "bar.png"
    cv2.imwrite(str(path), image)
    return Picture(path, "s", np.array([[80, 30, 120, 130]], np.float32), np.zeros(1, np.int64), True, False, 1.0)


def red_box(image: Image) -> list[int]:
    ys, xs = np.nonzero(image[..., 2].astype(int) - image[..., 0] > 110)
    return [int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1]


def made(picture: Picture, spec: AugmentSpec, seed: int, side_px: int = 128) -> Example:
    return compose(lambda: picture, side_px, spec, np.random.default_rng(seed))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({}, id="as it is"),
        pytest.param({"mirror": 1.0}, id="mirrored"),
        pytest.param({"scale": (0.4, 0.5)}, id="far away"),
        pytest.param({"scale": (1.0, 1.2)}, id="near"),
        pytest.param({"rotate_deg": 8.0}, id="tilted"),
        pytest.param({"lens": 1.0}, id="through a wide lens"),
    ],
)
@pytest.mark.parametrize("seed", range(4))
def test_the_box_goes_where_the_person_goes(bar: Picture, change: dict[str, object], seed: int) -> None:
    spec = AugmentSpec(**{**{name: getattr(PLAIN, name) for name in PLAIN.__struct_fields__}, **change})
    example = made(bar, spec, seed)
    assert example.label.tolist() == [0]
    slack = (
        5.0 if {"rotate_deg", "lens"} & set(change) else 2.0
    )  # the bar's corners stick out of the ellipse in its box
    np.testing.assert_allclose(example.xyxy_px[0], red_box(example.image), atol=slack)


@settings(deadline=None)
@given(seed=st.integers(0, 10_000))
def test_whatever_happens_boxes_stay_inside_and_names_stay_known(bar: Picture, seed: int) -> None:
    example = made(bar, ALL, seed)
    assert example.image.shape == (128, 128, 3)
    assert example.image.dtype == np.uint8
    assert len(example.xyxy_px) == len(example.label)
    assert set(example.label.tolist()) <= {0, SILENT}
    assert (example.xyxy_px >= 0).all()
    assert (example.xyxy_px <= 128).all()
    assert (example.xyxy_px[:, 2:] > example.xyxy_px[:, :2]).all()


def test_the_same_lot_gives_the_same_example(bar: Picture) -> None:
    first, second, other = made(bar, ALL, 5), made(bar, ALL, 5), made(bar, ALL, 6)
    assert np.array_equal(first.image, second.image)
    assert np.array_equal(first.xyxy_px, second.xyxy_px)
    assert not np.array_equal(first.image, other.image)


def test_legs_behind_furniture_leave_the_box(bar: Picture) -> None:
    spec = AugmentSpec(**{**{name: getattr(PLAIN, name) for name in PLAIN.__struct_fields__}, "occlude": 1.0})
    for seed in range(8):
        whole, hidden = made(bar, PLAIN, seed).xyxy_px[0], made(bar, spec, seed).xyxy_px[0]
        assert hidden[3] < whole[3] - 5
        np.testing.assert_allclose(hidden[:3], whole[:3])


@pytest.mark.parametrize(
    ("box", "label", "expected"),
    [
        pytest.param((10, 10, 20, 30), 0, [0], id="inside"),
        pytest.param((-4, 10, 6, 30), 0, [0], id="a little over the edge"),
        pytest.param((-8, 10, 2, 30), 0, [SILENT], id="hardly left"),
        pytest.param((-20, 10, -5, 30), 0, [], id="outside"),
        pytest.param((10, 10, 13, 14), 0, [SILENT], id="too small to see"),
        pytest.param((10, 10, 20, 30), SILENT, [SILENT], id="silent stays silent"),
    ],
)
def test_cut(box: tuple[float, ...], label: int, expected: list[int]) -> None:
    boxes, labels = cut(np.array([box], np.float32), np.array([label]), (64, 64), (100, 200))
    assert labels.tolist() == expected
    if expected:
        assert boxes[0, 0] >= 100
        assert boxes[0, 1] >= 200
