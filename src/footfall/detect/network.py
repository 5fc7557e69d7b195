"""What every network does around its inference: frames to tensors, outputs to detections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from footfall.core.errors import DetectorError
from footfall.core.types import Detections, Frame
from footfall.detect.candidates import DecodeSpec, Outputs, suppress
from footfall.detect.card import ModelCard
from footfall.detect.decoders import DECODERS
from footfall.detect.guess import Shape, text_of
from footfall.detect.imaging import SNUG_PX, Placement, fed_at, to_tensor

Infer: TypeAlias = Callable[[NDArray[np.float32]], list[NDArray[np.float32]]]
"""(n, 3, height, width) float32 -> all outputs of the network."""


SIZES = "orig_target_sizes"
"""A second input of transformer exports: (n, 2) int64, the width and height that boxes shall be measured in."""


def sizes_of(batch: NDArray[np.float32]) -> NDArray[np.int64]:
    """What to feed to `SIZES` beside a (n, 3, height, width) batch, so that boxes come in pixels of the input."""
    return np.tile(np.array([batch.shape[3], batch.shape[2]], np.int64), (len(batch), 1))


def check_input(path: Path, shape: Shape, card: ModelCard) -> None:
    """Whether a network takes what its card says it is fed.

    Raises:
        DetectorError: it does not.
    """
    is_snug = card.input.fit == "snug"
    sides = (None, None) if is_snug else (card.input.height_px, card.input.width_px)
    fits = len(shape) == 4 and shape[1] in (3, None) and card.decoder in DECODERS
    if fits and is_snug:
        fits = shape[2:] == sides
    elif fits:
        fits = all(has in (None, wants) for has, wants in zip(shape[2:], sides, strict=True))
    if not fits:
        wanted = f"multiples of {SNUG_PX}" if is_snug else f"{sides[0]}, {sides[1]}"
        raise DetectorError(
            f"{path}: takes {text_of(shape)}, but the card {card.name!r} feeds (n, 3, {wanted}); "
            "give the model that belongs to the card, or correct the side-car"
        )


def check_outputs(path: Path, outputs: list[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
    """The outputs, if all of them are numbers: a network that is broken must not look like an empty scene.

    Raises:
        DetectorError: an output holds NaN or infinity.
    """
    for position, output in enumerate(outputs):
        if not np.isfinite(output).all():
            wrong = int(np.count_nonzero(~np.isfinite(output)))
            raise DetectorError(
                f"{path}: output {position} holds {wrong} values that are no numbers; the file is damaged or badly "
                "converted: fetch or export it again, in float32"
            )
    return outputs


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
