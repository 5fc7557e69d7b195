"""ONNX graphs, written node by node."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

Attribute: TypeAlias = int | float | str | list[int]


class Drawing:
    """A graph in the making: every step gives the name of what it makes."""

    def __init__(self, prefix: str = "") -> None:
        """Begin.

        Args:
            prefix: before all names, so that drawings can be joined.
        """
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._prefix = prefix

    def constant(self, value: NDArray[np.float32] | NDArray[np.int64]) -> str:
        """A tensor that never changes."""
        name = f"{self._prefix}constant{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(value, name))
        return name

    def number(self, value: float) -> str:
        """One float."""
        return self.constant(np.array(value, np.float32))

    def axes(self, *values: int) -> str:
        """A list of integers."""
        return self.constant(np.array(values, np.int64))

    def add(self, kind: str, *inputs: str, output: str = "", **attributes: Attribute) -> str:
        """One node with one output.

        Args:
            kind: operator of ai.onnx.
            inputs: names.
            output: name of what it makes; one of its own if empty.
            attributes: of the operator.
        """
        name = output or f"{self._prefix}{kind.lower()}{len(self.nodes)}"
        node = helper.make_node(kind, list(inputs), [name])
        node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())
        self.nodes.append(node)
        return name

    def take(self, model: onnx.ModelProto, prefix: str, **renamed: str) -> None:
        """Put another model's nodes and weights in.

        Args:
            model: is not changed.
            prefix: before all of its names but those that are renamed.
            renamed: its inputs and outputs, and what they are called here.
        """

        def named(name: str) -> str:
            return renamed.get(name, prefix + name) if name else ""

        for weights in model.graph.initializer:
            mine = onnx.TensorProto.FromString(weights.SerializeToString())
            mine.name = named(weights.name)
            self.weights.append(mine)
        for node in model.graph.node:
            other = onnx.NodeProto.FromString(node.SerializeToString())
            other.name = ""
            other.input[:] = [named(name) for name in node.input]
            other.output[:] = [named(name) for name in node.output]
            self.nodes.append(other)
