"""From trained weights to the files that ship: ONNX with any picture size, and an int8 twin.

Both are checked against the network they came from before anybody gets them.
"""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn

from footfall.core.errors import TrainingError
from footfall.core.types import Image
from footfall.detect.card import sha256_of
from footfall.detect.imaging import InputSpec, to_tensor
from footfall.training.network import STRIDES, Detector
from footfall.training.pictures import read_sets
from footfall.training.recipe import Recipe

OPSET = 17
MOST_DIFFERENCE = 2e-3
"""Between the outputs of torch and of ONNX Runtime: the order of additions differs."""
SIZES_PX = ((256, 416), (416, 416), (640, 384))
"""(height, width) at which the export is checked: the graph must not remember the size it was traced with."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A file that was written and checked."""

    path: Path
    sha256: str
    size_bytes: int
    difference: float
    """Largest absolute difference of any output from torch's."""


def load_best(recipe: Recipe, folder: Path) -> Detector:
    """The best weights of a run.

    Raises:
        TrainingError: there are none, or they do not fit the recipe.
    """
    network = Detector(recipe.network, len(recipe.labels))
    path = folder / "best.pt"
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        network.load_state_dict(state["mean"])
    except (OSError, RuntimeError, KeyError, EOFError) as error:
        reason = (str(error).splitlines() or ["empty"])[0]
        raise TrainingError(f"{path}: no weights of this recipe ({reason}); train first") from error
    return network.eval()


def export_onnx(network: nn.Module, path: Path) -> Exported:
    """Write float32 ONNX and compare it with torch at several sizes.

    Raises:
        TrainingError: the file does not give what torch gives.
    """
    names = [f"stride{stride}" for stride in STRIDES]
    axes = {"picture": {0: "pictures", 2: "height", 3: "width"}}
    axes |= {name: {0: "pictures", 2: f"rows{name}", 3: f"columns{name}"} for name in names}
    example = torch.zeros(1, 3, 256, 416)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch announces its next exporter, which asks for two more packages
        torch.onnx.export(
            network, (example,), str(path), input_names=["picture"], output_names=names, dynamic_axes=axes,
            opset_version=OPSET, dynamo=False,
        )  # fmt: skip
    onnx.checker.check_model(onnx.load(str(path)))
    return _checked(network, path, MOST_DIFFERENCE)


def export_int8(network: nn.Module, full: Path, path: Path, pictures: Sequence[Image], side_px: int) -> Exported:
    """Write the int8 twin of a float32 export, calibrated on pictures; its outputs differ, and by how much is told."""
    logging.getLogger().setLevel(logging.ERROR)
    prepared = path.with_suffix(".prepared")
    quant_pre_process(str(full), str(prepared), skip_symbolic_shape=True)
    last = [node.name for node in onnx.load(str(prepared)).graph.node if node.name.startswith("/out")]
    quantize_static(
        str(prepared), str(path), _Pictures(pictures, side_px), quant_format=QuantFormat.QDQ, per_channel=True,
        reduce_range=True,  # seven bits: older CPUs add two products in sixteen
        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, nodes_to_exclude=last,
    )  # fmt: skip
    prepared.unlink()
    return _checked(network, path, np.inf)


class _Pictures(CalibrationDataReader):  # type: ignore[misc]
    """Feeds pictures, each at the size it is looked at."""

    def __init__(self, pictures: Sequence[Image], side_px: int) -> None:
        self._left: Iterator[Image] = iter(pictures)
        self._spec = InputSpec(side_px, side_px, fit="snug")

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """The next input, or None at the end."""
        image = next(self._left, None)
        return None if image is None else {"picture": to_tensor(image, self._spec)[0][None]}


def _checked(network: nn.Module, path: Path, limit: float) -> Exported:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    difference = 0.0
    for height, width in SIZES_PX:
        x = rng.uniform(0, 255, (1, 3, height, width)).astype(np.float32)
        with torch.inference_mode():
            wanted = [part.numpy() for part in network(torch.from_numpy(x))]
        got = session.run(None, {"picture": x})
        difference = max(difference, *(float(np.abs(a - b).max()) for a, b in zip(wanted, got, strict=True)))
    if not difference <= limit:
        raise TrainingError(f"{path}: its outputs differ by {difference} from those of the trained network")
    return Exported(path, sha256_of(path), path.stat().st_size, difference)


def calibration_pictures(recipe: Recipe, data: Path, count: int = 100) -> list[Image]:
    """Pictures of the training sets, evenly spread, that show the int8 export the range of every layer."""
    pictures = [picture for picture in read_sets(recipe, data) if not picture.held_out]
    return [picture.read() for picture in pictures[:: max(1, len(pictures) // count)]]


def write_card(recipe: Recipe, file: Exported, path: Path) -> None:
    """The card beside an export, so that `--model FILE` knows how to feed and read it."""
    side = recipe.test_size_px
    path.write_text(
        f'name = "{recipe.name}"\n'
        f'title = "{recipe.name}, trained by footfall"\n'
        'licence = "see the sets of its recipe"\n'
        'decoder = "ltrb"\n'
        f"labels = {json.dumps(recipe.labels)}\n"
        f"classes = {list(range(len(recipe.labels)))}\n"
        "confident_score = 0.4\nnms_iou = 0.6\n\n"
        f'[input]\nwidth_px = {side}\nheight_px = {side}\nfit = "snug"\n\n'
        f'[[files]]\nname = "{file.path.name}"\nsha256 = ["{file.sha256}"]\nsize_bytes = [{file.size_bytes}]\n',
        "utf-8",
    )
