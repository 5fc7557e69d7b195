"""What a trained network sees in a picture: maps of the `person` detector's backbone, whose weights nothing changes.

The backbone is cut from the detector that ships with the package each time it is needed: there is no second file to
keep in step with it. Nothing of the cut remembers a size: pictures of any size go through.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import numpy_helper

from footfall.detect.catalogue import WEIGHTS
from footfall.detect.session import open_session
from footfall.learning.cut import cut, with_fixed_slices

F32: TypeAlias = NDArray[np.float32]

STRIDES: Final = (8, 16, 32)
INPUT: Final = "picture"
"""[n, 3, height, width] float32, RGB, 0-255."""
OUTPUTS: Final = tuple(f"stride{stride}" for stride in STRIDES)
"""[n, channels, ceil(height / stride), ceil(width / stride)] float32, never negative."""
_LEAVES: Final = tuple(f"/stage{stride}/stage{stride}.1/leave/leave.2/Relu_output_0" for stride in STRIDES)


@dataclass(frozen=True, slots=True)
class Embedding:
    """A frozen network. Not for several threads at once."""

    graph: onnx.ModelProto
    """From `INPUT` to `OUTPUTS`, for others to append heads to: copy it first."""
    channels: tuple[int, ...]
    """Of each map."""
    session: onnxruntime.InferenceSession

    def maps(self, rgb: NDArray[np.uint8]) -> tuple[F32, ...]:
        """Maps of pictures, finest first.

        Args:
            rgb: (n, height, width, 3).

        Returns:
            One (n, channels, height / stride, width / stride) for each of `STRIDES`, sides rounded up.
        """
        planes = np.ascontiguousarray(rgb.transpose(0, 3, 1, 2), dtype=np.float32)
        return tuple(self.session.run(OUTPUTS, {INPUT: planes}))

    def vectors(self, rgb: NDArray[np.uint8]) -> F32:
        """Mean and maximum of every channel over the picture: (n, height, width, 3) -> (n, 2 * sum(channels))."""
        maps = self.maps(rgb)
        return np.concatenate([part for one in maps for part in (one.mean((2, 3)), one.max((2, 3)))], axis=1)


def load_embedding(threads: int = 1) -> Embedding:
    """The shipped backbone.

    Args:
        threads: cores that one run may use.
    """
    graph = backbone("person")
    channels = tuple(_channels(graph, name) for name in OUTPUTS)
    return Embedding(graph, channels, open_session(graph.SerializeToString(), threads))


@cache
def backbone(detector: str) -> onnx.ModelProto:
    """The backbone of a detector of ours, from RGB to maps, without its pyramid and heads.

    Args:
        detector: `person` or `face-mask`: a network of `footfall.training.network` that ships with the package.
    """
    graph = cut(onnx.load(WEIGHTS / f"{detector}.onnx"), INPUT, dict(zip(_LEAVES, OUTPUTS, strict=True)))
    graph = with_fixed_slices(graph)
    _take_rgb(graph)
    onnx.checker.check_model(graph, full_check=True)
    return graph


def _take_rgb(graph: onnx.ModelProto) -> None:
    """The detectors take BGR; all channels are centred alike, so turning the first filters round is enough."""
    first = next(node for node in graph.graph.node if node.op_type == "Conv")
    for weights in graph.graph.initializer:
        if weights.name == first.input[1]:
            turned = np.ascontiguousarray(numpy_helper.to_array(weights)[:, ::-1])
            weights.CopyFrom(numpy_helper.from_array(turned, weights.name))


def _channels(graph: onnx.ModelProto, name: str) -> int:
    shaped = next(value for value in graph.graph.output if value.name == name)
    return int(shaped.type.tensor_type.shape.dim[1].dim_value)
