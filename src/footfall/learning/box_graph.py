"""The detector as one ONNX graph, picture to boxes, in the contract of spec/custom-vision.md 9 ("[S1]").

    image_tensor -> backbone -> map -> first look, suppression -> second look (RoiAlign), suppression -> answer

Training runs the same pieces, cut short: there is no second implementation to agree with.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from footfall.learning.box_heads import Linear
from footfall.learning.cells import WINDOWS, Scale, centres
from footfall.learning.cut import finished
from footfall.learning.embedding import INPUT, OUTPUTS
from footfall.learning.model import DETECTOR_INPUT, DETECTOR_OUTPUTS

F32: TypeAlias = NDArray[np.float32]

SIDE_PX: Final = 320
MOST_BOXES: Final = 200
CANDIDATES: Final = 100
"""Boxes of the first look that are looked at again."""
SAME_CANDIDATE: Final = 0.7
"""IoU from which on two boxes of the first look are one."""
SAME_THING: Final = 0.45
LEAST_SCORE: Final = 0.002
BINS: Final = 7
"""Along a side of a box that is looked at again; the outermost ones lie around it."""
AROUND: Final = 7 / 5
SAMPLES: Final = 2
REACH: Final = (math.log(0.1), math.log(80.0))
"""Least and most logarithm of a distance, in cells."""
MOST_CHANGE: Final = 1.0
"""Of the second look on the first one's box, in its sides and in the logarithm of them."""
METADATA: Final = {
    "Image.BitmapPixelFormat": "Rgb8",
    "Image.ColorSpaceGamma": "SRGB",
    "Image.NominalPixelRange": "NominalRange_0_255",
}


@dataclass(frozen=True, slots=True)
class Reduction:
    """From the backbone's maps to one map of few channels at the finest stride."""

    parts: tuple[F32, ...]
    """(channels, channels of a map) for every map."""
    bias: F32
    """(channels,)"""


@dataclass(frozen=True, slots=True)
class Heads:
    """All that is learned; without a second look the first one's answer is the answer."""

    scale: Scale
    reduction: Reduction
    first: Linear
    """(TAPS * channels, 1 + tags + 4)"""
    second: Linear | None
    """(channels * BINS * BINS, 1 + tags + 4)"""
    slope: float = 1.0
    """Of the calibration, log odds to log odds."""
    offset: float = 0.0


