"""What is looked at in a picture: groups of numbers, all of them plain ONNX, from which a training chooses.

`things` comes from the person detector's backbone, `faces` from that of the face mask detector; both look at a small
copy of the picture, because a thing that fills it is then about as large to them as what they learned to find. `edges`
and `colours` are counted without learning: orientations of gradients in cells (Dalal and Triggs 2005, "Histograms of
oriented gradients"), here signed and shared softly between neighbours, and shares of brightness and colour in a grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import onnx
from onnx import helper

from footfall.learning.cut import finished, reaching
from footfall.learning.drawing import Drawing
from footfall.learning.embedding import INPUT, OUTPUTS, STRIDES, backbone

GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "things": ("things_grid8", "things_grid16", "things_most16", "things_most32"),
    "faces": ("faces_grid8", "faces_grid16", "faces_most16"),
    "edges": ("edges_fine", "edges_coarse"),
    "colours": ("colours",),
}
"""The blocks of each group; every block counts as much as any other, however many features it has."""
_DETECTORS: Final = {"things": "person", "faces": "face-mask"}
_SMALL_PX: Final = 112
_CELLS: Final = 4
_LUMA: Final = (0.299, 0.587, 0.114)
_ORIENTATIONS: Final = 16
_SOFT: Final = 1e-3


def blocks_of(groups: Sequence[str]) -> list[str]:
    """The blocks of some groups, in order."""
    return [block for group in groups for block in GROUPS[group]]


def extractor(groups: Sequence[str], input_px: int) -> onnx.ModelProto:
    """A model from pictures to blocks of features.

    Args:
        groups: of `GROUPS`; each of their blocks is an output (n, features) of that name.
        input_px: side of the pictures; the input is (n, 3, input_px, input_px) float32 RGB 0-255.
    """
    drawing = Drawing()
    small = small_copy(drawing, input_px)
    for group, detector in _DETECTORS.items():
        if group in groups:
            maps = {name: f"{group}/{name}" for name in OUTPUTS}
            drawing.take(backbone(detector), f"{group}/", **{INPUT: small}, **maps)
            _pooled(drawing, group, small_side(input_px))
    if "edges" in groups:
        _edges(drawing, input_px)
    if "colours" in groups:
        _colours(drawing, input_px)
    return _whole(drawing, blocks_of(groups), input_px)


def small_copy(drawing: Drawing, input_px: int) -> str:
    """The picture as the detectors' backbones look at it."""
    shrink = _shrink(input_px)
    return _average(drawing, INPUT, shrink, shrink)


def small_side(input_px: int) -> int:
    """Side of that copy."""
    return input_px // _shrink(input_px)


def _shrink(input_px: int) -> int:
    return max(1, round(input_px / _SMALL_PX))


def _whole(drawing: Drawing, blocks: Sequence[str], input_px: int) -> onnx.ModelProto:
    floats = onnx.TensorProto.FLOAT
    nodes = reaching(drawing.nodes, list(blocks))
    needed = {name for node in nodes for name in node.input}
    weights = [one for one in drawing.weights if one.name in needed]
    picture = helper.make_tensor_value_info(INPUT, floats, ["pictures", 3, input_px, input_px])
    outputs = [helper.make_tensor_value_info(block, floats, None) for block in blocks]
    return finished(helper.make_graph(nodes, "features", [picture], outputs, weights))


