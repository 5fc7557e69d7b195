from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import helper

from footfall.learning.cut import finished
from footfall.learning.drawing import Drawing
from footfall.learning.model import open_model, stretched

FLOAT, INT64 = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64


def whole(drawing: Drawing, source: str, side: int, outputs: list[tuple[str, int, list[int]]]) -> bytes:
    picture = helper.make_tensor_value_info(source, FLOAT, [1, 3, side, side])
    answers = [helper.make_tensor_value_info(name, kind, shape) for name, kind, shape in outputs]
    return finished(helper.make_graph(drawing.nodes, "test", [picture], answers, drawing.weights)).SerializeToString()


def first_pixel() -> bytes:
    """A classifier that tells the three planes of the first pixel."""
    drawing = Drawing()
    pixel = drawing.add("Slice", "data", drawing.axes(0, 0), drawing.axes(1, 1), drawing.axes(2, 3))
    drawing.add("Flatten", pixel, output="model_output", axis=1)
    return whole(drawing, "data", 8, [("model_output", FLOAT, [1, 3])])


def three_boxes() -> bytes:
    """A detector that finds three boxes, scored by the planes of the first pixel over 255."""
    drawing = Drawing()
    pixel = drawing.add("Slice", "image_tensor", drawing.axes(0, 0), drawing.axes(1, 1), drawing.axes(2, 3))
    flat = drawing.add("Flatten", pixel, axis=1)
    drawing.add("Div", flat, drawing.number(255.0), output="detected_scores")
    boxes = np.array([[[-0.1, 0.0, 0.5, 0.5], [0.1, 0.2, 0.3, 0.4], [0.5, 0.5, 1.2, 0.9]]], np.float32)
    drawing.add("Identity", drawing.constant(boxes), output="detected_boxes")
    drawing.add("Identity", drawing.constant(np.array([[2, 0, 1]], np.int64)), output="detected_classes")
    outputs = [
        ("detected_boxes", FLOAT, [1, 3, 4]),
        ("detected_classes", INT64, [1, 3]),
        ("detected_scores", FLOAT, [1, 3]),
    ]
    return whole(drawing, "image_tensor", 8, outputs)


def coloured(red: int, green: int, blue: int) -> np.ndarray:
    return np.tile(np.array([red, green, blue], np.uint8), (20, 30, 1))


def test_classifiers_are_fed_bgr() -> None:
    assert open_model(first_pixel()).classify(coloured(10, 20, 30)).tolist() == [30.0, 20.0, 10.0]


def test_detectors_are_fed_rgb_and_answer_the_surest_first() -> None:
    found = open_model(three_boxes()).detect(coloured(51, 255, 102))
    assert found.scores == pytest.approx([1.0, 0.4, 0.2])
    assert found.tags.tolist() == [0, 1, 2]
    assert found.xyxy_n[1:] == pytest.approx(np.array([[0.5, 0.5, 1.0, 0.9], [0.0, 0.0, 0.5, 0.5]]))


def test_a_classifier_finds_no_boxes_and_a_detector_tells_no_tags() -> None:
    with pytest.raises(ValueError, match="classify"):
        open_model(first_pixel()).detect(coloured(0, 0, 0))
    with pytest.raises(ValueError, match="detect"):
        open_model(three_boxes()).classify(coloured(0, 0, 0))


@pytest.mark.parametrize("content", [b"", b"no model", first_pixel()[:-40]], ids=["empty", "text", "cut short"])
def test_what_is_no_model(content: bytes) -> None:
    with pytest.raises(ValueError, match="is not a whole ONNX model"):
        open_model(content)


def test_a_model_of_somebody_else() -> None:
    drawing = Drawing()
    drawing.add("Identity", "input", output="output")
    with pytest.raises(ValueError, match="takes input and gives output"):
        open_model(whole(drawing, "input", 8, [("output", FLOAT, [1, 3, 8, 8])]))


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(np.zeros((4, 4), np.uint8), id="grey"),
        pytest.param(np.zeros((4, 4, 4), np.uint8), id="four planes"),
        pytest.param(np.zeros((4, 4, 3), np.float32), id="floats"),
        pytest.param(np.zeros((0, 4, 3), np.uint8), id="empty"),
    ],
)
def test_what_is_no_picture(picture: np.ndarray) -> None:
    with pytest.raises(ValueError, match="a picture is"):
        stretched(picture, 8)


def test_stretching_ignores_the_shape() -> None:
    wide = np.zeros((10, 40, 3), np.uint8)
    wide[:, 20:] = 200
    square = stretched(wide, 8)
    assert square.shape == (8, 8, 3)
    assert (square[:, :4] == 0).all()
    assert (square[:, 4:] == 200).all()
