"""Pictures of shelves that nobody photographed: products of several shapes, colours and labels, among many others.

Products stand on boards, close to each other, some behind others, some turned or fallen, in uneven light, before a
cluttered wall. What is asked for and what is not is drawn by the same hand: nothing but its looks tells a product.
"""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb: TypeAlias = NDArray[np.uint8]
F32: TypeAlias = NDArray[np.float32]

SHAPES = ("carton", "can", "bottle", "jar", "bag")
MARKS = ("band", "disc", "stripes", "lines", "diamond")
ASPECT = {"carton": 0.7, "can": 0.62, "bottle": 0.36, "jar": 0.85, "bag": 0.8}
"""Width against height."""
LEAST_SEEN = 0.4
"""Share of a product that must be seen for its box to count."""


@dataclass(frozen=True, slots=True)
class Product:
    """How a product looks."""

    shape: str
    mark: str
    body: tuple[float, float, float]
    label: tuple[float, float, float]
    ink: tuple[float, float, float]
    tall: float
    """Height against the room on a shelf."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture and what is on it."""

    rgb: Rgb
    """(height, width, 3)"""
    xyxy_n: F32
    """(n, 4)"""
    tags: tuple[int, ...]


def products(count: int, seed: int) -> tuple[Product, ...]:
    """Products that differ in shape, mark or colour."""
    rng = np.random.default_rng(seed)
    return tuple(_product(rng, SHAPES[(index + seed) % len(SHAPES)]) for index in range(count))


def scenes(wanted: Sequence[Product], count: int, seed: int, size: tuple[int, int] = (640, 480)) -> list[Scene]:
    """Pictures with zero to several of each product.

    Args:
        wanted: what is tagged, in order of the tags.
        count: how many pictures.
        seed: the same seed gives the same pictures.
        size: width and height in pixels.
    """
    return [_scene(wanted, np.random.default_rng([seed, index]), size) for index in range(count)]


def _product(rng: np.random.Generator, shape: str) -> Product:
    body, label, ink = (
        _colour(rng, saturation, value)
        for saturation, value in (((0.2, 0.9), (0.3, 0.95)), ((0.0, 0.7), (0.6, 1.0)), ((0.3, 1.0), (0.1, 0.6)))
    )
    return Product(shape, str(rng.choice(MARKS)), body, label, ink, float(rng.uniform(0.6, 0.95)))


def _colour(
    rng: np.random.Generator, saturation: tuple[float, float], value: tuple[float, float]
) -> tuple[float, float, float]:
    red, green, blue = colorsys.hsv_to_rgb(rng.uniform(), rng.uniform(*saturation), rng.uniform(*value))
    return red * 255, green * 255, blue * 255


def _scene(wanted: Sequence[Product], rng: np.random.Generator, size: tuple[int, int]) -> Scene:
    width, height = size
    canvas = _wall(rng, width, height)
    owners = np.full((height, width), -1, np.int32)
    whole: list[int] = []
    tags: list[int] = []
    others = [_product(rng, str(rng.choice(SHAPES))) for _ in range(6)]
    rows = int(rng.integers(2, 5))
    top = rng.uniform(0.0, 0.12) * height
    room = (height - top) / rows
    for row in range(rows):
        floor = top + (row + 0.93) * room
        _board(canvas, owners, rng, floor, room)
        x = rng.uniform(-0.05, 0.1) * width
        while x < width:
            tag = int(rng.integers(len(wanted))) if rng.uniform() < 0.22 else -1
            product = wanted[tag] if tag >= 0 else others[rng.integers(len(others))]
            patch = _standing(product, room * 0.88, rng)
            if rng.uniform() < 0.75:
                whole.append(_place(canvas, owners, patch, (x, floor), len(whole)))
                tags.append(tag)
            x += patch.shape[1] * rng.uniform(0.75, 1.35)
    kept = [index for index, tag in enumerate(tags) if tag >= 0]
    boxes, seen = [], []
    for index in kept:
        ys, xs = np.nonzero(owners == index)
        if len(xs) >= max(LEAST_SEEN * whole[index], 40):
            boxes.append([xs.min() / width, ys.min() / height, (xs.max() + 1) / width, (ys.max() + 1) / height])
            seen.append(tags[index])
    rgb = _photographed(canvas, rng)
    return Scene(rgb, np.array(boxes, np.float32).reshape(-1, 4), tuple(seen))


