"""Surgery on ONNX graphs: take a part, and free it of all that the part does not need."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from footfall.detect.session import open_session

OPSET = 13
IR_VERSION = 8
"""What TensorRT, OpenVINO and Windows ML of some years ago still load."""


def cut(model: onnx.ModelProto, source: str, leaves: Mapping[str, str]) -> onnx.ModelProto:
    """The part of a model between its input and some inner tensors.

    Args:
        model: it takes (n, 3, height, width) floats; is not changed.
        source: name of its input.
        leaves: inner tensors, and what they are called as outputs.
    """
    nodes = reaching(list(model.graph.node), list(leaves))
    needed = {name for node in nodes for name in node.input}
    for node in nodes:
        for names in (node.input, node.output):
            names[:] = [leaves.get(name, name) for name in names]
    floats = onnx.TensorProto.FLOAT
    picture = helper.make_tensor_value_info(source, floats, ["pictures", 3, "height", "width"])
    outputs = [helper.make_tensor_value_info(name, floats, None) for name in leaves.values()]
    kept = [weights for weights in model.graph.initializer if weights.name in needed]
    return finished(helper.make_graph(nodes, "cut", [picture], outputs, kept))


def reaching(nodes: list[onnx.NodeProto], leaves: list[str]) -> list[onnx.NodeProto]:
    """Copies of the nodes that some tensors depend on, in their order."""
    wanted = set(leaves)
    kept = []
    for node in reversed(nodes):
        if wanted & set(node.output):
            wanted |= set(node.input)
            kept.append(onnx.NodeProto.FromString(node.SerializeToString()))
    return kept[::-1]


def finished(graph: onnx.GraphProto) -> onnx.ModelProto:
    """A model around a graph, with the shapes of its outputs worked out."""
    opset = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=IR_VERSION, producer_name="footfall")
    return onnx.shape_inference.infer_shapes(model, data_prop=True)


def with_fixed_slices(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same model whose slices along channels no longer work out where they begin and end.

    An exporter writes "half of the channels" as arithmetic on the shape; the answer is the same for every picture.
    """
    bounds = [name for node in model.graph.node if node.op_type == "Slice" for name in node.input[1:]]
    constants = {name: numpy_helper.from_array(value, name) for name, value in _values(model, bounds).items()}
    nodes = [node for node in model.graph.node if not set(node.output) & set(constants)]
    nodes = reaching(nodes, [output.name for output in model.graph.output])
    needed = {name for node in nodes for name in node.input}
    weights = [one for one in (*model.graph.initializer, *constants.values()) if one.name in needed]
    return finished(helper.make_graph(nodes, model.graph.name, model.graph.input, model.graph.output, weights))


def _values(model: onnx.ModelProto, names: list[str]) -> dict[str, NDArray[np.int64]]:
    """What integer tensors hold, whatever is put in."""
    probe = onnx.ModelProto.FromString(model.SerializeToString())
    del probe.graph.output[:]
    probe.graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.INT64, None) for name in names)
    picture = np.zeros((1, 3, 64, 64), np.float32)
    values = open_session(probe.SerializeToString(), 1).run(names, {model.graph.input[0].name: picture})
    return dict(zip(names, values, strict=True))
