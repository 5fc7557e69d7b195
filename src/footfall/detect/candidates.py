"""What every network's output becomes: candidate boxes, chosen by score and thinned out; pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Outputs: TypeAlias = Sequence[NDArray[np.float32]]


class Rows(NamedTuple):
    """Candidate boxes: parallel arrays."""

    xyxy_px: NDArray[np.float32]
    """(n, 4) float32, pixels of the network's input."""
    score: NDArray[np.float32]
    """(n,) float32 in [0, 1]."""
    label: NDArray[np.int16]
    """(n,) int16, position in `DecodeSpec.classes`."""


@dataclass(frozen=True, slots=True)
class DecodeSpec:
    """What the decoders must know of a network and of the picture it was fed."""

    width_px: int
    """Of the tensor that was fed."""
    height_px: int
    classes: tuple[int, ...]
    """The network's class numbers we ask for; their position becomes the label."""
    min_score: float


Decoder: TypeAlias = Callable[[Outputs, DecodeSpec], Rows]


def expect(outputs: Outputs, count: int, name: str) -> None:
    """Raise ValueError unless there are so many outputs."""
    if len(outputs) < count:
        raise ValueError(f"{name}: needs {count} outputs, the model has {len(outputs)}")


def as_rows(output: NDArray[np.float32], columns: int, name: str) -> NDArray[np.float32]:
    """The output as (rows, columns), for a head whose last axis must hold at least `columns`."""
    if output.ndim < 2 or output.shape[-1] < columns:
        raise ValueError(f"{name}: an output of shape {output.shape} has not the {columns} columns it needs")
    return output.reshape(-1, output.shape[-1])


def as_table(output: NDArray[np.float32], columns: int, name: str) -> NDArray[np.float32]:
    """The output as (rows, columns), for a head whose last axis is exactly so wide."""
    if output.shape[-1:] != (columns,):
        raise ValueError(f"{name}: an output of shape {output.shape} has not {columns} columns")
    return output.reshape(-1, columns)


def pick(
    scores: NDArray[np.float32], min_score: float
) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.int16]]:
    """Rows worth keeping of (n, classes) scores, with their best score and label."""
    label = scores.argmax(axis=1)
    score = scores[np.arange(len(scores)), label]
    keep = np.flatnonzero(score >= min_score)
    return keep, score[keep].astype(np.float32), label[keep].astype(np.int16)


def labelled(
    xyxy_px: NDArray[np.float32], score: NDArray[np.float32], classes: NDArray[np.float32], spec: DecodeSpec
) -> Rows:
    """Keep the rows whose class we ask for."""
    wanted = np.rint(classes)[:, None] == np.array(spec.classes)[None, :]
    keep = np.flatnonzero(wanted.any(axis=1) & (score >= spec.min_score))
    label = wanted[keep].argmax(axis=1).astype(np.int16)
    return Rows(xyxy_px[keep].astype(np.float32), score[keep].astype(np.float32), label)


def from_center(center_px: NDArray[np.float32], size_px: NDArray[np.float32]) -> NDArray[np.float32]:
    """Centres and sizes, both (n, 2), as corners (n, 4)."""
    return np.concatenate([center_px - size_px / 2, center_px + size_px / 2], axis=1)


def sigmoid(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logistic function, without overflow."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -60.0, 60.0))), np.float32)


def suppress(candidates: Rows, max_iou: float) -> Rows:
    """Greedy non-maximum suppression, best score first.

    Labels compete: those of one model exclude each other (a face is masked or bare).
    """
    if len(candidates.score) == 0:
        return candidates
    xywh = candidates.xyxy_px.astype(np.float64)
    xywh[:, 2:] -= xywh[:, :2]
    keep = np.asarray(cv2.dnn.NMSBoxes(xywh.tolist(), candidates.score.tolist(), 0.0, max_iou), np.intp)
    return Rows(candidates.xyxy_px[keep], candidates.score[keep], candidates.label[keep])
