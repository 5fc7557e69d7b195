"""What is learned from, and what comes of it: the two ends of every training. All plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Rgb: TypeAlias = NDArray[np.uint8]
"""A picture: [height, width, 3], upright."""
Report: TypeAlias = Callable[[float, str], None]
"""Hears how far a training is: share done in 0..1, and what it does; may raise to stop it."""

INPUT_PX: Final = {"compact": 224, "compact-s1": 300, "detection": 320}


class Kind(StrEnum):
    """What is to be told."""

    MULTICLASS = "multiclass"
    MULTILABEL = "multilabel"
    DETECTION = "detection"


@dataclass(frozen=True, slots=True)
class Example:
    """One picture and the truth about it."""

    id: str
    labels: tuple[int, ...]
    """Indices of tags: of the picture (one where kind is multiclass), or of each box."""
    boxes_xyxy_n: NDArray[np.float32]
    """[n, 4], fractions of the picture, one for each label; [0, 4] for classification."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """All that a training needs."""

    kind: Kind
    tags: tuple[str, ...]
    """Names in the order of the model's outputs."""
    examples: tuple[Example, ...]
    read: Callable[[str], Rgb]
    """The picture of an example, by id; decoded anew at each call."""
    input_px: int
    """Side of the square that pictures are stretched to (bilinear, as everywhere)."""
    is_advanced: bool = False
    """Try more, as long as the budget lasts."""
    budget_s: float = 3600.0
    threads: int = 1
    seed: int = 1
    base: bytes | None = None
    """An earlier model of the same kind to begin from."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What models told about pictures that they had not learned from (stratified folds): every example once."""

    fold: NDArray[np.int16]
    """[n] fold of each example, in the order of the lesson."""
    probabilities: NDArray[np.float32]
    """[n, tags] for classification; [0, tags] for detection."""
    box_example: NDArray[np.int32]
    """[m] which example each found box belongs to; [0] for classification."""
    box_tag: NDArray[np.int32]
    """[m]"""
    box_score: NDArray[np.float32]
    """[m]"""
    boxes_xyxy_n: NDArray[np.float32]
    """[m, 4]"""


@dataclass(frozen=True, slots=True)
class Learned:
    """A model and the proof of it."""

    onnx: bytes
    """A whole model, picture to answer, in the contract of spec/custom-vision.md 9: served and exported alike."""
    held_out: HeldOut
    notes: Mapping[str, str]
    """What was chosen, and warnings for people."""


class TooLittle(ValueError):
    """There is not enough to learn from; the message says of what."""
