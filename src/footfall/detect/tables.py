"""Heads that list boxes: decoded by the network itself, or nearly; vectorised and pure."""

from __future__ import annotations

import numpy as np

from footfall.detect.candidates import (
    DecodeSpec,
    Outputs,
    Rows,
    as_rows,
    as_table,
    expect,
    from_center,
    labelled,
    pick,
    sigmoid,
)


def ssd(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """SSD's detection output: (1, 1, n, 7) rows of image, class, score, x0 y0 x1 y1 normalised; image < 0 ends it."""
    expect(outputs, 1, "ssd")
    rows = as_table(outputs[0], 7, "ssd")
    scale = np.array([spec.width_px, spec.height_px, spec.width_px, spec.height_px], np.float32)
    return labelled(rows[:, 3:7] * scale, rows[:, 2], np.where(rows[:, 0] < 0, -1, rows[:, 1]), spec)


def rows(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """Already decoded: (1, n, 6) rows of x0 y0 x1 y1 in input pixels, score, class."""
    expect(outputs, 1, "rows")
    table = as_table(outputs[0], 6, "rows")
    return labelled(table[:, :4], table[:, 4], table[:, 5], spec)


def detr(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """Transformers that decode themselves (RT-DETR, D-FINE): labels (1, n), boxes (1, n, 4), scores (1, n).

    Boxes are x0 y0 x1 y1 in the size fed beside the picture, which is that of the input.
    """
    expect(outputs, 3, "detr")
    classes, xyxy_px, score = outputs[0].ravel(), as_table(outputs[1], 4, "detr"), outputs[2].ravel()
    if not len(classes) == len(xyxy_px) == len(score):
        raise ValueError(f"detr: {len(classes)} labels and {len(score)} scores for {len(xyxy_px)} boxes")
    return labelled(xyxy_px, score, classes, spec)


def queries(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """Transformers as they are (RF-DETR): boxes (1, n, 4) cx cy w h normalised, and class logits (1, n, classes).

    The boxes come first, unless only the second output has four columns.
    """
    expect(outputs, 2, "queries")
    boxes, logits = outputs[:2] if outputs[0].shape[-1:] == (4,) else outputs[1::-1]
    cxcywh, logits = as_table(boxes, 4, "queries"), as_rows(logits, 1 + max(spec.classes), "queries")
    if len(cxcywh) != len(logits):
        raise ValueError(f"queries: {len(logits)} rows of logits for {len(cxcywh)} boxes")
    keep, score, label = pick(sigmoid(logits[:, list(spec.classes)]), spec.min_score)
    scale = np.array([spec.width_px, spec.height_px], np.float32)
    return Rows(from_center(cxcywh[keep, :2] * scale, cxcywh[keep, 2:] * scale), score, label)


def dense(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """Decoded but for the threshold: (1, 4 + classes, n) columns of cx cy w h in input pixels and class scores."""
    expect(outputs, 1, "dense")
    if outputs[0].ndim != 3:
        raise ValueError(f"dense: an output of shape {outputs[0].shape} is not (1, 4 + classes, n)")
    table = as_rows(outputs[0].transpose(0, 2, 1), 5 + max(spec.classes), "dense")
    keep, score, label = pick(table[:, [4 + c for c in spec.classes]], spec.min_score)
    return Rows(from_center(table[keep, :2], table[keep, 2:4]), score, label)


def rfb(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """Ultra-light RFB faces: (1, n, classes) scores with background first, (1, n, 4) x0 y0 x1 y1 normalised."""
    expect(outputs, 2, "rfb")
    scores, boxes = as_rows(outputs[0], 1 + max(spec.classes), "rfb"), as_table(outputs[1], 4, "rfb")
    if len(scores) != len(boxes):
        raise ValueError(f"rfb: {len(scores)} scores for {len(boxes)} boxes")
    keep, score, label = pick(scores[:, list(spec.classes)], spec.min_score)
    scale = np.array([spec.width_px, spec.height_px, spec.width_px, spec.height_px], np.float32)
    return Rows(boxes[keep] * scale, score, label)


def exported(outputs: Outputs, spec: DecodeSpec) -> Rows:
    """What Custom Vision exports: boxes (1, n, 4) x0 y0 x1 y1 normalised, classes (1, n) int64, scores (1, n).

    In any order: boxes have three axes, and only classes are whole numbers. Doubles are already removed.
    """
    expect(outputs, 3, "exported")
    boxes = [output for output in outputs if output.ndim == 3]
    flat = [output for output in outputs if output.ndim == 2]
    classes = [output for output in flat if output.dtype.kind == "i"]
    scores = [output for output in flat if output.dtype.kind == "f"]
    if not len(boxes) == len(classes) == len(scores) == 1:
        shapes = ", ".join(f"{output.shape} {output.dtype}" for output in outputs)
        raise ValueError(f"exported: {shapes} are not boxes, classes and scores")
    table = as_table(boxes[0], 4, "exported")
    if not len(table) == classes[0].size == scores[0].size:
        raise ValueError(f"exported: {classes[0].size} classes and {scores[0].size} scores for {len(table)} boxes")
    scale = np.array([spec.width_px, spec.height_px, spec.width_px, spec.height_px], np.float32)
    return labelled(table * scale, scores[0].ravel(), classes[0].ravel().astype(np.float32), spec)
