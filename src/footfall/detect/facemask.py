"""Opens a network that tells masked faces from bare ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Detector
from footfall.detect.build import open_detector
from footfall.detect.card import ModelCard
from footfall.detect.shared import SharedDetector

LABELS = frozenset({"face_mask", "face_nomask"})


@dataclass(frozen=True, slots=True)
class FaceReader:
    """Such a network, to be used by all cameras, and how to feed and read it."""

    detector: Detector
    card: ModelCard


def open_face_reader(model: str, *, folder: Path, threads: int = 1) -> FaceReader:
    """Open a model by its name, or a model file by its path.

    Raises:
        ConfigError: no such model, or it does not tell both labels.
        DetectorError: the model is not there, does not load, or does not fit its card.
    """
    detector, card = open_detector(model, folder=folder, threads=threads)
    if not set(card.labels) >= LABELS:
        what = f"finds {', '.join(card.labels)}, but tells no masks"
        cure = "name a model whose card has the labels face_mask and face_nomask"
        raise ConfigError([Problem("face mask classifier", model, what, cure)])
    return FaceReader(SharedDetector(detector), card)
