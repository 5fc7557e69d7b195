"""Overlap of boxes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]


def iou(a_xywh: Boxes, b_xywh: Boxes) -> Boxes:
    """Intersection over union of every pair: (n, 4), (m, 4) left top width height -> (n, m); 0 for empty boxes."""
    inter = intersection(a_xywh, b_xywh)
    union = area(a_xywh)[:, None] + area(b_xywh)[None] - inter
    return np.divide(inter, union, out=np.zeros_like(inter), where=union > 0)


def intersection(a_xywh: Boxes, b_xywh: Boxes) -> Boxes:
    """Common area of every pair, (n, m)."""
    a, b = a_xywh[:, None], b_xywh[None]
    far = np.minimum(a[..., :2] + a[..., 2:], b[..., :2] + b[..., 2:])
    sides: Boxes = np.maximum(far - np.maximum(a[..., :2], b[..., :2]), 0.0)
    return sides[..., 0] * sides[..., 1]


def area(xywh: Boxes) -> Boxes:
    """(n, 4) -> (n,)."""
    return xywh[:, 2] * xywh[:, 3]