class _Nodes:
    """Nodes and constants under construction; names are made up."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """A node with one output, whose name it returns."""
        return self.add_many(kind, 1, *inputs, **attributes)[0]

    def add_many(self, kind: str, outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        names = [f"head_{len(self.nodes)}_{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names

    def constant(self, value: object, kind: type = np.float32) -> str:
        name = f"head_constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(value, dtype=kind, order="C"), name))
        return name

    def whole(self, *values: int) -> str:
        """A vector of integers."""
        return self.constant(values, np.int64)

    def rename(self, old: str, new: str) -> None:
        """Give a result a name of the contract."""
        self.nodes.append(helper.make_node("Identity", [old], [new]))

    def model(
        self, inputs: Mapping[str, Sequence[int | str]], outputs: Mapping[str, tuple[int, list[int | str]]]
    ) -> onnx.ModelProto:
        """Float inputs by name and shape; outputs by name, element type and shape."""
        graph = helper.make_graph(
            self.nodes, "footfall",
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)) for name, shape in inputs.items()],
            [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in outputs.items()],
            self.constants,
        )  # fmt: skip
        return finished(graph)


def whole_graph(backbone: onnx.ModelProto, heads: Heads) -> onnx.ModelProto:
    """Picture to boxes.

    Args:
        backbone: `embedding.Embedding.graph`.
        heads: what was learned.
    """
    nodes = _Nodes()
    reduced = _reduced(nodes, backbone, heads.reduction, DETECTOR_INPUT, heads.scale)
    boxes, scores = _first(nodes, reduced, heads)
    if heads.second is not None:
        boxes, scores = _second(nodes, reduced, _candidates(nodes, boxes, scores), heads.second, heads.scale)
    _, scores = nodes.add_many("Split", 2, scores, nodes.whole(1, len(heads.first.bias) - 5), axis=1)
    _answer(nodes, boxes, scores, heads)
    found = (TensorProto.FLOAT, TensorProto.INT64, TensorProto.FLOAT)
    shapes: list[list[int | str]] = [[1, "boxes", 4], [1, "boxes"], [1, "boxes"]]
    outputs = {name: (kind, shape) for name, kind, shape in zip(DETECTOR_OUTPUTS, found, shapes, strict=True)}
    model = nodes.model({DETECTOR_INPUT: (1, 3, SIDE_PX, SIDE_PX)}, outputs)
    helper.set_model_props(model, METADATA)
    onnx.checker.check_model(model, full_check=True)
    return model


def map_graph(backbone: onnx.ModelProto, reduction: Reduction, scale: Scale) -> onnx.ModelProto:
    """`image_tensor` (n, 3, 320, 320) -> `map` (n, channels, side, side)."""
    nodes = _Nodes()
    nodes.rename(_reduced(nodes, backbone, reduction, DETECTOR_INPUT, scale), "map")
    return nodes.model(
        {DETECTOR_INPUT: ("pictures", 3, SIDE_PX, SIDE_PX)},
        {"map": (TensorProto.FLOAT, _map(reduction, scale, "pictures"))},
    )


def first_graph(heads: Heads) -> onnx.ModelProto:
    """`map` (1, channels, side, side) -> `boxes` (cells, 4), `scores` (cells, 1 + tags), `candidates` (n, 4)."""
    nodes = _Nodes()
    boxes, scores = _first(nodes, "map", heads)
    nodes.rename(_candidates(nodes, boxes, scores), "candidates")
    nodes.rename(boxes, "boxes")
    nodes.rename(scores, "scores")
    outputs: dict[str, tuple[int, list[int | str]]] = {
        "boxes": (TensorProto.FLOAT, ["cells", 4]),
        "scores": (TensorProto.FLOAT, ["cells", "labels"]),
        "candidates": (TensorProto.FLOAT, ["n", 4]),
    }
    return nodes.model({"map": _map(heads.reduction, heads.scale, 1)}, outputs)


def inside_graph(reduction: Reduction, scale: Scale) -> onnx.ModelProto:
    """`map` (1, channels, side, side), `regions` (n, 4) fractions -> `inside` (n, channels * BINS * BINS)."""
    nodes = _Nodes()
    nodes.rename(_inside(nodes, "map", "regions", scale), "inside")
    inputs = {"map": _map(reduction, scale, 1), "regions": ("n", 4)}
    return nodes.model(inputs, {"inside": (TensorProto.FLOAT, ["n", "seen"])})


def _map(reduction: Reduction, scale: Scale, pictures: int | str) -> list[int | str]:
    return [pictures, len(reduction.bias), scale.map_side, scale.map_side]


def _reduced(nodes: _Nodes, backbone: onnx.ModelProto, reduction: Reduction, picture: str, scale: Scale) -> str:
    """The backbone, each of its maps through one matrix, all brought to the finest stride and added."""
    if scale.look_px != SIDE_PX:
        picture = _resized(nodes, picture, scale.look_px / SIDE_PX)
    for node in backbone.graph.node:
        copy = onnx.NodeProto.FromString(node.SerializeToString())
        copy.input[:] = [picture if name == INPUT else name for name in copy.input]
        nodes.nodes.append(copy)
    nodes.constants.extend(backbone.graph.initializer)
    total = ""
    for index, (output, part) in enumerate(zip(OUTPUTS, reduction.parts, strict=True)):
        weights = [nodes.constant(part[:, :, None, None])] + ([] if index else [nodes.constant(reduction.bias)])
        one = nodes.add("Conv", output, *weights, kernel_shape=[1, 1])
        total = nodes.add("Add", total, _resized(nodes, one, 2.0**index)) if index else one
    return total


def _resized(nodes: _Nodes, what: str, factor: float) -> str:
    scales = nodes.constant([1.0, 1.0, factor, factor])
    return nodes.add("Resize", what, "", scales, mode="linear", coordinate_transformation_mode="half_pixel")


def _first(nodes: _Nodes, reduced: str, heads: Heads) -> tuple[str, str]:
    """Boxes (cells, 4) in fractions and probabilities (cells, 1 + tags) of the first look."""
    outputs, side = len(heads.first.bias), heads.scale.side
    grid = reduced
    if heads.scale.pool > 1:
        grid = nodes.add("AveragePool", grid, kernel_shape=[heads.scale.pool] * 2, strides=[heads.scale.pool] * 2)
    weights = heads.first.weights.reshape(len(WINDOWS), 3, 3, -1, outputs).transpose(0, 4, 3, 1, 2)
    total = ""
    for window, part in zip(WINDOWS, weights, strict=True):
        pads = [window // 2] * 4
        means = (
            nodes.add("AveragePool", grid, kernel_shape=[window] * 2, strides=[1, 1], pads=pads, count_include_pad=1)
            if window > 1
            else grid
        )
        bias = [] if total else [nodes.constant(heads.first.bias)]
        one = nodes.add(
            "Conv", means, nodes.constant(part), *bias, kernel_shape=[3, 3], dilations=[window] * 2, pads=[window] * 4
        )
        total = nodes.add("Add", total, one) if total else one
    rows = nodes.add("Transpose", nodes.add("Reshape", total, nodes.whole(outputs, side * side)), perm=[1, 0])
    logits, logs = nodes.add_many("Split", 2, rows, nodes.whole(outputs - 4, 4), axis=1)
    return _ltrb_boxes(nodes, logs, side), nodes.add("Softmax", logits, axis=1)


def _ltrb_boxes(nodes: _Nodes, logs: str, side: int) -> str:
    low, high = (nodes.constant(value) for value in REACH)
    lengths = nodes.add("Exp", nodes.add("Clip", logs, low, high))
    before, after = nodes.add_many("Split", 2, lengths, nodes.whole(2, 2), axis=1)
    middle = nodes.constant(centres(side))
    corners = nodes.add("Concat", nodes.add("Sub", middle, before), nodes.add("Add", middle, after), axis=1)
    return _clipped(nodes, nodes.add("Mul", corners, nodes.constant(1.0 / side)))


def _clipped(nodes: _Nodes, boxes: str) -> str:
    return nodes.add("Clip", boxes, nodes.constant(0.0), nodes.constant(1.0))


def _candidates(nodes: _Nodes, boxes: str, scores: str) -> str:
    """(n, 4): where the first look is surest that there is something, each place once; never none."""
    background = nodes.add("Slice", scores, nodes.whole(0), nodes.whole(1), nodes.whole(1))
    something = nodes.add("Transpose", nodes.add("Sub", nodes.constant(1.001), background), perm=[1, 0])
    chosen = nodes.add(
        "NonMaxSuppression",
        nodes.add("Unsqueeze", boxes, nodes.whole(0)), nodes.add("Unsqueeze", something, nodes.whole(0)),
        nodes.whole(CANDIDATES), nodes.constant([SAME_CANDIDATE]), nodes.constant([0.0]),
    )  # fmt: skip
    rows = nodes.add("Gather", chosen, nodes.constant(2, np.int64), axis=1)
    return nodes.add("Gather", boxes, rows, axis=0)


def _inside(nodes: _Nodes, reduced: str, regions: str, scale: Scale) -> str:
    """What lies in and around boxes, (n, channels * BINS * BINS)."""
    middle, extent = _middle_and_extent(nodes, regions)
    half = nodes.add("Mul", extent, nodes.constant(AROUND / 2))
    corners = nodes.add("Concat", nodes.add("Sub", middle, half), nodes.add("Add", middle, half), axis=1)
    # RoiAlign before opset 16 takes cell centres for whole numbers
    places = nodes.add("Sub", nodes.add("Mul", corners, nodes.constant(float(scale.map_side))), nodes.constant(0.5))
    count = nodes.add("Slice", nodes.add("Shape", regions), nodes.whole(0), nodes.whole(1), nodes.whole(0))
    first = nodes.add("ConstantOfShape", count, value=numpy_helper.from_array(np.zeros(1, np.int64)))
    bins = nodes.add(
        "RoiAlign",
        reduced,
        places,
        first,
        output_height=BINS,
        output_width=BINS,
        sampling_ratio=SAMPLES,
        spatial_scale=1.0,
    )
    return nodes.add("Flatten", bins, axis=1)


def _middle_and_extent(nodes: _Nodes, boxes: str) -> tuple[str, str]:
    low, high = nodes.add_many("Split", 2, boxes, nodes.whole(2, 2), axis=1)
    middle = nodes.add("Mul", nodes.add("Add", low, high), nodes.constant(0.5))
    return middle, nodes.add("Sub", high, low)


def _second(nodes: _Nodes, reduced: str, regions: str, head: Linear, scale: Scale) -> tuple[str, str]:
    """Boxes (n, 4) and probabilities (n, tags) of the second look."""
    inside = _inside(nodes, reduced, regions, scale)
    rows = nodes.add("Gemm", inside, nodes.constant(head.weights), nodes.constant(head.bias))
    logits, changes = nodes.add_many("Split", 2, rows, nodes.whole(len(head.bias) - 4, 4), axis=1)
    changes = nodes.add("Clip", changes, nodes.constant(-MOST_CHANGE), nodes.constant(MOST_CHANGE))
    shift, growth = nodes.add_many("Split", 2, changes, nodes.whole(2, 2), axis=1)
    middle, extent = _middle_and_extent(nodes, regions)
    middle = nodes.add("Add", middle, nodes.add("Mul", shift, extent))
    half = nodes.add("Mul", nodes.add("Mul", extent, nodes.add("Exp", growth)), nodes.constant(0.5))
    corners = nodes.add("Concat", nodes.add("Sub", middle, half), nodes.add("Add", middle, half), axis=1)
    return _clipped(nodes, corners), nodes.add("Softmax", logits, axis=1)


def _answer(nodes: _Nodes, boxes: str, scores: str, heads: Heads) -> None:
    """Each thing once, the surest first, with calibrated scores, under the names of the contract."""
    by_tag = nodes.add("Unsqueeze", nodes.add("Transpose", scores, perm=[1, 0]), nodes.whole(0))
    chosen = nodes.add(
        "NonMaxSuppression", nodes.add("Unsqueeze", boxes, nodes.whole(0)), by_tag,
        nodes.whole(MOST_BOXES), nodes.constant([SAME_THING]), nodes.constant([LEAST_SCORE]),
    )  # fmt: skip
    found = nodes.add("GatherND", by_tag, chosen)
    most = nodes.add("Min", nodes.add("Shape", found), nodes.whole(MOST_BOXES))
    surest, order = nodes.add_many("TopK", 2, found, most, axis=0)
    chosen = nodes.add("Gather", chosen, order, axis=0)
    classes = nodes.add("Gather", chosen, nodes.constant(1, np.int64), axis=1)
    rows = nodes.add("Gather", chosen, nodes.constant(2, np.int64), axis=1)
    results = nodes.add("Gather", boxes, rows, axis=0), classes, _calibrated(nodes, surest, heads)
    for name, result in zip(DETECTOR_OUTPUTS, results, strict=True):
        nodes.rename(nodes.add("Unsqueeze", result, nodes.whole(0)), name)


def _calibrated(nodes: _Nodes, scores: str, heads: Heads) -> str:
    scores = nodes.add("Clip", scores, nodes.constant(1e-6), nodes.constant(1.0 - 1e-6))
    against = nodes.add("Sub", nodes.constant(1.0), scores)
    odds = nodes.add("Sub", nodes.add("Log", scores), nodes.add("Log", against))
    moved = nodes.add("Add", nodes.add("Mul", odds, nodes.constant(heads.slope)), nodes.constant(heads.offset))
    return nodes.add("Sigmoid", moved)
