"""The last stages of the `person` detector's backbone, which a fine-tuning changes, and what is read off them.

The stages before are frozen: what they see in a picture is computed once. A tuned network is plain ONNX again, the
backbone with other weights and one matrix at its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from footfall.learning.cut import finished, reaching
from footfall.learning.drawing import Drawing
from footfall.learning.embedding import INPUT, OUTPUTS, STRIDES, backbone
from footfall.learning.features import small_copy, small_side

F32: TypeAlias = NDArray[np.float32]

SEEN: Final = OUTPUTS[0]
"""Where the frozen stages end: the finest map."""
READ: Final = OUTPUTS[1:]
"""The maps that are read off."""
SCORES: Final = "scores"
_CELLS: Final = 2
"""Along a side, of the coarsest map."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """What a fine-tuning has learned."""

    stages: Mapping[str, F32]
    """New weights of the backbone's last stages, by name."""
    weights: F32
    """(read, tags) of the matrix at the end."""
    bias: F32
    """(tags,)"""

    def times(self, share: float) -> Tuned:
        """The same network, its scores multiplied."""
        return Tuned(self.stages, self.weights * np.float32(share), self.bias * np.float32(share))


def frozen_model(input_px: int) -> onnx.ModelProto:
    """Pictures (n, 3, input_px, input_px) RGB 0-255 -> `SEEN`, the map that the last stages begin with."""
    drawing = Drawing()
    drawing.take(backbone("person"), "", **{INPUT: small_copy(drawing, input_px)})
    return _model(drawing, input_px, SEEN)


@cache
def last_stages() -> onnx.GraphProto:
    """The part of the backbone between `SEEN` and `READ`; slices have their bounds among the weights."""
    whole = backbone("person").graph
    end = next(number for number, node in enumerate(whole.node) if SEEN in node.output)
    nodes = reaching(list(whole.node)[end + 1 :], list(READ))
    needed = {name for node in nodes for name in node.input}
    floats = onnx.TensorProto.FLOAT
    source, *ends = (helper.make_tensor_value_info(name, floats, None) for name in (SEEN, *READ))
    weights = [one for one in whole.initializer if one.name in needed]
    return helper.make_graph(nodes, "last stages", [source], ends, weights)


def tuned_model(tuned: Tuned, input_px: int) -> onnx.ModelProto:
    """Pictures (n, 3, input_px, input_px) RGB 0-255 -> `SCORES` (n, tags)."""
    drawing = Drawing()
    drawing.take(backbone("person"), "", **{INPUT: small_copy(drawing, input_px)})
    for old in drawing.weights:
        if old.name in tuned.stages:
            old.CopyFrom(numpy_helper.from_array(tuned.stages[old.name], old.name))
    size, step = cells(-(-small_side(input_px) // STRIDES[-1]))
    means = drawing.add("AveragePool", READ[-1], kernel_shape=[size, size], strides=[step, step])
    parts = [drawing.add("ReduceMax", name, axes=[2, 3], keepdims=0) for name in READ]
    read = drawing.add("Concat", *parts, drawing.add("Flatten", means, axis=1), axis=1)
    drawing.add("Gemm", read, drawing.constant(tuned.weights), drawing.constant(tuned.bias), output=SCORES)
    return _model(drawing, input_px, SCORES)


def cells(side: int) -> tuple[int, int]:
    """Size and step of the means by place over a map with so many cells along a side."""
    step = max(1, side // _CELLS)
    return side - (min(_CELLS, side) - 1) * step, step


def _model(drawing: Drawing, input_px: int, output: str) -> onnx.ModelProto:
    floats = onnx.TensorProto.FLOAT
    nodes = reaching(drawing.nodes, [output])
    needed = {name for node in nodes for name in node.input}
    weights = [one for one in drawing.weights if one.name in needed]
    picture = helper.make_tensor_value_info(INPUT, floats, ["pictures", 3, input_px, input_px])
    answer = helper.make_tensor_value_info(output, floats, None)
    return finished(helper.make_graph(nodes, "tuned", [picture], [answer], weights))
