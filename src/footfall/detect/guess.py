"""A card for a model that comes with none: guessed from the shapes of its input and outputs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from footfall.core.errors import DetectorError
from footfall.detect.card import DecoderName, ModelCard
from footfall.detect.grids import STRIDES
from footfall.detect.imaging import InputSpec

Shape: TypeAlias = tuple[int | None, ...]
"""None: any size."""

_IMAGENET_MEAN_BGR = (103.53, 116.28, 123.675)
_IMAGENET_STD_BGR = (57.375, 57.12, 58.395)
_DYNAMIC_SIDE_PX = 640


def guess_card(name: str, input_shape: Shape, outputs: Sequence[Shape]) -> ModelCard:
    """Guess decoder, input size and normalisation; class 0 is taken for a person.

    Raises:
        ValueError: these shapes fit no head we know.
    """
    if len(input_shape) != 4 or input_shape[1] not in (3, None):
        raise ValueError(f"its input {text_of(input_shape)} is not (batch, 3, height, width)")
    height, width = (side or _DYNAMIC_SIDE_PX for side in input_shape[2:])
    decoder = _decoder(outputs, height, width)
    if decoder is None:
        raise ValueError(f"its outputs {', '.join(map(text_of, outputs))} fit no head that footfall knows")
    return ModelCard(
        decoder=decoder,
        input=_input(decoder, width, height),
        labels=("person",),
        classes=(1 if decoder == "ssd" else 0,),
        name=name,
        notes="Class 0 is taken for a person (1 in SSD); write a side-car to say otherwise.",
        origin="guessed",
    )


def guess_for_file(path: Path, input_shape: Shape, outputs: Sequence[Shape]) -> ModelCard:
    """The same for a model file, under its name.

    Raises:
        DetectorError: these shapes fit no head we know.
    """
    try:
        return guess_card(re.sub(r"[^A-Za-z0-9._-]|^[^A-Za-z0-9]", "-", path.stem).lstrip("-._"), input_shape, outputs)
    except ValueError as error:
        raise DetectorError(f"{path}: {error}; write a side-car {path.with_suffix('.toml').name} beside it") from error


def text_of(shape: Shape) -> str:
    """A shape for people, `?` where any size will do."""
    return "(" + ", ".join("?" if side is None else str(side) for side in shape) + ")"


def _decoder(outputs: Sequence[Shape], height: int, width: int) -> DecoderName | None:
    cells = [(width // s) * (height // s) for s in STRIDES]
    rows = sorted(shape[-2] or 0 for shape in outputs if len(shape) >= 2)
    if len(outputs) == 6 and rows == sorted([*cells, *cells]):
        return "nanodet"
    return _single_output(outputs[0], sum(cells)) if len(outputs) == 1 else None


def _single_output(shape: Shape, cells: int) -> DecoderName | None:
    match shape:
        case (_, _, _, 7):
            return "ssd"
        case (_, channels, rows, columns) if channels and channels > 5 and rows and columns:
            return "fastestdet"
        case (_, rows, 6) if rows != cells:
            return "rows"
        case (_, rows, columns) if rows == cells and columns and columns > 5:
            return "yolox"
        case (_, columns, rows) if rows == cells and columns and columns > 4:
            return "dense"
    return None


def _input(decoder: DecoderName, width: int, height: int) -> InputSpec:
    match decoder:
        case "nanodet":
            return InputSpec(width, height, pad=0, mean=_IMAGENET_MEAN_BGR, std=_IMAGENET_STD_BGR)
        case "fastestdet":
            return InputSpec(width, height, fit="stretch", std=(255.0, 255.0, 255.0))
        case "ssd":
            return InputSpec(width, height, fit="stretch")
        case "rows" | "dense":
            return InputSpec(width, height, colour="rgb", std=(255.0, 255.0, 255.0))
    return InputSpec(width, height)
