"""Changes pictures and their boxes alike: other places, sizes, light, lenses and cameras than those in the sets.

Mosaic: Bochkovskiy et al. 2020, "YOLOv4". Everything is drawn by lot from the generator that is passed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.types import Image
from footfall.training.paste import cut_out, put_in
from footfall.training.pictures import SILENT, Picture
from footfall.training.recipe import AugmentSpec

Floats = NDArray[np.float32]
PAD = 114
SEEN_SHARE = 0.3
"""Of somebody cut by the edge, at least so much must be left to count; less is neither right nor wrong."""
FAR_SHARE = 0.2
"""Of the mosaics, so many are of nine pictures."""
PASTE_TRIES = 8
"""Most pictures hold nobody who stands free: so many are tried."""
LEAST_PX = 5.0
"""Smaller people are neither right nor wrong."""


@dataclass(frozen=True, slots=True)
class Example:
    """One input of the network with its truth."""

    image: Image
    """(side, side, 3) uint8 BGR."""
    xyxy_px: Floats
    """(n, 4) float32."""
    label: NDArray[np.int64]
    """(n,) int64; `SILENT` where neither right nor wrong."""


def compose(draw: Callable[[], Picture], side_px: int, spec: AugmentSpec, rng: np.random.Generator) -> Example:
    """One input of one picture, or of four.

    Args:
        draw: gives the next picture by lot.
        side_px: of the square input.
        spec: what may happen.
        rng: the lot.
    """
    canvas = np.full((side_px, side_px, 3), PAD, np.uint8)
    placed = [_place(draw(), canvas, window, spec, rng) for window in _windows(side_px, spec, rng)]
    xyxy_px, label = (np.concatenate(parts) for parts in zip(*placed, strict=True))
    if spec.paste and rng.random() < spec.paste:
        person = next((found for _ in range(PASTE_TRIES) if (found := cut_out(draw(), rng)) is not None), None)
        if person is not None:
            xyxy_px, label = put_in(canvas, xyxy_px, label, person, rng)
    if rng.random() < spec.occlude:
        xyxy_px, label = _hide_legs(canvas, xyxy_px, label, rng)
    if rng.random() < spec.lens:
        canvas, xyxy_px = _bend(canvas, xyxy_px, rng)
    return Example(develop(canvas, spec, rng), xyxy_px, label)


def _windows(side_px: int, spec: AugmentSpec, rng: np.random.Generator) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of one window, or of two by two, or of three by three for far people."""
    if rng.random() >= spec.mosaic:
        return [(0, 0, side_px, side_px)]
    count = 3 if rng.random() < FAR_SHARE else 2
    xs, ys = (
        [0, *(int((i + rng.uniform(-0.2, 0.2)) * side_px / count) for i in range(1, count)), side_px] for _ in range(2)
    )
    return [(xs[i], ys[j], xs[i + 1], ys[j + 1]) for j in range(count) for i in range(count)]


def _place(
    picture: Picture, canvas: Image, window: tuple[int, int, int, int], spec: AugmentSpec, rng: np.random.Generator
) -> tuple[Floats, NDArray[np.int64]]:
    """Draw a picture into a window of the canvas; its boxes there."""
    image = picture.read()
    height, width = image.shape[:2]
    left, top, right, bottom = window
    wide, high = right - left, bottom - top
    low, up = spec.scale
    fit = min if wide == canvas.shape[1] else max  # a mosaic's window is covered
    scale = fit(wide / width, high / height) * float(np.exp(rng.uniform(np.log(low), np.log(up))))
    stretch = float(np.exp(rng.uniform(-0.15, 0.15)))
    turn = np.deg2rad(rng.normal(0.0, spec.rotate_deg / 2))
    flip = -1.0 if rng.random() < spec.mirror else 1.0
    scale_x, scale_y = scale * stretch * flip, scale / stretch
    matrix = np.array(
        [[np.cos(turn) * scale_x, -np.sin(turn) * scale_y], [np.sin(turn) * scale_x, np.cos(turn) * scale_y]]
    )
    slack = np.array([wide - width * abs(scale_x), high - height * scale_y])
    middle = np.array([wide, high]) / 2 + slack * rng.uniform(-0.5, 0.5, 2)
    shift = middle - matrix @ np.array([width / 2, height / 2])
    affine = np.concatenate([matrix, shift[:, None]], axis=1)
    how = cv2.INTER_LINEAR if scale > 0.6 else cv2.INTER_AREA
    if how == cv2.INTER_AREA:
        shrunk = max(scale, 0.05) * 1.5
        image = np.asarray(cv2.resize(image, None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA), np.uint8)
        affine[:, :2] *= np.array([width / image.shape[1], height / image.shape[0]])
    view = canvas[top:bottom, left:right]
    cv2.warpAffine(image, affine, (wide, high), dst=view, borderMode=cv2.BORDER_TRANSPARENT)
    affine = np.concatenate([matrix, shift[:, None]], axis=1)
    xyxy_px = _warp(picture.xyxy_px, lambda points: points @ affine[:, :2].T + affine[:, 2])
    return cut(xyxy_px, picture.label, (wide, high), (left, top))


