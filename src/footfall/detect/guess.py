"""A card for a model that comes with none: guessed from the shapes of its input and outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from footfall.core.errors import DetectorError
from footfall.detect.card import DecoderName, ModelCard, plain_name
from footfall.detect.grids import PLUS_STRIDES, STRIDES, cell_counts
from footfall.detect.imaging import InputSpec

Shape: TypeAlias = tuple[int | None, ...]
"""None: any size."""

_IMAGENET_MEAN_BGR = (103.53, 116.28, 123.675)
_IMAGENET_STD_BGR = (57.375, 57.12, 58.395)
_UNIT = (255.0, 255.0, 255.0)
_FED: Mapping[DecoderName, Mapping[str, Any]] = {
    "nanodet": {"pad": 0, "mean": _IMAGENET_MEAN_BGR, "std": _IMAGENET_STD_BGR},
    "nanodet-plus": {"fit": "stretch", "mean": _IMAGENET_MEAN_BGR, "std": _IMAGENET_STD_BGR},
    "fastestdet": {"fit": "stretch", "std": _UNIT},
    "ssd": {"fit": "stretch"},
    "rows": {"colour": "rgb", "std": _UNIT},
    "dense": {"colour": "rgb", "std": _UNIT},
    "detr": {"fit": "stretch", "colour": "rgb", "std": _UNIT},
    "exported": {"fit": "stretch", "colour": "rgb"},
    "queries": {"fit": "stretch", "colour": "rgb", "mean": _IMAGENET_MEAN_BGR[::-1], "std": _IMAGENET_STD_BGR[::-1]},
}
"""How the networks of a family are fed, where it is not as `InputSpec` has it."""
_DYNAMIC_SIDE_PX = 640
_MOST_QUERIES = 1000
"""Transformers ask for some hundred boxes, grids and anchors give thousands."""
_COCO_NUMBERS = 91
"""COCO's own class numbers, with their gaps."""


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
        classes=(_person(decoder, outputs),),
        name=name,
        notes="Class 0 is taken for a person (1 in SSD and RF-DETR); write a side-car to say otherwise.",
        origin="guessed",
    )


def guess_for_file(path: Path, input_shape: Shape, outputs: Sequence[Shape]) -> ModelCard:
    """The same for a model file, under its name.

    Raises:
        DetectorError: these shapes fit no head we know.
    """
    try:
        return guess_card(plain_name(path), input_shape, outputs)
    except ValueError as error:
        raise DetectorError(f"{path}: {error}; write a side-car {path.with_suffix('.toml').name} beside it") from error


def text_of(shape: Shape) -> str:
    """A shape for people, `?` where any size will do."""
    return "(" + ", ".join("?" if side is None else str(side) for side in shape) + ")"


def _decoder(outputs: Sequence[Shape], height: int, width: int) -> DecoderName | None:
    if any(len(shape) < 2 for shape in outputs):
        return None
    cells = cell_counts(width, height, STRIDES)
    rows = [shape[-2] or 0 for shape in outputs]
    match [len(shape) for shape in outputs], [shape[-1] for shape in outputs]:
        case [_], _:
            return _single_output(outputs[0], sum(cells), sum(cell_counts(width, height, PLUS_STRIDES)))
        case [2, 3, 2], [_, 4, _]:
            return "detr"
        case [3, 2, 2], [4, _, _]:
            return "exported"
        case [3, 3], [_, 4] | [4, _] if 0 < rows[0] <= _MOST_QUERIES:
            return "queries"
    return "nanodet" if sorted(rows) == sorted([*cells, *cells]) else None


def _single_output(shape: Shape, cells: int, plus_cells: int) -> DecoderName | None:
    found: DecoderName | None = None
    match shape:
        case (_, _, _, 7):
            found = "ssd"
        case (_, channels, rows, columns) if channels and channels > 5 and rows and columns:
            found = "fastestdet"
        case (_, rows, _) if rows == plus_cells:
            found = "nanodet-plus"
        case (_, rows, 6) if rows != cells:
            found = "rows"
        case (_, rows, columns) if rows == cells and columns and columns > 5:
            found = "yolox"
        case (_, columns, rows) if rows == cells and columns and columns > 4:
            found = "dense"
    return found


def _person(decoder: DecoderName, outputs: Sequence[Shape]) -> int:
    """SSD and 91 classes count from 1: 0 is the background, or nothing."""
    return int(decoder == "ssd" or (decoder == "queries" and any(shape[-1] == _COCO_NUMBERS for shape in outputs)))


def _input(decoder: DecoderName, width: int, height: int) -> InputSpec:
    return msgspec.structs.replace(InputSpec(width, height), **_FED.get(decoder, {}))