def _wall(rng: np.random.Generator, width: int, height: int) -> F32:
    base = np.array(_colour(rng, (0.0, 0.25), (0.3, 0.9)), np.float32)
    coarse = rng.normal(0.0, 14.0, (int(rng.integers(3, 9)), int(rng.integers(3, 12)), 3)).astype(np.float32)
    wall = base + cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(int(rng.integers(0, 14))):
        x, y = int(rng.uniform(0, width)), int(rng.uniform(0, height))
        end = (x + int(rng.uniform(10, 120)), y + int(rng.uniform(10, 80)))
        cv2.rectangle(wall, (x, y), end, _colour(rng, (0.0, 0.6), (0.2, 0.8)), -1 if rng.uniform() < 0.5 else 2)
    return wall


def _board(canvas: F32, owners: NDArray[np.int32], rng: np.random.Generator, floor: float, room: float) -> None:
    width = owners.shape[1]
    y, thick = int(floor), max(3, int(room * rng.uniform(0.05, 0.09)))
    cv2.rectangle(canvas, (0, y), (width, y + thick), _colour(rng, (0.0, 0.4), (0.4, 0.95)), -1)
    for _ in range(int(rng.integers(0, 9))):
        x = int(rng.uniform(0, width))
        cv2.rectangle(
            canvas, (x, y + 1), (x + int(room * 0.22), y + thick - 1), (245.0, 245.0, float(rng.choice([120, 245]))), -1
        )
        cv2.line(canvas, (x + 3, y + thick // 2), (x + int(room * 0.16), y + thick // 2), (40.0, 40.0, 40.0), 1)
    owners[y : y + thick] = -1


def _standing(product: Product, room: float, rng: np.random.Generator) -> F32:
    """(h, w, 4) one product, its own light on it, alpha 0..1."""
    height = max(14, int(room * product.tall * rng.uniform(0.88, 1.06)))
    width = max(8, int(height * ASPECT[product.shape] * rng.uniform(0.93, 1.07)))
    face: NDArray[Any] = _face(product, 4 * width, 4 * height, rng)
    if rng.uniform() < 0.06:
        face = np.rot90(face).copy()
        width, height = height, width
    lean = rng.normal(0.0, 2.5)
    turned = cv2.getRotationMatrix2D((2.0 * width, 2.0 * height), lean, 1.0)
    face = cv2.warpAffine(face, turned, (4 * width, 4 * height), flags=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(face, (width, height), interpolation=cv2.INTER_AREA), np.float32)


def _face(product: Product, width: int, height: int, rng: np.random.Generator) -> F32:
    face = np.zeros((height, width, 4), np.float32)
    alpha = _outline(product.shape, width, height)
    face[:, :, :3] = product.body
    x = int(rng.normal(0.0, 0.1) * width)  # a round thing may show its label from the side
    low, high = int(0.42 * height), int(0.8 * height)
    cv2.rectangle(face, (x - width, low), (x + 2 * width, high), (*product.label, 0.0), -1)
    _mark(face, product, (x + width // 2, (low + high) // 2), (high - low) // 2)
    if product.shape in {"can", "bottle", "jar"}:
        across = np.linspace(-1, 1, width, dtype=np.float32)
        face[:, :, :3] *= (1.05 - 0.55 * across**2 + 0.25 * np.exp(-((across + rng.uniform(0.2, 0.5)) ** 2) / 0.01))[
            None, :, None
        ]
        cap = int((0.09 if product.shape == "bottle" else 0.07) * height)
        face[:cap, :, :3] = np.array(product.ink) * 0.9
    elif product.shape == "carton":
        side = int(width * rng.uniform(0.0, 0.2))
        face[:, width - side :, :3] *= 0.65
    else:
        folds = np.sin(np.linspace(0, 9, height, dtype=np.float32) + rng.uniform(0, 6))
        face[:, :, :3] *= (1.0 + 0.12 * folds)[:, None, None]
    face[:, :, 3] = alpha
    return face


def _outline(shape: str, width: int, height: int) -> F32:
    alpha = np.zeros((height, width), np.float32)
    pad = max(2, width // 30)
    if shape == "bottle":
        neck = int(0.3 * height)
        cv2.rectangle(alpha, (int(0.34 * width), pad), (int(0.66 * width), neck), 1.0, -1)
        points = [(0.34, neck), (0.66, neck), (0.97, neck + 0.14 * height), (0.03, neck + 0.14 * height)]
        cv2.fillPoly(alpha, [np.array([(int(px * width), int(py)) for px, py in points], np.int32)], 1.0)
        cv2.rectangle(alpha, (pad, int(neck + 0.14 * height)), (width - pad, height - pad), 1.0, -1)
    elif shape == "bag":
        points = [(0.1, 0.03), (0.9, 0.03), (0.98, 0.5), (0.92, 0.97), (0.08, 0.97), (0.02, 0.5)]
        cv2.fillPoly(alpha, [np.array([(int(px * width), int(py * height)) for px, py in points], np.int32)], 1.0)
    else:
        cv2.rectangle(alpha, (pad, pad), (width - pad, height - pad), 1.0, -1)
        if shape in {"can", "jar"}:
            cv2.ellipse(
                alpha, (width // 2, height - pad - height // 20), (width // 2 - pad, height // 20), 0, 0, 360, 1.0, -1
            )
    return alpha


def _mark(face: F32, product: Product, middle: tuple[int, int], reach: int) -> None:
    x, y = middle
    ink, size = (*product.ink, 0.0), max(4, int(0.75 * reach))
    if product.mark == "disc":
        cv2.circle(face, (x, y), size, ink, -1)
    elif product.mark == "diamond":
        cv2.fillPoly(face, [np.array([(x - size, y), (x, y - size), (x + size, y), (x, y + size)], np.int32)], ink)
    elif product.mark == "band":
        cv2.rectangle(face, (0, y - size // 3), (face.shape[1], y + size // 3), ink, -1)
    elif product.mark == "stripes":
        for step in range(-6, 7):
            left = x + step * size // 2
            cv2.line(face, (left, y - size), (left + size // 2, y + size), ink, max(2, size // 8))
    else:
        for step in range(-2, 3):
            cv2.line(
                face,
                (x - size * (3 - abs(step)) // 3, y + step * size // 3),
                (x + size, y + step * size // 3),
                ink,
                max(2, size // 7),
            )


def _place(canvas: F32, owners: NDArray[np.int32], patch: F32, foot: tuple[float, float], index: int) -> int:
    """Put a patch with its left foot somewhere; how many of its pixels there were before the picture's edge cut it."""
    height, width = owners.shape
    x0, y0 = int(foot[0]), int(foot[1]) - patch.shape[0]
    left, top, right, bottom = max(x0, 0), max(y0, 0), min(x0 + patch.shape[1], width), min(y0 + patch.shape[0], height)
    if left >= right or top >= bottom:
        return 0
    part = patch[top - y0 : bottom - y0, left - x0 : right - x0]
    alpha = part[:, :, 3:]
    under = canvas[top:bottom, left:right]
    under[:] = under * (1 - alpha) + part[:, :, :3] * alpha
    owners[top:bottom, left:right][alpha[:, :, 0] > 0.5] = index
    return int((patch[:, :, 3] > 0.5).sum())


def _photographed(canvas: F32, rng: np.random.Generator) -> Rgb:
    """Uneven light, a tint, shadow, a little blur, noise, and JPEG."""
    height, width, _ = canvas.shape
    light = cv2.resize(
        rng.uniform(0.55, 1.2, (2, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR
    )
    lit = canvas * light[:, :, None] * np.exp(rng.normal(0.0, 0.05, 3)).astype(np.float32)
    if rng.uniform() < 0.3:
        x = int(rng.uniform(0, width))
        lit[:, x : x + int(rng.uniform(30, 200))] *= rng.uniform(0.5, 0.8)
    if rng.uniform() < 0.6:
        lit = np.asarray(cv2.GaussianBlur(lit, (0, 0), float(rng.uniform(0.4, 1.1))), np.float32)
    noisy = lit + rng.normal(0.0, rng.uniform(1.0, 7.0), lit.shape)
    picture = np.clip(noisy, 0, 255).astype(np.uint8)
    _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 95))])
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), np.uint8)
