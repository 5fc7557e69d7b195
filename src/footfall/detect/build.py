"""From the word after `--model` to a detector."""

from __future__ import annotations

from pathlib import Path

from footfall.core.ports import Detector
from footfall.detect.card import Backend, ModelCard
from footfall.detect.catalogue import MOTION, card_beside, card_by_checksum, file_to_open, find_card, require
from footfall.detect.motion import MotionDetector
from footfall.detect.onnx import OnnxDetector
from footfall.detect.openvino import OpenvinoDetector

_BACKENDS: dict[Backend, type[OnnxDetector] | type[OpenvinoDetector]] = {
    "onnxruntime": OnnxDetector,
    "openvino": OpenvinoDetector,
}
_RUNNERS: dict[str, type[OnnxDetector] | type[OpenvinoDetector]] = {".onnx": OnnxDetector, ".xml": OpenvinoDetector}


def open_detector(
    model: str, *, folder: Path, min_score: float | None = None, threads: int = 1
) -> tuple[Detector, ModelCard]:
    """Open `motion`, a model by its name, or a model file by its path.

    A file's card is the shipped one with its checksum, else the side-car `NAME.toml` beside it, else a guess from the
    shapes of its outputs; `ModelCard.origin` tells which. A model opened by its name is held against its checksums.

    Args:
        model: name or path; a path ends in .onnx or .xml.
        folder: where pulled models lie.
        min_score: drop detections below; None: the card's own.
        threads: cores that one inference may use.

    Raises:
        ConfigError: no such model, or a wrong side-car.
        DetectorError: the model is not there, is damaged, does not load, or does not fit its card.
    """
    if model == MOTION:
        card = find_card(MOTION)
        return MotionDetector(min_score=card.min_score if min_score is None else min_score), card
    path, backend = Path(model), None
    if path.suffix.lower() in _RUNNERS:
        known = (card_by_checksum(path) or card_beside(path)) if path.is_file() else None
    else:
        known = find_card(model)
        path = require(known, folder)
        backend = file_to_open(known).backend
    runner = _RUNNERS[path.suffix.lower()] if backend is None else _BACKENDS[backend]
    detector = runner(known, path, min_score=min_score, threads=threads)
    return detector, detector.card
