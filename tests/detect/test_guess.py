from __future__ import annotations

from pathlib import Path

import pytest

from footfall.core.errors import DetectorError
from footfall.detect.guess import Shape, guess_card, guess_for_file

SIDE_320: Shape = (1, 3, 320, 320)
"""1600 + 400 + 100 = 2100 cells."""


@pytest.mark.parametrize(
    ("input_shape", "outputs", "decoder", "size"),
    [
        pytest.param(SIDE_320, [(1, 2100, 85)], "yolox", (320, 320), id="80 classes on three grids"),
        pytest.param((None, 3, None, None), [(None, 8400, 6)], "yolox", (640, 640), id="any size, one class"),
        pytest.param(SIDE_320, [(1, 84, 2100)], "dense", (320, 320), id="columns instead of rows"),
        pytest.param(SIDE_320, [(1, 300, 6)], "rows", (320, 320), id="already decoded"),
        pytest.param(SIDE_320, [(1, 2125, 112)], "nanodet-plus", (320, 320), id="80 classes and bins on four grids"),
        pytest.param((1, 3, 640, 640), [(1, 300), (1, 300, 4), (1, 300)], "detr", (640, 640), id="labels boxes scores"),
        pytest.param((1, 3, 384, 384), [(1, 300, 4), (1, 300, 3)], "queries", (384, 384), id="boxes and logits"),
        pytest.param((1, 3, 320, 544), [(1, 1, 200, 7)], "ssd", (544, 320), id="detection output"),
        pytest.param((1, 3, 352, 352), [(1, 85, 22, 22)], "fastestdet", (352, 352), id="one grid"),
        pytest.param(
            SIDE_320,
            [(1600, 80), (400, 80), (100, 80), (1600, 32), (400, 32), (100, 32)],
            "nanodet",
            (320, 320),
            id="classes and distributions",
        ),
    ],
)
def test_heads_are_told_by_their_shapes(
    input_shape: Shape, outputs: list[Shape], decoder: str, size: tuple[int, int]
) -> None:
    card = guess_card("mine", input_shape, outputs)
    assert (card.decoder, card.origin, card.name) == (decoder, "guessed", "mine")
    assert (card.input.width_px, card.input.height_px) == size
    assert card.classes == ((1,) if decoder == "ssd" else (0,))


@pytest.mark.parametrize(
    ("input_shape", "outputs", "says"),
    [
        pytest.param((1, 10), [(1, 2)], r"input \(1, 10\) is not \(batch, 3, height, width\)", id="no picture"),
        pytest.param((1, 320, 320, 3), [(1, 2)], "is not", id="channels last"),
        pytest.param(SIDE_320, [(1, 1000)], r"outputs \(1, 1000\) fit no head", id="a classifier"),
        pytest.param(SIDE_320, [(1, 2100, 80), (1, 2100, 4)], "fit no head", id="two outputs"),
        pytest.param(SIDE_320, [(1, 4420, 2), (1, 4420, 4)], "fit no head", id="scores and boxes of anchors"),
        pytest.param(SIDE_320, [()], "fit no head", id="a number"),
        pytest.param(SIDE_320, [(None, None, None)], r"\(\?, \?, \?\)", id="nothing is known"),
    ],
)
def test_strangers_are_refused(input_shape: Shape, outputs: list[Shape], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        guess_card("mine", input_shape, outputs)


@pytest.mark.parametrize(("file", "name"), [("my model (2).onnx", "my-model--2-"), ("_x.onnx", "x"), ("é.onnx", "")])
def test_the_name_comes_from_the_file(file: str, name: str) -> None:
    assert guess_for_file(Path(file), SIDE_320, [(1, 2100, 85)]).name == name


def test_a_refusal_names_the_side_car() -> None:
    with pytest.raises(DetectorError, match=r"a\.onnx: its outputs .* write a side-car a\.toml beside it"):
        guess_for_file(Path("a.onnx"), SIDE_320, [(1, 1000)])
