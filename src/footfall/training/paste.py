"""Copy-paste: people are cut out of one picture along the outline and put into another.

Ghiasi et al. 2021, "Simple Copy-Paste". The pictures have boxes, no outlines: those are found by GrabCut inside the box
(Rother et al. 2004). A cut that fills too little or too much of its box has failed and is not used.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.types import Image
from footfall.training.pictures import SILENT, Picture

Floats = NDArray[np.float32]
LEAST_PX = 64
"""Smaller people are not cut out."""
CUT_PX = 112
"""Height of the box in the picture that is cut in."""
MARGIN = 0.2
"""Around the box, in its own sides: where the background is learnt from."""
FILL = (0.3, 0.8)
"""Share of its box that a person may fill."""
FREE = 0.1
"""Share of the box that may be another's."""
SIZES = (0.08, 0.6)
"""Height of who is put in, in sides of the input."""
HIDES = 0.6
"""Who is covered by this much becomes silent."""


@dataclass(frozen=True, slots=True)
class Cutout:
    """One person without surroundings, tight."""

    image: Image
    opacity: Floats
    """(height, width) float32 from 0 to 1."""


def cut_out(picture: Picture, rng: np.random.Generator) -> Cutout | None:
    """One person of the picture by lot; None where nobody stands free, or the outline was not found."""
    free = _free(picture)
    if len(free) == 0:
        return None
    image = picture.read()
    x0, y0, x1, y1 = picture.xyxy_px[rng.choice(free)]
    if min(x0, y0) <= 1.0 or x1 >= image.shape[1] - 1.0 or y1 >= image.shape[0] - 1.0:
        return None
    wide, high = (x1 - x0) * MARGIN, (y1 - y0) * MARGIN
    left, top = max(0, int(x0 - wide)), max(0, int(y0 - high))
    crop = image[top : int(y1 + high) + 1, left : int(x1 + wide) + 1]
    scale = min(1.0, CUT_PX / (y1 - y0))
    crop = np.asarray(cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    box = [round(float(v) * scale) for v in (x0 - left, y0 - top, x1 - x0, y1 - y0)]
    return _outlined(crop, (box[0], box[1], box[2], box[3]), int(rng.integers(2**31 - 1)))


def put_in(
    canvas: Image, xyxy_px: Floats, label: NDArray[np.int64], person: Cutout, rng: np.random.Generator
) -> tuple[Floats, NDArray[np.int64]]:
    """Put a person before everybody else in the canvas; boxes and labels with the newcomer, who is label 0."""
    side = canvas.shape[0]
    tall = side * float(np.exp(rng.uniform(*np.log(SIZES))))
    scale = tall / person.image.shape[0]
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR
    image = cv2.resize(person.image, None, fx=scale, fy=scale, interpolation=how)
    opacity = cv2.resize(person.opacity, None, fx=scale, fy=scale, interpolation=how)
    if rng.random() < 0.5:
        image, opacity = image[:, ::-1], opacity[:, ::-1]
    high, wide = opacity.shape
    if wide >= side or high >= side or min(wide, high) < 2:
        return xyxy_px, label
    left, top = int(rng.integers(side - wide)), int(rng.integers(side - high))
    under = canvas[top : top + high, left : left + wide]
    under[:] = (under * (1.0 - opacity[..., None]) + image * opacity[..., None]).astype(np.uint8)
    solid = np.zeros((side, side), np.uint8)
    solid[top : top + high, left : left + wide] = opacity > 0.5
    total = np.pad(solid.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    x0, y0, x1, y1 = np.clip(xyxy_px.round().astype(int), 0, side).T
    covered = total[y1, x1] - total[y0, x1] - total[y1, x0] + total[y0, x0]
    hidden = covered >= HIDES * np.maximum((x1 - x0) * (y1 - y0), 1)
    box = np.array([[left, top, left + wide, top + high]], np.float32)
    return np.concatenate([xyxy_px, box]), np.append(np.where(hidden, SILENT, label), 0)


def _free(picture: Picture) -> NDArray[np.intp]:
    """Rows of people who are large enough and neither before nor behind others."""
    boxes = picture.xyxy_px
    sides = boxes[:, 2:] - boxes[:, :2]
    shared = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:]) - np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    overlap = shared.clip(0.0).prod(axis=2)
    np.fill_diagonal(overlap, 0.0)
    alone = overlap.sum(axis=1) <= FREE * sides.prod(axis=1)
    large = (sides[:, 1] >= LEAST_PX) & (sides[:, 0] >= LEAST_PX / 4)
    return np.flatnonzero((picture.label == 0) & large & alone)


def _outlined(crop: Image, box: tuple[int, int, int, int], seed: int) -> Cutout | None:
    """The person in the box (left, top, width, height) of the crop."""
    mask = np.zeros(crop.shape[:2], np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(seed)
    try:
        cv2.grabCut(crop, mask, box, *models, 3, cv2.GC_INIT_WITH_RECT)
    except cv2.error:  # one colour all over: there is nothing to tell apart
        return None
    solid = ((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.uint8)
    solid = np.asarray(cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)))
    if not FILL[0] <= solid.sum() / max(box[2] * box[3], 1) <= FILL[1]:
        return None
    ys, xs = np.nonzero(solid)
    tight = slice(ys.min(), ys.max() + 1), slice(xs.min(), xs.max() + 1)
    if ys.max() - ys.min() < 0.8 * box[3]:
        return None
    opacity = cv2.GaussianBlur(solid.astype(np.float32), (0, 0), 0.8)
    return Cutout(crop[tight], np.asarray(opacity[tight], np.float32))
