"""A network in OpenVINO's format (.xml with .bin), run by the optional package `openvino` on the CPU."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from footfall.core.errors import DetectorError
from footfall.core.types import Detections, Frame
from footfall.detect.card import ModelCard
from footfall.detect.guess import Shape, guess_for_file
from footfall.detect.network import detect_with, resized


class OpenvinoDetector:
    """Detector on an OpenVINO model. Holds no state between pictures; not thread-safe, see `SharedDetector`."""

    stateful = False

    def __init__(self, card: ModelCard | None, path: Path, *, min_score: float | None = None, threads: int = 1) -> None:
        """Load the files; arguments as for `OnnxDetector`.

        Raises:
            DetectorError: `openvino` is not installed, a file is missing or damaged, or does not fit the card.
        """
        self._path = path
        self._model = _open(path, threads)
        shape = _shape(self._model.input(0))
        if card is None:
            card = guess_for_file(path, shape, [_shape(output) for output in self._model.outputs])
        wanted = (3, card.input.height_px, card.input.width_px)
        if len(shape) != 4 or any(a is not None and a != b for a, b in zip(shape[1:], wanted, strict=True)):
            raise DetectorError(
                f"{path}: takes {shape}, but the card {card.name!r} feeds (1, 3, {wanted[1]}, {wanted[2]}); "
                "give the model that belongs to the card, or correct the side-car"
            )
        self.card = card
        self.min_score = card.min_score if min_score is None else min_score

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """One `Detections` per frame, in order.

        Raises:
            DetectorError: the network failed, or its outputs do not fit the card.
        """
        return detect_with(self._infer, frames, self.card, self.min_score, max_batch=1)

    def at(self, side_px: int) -> Self:
        """The same network, fed pictures whose longer side is `side_px`; where its input is fixed, as it is."""
        other = copy(self)
        other.card = resized(self.card, side_px)
        return other

    def _infer(self, batch: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        try:
            results = self._model([batch])
        except RuntimeError as error:
            raise DetectorError(f"{self._path}: failed while running: {_first_line(error)}") from error
        return [results[i] for i in range(len(self._model.outputs))]


def _open(path: Path, threads: int) -> Any:
    try:
        openvino = importlib.import_module("openvino")
    except ImportError as error:
        cure = "install footfall[openvino], or take an ONNX model"
        raise DetectorError(f"{path}: needs the package openvino, which is not installed; {cure}") from error
    for file in (path, path.with_suffix(".bin")):
        if not file.is_file():
            raise DetectorError(f"{file}: no such model file; an OpenVINO model is an .xml and a .bin side by side")
    settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY"}
    try:
        core = openvino.Core()
        return core.compile_model(core.read_model(path), "CPU", settings)
    except RuntimeError as error:
        raise DetectorError(f"{path}: is not a whole OpenVINO model ({_first_line(error)}); fetch it again") from error


def _shape(port: Any) -> Shape:
    return tuple(None if side.is_dynamic else side.get_length() for side in port.get_partial_shape())


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
