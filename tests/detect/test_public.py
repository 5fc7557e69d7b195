"""Public models whose weights are not at hand: their cards and decoders, proved on graphs with the same outputs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.core.errors import DetectorError
from footfall.core.types import Detections, Frame
from footfall.detect.build import open_detector
from footfall.detect.candidates import DecodeSpec
from footfall.detect.card import ModelCard
from footfall.detect.catalogue import find_card
from footfall.detect.decoders import DECODERS
from footfall.detect.onnx import OnnxDetector
from footfall.detect.openvino import OpenvinoDetector
from networks import constant, white_finder

RUNNERS = [pytest.param(OnnxDetector, id="ONNX Runtime"), pytest.param(OpenvinoDetector, id="OpenVINO")]
PICTURE = np.zeros((300, 600, 3), np.uint8)


def look(runner: type, card: ModelCard, path: Path) -> Detections:
    (found,) = runner(card, path).detect([Frame("camera", 0, 0.0, datetime.fromtimestamp(0, UTC), PICTURE)])
    return found


def detr_outputs(count: int = 300) -> dict[str, np.ndarray]:
    """A person in the middle of the left half, a dog, and nothing else; boxes in shares of the picture."""
    labels, scores = np.zeros((1, count), np.int64), np.zeros((1, count), np.float32)
    boxes = np.zeros((1, count, 4), np.float32)
    labels[0, 1], scores[0, :2] = 16, (0.9, 0.8)
    boxes[0, :2] = [[0.125, 0.25, 0.375, 0.75], [0.5, 0.5, 1.0, 1.0]]
    return {"labels": labels, "boxes": boxes, "scores": scores}


def query_outputs(count: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """The same as centres, sizes and logits over COCO's own numbers."""
    boxes, logits = np.zeros((1, count, 4), np.float32), np.full((1, count, 91), -9.0, np.float32)
    boxes[0, :2] = [[0.25, 0.5, 0.25, 0.5], [0.75, 0.75, 0.5, 0.5]]
    logits[0, 0, 1], logits[0, 1, 18] = 2.0, 3.0
    return boxes, logits


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("name", ["d-fine-n", "rt-detr-r18"])
def test_transformers_that_decode_themselves_are_told_the_size_of_the_input(
    tmp_path: Path, runner: type, name: str
) -> None:
    path = constant(tmp_path / "export.onnx", detr_outputs(), size=(640, 640), scaled="boxes")
    found = look(runner, find_card(name), path)
    assert np.allclose(found.xyxy_px, [[75, 75, 225, 225]], atol=1)
    assert found.score.tolist() == pytest.approx([0.9], abs=1e-2)


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("turned", [False, True], ids=["boxes first", "logits first"])
def test_transformers_as_they_are(tmp_path: Path, runner: type, turned: bool) -> None:
    boxes, logits = query_outputs()
    outputs = {"logits": logits, "boxes": boxes} if turned else {"dets": boxes, "labels": logits}
    found = look(runner, find_card("rf-detr-nano"), constant(tmp_path / "e.onnx", outputs, size=(384, 384)))
    assert np.allclose(found.xyxy_px, [[75, 75, 225, 225]], atol=1)
    assert found.score.tolist() == pytest.approx([1 / (1 + np.exp(-2.0))], abs=1e-2)


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize(
    ("row", "box"),
    [
        # left 1, top 2, right 3, bottom 0 strides of the corner (column, row) * stride; 416 -> 600 and 300 pixels
        pytest.param(52 * 10 + 20, (19 * 8, 8 * 8, 23 * 8, 10 * 8), id="stride 8: row 10, column 20"),
        pytest.param(2704 + 676 + 169 + 7 * 2 + 6, (5 * 64, 0, 9 * 64, 2 * 64), id="stride 64: the cut column 6"),
    ],
)
def test_nanodet_plus_measures_from_the_corner_of_the_cell(
    tmp_path: Path, runner: type, row: int, box: tuple[float, ...]
) -> None:
    output = np.zeros((1, 3598, 112), np.float32)
    output[0, row, 0] = 0.75
    output[0, row, 80:].reshape(4, 8)[[0, 1, 2, 3], [1, 2, 3, 0]] = 50.0
    found = look(runner, find_card("nanodet-plus-m-416"), constant(tmp_path / "e.onnx", {"o": output}, size=(416, 416)))
    expected = np.minimum(np.array(box) * np.array([600, 300] * 2) / 416, [600, 300, 600, 300])
    assert np.allclose(found.xyxy_px, [expected], atol=1)
    assert found.score.tolist() == pytest.approx([0.75], abs=1e-2)


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize(("name", "side", "rows"), [("yolox-tiny", 416, 3549), ("yolox-s", 640, 8400)])
def test_the_larger_yolox_are_read_like_the_small_one(
    tmp_path: Path, runner: type, name: str, side: int, rows: int
) -> None:
    output = np.zeros((1, rows, 85), np.float32)
    output[0, 0, :6] = [2.0, 2.0, np.log(2), np.log(4), 0.9, 1.0]
    found = look(runner, find_card(name), constant(tmp_path / "e.onnx", {"output": output}, size=(side, side)))
    assert np.allclose(found.xyxy_px, np.array([[8, 0, 24, 32]]) * 600 / side, atol=1)