def cut(
    xyxy_px: Floats, label: NDArray[np.int64], size_px: tuple[int, int], origin_px: tuple[int, int]
) -> tuple[Floats, NDArray[np.int64]]:
    """Boxes clipped to a window of `size_px`, moved to its origin; who is hardly left becomes silent, or vanishes."""
    bounds = np.array([*size_px, *size_px], np.float32)
    clipped = np.clip(xyxy_px, 0.0, bounds)
    side = clipped[:, 2:] - clipped[:, :2]
    whole = (xyxy_px[:, 2:] - xyxy_px[:, :2]).prod(axis=1)
    seen = side.prod(axis=1) / np.maximum(whole, 1e-6)
    keep = side.min(axis=1, initial=np.inf) > 1.0
    silent = (seen < SEEN_SHARE) | (side.max(axis=1, initial=0.0) < LEAST_PX)
    moved = clipped + np.array([*origin_px, *origin_px], np.float32)
    return moved[keep].astype(np.float32), np.where(silent, SILENT, label)[keep]


def _warp(xyxy_px: Floats, move: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Floats:
    """Boxes around what becomes of an ellipse inside each box, which people fill better than its corners."""
    if len(xyxy_px) == 0:
        return xyxy_px
    angle = np.arange(16) * (2 * np.pi / 16)
    centre, half = (xyxy_px[:, :2] + xyxy_px[:, 2:]) / 2, (xyxy_px[:, 2:] - xyxy_px[:, :2]) / 2
    points = centre[:, None] + half[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    moved = move(points.reshape(-1, 2).astype(np.float64)).reshape(len(xyxy_px), -1, 2)
    return np.concatenate([moved.min(axis=1), moved.max(axis=1)], axis=1).astype(np.float32)


def _hide_legs(
    canvas: Image, xyxy_px: Floats, label: NDArray[np.int64], rng: np.random.Generator
) -> tuple[Floats, NDArray[np.int64]]:
    """Put a piece of furniture before the lower part of one person; who else is mostly behind it becomes silent."""
    people = np.flatnonzero((label >= 0) & (xyxy_px[:, 3] - xyxy_px[:, 1] > 24))
    if len(people) == 0:
        return xyxy_px, label
    x0, y0, x1, y1 = xyxy_px[rng.choice(people)]
    edge = y1 - (y1 - y0) * rng.uniform(0.15, 0.6)
    grow = (x1 - x0) * rng.uniform(0.05, 0.8, 2)
    side = canvas.shape[0]
    left, right = int(max(0, x0 - grow[0])), int(min(side, x1 + grow[1]))
    top, bottom = int(edge), int(min(side, y1 + (y1 - y0) * rng.uniform(0.02, 0.2)))
    if right - left < 2 or bottom - top < 2:
        return xyxy_px, label
    coarse = rng.normal(rng.uniform(30, 220, 3), rng.uniform(2, 25), (3, 4, 3)).clip(0, 255).astype(np.uint8)
    canvas[top:bottom, left:right] = cv2.resize(coarse, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)
    boxes, names = xyxy_px.copy(), label.copy()
    covers = (boxes[:, 0] >= left - 1) & (boxes[:, 2] <= right + 1) & (boxes[:, 3] <= bottom + 1) & (boxes[:, 3] > top)
    lower = np.minimum(boxes[:, 3], np.where(covers, top, np.inf))
    left_over = (lower - boxes[:, 1]) / np.maximum(boxes[:, 3] - boxes[:, 1], 1e-6)
    boxes[:, 3] = lower
    partly = (
        ~covers
        & (np.minimum(boxes[:, 2], right) - np.maximum(boxes[:, 0], left) > 0.5 * (boxes[:, 2] - boxes[:, 0]))
        & (np.minimum(boxes[:, 3], bottom) - np.maximum(boxes[:, 1], top) > 0.5 * (boxes[:, 3] - boxes[:, 1]))
    )
    names[(left_over < SEEN_SHARE) | partly] = SILENT
    keep = boxes[:, 3] - boxes[:, 1] > 1.0
    return boxes[keep], names[keep]


def _bend(canvas: Image, xyxy_px: Floats, rng: np.random.Generator) -> tuple[Image, Floats]:
    """Barrel distortion around the middle: r -> r (1 + k r^2), r = 1 at the side."""
    side = canvas.shape[0]
    k = rng.uniform(0.05, 0.35)
    grid = (np.arange(side, dtype=np.float32) + 0.5) * (2.0 / side) - 1.0
    x, y = np.meshgrid(grid, grid)
    stretch = (1.0 + k * (x * x + y * y)) / (1.0 + k)
    where = ((x * stretch + 1.0) * side / 2 - 0.5, (y * stretch + 1.0) * side / 2 - 0.5)
    bent = cv2.remap(canvas, where[0], where[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        source = points * (2.0 / side) - 1.0
        out = source.copy()
        for _ in range(8):
            out = source * (1.0 + k) / (1.0 + k * (out * out).sum(axis=1, keepdims=True))
        return np.asarray((out + 1.0) * side / 2)

    return np.asarray(bent, np.uint8), np.clip(_warp(xyxy_px, move), 0.0, side).astype(np.float32)


def develop(image: Image, spec: AugmentSpec, rng: np.random.Generator) -> Image:
    """Another light and another camera: colour, grey, night, blur, coarse, noise, compression."""
    if rng.random() < spec.colour:
        image = _colour(image, rng)
    if rng.random() < spec.grey:
        image = np.asarray(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR), np.uint8)
    if rng.random() < spec.night:
        image = _darken(image, rng)
    side = image.shape[0]
    if rng.random() < spec.coarse:
        small = int(side * rng.uniform(0.35, 0.75))
        far = cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA)
        image = np.asarray(cv2.resize(far, (side, side)), np.uint8)
    if rng.random() < spec.blur:
        image = _blur(image, rng)
    if rng.random() < spec.noise:
        grain = rng.normal(0.0, rng.uniform(2.0, 12.0), (side // 2, side // 2, 1)).astype(np.float32)
        how = cv2.INTER_NEAREST if rng.random() < 0.5 else cv2.INTER_LINEAR
        image = np.clip(image + cv2.resize(grain, (side, side), interpolation=how)[..., None], 0, 255).astype(np.uint8)
    if rng.random() < spec.compress:
        _, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(15, 70))])
        image = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return np.asarray(image, np.uint8)


def _colour(image: Image, rng: np.random.Generator) -> Image:
    """Gain and offset per channel and a curve, by one table each."""
    level = np.arange(256, dtype=np.float32) / 255.0
    gamma = float(np.exp(rng.uniform(-0.45, 0.45)))
    contrast, light = rng.uniform(0.7, 1.3), rng.uniform(-0.12, 0.12)
    tables = [
        ((level**gamma - 0.5) * contrast * tint + 0.5 + light + cast)
        for tint, cast in zip(rng.normal(1.0, 0.08, 3), rng.normal(0.0, 0.04, 3), strict=True)
    ]
    table = (np.stack(tables, axis=1) * 255.0).clip(0, 255).astype(np.uint8)[None]
    out = np.asarray(cv2.LUT(image, table), np.uint8)
    if rng.random() < 0.5:
        grey = cv2.cvtColor(cv2.cvtColor(out, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        share = float(rng.uniform(0.3, 1.6))
        out = np.asarray(cv2.addWeighted(out, share, grey, 1.0 - share, 0.0), np.uint8)
    return out


def _darken(image: Image, rng: np.random.Generator) -> Image:
    """Night: little light, a lamp or none, grain."""
    side = image.shape[0]
    lamp = rng.uniform(0, side, 2)
    y, x = np.ogrid[0:side:8, 0:side:8]
    far = np.hypot(x - lamp[0], y - lamp[1]) / (side * rng.uniform(0.3, 1.0))
    light = rng.uniform(0.15, 0.4) + rng.uniform(0.0, 0.6) * np.exp(-far * far)
    light = cv2.resize(light.astype(np.float32), (side, side))
    grain = rng.normal(0.0, rng.uniform(3.0, 12.0), (side, side, 1)).astype(np.float32)
    return np.asarray(np.clip(image * light[..., None] + grain, 0, 255), np.uint8)


def _blur(image: Image, rng: np.random.Generator) -> Image:
    if rng.random() < 0.5:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.6))), np.uint8)
    length = int(rng.integers(3, 8))
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1.0 / length
    turn = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), float(rng.uniform(0, 180)), 1.0)
    turned = cv2.warpAffine(kernel, turn, (length, length))
    smear = np.asarray(turned / max(float(turned.sum()), 1e-6), np.float32)
    return np.asarray(cv2.filter2D(image, -1, smear), np.uint8)
