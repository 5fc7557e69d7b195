"""Heads that say something in every cell of a grid: anchor-free, one grid per stride; vectorised and pure.

Every decoder takes the outputs of one picture (a leading batch axis of 1 is ignored) and gives `Rows` in pixels of the
network's input. Scores below `DecodeSpec.min_score` and classes that nobody asked for are dropped before boxes are
computed.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray

from footfall.detect.candidates import DecodeSpec, Outputs, Rows, as_rows, as_table, expect, from_center, pick, sigmoid

STRIDES = (8, 16, 32)
PLUS_STRIDES = (8, 16, 32, 64)
_DISTANCE_COLUMNS = 32
"""NanoDet-Plus: four sides of eight bins."""
_LOG_LIMIT = 8.0
"""Distances beyond e^8 strides are nonsense; the limit keeps them finite."""


def cell_counts(width_px: int, height_px: int, strides: tuple[int, ...]) -> list[int]:
    """Cells of the grid of every stride; a part of a cell at the border is one."""
    return [ceil(width_px / stride) * ceil(height_px / stride) for stride in strides]


@lru_cache(maxsize=16)
def _cells(width_px: int, height_px: int, strides: tuple[int, ...]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Column and row of every cell, (n, 2), and its stride in pixels, (n, 1); row by row, fine grid first."""
    grids, sizes = [], []
    for stride in strides:
        rows, columns = np.mgrid[0 : ceil(height_px / stride), 0 : ceil(width_px / stride)]
        grids.append(np.stack([columns.ravel(), rows.ravel()], axis=1))
        sizes.append(np.full((rows.size, 1), stride))
    return np.concatenate(grids).astype(np.float32), np.concatenate(sizes).astype(np.float32)


def _expect_rows(rows: int, cells: int, name: str, spec: DecodeSpec) -> None:
    if rows != cells:
        raise ValueError(f"{name}: {rows} rows, but {spec.width_px}x{spec.height_px} pixels make {cells} cells")


