"""Models as Custom Vision exports them, of a few nodes, and the pictures they tell apart."""

from __future__ import annotations

import cv2
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 13


def colour_teller(side_px: int = 224, *, scale: float = 0.1) -> bytes:
    """A classifier of three tags: how red, how green, how blue the picture is, as probabilities."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["data"], ["mean"]),
        helper.make_node("Flatten", ["mean"], ["bgr"]),
        helper.make_node("Gemm", ["bgr", "weights"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["model_output"], axis=1),
    ]
    weights = np.fliplr(np.eye(3, dtype=np.float32)) * np.float32(scale)
    return _model(nodes, "data", side_px, {"model_output": (TensorProto.FLOAT, [1, 3])}, {"weights": weights}, "Bgr8")


def white_finder(tag: int = 0, side_px: int = 320) -> bytes:
    """A detector that puts one box around all that is white, to an 8 pixels' grid, and calls it `tag`."""
    cells = side_px // 8
    nodes = [
        helper.make_node("ReduceMean", ["image_tensor"], ["grey"], axes=[1], keepdims=1),
        helper.make_node("AveragePool", ["grey"], ["cells"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Greater", ["cells", "limit"], ["is_white"]),
        helper.make_node("Cast", ["is_white"], ["white"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMax", ["white"], ["columns"], axes=[1, 2], keepdims=0),
        helper.make_node("ReduceMax", ["white"], ["rows"], axes=[1, 3], keepdims=0),
        *(
            helper.make_node("ArgMax", [of], [name], axis=1, keepdims=1, select_last_index=last)
            for name, of, last in (("x0", "columns", 0), ("y0", "rows", 0), ("x1", "columns", 1), ("y1", "rows", 1))
        ),
        helper.make_node("Concat", ["x0", "y0", "x1", "y1"], ["corners"], axis=1),
        helper.make_node("Cast", ["corners"], ["corner_cells"], to=TensorProto.FLOAT),
        helper.make_node("Add", ["corner_cells", "one_more"], ["ends"]),
        helper.make_node("Mul", ["ends", "cell"], ["xyxy"]),
        helper.make_node("Unsqueeze", ["xyxy", "first"], ["detected_boxes"]),
        helper.make_node("ReduceMax", ["columns"], ["any"], axes=[1], keepdims=1),
        helper.make_node("Mul", ["any", "sure"], ["detected_scores"]),
        helper.make_node("Identity", ["tag"], ["detected_classes"]),
    ]
    constants = {
        "limit": np.array(200.0, np.float32),
        "one_more": np.array([[0, 0, 1, 1]], np.float32),
        "cell": np.array(1.0 / cells, np.float32),
        "first": np.array([0], np.int64),
        "sure": np.array([[0.97]], np.float32),
        "tag": np.array([[tag]], np.int64),
    }
    outputs = {
        "detected_boxes": (TensorProto.FLOAT, [1, 1, 4]),
        "detected_classes": (TensorProto.INT64, [1, 1]),
        "detected_scores": (TensorProto.FLOAT, [1, 1]),
    }
    return _model(nodes, "image_tensor", side_px, outputs, constants, "Rgb8")


def _model(
    nodes: list[onnx.NodeProto],
    source: str,
    side_px: int,
    outputs: dict[str, tuple[int, list[int]]],
    constants: dict[str, np.ndarray],
    order: str,
) -> bytes:
    graph = helper.make_graph(
        nodes,
        "taken away",
        [helper.make_tensor_value_info(source, TensorProto.FLOAT, [1, 3, side_px, side_px])],
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 8
    helper.set_model_props(
        model,
        {
            "Image.BitmapPixelFormat": order,
            "Image.ColorSpaceGamma": "SRGB",
            "Image.NominalPixelRange": "NominalRange_0_255",
        },
    )
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def plain_png(rgb: tuple[int, int, int], size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture of one colour, (width, height) in pixels."""
    return encoded(np.full((size[1], size[0], 3), rgb, np.uint8))


def with_white(xyxy_px: tuple[int, int, int, int], size: tuple[int, int] = (640, 320)) -> np.ndarray:
    """A dark grey picture with a white block in it: (height, width, 3) uint8."""
    picture = np.full((size[1], size[0], 3), 40, np.uint8)
    x0, y0, x1, y1 = xyxy_px
    picture[y0:y1, x0:x1] = 255
    return picture


def encoded(rgb: np.ndarray, suffix: str = ".png") -> bytes:
    """A picture as a file's bytes."""
    done, data = cv2.imencode(suffix, rgb[:, :, ::-1])
    assert done
    return data.tobytes()