@pytest.mark.parametrize(
    ("outputs", "scaled", "name", "size"),
    [
        pytest.param(detr_outputs(), "boxes", "d-fine-n", (640, 640), id="labels, boxes, scores"),
        pytest.param(
            dict(zip(("dets", "labels"), query_outputs(), strict=True)), None, "rf-detr-nano", (384, 384), id="queries"
        ),
        pytest.param(
            {"output": np.zeros((1, 3598, 112), np.float32)}, None, "nanodet-plus-m-416", (416, 416), id="four strides"
        ),
    ],
)
def test_exports_of_ones_own_are_guessed_right(
    tmp_path: Path, outputs: dict[str, np.ndarray], scaled: str | None, name: str, size: tuple[int, int]
) -> None:
    path = constant(tmp_path / "my export.onnx", outputs, size=size, scaled=scaled)
    _, card = open_detector(str(path), folder=tmp_path)
    known = find_card(name)
    assert (card.origin, card.decoder, card.classes) == ("guessed", known.decoder, known.classes)
    assert msgspec.structs.replace(card.input, pad=known.input.pad) == known.input


@pytest.mark.parametrize(
    ("outputs", "says"),
    [
        pytest.param([(1, 9), (1, 8, 4), (1, 9)], "9 labels and 9 scores for 8 boxes", id="a box is missing"),
        pytest.param([(1, 9), (1, 9, 5), (1, 9)], "has not 4 columns", id="five numbers a box"),
        pytest.param([(1, 9), (1, 9, 4)], "needs 3 outputs", id="no scores"),
    ],
)
def test_outputs_that_do_not_belong_together(outputs: list[tuple[int, ...]], says: str) -> None:
    with pytest.raises(ValueError, match=f"detr: .*{says}"):
        DECODERS["detr"]([np.zeros(shape, np.float32) for shape in outputs], DecodeSpec(64, 64, (0,), 0.3))


def test_as_many_logits_as_boxes() -> None:
    with pytest.raises(ValueError, match="queries: 8 rows of logits for 9 boxes"):
        DECODERS["queries"]([np.zeros((1, 9, 4)), np.zeros((1, 8, 7))], DecodeSpec(64, 64, (0,), 0.3))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 3)), min_size=1, max_size=20))
def test_what_is_kept_was_asked_for_and_sure_enough(rows: list[tuple[float, float, int]]) -> None:
    labels = np.array([[label for *_, label in rows]])
    scores = np.array([[score for score, *_ in rows]], np.float32)
    boxes = np.array([[[x, x, x + 1, x + 1] for _, x, _ in rows]], np.float32)
    found = DECODERS["detr"]([labels, boxes, scores], DecodeSpec(64, 64, (2, 0), 0.5))
    kept = [(np.float32(s), (2, 0).index(c)) for s, _, c in rows if c in (0, 2) and np.float32(s) >= 0.5]
    assert list(zip(found.score.tolist(), found.label.tolist(), strict=True)) == [(float(s), c) for s, c in kept]


@pytest.mark.parametrize("runner", RUNNERS)
def test_inputs_that_nobody_can_feed_are_refused(tmp_path: Path, runner: type) -> None:
    model = onnx.load(str(white_finder(tmp_path / "odd.onnx", sides=(64, 64))))
    model.graph.input.append(onnx.helper.make_tensor_value_info("scale_factor", onnx.TensorProto.FLOAT, [1, 2]))
    onnx.save(model, str(tmp_path / "odd.onnx"))
    with pytest.raises(DetectorError, match=r"odd\.onnx: takes .*scale_factor.*orig_target_sizes: export it so"):
        runner(find_card("yolox-nano"), tmp_path / "odd.onnx")