def yolox(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """YOLOX (Ge et al. 2021): (1, n, 5 + classes) rows of dx dy log-w log-h objectness class scores."""
    expect(outputs, 1, "yolox")
    rows = as_rows(outputs[0], 6 + max(spec.classes), "yolox")
    grid, stride = _cells(spec.width_px, spec.height_px, STRIDES)
    _expect_rows(len(rows), len(grid), "yolox", spec)
    keep, score, label = pick(rows[:, [5 + c for c in spec.classes]] * rows[:, 4:5], spec.min_score)
    center = (rows[keep, :2] + grid[keep]) * stride[keep]
    return Rows(from_center(center, np.exp(rows[keep, 2:4]) * stride[keep]), score, label)


def nanodet(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """NanoDet: per stride class scores (n, classes) and, after all of those, distances (n, 4 * bins).

    A distance left, top, right, bottom is the expectation of a distribution over whole strides (generalised focal loss,
    Li et al. 2020), measured from the centre of the cell.
    """
    expect(outputs, 2 * len(STRIDES), "nanodet")
    by_rows: dict[int, list[NDArray[np.float32]]] = {}
    for output in outputs:
        flat = as_rows(output, 1, "nanodet")
        by_rows.setdefault(len(flat), []).append(flat)
    counts = cell_counts(spec.width_px, spec.height_px, STRIDES)
    if any(len(by_rows.get(n, ())) != 2 for n in counts):
        shapes = ", ".join(str(o.shape) for o in outputs)
        raise ValueError(f"nanodet: outputs {shapes} do not fit {spec.width_px}x{spec.height_px} pixels")
    classes = np.concatenate([as_rows(by_rows[n][0], 1 + max(spec.classes), "nanodet") for n in counts])
    bins = np.concatenate([by_rows[n][1] for n in counts])
    keep, score, label = pick(classes[:, list(spec.classes)], spec.min_score)
    grid, stride = _cells(spec.width_px, spec.height_px, STRIDES)
    return Rows(_around((grid[keep] + 0.5) * stride[keep], _expected(bins[keep]) * stride[keep]), score, label)


def nanodet_plus(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """NanoDet-Plus: one output (1, n, classes + 32) of class scores and distances as in NanoDet; strides 8 to 64.

    Distances are measured from the cell's top left corner, not from its centre as in NanoDet.
    """
    expect(outputs, 1, "nanodet-plus")
    rows = as_rows(outputs[0], 1 + max(spec.classes) + _DISTANCE_COLUMNS, "nanodet-plus")
    grid, stride = _cells(spec.width_px, spec.height_px, PLUS_STRIDES)
    _expect_rows(len(rows), len(grid), "nanodet-plus", spec)
    keep, score, label = pick(rows[:, list(spec.classes)], spec.min_score)
    distance_px = _expected(rows[keep, -_DISTANCE_COLUMNS:]) * stride[keep]
    return Rows(_around(grid[keep] * stride[keep], distance_px), score, label)


def _expected(bins: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of the distributions over 0, 1, 2 ... strides of left, top, right, bottom: (n, 4 * bins) -> (n, 4)."""
    logits = bins.reshape(len(bins), 4, bins.shape[1] // 4)
    weights = np.exp(logits - logits.max(axis=2, keepdims=True))
    return np.asarray((weights * np.arange(weights.shape[2])).sum(axis=2) / weights.sum(axis=2), np.float32)


def _around(point_px: NDArray[np.float32], distance_px: NDArray[np.float32]) -> NDArray[np.float32]:
    """Boxes (n, 4) that reach so far left, top, right, bottom of points (n, 2)."""
    corners = np.concatenate([point_px - distance_px[:, :2], point_px + distance_px[:, 2:]], axis=1)
    return np.asarray(corners, np.float32)


def fastestdet(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """FastestDet: one grid (1, 5 + classes, rows, columns) of objectness, tx ty tw th, class scores.

    The score is objectness^0.6 * class^0.4; centre = cell + tanh(t), size = sigmoid(t) of the whole input.
    """
    expect(outputs, 1, "fastestdet")
    head = outputs[0]
    if head.ndim != 4 or head.shape[1] < 6 + max(spec.classes):
        raise ValueError(f"fastestdet: an output of shape {head.shape} is not (1, 5 + classes, rows, columns)")
    height, width = head.shape[2:]
    cells = head[0].reshape(head.shape[1], -1).T
    scores = cells[:, 0:1] ** 0.6 * cells[:, [5 + c for c in spec.classes]] ** 0.4
    keep, score, label = pick(scores, spec.min_score)
    grid = np.stack([keep % width, keep // width], axis=1).astype(np.float32)
    size_px = np.array([spec.width_px, spec.height_px], np.float32)
    center = (grid + np.tanh(cells[keep, 1:3])) / np.array([width, height], np.float32) * size_px
    return Rows(from_center(center, sigmoid(cells[keep, 3:5]) * size_px), score, label)


def yunet(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """YuNet (Wu et al. 2023): class, objectness and box outputs, each for strides 8, 16, 32 (landmarks are left out).

    The score is the geometric mean of class and objectness; boxes are coded as in YOLOX.
    """
    expect(outputs, 9, "yunet")
    classes, objectness = (np.concatenate([as_rows(o, 1, "yunet") for o in outputs[i : i + 3]]) for i in (0, 3))
    boxes = np.concatenate([as_table(o, 4, "yunet") for o in outputs[6:9]])
    grid, stride = _cells(spec.width_px, spec.height_px, STRIDES)
    _expect_rows(len(boxes), len(grid), "yunet", spec)
    product = np.clip(classes[:, list(spec.classes)], 0.0, 1.0) * np.clip(objectness, 0.0, 1.0)
    keep, score, label = pick(np.sqrt(product), spec.min_score)
    center = (grid[keep] + boxes[keep, :2]) * stride[keep]
    return Rows(from_center(center, np.exp(boxes[keep, 2:4]) * stride[keep]), score, label)


def ltrb(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """Ours: per stride (1, classes + 4, rows, columns) of class logits and log distances left, top, right, bottom.

    Distances are in strides, from the centre of the cell.
    """
    expect(outputs, len(STRIDES), "ltrb")
    levels = [_ltrb_level(output, stride, spec) for output, stride in zip(outputs, STRIDES, strict=False)]
    return Rows(*(np.concatenate(parts) for parts in zip(*levels, strict=True)))


def _ltrb_level(output: NDArray[np.float32], stride: int, spec: DecodeSpec) -> Rows:
    rows, columns = spec.height_px // stride, spec.width_px // stride
    if output.ndim != 4 or output.shape[2:] != (rows, columns) or output.shape[1] < 5 + max(spec.classes):
        raise ValueError(
            f"ltrb: an output of shape {output.shape} is not (1, classes + 4, {rows}, {columns}), "
            f"the grid of stride {stride} over {spec.width_px}x{spec.height_px} pixels"
        )
    cells = output[0].reshape(output.shape[1], -1)
    keep, score, label = pick(sigmoid(cells[list(spec.classes)].T), spec.min_score)
    center_px = (np.stack([keep % columns, keep // columns], axis=1) + 0.5) * stride
    distance_px = np.exp(np.clip(cells[-4:, keep].T, -_LOG_LIMIT, _LOG_LIMIT)) * stride
    return Rows(_around(center_px, distance_px), score, label)
