"""Networks of a few nodes with the outputs of real ones, written when a test asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17


def save(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    inputs: Mapping[str, tuple[int, Sequence[int | str]]],
    outputs: Mapping[str, Sequence[int | str | None]],
    constants: Mapping[str, np.ndarray] | None = None,
    kinds: Mapping[str, int] | None = None,
) -> Path:
    """Write a graph: inputs are name -> (type, shape), outputs name -> shape; `kinds` of those not float32."""
    graph = helper.make_graph(
        list(nodes),
        path.stem,
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
        [
            helper.make_tensor_value_info(name, (kinds or {}).get(name, TensorProto.FLOAT), shape)
            for name, shape in outputs.items()
        ],
        [numpy_helper.from_array(value, name) for name, value in (constants or {}).items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 9
    onnx.save(model, str(path))
    return path


def constant(
    path: Path,
    outputs: Mapping[str, np.ndarray],
    *,
    size: tuple[int, int],
    input_name: str = "images",
    scaled: str | None = None,
) -> Path:
    """A graph that always says the same of a (width, height) picture.

    The output called `scaled` is multiplied by a second input `orig_target_sizes`, (1, 2) int64, as transformers
    that decode themselves do with their boxes.
    """
    inputs: dict[str, tuple[int, Sequence[int | str]]] = {input_name: (TensorProto.FLOAT, [1, 3, size[1], size[0]])}
    constants = {f"{name} value": value for name, value in outputs.items()}
    nodes = []
    for name in outputs:
        if name == scaled:
            inputs["orig_target_sizes"] = (TensorProto.INT64, [1, 2])
            nodes += [
                helper.make_node("Cast", ["orig_target_sizes"], ["sizes"], to=TensorProto.FLOAT),
                helper.make_node("Concat", ["sizes", "sizes"], ["corners"], axis=1),
                helper.make_node("Mul", [f"{name} value", "corners"], [name]),
            ]
        else:
            nodes.append(helper.make_node("Identity", [f"{name} value"], [name]))
    kinds = {name: helper.np_dtype_to_tensor_dtype(value.dtype) for name, value in outputs.items()}
    return save(path, nodes, inputs, {name: value.shape for name, value in outputs.items()}, constants, kinds)


def white_finder(
    path: Path, *, classes: int = 1, sides: tuple[int | str, int | str] = ("height", "width"), poison: float = 0.0
) -> Path:
    """Heads as `ltrb` reads them, of any size: every white cell of 8 x 8 pixels is class 0, one stride to every side.

    `poison` is added to all outputs: NaN or infinity make a broken network.
    """
    nodes, constants = [], {}
    for stride in (8, 16, 32):
        weights = np.zeros((classes + 4, 3, 1, 1), np.float32)
        weights[0] = 0.1 / 3 if stride == 8 else 0.0
        bias = np.array([-20.0] * classes + [0.0] * 4, np.float32) + np.float32(poison)
        constants |= {f"weights{stride}": weights, f"bias{stride}": bias}
        nodes += [
            helper.make_node(
                "AveragePool", ["image"], [f"cells{stride}"], kernel_shape=[stride, stride], strides=[stride, stride]
            ),
            helper.make_node("Conv", [f"cells{stride}", f"weights{stride}", f"bias{stride}"], [f"stride{stride}"]),
        ]
    return save(
        path,
        nodes,
        {"image": (TensorProto.FLOAT, ["batch", 3, *sides])},
        {f"stride{stride}": ["batch", classes + 4, None, None] for stride in (8, 16, 32)},
        constants,
    )
