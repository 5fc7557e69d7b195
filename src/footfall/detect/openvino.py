"""A network in OpenVINO's format (.xml with .bin) or in ONNX, run by the optional package `openvino` on the CPU."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from copy import copy
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from footfall.core.errors import DetectorError
from footfall.core.types import Detections, Frame
from footfall.detect.card import ModelCard
from footfall.detect.guess import Shape, guess_for_file, text_of
from footfall.detect.network import SIZES, check_input, check_outputs, detect_with, resized, sizes_of

_SIZES_KEPT = 8
"""Compiled networks, one per size of picture."""


class OpenvinoDetector:
    """Detector on an OpenVINO model. Holds no state between pictures; not thread-safe, see `SharedDetector`."""

    stateful = False

    def __init__(self, card: ModelCard | None, path: Path, *, min_score: float | None = None, threads: int = 1) -> None:
        """Load the files; arguments as for `OnnxDetector`.

        Raises:
            DetectorError: `openvino` is not installed, a file is missing or damaged, or does not fit the card.
        """
        self._path = path
        self._core, self._model = _read(path)
        self._settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY"}
        self._image, self._sizes = _inputs(path, self._model.inputs)
        shape = _shape(self._image)
        if card is None:
            card = guess_for_file(path, shape, [_shape(output) for output in self._model.outputs])
        check_input(path, shape, card)
        self.card = card
        self.min_score = card.min_score if min_score is None else min_score
        self._is_free = None in shape
        self._compiled = lru_cache(_SIZES_KEPT)(self._compile)
        if card.input.fit != "snug":
            self._compiled((1, 3, card.input.height_px, card.input.width_px))

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
        network = self._compiled(batch.shape)
        feeds: dict[str, NDArray[Any]] = {self._image.any_name: batch}
        if self._sizes is not None:
            feeds[self._sizes.any_name] = sizes_of(batch)
        try:
            results = network(feeds)
        except RuntimeError as error:
            raise DetectorError(f"{self._path}: failed while running: {_first_line(error)}") from error
        return check_outputs(self._path, [results[i] for i in range(len(network.outputs))])

    def _compile(self, shape: tuple[int, ...]) -> Any:
        """The network for one input shape: a fixed one runs a third faster than a free one."""
        try:
            if self._is_free:
                shapes = {self._image: list(shape)} | ({self._sizes: [shape[0], 2]} if self._sizes else {})
                self._model.reshape(shapes)
            return self._core.compile_model(self._model, "CPU", self._settings)
        except RuntimeError as error:
            raise DetectorError(
                f"{self._path}: cannot take {shape} ({_first_line(error)}); correct the card"
            ) from error


def _read(path: Path) -> tuple[Any, Any]:
    try:
        openvino = importlib.import_module("openvino")
    except ImportError as error:
        cure = "install footfall[openvino], or take an ONNX model"
        raise DetectorError(f"{path}: needs the package openvino, which is not installed; {cure}") from error
    for file in (path, path.with_suffix(".bin")) if path.suffix.lower() == ".xml" else (path,):
        if not file.is_file():
            raise DetectorError(f"{file}: no such model file; an OpenVINO model is an .xml and a .bin side by side")
    core = openvino.Core()
    try:
        return core, core.read_model(path)
    except RuntimeError as error:
        raise DetectorError(f"{path}: is not a whole OpenVINO model ({_first_line(error)}); fetch it again") from error


def _inputs(path: Path, ports: Sequence[Any]) -> tuple[Any, Any]:
    """The picture's input, and the one for its size or None."""
    sizes = [port for port in ports if SIZES in port.names]
    pictures = [port for port in ports if port not in sizes]
    if len(pictures) != 1:
        takes = ", ".join(f"{port.any_name} {text_of(_shape(port))}" for port in ports)
        raise DetectorError(
            f"{path}: takes {takes}; one input (n, 3, height, width) is needed, beside it at most {SIZES}: export it so"
        )
    return pictures[0], sizes[0] if sizes else None


def _shape(port: Any) -> Shape:
    return tuple(None if side.is_dynamic else side.get_length() for side in port.get_partial_shape())


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
