"""What every network does around its inference: frames to tensors, outputs to detections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby, islice
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from footfall.core.errors import DetectorError
from footfall.core.types import Detections, Frame
from footfall.detect.candidates import DecodeSpec, Outputs, suppress
from footfall.detect.card import ModelCard
from footfall.detect.decoders import DECODERS
from footfall.detect.imaging import Placement, fed_at, to_tensor

Infer: TypeAlias = Callable[[NDArray[np.float32]], list[NDArray[np.float32]]]
"""(n, 3, height, width) float32 -> all outputs of the network."""


def detect_with(
    infer: Infer, frames: Sequence[Frame], card: ModelCard, min_score: float, max_batch: int
) -> list[Detections]:
    """One `Detections` per frame, in order, asking the network for at most `max_batch` pictures at once.

    Pictures share a batch only where they are fed at the same size.

    Raises:
        DetectorError: a picture is no picture, or the outputs do not fit the card.
    """
    found: list[Detections] = []
    try:
        prepared = (to_tensor(frame.image, card.input) for frame in frames)
        for _, same_size in groupby(prepared, key=lambda pair: pair[0].shape):
            while batch := list(islice(same_size, max_batch)):
                outputs = infer(np.stack([tensor for tensor, _ in batch]))
                for i, (_, placement) in enumerate(batch):
                    one = outputs if len(batch) == 1 else [output[i : i + 1] for output in outputs]
                    found.append(to_detections(one, placement, card, min_score))
    except ValueError as error:
        raise DetectorError(f"{card.name}: {error}; the model card does not fit the model") from error
    return found


def to_detections(outputs: Outputs, placement: Placement, card: ModelCard, min_score: float) -> Detections:
    """Decode, suppress doubles, and carry the boxes back into the picture.

    Raises:
        ValueError: the outputs do not fit the card's decoder.
    """
    spec = DecodeSpec(*placement.input_size, card.classes, min_score)
    candidates = suppress(DECODERS[card.decoder](outputs, spec), card.nms_iou)
    xyxy_px = placement.to_picture(candidates.xyxy_px)
    inside = (xyxy_px[:, 2] > xyxy_px[:, 0]) & (xyxy_px[:, 3] > xyxy_px[:, 1])
    score = np.clip(candidates.score, 0.0, 1.0)
    return Detections(xyxy_px, score, candidates.label, placement.picture_size)[inside]


def resized(card: ModelCard, side_px: int) -> ModelCard:
    """The card of the same network fed with this longer side, where it takes any."""
    return msgspec.structs.replace(card, input=fed_at(card.input, side_px))
