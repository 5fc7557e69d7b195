"""From the word after `--model` to a detector."""

from __future__ import annotations

import re
from pathlib import Path

from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Detector
from footfall.detect.card import Backend, ModelCard
from footfall.detect.catalogue import MOTION, card_beside, card_by_checksum, file_to_open, find_card, require
from footfall.detect.exported import is_export, read_export
from footfall.detect.imaging import SNUG_PX
from footfall.detect.motion import MotionDetector
from footfall.detect.onnx import OnnxDetector
from footfall.detect.openvino import OpenvinoDetector

_BACKENDS: dict[Backend, type[OnnxDetector] | type[OpenvinoDetector]] = {
    "onnxruntime": OnnxDetector,
    "openvino": OpenvinoDetector,
}
_RUNNERS: dict[str, type[OnnxDetector] | type[OpenvinoDetector]] = {".onnx": OnnxDetector, ".xml": OpenvinoDetector}

_SIZED = re.compile(r"@[0-9]{1,5}$")
SMALLEST_PX, LARGEST_PX = 256, 640
"""Longer sides between which our networks were trained."""


def open_detector(
    model: str, *, folder: Path, min_score: float | None = None, threads: int = 1
) -> tuple[Detector, ModelCard]:
    """Open `motion`, a model by its name, or a model file by its path; `NAME@SIDE` feeds it larger or smaller pictures.

    A path may also be that of a zip, or of a folder, that Custom Vision exported. A file's card is the shipped one with
    its checksum, else the side-car `NAME.toml` beside it, else a guess from the shapes of its outputs;
    `ModelCard.origin` tells which. A model opened by its name is held against its checksums.

    Args:
        model: name or path; a path ends in .onnx, .xml or .zip, or is that of a folder, with a slash in it. `@640`
            after it: longer side of the input in pixels.
        folder: where pulled models lie.
        min_score: drop detections below; None: the card's own.
        threads: cores that one inference may use.

    Raises:
        ConfigError: no such model, a wrong side-car, or a size the network does not take.
        DetectorError: the model is not there, is damaged, does not load, or does not fit its card.
    """
    if model == MOTION:
        card = find_card(MOTION)
        return MotionDetector(min_score=card.min_score if min_score is None else min_score), card
    model, at, side = model.rpartition("@") if _SIZED.search(model) else (model, "", "")
    detector: OnnxDetector | OpenvinoDetector
    if is_export(model):
        path = Path(model)
        detector = OnnxDetector(card_beside(path), path, min_score=min_score, threads=threads, export=read_export(path))
    else:
        known, path, runner = _file_of(model, folder)
        detector = runner(known, path, min_score=min_score, threads=threads)
    if at:
        detector = detector.at(_side_px(model, side, detector.card))
    return detector, detector.card


def _file_of(model: str, folder: Path) -> tuple[ModelCard | None, Path, type[OnnxDetector] | type[OpenvinoDetector]]:
    path = Path(model)
    if path.suffix.lower() in _RUNNERS:
        known = (card_by_checksum(path) or card_beside(path)) if path.is_file() else None
        return known, path, _RUNNERS[path.suffix.lower()]
    card = find_card(model)
    path, backend = require(card, folder), file_to_open(card).backend
    return card, path, _RUNNERS[path.suffix.lower()] if backend is None else _BACKENDS[backend]


def _side_px(model: str, side: str, card: ModelCard) -> int:
    if card.input.fit != "snug":
        cure = f"leave @{side} out, or take a network of any size such as person"
        raise ConfigError([Problem("--model", model, "takes pictures of one size only", cure)])
    if int(side) % SNUG_PX or not SMALLEST_PX <= int(side) <= LARGEST_PX:
        what = f"@{side}: its pictures are {SMALLEST_PX} to {LARGEST_PX} pixels long, in steps of {SNUG_PX}"
        raise ConfigError([Problem("--model", model, what, f"take {card.input.width_px}: it was tested at that")])
    return int(side)
