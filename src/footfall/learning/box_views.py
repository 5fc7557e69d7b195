"""One picture with boxes shown many ways: turned, nearer, farther, aside, in other light. The boxes follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.learning.lesson import Rgb
from footfall.learning.model import stretched

F32: TypeAlias = NDArray[np.float32]

SCALES: Final = (0.6, 1.6)
SQUEEZE: Final = 1.15
"""Most change of width against height."""
KEPT_SHARE: Final = 0.7
"""A box that shows at least so much of itself is still one."""
GONE_SHARE: Final = 0.15
"""A box that shows less is no more; between the two nobody can tell."""
LEAST_SIDE: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Truth:
    """Boxes of a view."""

    xyxy_n: F32
    """(n, 4) clipped to the view."""
    tags: NDArray[np.int64]
    """(n,); -1 where it cannot be told any more: neither right nor wrong."""


def truth_of(xyxy_n: NDArray[np.float32], tags: tuple[int, ...]) -> Truth:
    """The boxes of an example as drawn, clipped; what lies outside or has no extent is left out."""
    boxes = np.clip(np.asarray(xyxy_n, np.float32).reshape(-1, 4), 0.0, 1.0)
    whole = ((boxes[:, 2:] - boxes[:, :2]) > LEAST_SIDE).all(axis=1)
    return Truth(boxes[whole], np.asarray(tags, np.int64).reshape(-1)[whole])


def views(rgb: Rgb, truth: Truth, count: int, side_px: int, rng: np.random.Generator) -> Iterator[tuple[Rgb, Truth]]:
    """The picture as it is, then `count - 1` others.

    Yields:
        (side_px, side_px, 3) pictures and their boxes.
    """
    yield stretched(rgb, side_px), truth
    for index in range(1, count):
        matrix = _random_matrix(rng, truth, is_flipped=index % 2 == 1)
        picture = _warped(rgb, matrix, side_px, rng)
        yield _relit(picture, rng), _moved(truth, matrix)


def _random_matrix(rng: np.random.Generator, truth: Truth, *, is_flipped: bool) -> NDArray[np.float64]:
    """(2, 3): from fractions of the picture to fractions of the view."""
    scale = np.exp(rng.uniform(np.log(SCALES[0]), np.log(SCALES[1])))
    squeeze = np.exp(rng.uniform(-1.0, 1.0) * np.log(SQUEEZE) / 2)
    factors = np.array([scale * squeeze, scale / squeeze])
    centre = np.array([0.5, 0.5])
    if scale > 1.0 and len(truth.xyxy_n):  # nearer: keep one of the things in sight
        box = truth.xyxy_n[rng.integers(len(truth.xyxy_n))].astype(np.float64)
        centre = (box[:2] + box[2:]) / 2
    room = np.abs(1.0 - factors) / 2
    aim = 0.5 + (rng.uniform(-1.0, 1.0, 2)) * np.maximum(room, 0.05)
    shift = aim - factors * centre
    if scale > 1.0:
        shift = np.clip(shift, 1.0 - factors, 0.0)
    matrix = np.column_stack([np.diag(factors), shift])
    if is_flipped:
        matrix[0] = -matrix[0]
        matrix[0, 2] += 1.0
    return matrix


def _warped(rgb: Rgb, matrix: NDArray[np.float64], side_px: int, rng: np.random.Generator) -> Rgb:
    """The picture through a matrix of fractions; beside it lies one even colour."""
    height, width = rgb.shape[:2]
    to_fractions = np.array([[1 / width, 0, 0.5 / width], [0, 1 / height, 0.5 / height], [0, 0, 1]])
    to_pixels = np.array([[side_px, 0, -0.5], [0, side_px, -0.5], [0, 0, 1]])
    whole = to_pixels @ np.vstack([matrix, [0, 0, 1]]) @ to_fractions
    around = [float(level) for level in rgb.reshape(-1, 3)[:: max(1, rgb.size // 3000)].mean(axis=0)]
    around = [level + rng.normal(0.0, 20.0) for level in around]
    warped = cv2.warpAffine(
        rgb, whole[:2], (side_px, side_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=around
    )
    return np.asarray(warped, np.uint8)


def _relit(rgb: Rgb, rng: np.random.Generator) -> Rgb:
    """Other light: contrast, brightness, a tint; now and then a little unsharp."""
    gain = np.exp(rng.normal(0.0, 0.15)) * np.exp(rng.normal(0.0, 0.06, 3))
    shifted = (rgb.astype(np.float32) - 114.0) * gain.astype(np.float32) + np.float32(114.0 + rng.normal(0.0, 16.0))
    if rng.random() < 0.2:
        shifted = cv2.GaussianBlur(shifted, (3, 3), 0)
    return np.asarray(np.clip(shifted + 0.5, 0, 255), np.uint8)


def _moved(truth: Truth, matrix: NDArray[np.float64]) -> Truth:
    corners = truth.xyxy_n.reshape(-1, 2, 2) @ matrix[:, :2].T + matrix[:, 2]
    boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)
    inside = np.clip(boxes, 0.0, 1.0)
    share = _areas(inside) / np.maximum(_areas(boxes), 1e-12)
    tags = np.where(share >= KEPT_SHARE, truth.tags, -1)
    seen = (share > GONE_SHARE) & ((inside[:, 2:] - inside[:, :2]) > LEAST_SIDE).all(axis=1)
    return Truth(inside[seen].astype(np.float32), tags[seen])


def _areas(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    extent = np.maximum(boxes[:, 2:] - boxes[:, :2], 0.0)
    return np.asarray(extent[:, 0] * extent[:, 1], np.float64)
