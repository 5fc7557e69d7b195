"""Our own networks: any size that is a multiple of 32, boxes told by the distances of a cell to its sides."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.errors import DetectorError
from footfall.core.types import Frame
from footfall.detect.build import open_detector
from footfall.detect.candidates import DecodeSpec, Rows
from footfall.detect.decoders import DECODERS
from footfall.detect.imaging import InputSpec, place, to_tensor
from footfall.detect.onnx import OnnxDetector
from footfall.detect.openvino import OpenvinoDetector
from networks import white_finder

SIDE_CAR = (
    'decoder = "ltrb"\nlabels = ["person"]\nclasses = [0]\n[input]\nwidth_px = {0}\nheight_px = {0}\nfit = "snug"\n'
)
RUNNERS = [pytest.param(OnnxDetector, id="ONNX Runtime"), pytest.param(OpenvinoDetector, id="OpenVINO")]


def snug(side_px: int) -> InputSpec:
    return InputSpec(side_px, side_px, fit="snug")


def frame(image: np.ndarray) -> Frame:
    return Frame("camera", 0, 0.0, datetime.fromtimestamp(0, UTC), image)


def dark(width: int, height: int, white: tuple[int, int] | None = None) -> np.ndarray:
    """A black picture with a white cell of 8 x 8 pixels at a corner (x, y)."""
    image = np.zeros((height, width, 3), np.uint8)
    if white:
        image[white[1] : white[1] + 8, white[0] : white[0] + 8] = 255
    return image


@pytest.mark.parametrize(
    ("picture", "side_px", "fed"),
    [
        pytest.param((1920, 1080), 416, (416, 256), id="16:9 costs 416 x 256"),
        pytest.param((1080, 1920), 416, (256, 416), id="a corridor view, turned"),
        pytest.param((640, 480), 640, (640, 480), id="4:3 fits without a border"),
        pytest.param((500, 500), 320, (320, 320), id="a square fills the bound"),
        pytest.param((100, 60), 256, (256, 160), id="a small picture grows"),
        pytest.param((1, 1), 256, (256, 256), id="one pixel"),
        pytest.param((20000, 50), 416, (416, 32), id="a ribbon keeps one row"),
    ],
)
def test_a_snug_input_is_no_larger_than_it_must_be(
    picture: tuple[int, int], side_px: int, fed: tuple[int, int]
) -> None:
    assert place(picture, snug(side_px)).input_size == fed


def test_the_border_is_grey_and_the_picture_lies_at_the_top_left() -> None:
    tensor, placement = to_tensor(np.full((90, 160, 3), (1, 2, 3), np.uint8), snug(320))
    assert tensor.shape == (3, 192, 320)
    assert (tensor[:, :180] == np.array([1, 2, 3], np.float32)[:, None, None]).all()
    assert (tensor[:, 180:] == 114).all()
    assert placement.to_picture(np.array([[32, 40, 64, 192]], np.float32)).tolist() == [[16, 20, 32, 90]]


@given(width=st.integers(1, 20000), height=st.integers(1, 20000), side=st.integers(1, 20).map(lambda n: 32 * n))
def test_whatever_the_picture_the_sides_are_multiples_and_nothing_is_wasted(width: int, height: int, side: int) -> None:
    placement = place((width, height), snug(side))
    filled = round(width * placement.scale_x), round(height * placement.scale_y)
    assert max(filled) == side
    for fed, used in zip(placement.input_size, filled, strict=True):
        assert fed % 32 == 0
        assert 0 <= fed - used < 32


@pytest.mark.parametrize("size", [(416, 256), (400, 400)], ids=["no square", "no multiple of 32"])
def test_an_impossible_bound_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="square whose side is a multiple of 32"):
        InputSpec(*size, fit="snug")


def heads(width: int = 64, height: int = 32, classes: int = 1) -> list[np.ndarray]:
    outputs = [np.zeros((1, classes + 4, height // s, width // s), np.float32) for s in (8, 16, 32)]
    for output in outputs:
        output[0, :classes] = -9.0
    return outputs


def decode(outputs: list[np.ndarray], classes: tuple[int, ...] = (0,), min_score: float = 0.3) -> Rows:
    return DECODERS["ltrb"](outputs, DecodeSpec(64, 32, classes, min_score))


@pytest.mark.parametrize(
    ("level", "row", "column", "box"),
    [
        # distances 1/2, 1, 2, 4 strides from the cell's centre
        pytest.param(0, 3, 7, [56, 20, 76, 60], id="stride 8: centre (60, 28)"),
        pytest.param(1, 0, 2, [32, -8, 72, 72], id="stride 16: centre (40, 8)"),
        pytest.param(2, 0, 1, [32, -16, 112, 144], id="stride 32: centre (48, 16)"),
    ],
)
def test_distances_are_measured_from_the_centre_of_the_cell_in_strides(
    level: int, row: int, column: int, box: list[float]
) -> None:
    outputs = heads()
    outputs[level][0, :, row, column] = [2.0, *np.log([0.5, 1.0, 2.0, 4.0])]
    found = decode(outputs)
    assert np.allclose(found.xyxy_px, [box], atol=1e-3)
    assert found.score.tolist() == pytest.approx([1 / (1 + np.exp(-2.0))])


def test_the_better_class_is_the_label_of_a_cell() -> None:
    outputs = heads(classes=2)
    outputs[0][0, :2, 1, 1] = [1.0, 3.0]
    assert decode(outputs, (0, 1)).label.tolist() == [1]
    assert decode(outputs, (1, 0)).label.tolist() == [0]
    assert decode(outputs, (0,)).score.tolist() == pytest.approx([0.731], abs=1e-3)


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=5, max_size=5))
def test_whatever_a_cell_says_its_box_is_finite_and_holds_the_centre(said: list[float]) -> None:
    outputs = heads()
    outputs[0][0, :, 1, 2] = [9.0, *said[1:]]
    ((x0, y0, x1, y1),) = decode(outputs).xyxy_px.tolist()
    assert -1e5 < x0 <= 20 <= x1 < 1e5
    assert -1e5 < y0 <= 12 <= y1 < 1e5


@pytest.mark.parametrize(
    ("outputs", "says"),
    [
        pytest.param(heads()[:2], "needs 3 outputs", id="a stride is missing"),
        pytest.param(heads()[::-1], r"\(1, classes \+ 4, 4, 8\), the grid of stride 8", id="the wrong way round"),
        pytest.param(heads(32, 32), "over 64x32 pixels", id="of another size"),
        pytest.param([o[:, :4] for o in heads()], "classes", id="no class"),
    ],
)
def test_heads_that_do_not_fit_are_refused(outputs: list[np.ndarray], says: str) -> None:
    with pytest.raises(ValueError, match=f"ltrb: .*{says}"):
        decode(outputs)


@pytest.fixture
def finder(tmp_path: Path) -> Path:
    """A network that takes white for people, with its side-car."""
    (tmp_path / "white.toml").write_text(SIDE_CAR.format(64))
    return white_finder(tmp_path / "white.onnx")


@pytest.mark.parametrize("runner", RUNNERS)
def test_pictures_of_all_shapes_in_one_call_keep_their_order_and_their_boxes(finder: Path, runner: type) -> None:
    _, card = open_detector(str(finder), folder=Path("unused"))
    detector = runner(card, finder)
    pictures = [dark(64, 36, (16, 8)), dark(64, 36), dark(36, 64, (8, 40)), dark(128, 128), dark(64, 64, (0, 0))]
    found = detector.detect([frame(picture) for picture in pictures])
    assert [one.xyxy_px.tolist() for one in found] == [
        [[12, 4, 28, 20]], [], [[4, 36, 20, 52]], [], [[0, 0, 12, 12]],
    ]  # fmt: skip
    assert [one.frame_size for one in found] == [(64, 36), (64, 36), (36, 64), (128, 128), (64, 64)]


def test_pictures_share_a_batch_only_where_their_fed_sizes_agree(finder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    detector, _ = open_detector(str(finder), folder=Path("unused"))
    fed: list[tuple[int, ...]] = []
    infer = detector._infer
    monkeypatch.setattr(detector, "_infer", lambda batch: fed.append(batch.shape) or infer(batch))
    sizes = [(64, 36), (64, 48), (64, 20), *[(64, 64)] * 9]
    assert len(detector.detect([frame(dark(*size)) for size in sizes])) == 12
    assert fed == [(2, 3, 64, 64), (1, 3, 32, 64), (8, 3, 64, 64), (1, 3, 64, 64)]


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_network_of_one_size_cannot_be_fed_snugly(finder: Path, runner: type) -> None:
    _, card = open_detector(str(finder), folder=Path("unused"))
    fixed = white_finder(finder.with_name("fixed.onnx"), sides=(64, 64))
    with pytest.raises(DetectorError, match=r"fixed\.onnx: takes \(\?, 3, 64, 64\), but .* feeds .*multiples of 32"):
        runner(card, fixed)


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("poison", [float("nan"), float("inf")])
def test_a_network_that_gives_no_numbers_is_an_error_not_an_empty_scene(
    finder: Path, runner: type, poison: float
) -> None:
    _, card = open_detector(str(finder), folder=Path("unused"))
    broken = white_finder(finder.with_name("broken.onnx"), poison=poison)
    with pytest.raises(DetectorError, match=r"broken\.onnx: output 0 holds \d+ values that are no numbers"):
        runner(card, broken).detect([frame(dark(64, 64))])
