"""A customer's own classifier, exported by Custom Vision, asked about cut-out people (spec/custom-vision.md 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.errors import DetectorError
from footfall.core.types import Attribute, Image
from footfall.detect.exported import Export, beside, is_export, read_export
from footfall.detect.onnx import session_of
from footfall.detect.session import FAULTS

_BLUE_FIRST: Final = "data"
"""Input of classifiers whose files do not say in which order they want colours."""
_SCALES: Final = {"NominalRange_0_255": 1.0, "Normalized_0_1": 1.0 / 255.0}


class AttributeReader:
    """Tells attributes of people. Holds no state between pictures; may be asked by several threads at once.

    A tag such as `head:helmet` is the class `helmet` of the question `head`.

    Args:
        path: a zip, a folder, or a model file with `labels.txt` beside it.
        threads: cores that one inference may use.
        export: the model, where it is in no file; `path` is what errors call it then.

    Raises:
        DetectorError: it cannot be read, or is no classifier with a name for each class.
    """

    def __init__(self, path: Path, threads: int = 1, export: Export | None = None) -> None:
        export = export or _found(path)
        if export.finds:
            raise DetectorError(f"{path}: finds things; attributes need a classification project")
        self._path = path
        self._session = session_of(path, export.onnx, threads)
        first = self._session.get_inputs()[0]
        shape = first.shape
        if len(shape) != 4 or first.type != "tensor(float)" or not all(isinstance(side, int) for side in shape[2:]):
            raise DetectorError(f"{path}: takes {shape} {first.type}, not one picture of one size: no such classifier")
        self._input, self._size = first.name, (int(shape[3]), int(shape[2]))
        said = self._session.get_modelmeta().custom_metadata_map
        order = said.get("Image.BitmapPixelFormat", "Bgr8" if first.name == _BLUE_FIRST else "Rgb8")
        self._is_bgr = order.startswith("Bgr")
        self._scale = _scale(path, said)
        self._tags = export.tags
        self._classes = [_class_of(tag) for tag in export.tags]
        self._check(export)

    @property
    def tags(self) -> tuple[str, ...]:
        """What it tells."""
        return self._tags

    @property
    def tasks(self) -> frozenset[str]:
        """The questions it answers; the empty word for tags without one."""
        return frozenset(task for _, task in self._classes)

    def read(self, crops: Sequence[Image]) -> list[tuple[Attribute, ...]]:
        """All classes of each picture, (height, width, 3) BGR, the likeliest first.

        Raises:
            DetectorError: the model failed.
        """
        return [self._told(crop) for crop in crops]

    def _told(self, crop: Image) -> tuple[Attribute, ...]:
        shares = self._run(crop)
        order = np.argsort(-shares, kind="stable")
        return tuple(Attribute(self._classes[i][0], float(shares[i]), self._classes[i][1]) for i in order)

    def _run(self, crop: Image) -> NDArray[np.float32]:
        pixels = cv2.resize(crop, self._size, interpolation=cv2.INTER_LINEAR)
        pixels = pixels if self._is_bgr else pixels[:, :, ::-1]
        planes = np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], np.float32)
        try:
            outputs = self._session.run(None, {self._input: planes * np.float32(self._scale)})
        except FAULTS as error:
            raise DetectorError(f"{self._path}: failed while running: {error}") from error
        shares = next((found for output in outputs if (found := self._shares(output)) is not None), None)
        if shares is None or not np.isfinite(shares).all():
            count = len(self._classes)
            raise DetectorError(f"{self._path}: gives no probabilities of {count} classes; export the model again")
        return np.clip(shares, 0.0, 1.0)

    def _shares(self, output: Any) -> NDArray[np.float32] | None:
        """Of a row of numbers, or of a map by tag, as exports for Windows ML have it."""
        if isinstance(output, list) and output and isinstance(output[0], Mapping):
            named = {str(tag): share for tag, share in output[0].items()}
            return np.array([named.get(tag, np.nan) for tag in self._tags], np.float32)
        if isinstance(output, np.ndarray) and output.dtype.kind == "f" and output.size == len(self._classes):
            return np.asarray(output, np.float32).ravel()
        return None

    def _check(self, export: Export) -> None:
        """Ask it once: what does not work must not be found out when somebody walks in."""
        if not export.tags:
            raise DetectorError(f"{self._path}: nobody says what its classes are called: put labels.txt beside it")
        self._run(np.zeros((self._size[1], self._size[0], 3), np.uint8))


def _found(path: Path) -> Export:
    return read_export(path) if path.is_dir() or is_export(str(path)) else beside(path)


def _scale(path: Path, said: Mapping[str, str]) -> float:
    word = said.get("Image.NominalPixelRange", "NominalRange_0_255")
    if word not in _SCALES:
        raise DetectorError(f"{path}: wants pixels in {word}, which footfall does not know")
    return _SCALES[word]


def _class_of(tag: str) -> tuple[str, str]:
    """(label, task) of a tag."""
    task, colon, label = tag.partition(":")
    return (label.strip(), task.strip()) if colon and task.strip() and label.strip() else (tag, "")
