"""From a network's raw outputs to boxes: one function per family of heads, vectorised and pure.

Every decoder takes the outputs of one picture (a leading batch axis of 1 is ignored) and gives `Rows` in pixels of the
network's input. Scores below `DecodeSpec.min_score` and classes that nobody asked for are dropped before boxes are
computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Outputs: TypeAlias = Sequence[NDArray[np.float32]]
STRIDES = (8, 16, 32)


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
    """What the decoders must know of a network."""

    width_px: int
    height_px: int
    classes: tuple[int, ...]
    """The network's class numbers we ask for; their position becomes the label."""
    min_score: float


Decoder: TypeAlias = Callable[[Outputs, DecodeSpec], Rows]


@lru_cache(maxsize=16)
def _cells(width_px: int, height_px: int, strides: tuple[int, ...]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Column and row of every cell, (n, 2), and its stride in pixels, (n, 1); row by row, fine grid first."""
    grids, sizes = [], []
    for stride in strides:
        rows, columns = np.mgrid[0 : height_px // stride, 0 : width_px // stride]
        grids.append(np.stack([columns.ravel(), rows.ravel()], axis=1))
        sizes.append(np.full((rows.size, 1), stride))
    return np.concatenate(grids).astype(np.float32), np.concatenate(sizes).astype(np.float32)


def _sigmoid(x: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -60.0, 60.0))), np.float32)


def _from_center(center_px: NDArray[np.float32], size_px: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate([center_px - size_px / 2, center_px + size_px / 2], axis=1)


def _flat(output: NDArray[np.float32], columns: int, name: str) -> NDArray[np.float32]:
    """The output as (rows, columns), for a head whose last axis must hold at least `columns`."""
    if output.ndim < 2 or output.shape[-1] < columns:
        raise ValueError(f"{name}: an output of shape {output.shape} has not the {columns} columns it needs")
    return output.reshape(-1, output.shape[-1])


def _table(output: NDArray[np.float32], columns: int, name: str) -> NDArray[np.float32]:
    """The output as (rows, columns), for a head whose last axis is exactly so wide."""
    if output.shape[-1:] != (columns,):
        raise ValueError(f"{name}: an output of shape {output.shape} has not {columns} columns")
    return output.reshape(-1, columns)


def _expect(outputs: Outputs, count: int, name: str) -> None:
    if len(outputs) < count:
        raise ValueError(f"{name}: needs {count} outputs, the model has {len(outputs)}")


def _expect_rows(rows: int, cells: int, name: str, spec: DecodeSpec) -> None:
    if rows != cells:
        raise ValueError(f"{name}: {rows} rows, but {spec.width_px}x{spec.height_px} pixels make {cells} cells")


def _best(
    scores: NDArray[np.float32], min_score: float
) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.int16]]:
    """Rows worth keeping of (n, classes) scores, with their best score and label."""
    label = scores.argmax(axis=1)
    score = scores[np.arange(len(scores)), label]
    keep = np.flatnonzero(score >= min_score)
    return keep, score[keep].astype(np.float32), label[keep].astype(np.int16)


def yolox(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """YOLOX (Ge et al. 2021): (1, n, 5 + classes) rows of dx dy log-w log-h objectness class scores."""
    _expect(outputs, 1, "yolox")
    rows = _flat(outputs[0], 6 + max(spec.classes), "yolox")
    grid, stride = _cells(spec.width_px, spec.height_px, STRIDES)
    _expect_rows(len(rows), len(grid), "yolox", spec)
    keep, score, label = _best(rows[:, [5 + c for c in spec.classes]] * rows[:, 4:5], spec.min_score)
    center = (rows[keep, :2] + grid[keep]) * stride[keep]
    return Rows(_from_center(center, np.exp(rows[keep, 2:4]) * stride[keep]), score, label)


def nanodet(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """NanoDet: per stride class scores (n, classes) and, after all of those, distances (n, 4 * bins).

    A distance left, top, right, bottom is the expectation of a distribution over whole strides (generalised focal loss,
    Li et al. 2020), measured from the centre of the cell.
    """
    _expect(outputs, 2 * len(STRIDES), "nanodet")
    by_rows: dict[int, list[NDArray[np.float32]]] = {}
    for output in outputs:
        flat = _flat(output, 1, "nanodet")
        by_rows.setdefault(len(flat), []).append(flat)
    counts = [(spec.width_px // s) * (spec.height_px // s) for s in STRIDES]
    if any(len(by_rows.get(n, ())) != 2 for n in counts):
        shapes = ", ".join(str(o.shape) for o in outputs)
        raise ValueError(f"nanodet: outputs {shapes} do not fit {spec.width_px}x{spec.height_px} pixels")
    classes = np.concatenate([_flat(by_rows[n][0], 1 + max(spec.classes), "nanodet") for n in counts])
    bins = np.concatenate([by_rows[n][1] for n in counts])
    keep, score, label = _best(classes[:, list(spec.classes)], spec.min_score)
    logits = bins[keep].reshape(len(keep), 4, bins.shape[1] // 4)
    weights = np.exp(logits - logits.max(axis=2, keepdims=True))
    strides_away = (weights * np.arange(weights.shape[2])).sum(axis=2) / weights.sum(axis=2)
    grid, stride = _cells(spec.width_px, spec.height_px, STRIDES)
    center, distance = (grid[keep] + 0.5) * stride[keep], strides_away * stride[keep]
    xyxy = np.concatenate([center - distance[:, :2], center + distance[:, 2:]], axis=1)
    return Rows(xyxy.astype(np.float32), score, label)


def fastestdet(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """FastestDet: one grid (1, 5 + classes, rows, columns) of objectness, tx ty tw th, class scores.

    The score is objectness^0.6 * class^0.4; centre = cell + tanh(t), size = sigmoid(t) of the whole input.
    """
    _expect(outputs, 1, "fastestdet")
    head = outputs[0]
    if head.ndim != 4 or head.shape[1] < 6 + max(spec.classes):
        raise ValueError(f"fastestdet: an output of shape {head.shape} is not (1, 5 + classes, rows, columns)")
    height, width = head.shape[2:]
    cells = head[0].reshape(head.shape[1], -1).T
    scores = cells[:, 0:1] ** 0.6 * cells[:, [5 + c for c in spec.classes]] ** 0.4
    keep, score, label = _best(scores, spec.min_score)
    grid = np.stack([keep % width, keep // width], axis=1).astype(np.float32)
    size_px = np.array([spec.width_px, spec.height_px], np.float32)
    center = (grid + np.tanh(cells[keep, 1:3])) / np.array([width, height], np.float32) * size_px
    return Rows(_from_center(center, _sigmoid(cells[keep, 3:5]) * size_px), score, label)


def ssd(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """SSD's detection output: (1, 1, n, 7) rows of image, class, score, x0 y0 x1 y1 normalised; image < 0 ends it."""
    _expect(outputs, 1, "ssd")
    rows = _table(outputs[0], 7, "ssd")
    scale = np.array([spec.width_px, spec.height_px, spec.width_px, spec.height_px], np.float32)
    return _labelled(rows[:, 3:7] * scale, rows[:, 2], np.where(rows[:, 0] < 0, -1, rows[:, 1]), spec)


def rows(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """Already decoded: (1, n, 6) rows of x0 y0 x1 y1 in input pixels, score, class."""
    _expect(outputs, 1, "rows")
    table = _table(outputs[0], 6, "rows")
    return _labelled(table[:, :4], table[:, 4], table[:, 5], spec)


def _labelled(
    xyxy_px: NDArray[np.float32], score: NDArray[np.float32], classes: NDArray[np.float32], spec: DecodeSpec
) -> Rows:
    """Keep the rows whose class we ask for."""
    wanted = np.rint(classes)[:, None] == np.array(spec.classes)[None, :]
    keep = np.flatnonzero(wanted.any(axis=1) & (score >= spec.min_score))
    label = wanted[keep].argmax(axis=1).astype(np.int16)
    return Rows(xyxy_px[keep].astype(np.float32), score[keep].astype(np.float32), label)


def dense(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """Decoded but for the threshold: (1, 4 + classes, n) columns of cx cy w h in input pixels and class scores."""
    _expect(outputs, 1, "dense")
    if outputs[0].ndim != 3:
        raise ValueError(f"dense: an output of shape {outputs[0].shape} is not (1, 4 + classes, n)")
    table = _flat(outputs[0].transpose(0, 2, 1), 5 + max(spec.classes), "dense")
    keep, score, label = _best(table[:, [4 + c for c in spec.classes]], spec.min_score)
    return Rows(_from_center(table[keep, :2], table[keep, 2:4]), score, label)


def yunet(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """YuNet (Wu et al. 2023): class, objectness and box outputs, each for strides 8, 16, 32 (landmarks are left out).

    The score is the geometric mean of class and objectness; boxes are coded as in YOLOX.
    """
    _expect(outputs, 9, "yunet")
    classes, objectness = (np.concatenate([_flat(o, 1, "yunet") for o in outputs[i : i + 3]]) for i in (0, 3))
    boxes = np.concatenate([_table(o, 4, "yunet") for o in outputs[6:9]])
    grid, stride = _cells(spec.width_px, spec.height_px, STRIDES)
    _expect_rows(len(boxes), len(grid), "yunet", spec)
    product = np.clip(classes[:, list(spec.classes)], 0.0, 1.0) * np.clip(objectness, 0.0, 1.0)
    keep, score, label = _best(np.sqrt(product), spec.min_score)
    center = (grid[keep] + boxes[keep, :2]) * stride[keep]
    return Rows(_from_center(center, np.exp(boxes[keep, 2:4]) * stride[keep]), score, label)


def rfb(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """Ultra-light RFB faces: (1, n, classes) scores with background first, (1, n, 4) x0 y0 x1 y1 normalised."""
    _expect(outputs, 2, "rfb")
    scores, boxes = _flat(outputs[0], 1 + max(spec.classes), "rfb"), _table(outputs[1], 4, "rfb")
    if len(scores) != len(boxes):
        raise ValueError(f"rfb: {len(scores)} scores for {len(boxes)} boxes")
    keep, score, label = _best(scores[:, list(spec.classes)], spec.min_score)
    scale = np.array([spec.width_px, spec.height_px, spec.width_px, spec.height_px], np.float32)
    return Rows(boxes[keep] * scale, score, label)


DECODERS: Mapping[str, Decoder] = {
    "yolox": yolox,
    "nanodet": nanodet,
    "fastestdet": fastestdet,
    "ssd": ssd,
    "rows": rows,
    "dense": dense,
    "yunet": yunet,
    "rfb": rfb,
}


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