def _pooled(drawing: Drawing, group: str, side_px: int) -> None:
    """Means of every channel in cells that overlap, and its maximum over the picture.

    A square root is taken, so that few strong answers do not drown many weak ones.
    """
    for stride, name in zip(STRIDES, OUTPUTS, strict=True):
        roots = drawing.add("Sqrt", f"{group}/{name}")
        side = -(-side_px // stride)
        step = max(1, side // _CELLS)
        cells = _average(drawing, f"{group}/{name}", side - (min(_CELLS, side) - 1) * step, step)
        drawing.add("Flatten", drawing.add("Sqrt", cells), output=f"{group}_grid{stride}", axis=1)
        drawing.add("ReduceMax", roots, output=f"{group}_most{stride}", axes=[2, 3], keepdims=0)


def _average(drawing: Drawing, source: str, size: int, step: int) -> str:
    return drawing.add("AveragePool", source, kernel_shape=[size, size], strides=[step, step])


def _edges(drawing: Drawing, input_px: int) -> None:
    """Orientations at two sizes of detail, in cells of an eighth and of a quarter of the picture."""
    luma = drawing.constant(np.array(_LUMA, np.float32).reshape(1, 3, 1, 1) / 255.0)
    grey = drawing.add("Conv", INPUT, luma)
    for shrink, cells, output in ((2, 4, "edges_fine"), (4, 8, "edges_coarse")):
        side = (input_px // shrink) - 2
        step = side // cells
        strengths = _orientations(drawing, _average(drawing, grey, shrink, shrink))
        pooled = _average(drawing, strengths, side - (cells - 1) * step, step)
        drawing.add("Flatten", _evened(drawing, pooled), output=output, axis=1)


def _orientations(drawing: Drawing, grey: str) -> str:
    """(n, 1, h, w) -> (n, orientations, h - 2, w - 2): strength of the gradient along each, shared by nearness."""
    slope = np.outer([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0]).astype(np.float32) / 8.0
    gradient = drawing.add("Conv", grey, drawing.constant(np.stack([slope, slope.T])[:, None]))
    square = drawing.add("ReduceSum", drawing.add("Mul", gradient, gradient), drawing.axes(1), keepdims=1)
    strength = drawing.add("Sqrt", drawing.add("Add", square, drawing.number(_SOFT**2)))
    angles = np.arange(_ORIENTATIONS) * (2 * np.pi / _ORIENTATIONS)
    compass = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)[:, :, None, None]
    along = drawing.add("Conv", gradient, drawing.constant(compass))
    least = float(np.cos(2 * np.pi / _ORIENTATIONS))
    bar = drawing.add("Mul", strength, drawing.number(least))
    return drawing.add("Relu", drawing.add("Sub", along, bar))


def _evened(drawing: Drawing, cells: str) -> str:
    """Cells relative to the energy around them, so that light and contrast do not matter; then a square root."""
    energy = drawing.add("ReduceSum", cells, drawing.axes(1), keepdims=1)
    around = drawing.add("AveragePool", energy, kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    relative = drawing.add("Div", cells, drawing.add("Add", around, drawing.number(_SOFT)))
    return drawing.add("Sqrt", relative)


def _colours(drawing: Drawing, input_px: int) -> None:
    """Shares of eight steps of brightness and of two opponent colours, in nine cells that overlap, and over all."""
    red, green, blue = _LUMA
    axes = np.array([_LUMA, (0.5, -0.5, 0.0), (-red / 2, -green / 2, 0.5 - blue / 2)], np.float32) / 255.0
    small = _average(drawing, INPUT, 4, 4)
    planes = drawing.add("Conv", small, drawing.constant(axes[:, :, None, None]))
    steps = 8
    centres = np.stack([np.linspace(0, 1, steps), np.linspace(-0.3, 0.3, steps), np.linspace(-0.3, 0.3, steps)])
    widths = (centres[:, 1] - centres[:, 0])[:, None].repeat(steps, 1)
    spread = np.kron(np.eye(3), np.ones((steps, 1))).astype(np.float32) / widths.reshape(-1, 1).astype(np.float32)
    offset = -(centres / widths).reshape(-1).astype(np.float32)
    distance = drawing.add(
        "Abs",
        drawing.add(
            "Conv", planes, drawing.constant(np.asarray(spread[:, :, None, None], np.float32)), drawing.constant(offset)
        ),
    )
    shares = drawing.add("Relu", drawing.add("Sub", drawing.number(1.0), distance))
    side = input_px // 4
    step = side // 3
    cells = _average(drawing, shares, side - 2 * step, step)
    whole = drawing.add("ReduceMean", shares, axes=[2, 3], keepdims=0)
    flat = drawing.add("Concat", drawing.add("Flatten", cells, axis=1), whole, axis=1)
    drawing.add("Sqrt", flat, output="colours")
