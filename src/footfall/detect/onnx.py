"""A network in ONNX format, run by ONNX Runtime on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Any, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from footfall.core.errors import DetectorError
from footfall.core.types import Detections, Frame
from footfall.detect.card import ModelCard
from footfall.detect.exported import Export, beside, called_by_tags
from footfall.detect.guess import Shape, guess_for_file, text_of
from footfall.detect.network import SIZES, check_input, check_outputs, detect_with, resized, sizes_of
from footfall.detect.session import FAULTS, first_line, open_session

_BATCH_LIMIT = 8


class OnnxDetector:
    """Detector on an ONNX file. Holds no state between pictures; not thread-safe, see `SharedDetector`."""

    stateful = False

    def __init__(
        self,
        card: ModelCard | None,
        path: Path,
        *,
        min_score: float | None = None,
        threads: int = 1,
        export: Export | None = None,
    ) -> None:
        """Load the file.

        Args:
            card: how to feed and read the network; None: guess from its shapes.
            path: the .onnx file, or the zip or folder that `export` was read from.
            min_score: drop detections below; None: the card's own.
            threads: cores that one inference may use.
            export: the model and its tags, where they are in no file of their own.

        Raises:
            DetectorError: the file is missing, damaged, or does not fit the card; an export that finds no boxes.
        """
        self._path = path
        export = beside(path) if export is None else export
        if export.finds is False:
            raise DetectorError(
                f"{path}: tells tags of whole pictures, not where people are; train a project of object detection, or "
                "use it for the attributes of people"
            )
        self._session = session_of(path, export.onnx, threads)
        image, self._sizes_name = _inputs(path, self._session.get_inputs())
        self._image_name = image.name
        shape = _shape(image.shape)
        if card is None:
            card = guess_for_file(path, shape, [_shape(output.shape) for output in self._session.get_outputs()])
            if card.decoder == "exported" and export.tags:
                card = called_by_tags(card, export.tags, path)
        check_input(path, shape, card)
        self.card = card
        self.min_score = card.min_score if min_score is None else min_score
        self._max_batch = _BATCH_LIMIT if shape[0] is None else shape[0]

    def detect(self, frames: Sequence[Frame]) -> list[Detections]:
        """One `Detections` per frame, in order.

        Raises:
            DetectorError: the network failed, or its outputs do not fit the card.
        """
        return detect_with(self._infer, frames, self.card, self.min_score, self._max_batch)

    def at(self, side_px: int) -> Self:
        """The same network, fed pictures whose longer side is `side_px`; where its input is fixed, as it is."""
        other = copy(self)
        other.card = resized(self.card, side_px)
        return other

    def _infer(self, batch: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        feeds: dict[str, NDArray[Any]] = {self._image_name: batch}
        if self._sizes_name:
            feeds[self._sizes_name] = sizes_of(batch)
        try:
            outputs = list(self._session.run(None, feeds))
        except FAULTS as error:
            raise DetectorError(f"{self._path}: failed while running: {first_line(error)}") from error
        return check_outputs(self._path, outputs)


def _inputs(path: Path, inputs: Sequence[onnxruntime.NodeArg]) -> tuple[onnxruntime.NodeArg, str]:
    """The picture's input, and the name of the one for its size, if there is one."""
    pictures = [one for one in inputs if one.name != SIZES and one.type == "tensor(float)"]
    sizes = [one.name for one in inputs if one.name == SIZES and one.type == "tensor(int64)"]
    if len(pictures) != 1 or len(pictures) + len(sizes) != len(inputs):
        takes = ", ".join(f"{one.name} {one.type} {text_of(_shape(one.shape))}" for one in inputs)
        raise DetectorError(
            f"{path}: takes {takes}; one float input (n, 3, height, width) is needed, beside it at most an int64 "
            f"{SIZES}: export it so"
        )
    return pictures[0], "".join(sizes)


def session_of(path: Path, onnx: bytes | None, threads: int) -> onnxruntime.InferenceSession:
    """A model of a file, or of bytes that came from there.

    Raises:
        DetectorError: it is missing or damaged.
    """
    if onnx is None and not path.is_file():
        raise DetectorError(f"{path}: no such model file; check the path, or pull the model by its name")
    try:
        return open_session(path if onnx is None else onnx, threads)
    except ValueError as error:
        raise DetectorError(
            f"{path}: {error}; fetch it again, `footfall models verify` checks the files of known models"
        ) from error


def _shape(shape: Sequence[int | str | None]) -> Shape:
    return tuple(side if isinstance(side, int) and side > 0 else None for side in shape)
