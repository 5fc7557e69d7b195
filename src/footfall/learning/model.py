"""A learned model at work: ONNX Runtime and nothing else, the very file that is exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from footfall.detect.session import open_session
from footfall.learning.lesson import Rgb

F32: TypeAlias = NDArray[np.float32]

CLASSIFIER_INPUT: Final = "data"
CLASSIFIER_OUTPUT: Final = "model_output"
DETECTOR_INPUT: Final = "image_tensor"
DETECTOR_OUTPUTS: Final = ("detected_boxes", "detected_classes", "detected_scores")


@dataclass(frozen=True, slots=True)
class Boxes:
    """What a detector found, the surest first."""

    xyxy_n: F32
    """(n, 4) fractions of the picture, clipped to it."""
    tags: NDArray[np.int64]
    """(n,) indices of tags."""
    scores: F32
    """(n,) 0..1"""


@dataclass(frozen=True, slots=True)
class Model:
    """A classifier or a detector. Runs of one model may overlap."""

    session: onnxruntime.InferenceSession
    is_detector: bool
    input_px: int
    """Side of the square that pictures are stretched to."""

    def classify(self, rgb: Rgb) -> F32:
        """Probability of every tag, (tags,), in the order of the lesson's tags.

        Raises:
            ValueError: the model is a detector, or this is no picture.
        """
        if self.is_detector:
            raise ValueError("this model finds boxes: use detect")
        planes = _planes(rgb, self.input_px)[:, ::-1]
        (probabilities,) = self.session.run([CLASSIFIER_OUTPUT], {CLASSIFIER_INPUT: np.ascontiguousarray(planes)})
        return np.asarray(probabilities[0], np.float32)

    def detect(self, rgb: Rgb) -> Boxes:
        """Boxes with tags and scores, low scores included.

        Raises:
            ValueError: the model is a classifier, or this is no picture.
        """
        if not self.is_detector:
            raise ValueError("this model tells tags of whole pictures: use classify")
        feeds = {DETECTOR_INPUT: _planes(rgb, self.input_px)}
        xyxy_n, tags, scores = (part[0] for part in self.session.run(list(DETECTOR_OUTPUTS), feeds))
        order = np.argsort(-scores, kind="stable")
        return Boxes(np.clip(xyxy_n[order], 0.0, 1.0), tags[order].astype(np.int64), scores[order])


def open_model(onnx: bytes, threads: int = 1) -> Model:
    """Load a model that a training made.

    Args:
        onnx: `Learned.onnx`, or the file of an export.
        threads: cores that one picture may use.

    Raises:
        ValueError: these are not the bytes of such a model.
    """
    session = open_session(onnx, threads)
    (source, *more) = session.get_inputs()
    outputs = tuple(output.name for output in session.get_outputs())
    is_detector = source.name == DETECTOR_INPUT
    wanted = DETECTOR_OUTPUTS if is_detector else (CLASSIFIER_OUTPUT,)
    if more or source.name not in {CLASSIFIER_INPUT, DETECTOR_INPUT} or not set(wanted) <= set(outputs):
        raise ValueError(f"this model takes {source.name} and gives {', '.join(outputs)}: it is none of ours")
    return Model(session, is_detector, int(source.shape[2]))


def stretched(rgb: Rgb, side_px: int) -> Rgb:
    """The one way pictures become squares, in training and afterwards: bilinear, whatever their shape.

    Raises:
        ValueError: not (height, width, 3) of bytes, or empty.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or rgb.size == 0:
        raise ValueError(f"a picture is (height, width, 3) uint8, not {rgb.shape} {rgb.dtype}")
    if rgb.shape[:2] == (side_px, side_px):
        return rgb
    return np.asarray(cv2.resize(rgb, (side_px, side_px), interpolation=cv2.INTER_LINEAR), np.uint8)


def _planes(rgb: Rgb, side_px: int) -> F32:
    return np.ascontiguousarray(stretched(rgb, side_px).transpose(2, 0, 1)[None], dtype=np.float32)
