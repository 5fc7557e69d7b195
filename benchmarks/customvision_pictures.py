"""Pictures to learn tags from: drawn things on textured ground, digits, faces with and without masks, parts of scenes.

The drawn things are told apart by form alone: colour, place, size, turn, light and ground are chance.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb: TypeAlias = NDArray[np.uint8]
Points: TypeAlias = NDArray[np.float64]
Pictures: TypeAlias = dict[str, list[Rgb]]
"""By tag."""
Part: TypeAlias = tuple[Points, int]
"""An outline in -1..1, y down, and which of the thing's colours fills it; -1: a hole."""

MASK_WORDS = {"with_mask": "mask", "con_mascarilla": "mask", "without_mask": "no mask", "sin_mascarilla": "no mask"}
"""The labels of the public face mask set, in its English and its Spanish edition."""


def disc(x: float, y: float, across: float, along: float | None = None) -> Points:
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    return np.stack([x + across * np.cos(angles), y + (along or across) * np.sin(angles)], axis=1)


def bar(left: float, top: float, right: float, bottom: float) -> Points:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def _mug() -> list[Part]:
    return [(disc(0.55, 0.05, 0.4), 0), (disc(0.55, 0.05, 0.24), -1), (bar(-0.6, -0.65, 0.5, 0.7), 0)]


def _key() -> list[Part]:
    teeth = [(bar(x, 0.0, x + 0.13, 0.33), 0) for x in (0.45, 0.72)]
    return [(disc(-0.55, 0, 0.42), 0), (disc(-0.6, 0, 0.2), -1), (bar(-0.2, -0.09, 0.95, 0.09), 0), *teeth]


def _bottle() -> list[Part]:
    neck = np.array([(-0.13, -0.6), (0.13, -0.6), (0.36, -0.1), (0.36, 0.95), (-0.36, 0.95), (-0.36, -0.1)])
    return [(neck, 0), (bar(-0.16, -0.95, 0.16, -0.6), 1), (bar(-0.36, 0.15, 0.36, 0.6), 2)]


def _leaf() -> list[Part]:
    t = np.linspace(-1, 1, 30)
    half = 0.5 * (1 - t**2)
    rim = np.concatenate([np.stack([t, half], 1), np.stack([t[::-1], -half[::-1]], 1)])
    return [(rim, 0), (bar(-1.1, -0.03, 0.9, 0.03), 1)]


def _fish() -> list[Part]:
    tail = np.array([(0.45, 0.0), (0.98, -0.45), (0.85, 0.0), (0.98, 0.45)])
    return [(disc(-0.15, 0, 0.72, 0.42), 0), (tail, 0), (disc(-0.55, -0.1, 0.08), 2)]


def _house() -> list[Part]:
    roof = np.array([(-0.95, -0.15), (0.0, -0.9), (0.95, -0.15)])
    return [(bar(-0.75, -0.15, 0.75, 0.85), 0), (roof, 1), (bar(-0.15, 0.3, 0.2, 0.85), 2)]


def _car() -> list[Part]:
    cabin = np.array([(-0.5, -0.1), (-0.3, -0.5), (0.3, -0.5), (0.55, -0.1)])
    return [(cabin, 1), (bar(-0.95, -0.1, 0.95, 0.3), 0), (disc(-0.5, 0.33, 0.22), 2), (disc(0.5, 0.33, 0.22), 2)]


def _umbrella() -> list[Part]:
    angles = np.linspace(np.pi, 2 * np.pi, 30)
    roof = np.stack([0.95 * np.cos(angles), -0.05 + 0.8 * np.sin(angles)], 1)
    return [(bar(-0.04, -0.1, 0.05, 0.85), 1), (bar(-0.3, 0.77, 0.05, 0.87), 1), (roof, 0)]


def _star() -> list[Part]:
    angles = np.arange(10) * np.pi / 5 - np.pi / 2
    far = np.where(np.arange(10) % 2 == 0, 0.95, 0.4)
    return [(np.stack([far * np.cos(angles), far * np.sin(angles)], 1), 0)]


def _chair() -> list[Part]:
    legs = [(bar(x, 0.1, x + 0.12, 0.95), 1) for x in (-0.55, 0.43)]
    return [(bar(-0.55, -0.95, -0.4, 0.1), 0), (bar(-0.55, 0.0, 0.55, 0.18), 0), *legs]


THINGS: dict[str, Callable[[], list[Part]]] = {
    "bottle": _bottle, "car": _car, "chair": _chair, "fish": _fish, "house": _house,
    "key": _key, "leaf": _leaf, "mug": _mug, "star": _star, "umbrella": _umbrella,
}  # fmt: skip


def ground(side_px: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A textured surface: noise of several sizes in two colours, sometimes with stripes."""
    mix = np.zeros((side_px, side_px))
    for cells in (3, 8, 24, 80):
        rough = cv2.resize(rng.random((cells, cells)), (side_px, side_px), interpolation=cv2.INTER_CUBIC)
        mix += rough * rng.uniform(0.1, 1.0) / np.sqrt(cells)
    if rng.random() < 0.4:
        y, x = np.mgrid[:side_px, :side_px]
        angle, width = rng.uniform(0, np.pi), rng.uniform(6, 30)
        mix += rng.uniform(0.05, 0.2) * np.sign(np.sin((x * np.cos(angle) + y * np.sin(angle)) / width))
    mix = (mix - mix.min()) / np.ptp(mix)
    dark, light = rng.uniform(20, 235, (2, 3))
    return np.asarray(dark + mix[..., None] * (light - dark) * rng.uniform(0.4, 1.0))


def draw_on(
    picture: NDArray[np.float64], parts: list[Part], place: NDArray[np.float64], rng: np.random.Generator
) -> None:
    """Put a thing on a picture.

    Args:
        picture: (h, w, 3), changed.
        parts: of the thing.
        place: (2, 3) from the thing's -1..1 to pixels.
        rng: chooses its colours, at a distance from the ground's.
    """
    beneath = picture.copy()
    around = picture.mean(axis=(0, 1))
    tries = rng.uniform(0, 255, (40, 3))
    colours = tries[np.argsort(-np.abs(tries - around).sum(axis=1))][:20][rng.permutation(20)[:3]]
    for outline, colour in parts:
        mask = np.zeros(picture.shape[:2], np.uint8)
        points = (outline @ place[:, :2].T + place[:, 2]).astype(np.float32)
        cv2.fillPoly(mask, [np.rint(points * 8).astype(np.int32)], 255, cv2.LINE_AA, 3)
        cover = mask[..., None] / 255.0
        shade = np.linspace(rng.uniform(0.75, 1.0), 1.0, picture.shape[1])[None, :, None]
        paint = beneath if colour < 0 else colours[colour] * shade
        picture[:] = picture * (1 - cover) + paint * cover


def thing(kind: str, rng: np.random.Generator) -> Rgb:
    """One picture of one thing."""
    side = int(rng.integers(180, 320))
    picture = ground(side, rng)
    angle, size = np.deg2rad(rng.normal(0, 14)), side * rng.uniform(0.2, 0.42)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    flip = -1.0 if rng.random() < 0.5 else 1.0
    linear = size * turn @ np.diag([flip * rng.uniform(0.8, 1.2), rng.uniform(0.8, 1.2)])
    middle = side / 2 + rng.uniform(-0.5, 0.5, 2) * (side - 2 * size)
    draw_on(picture, THINGS[kind](), np.column_stack([linear, middle]), rng)
    for _ in range(rng.integers(0, 3)):  # clutter
        x, y, r = rng.uniform(0, side), rng.uniform(0, side), side * rng.uniform(0.02, 0.06)
        clutter = disc(0, 0, 1) if rng.random() < 0.5 else bar(-1, -0.4, 1, 0.4)
        draw_on(picture, [(clutter, 0)], np.array([[r, 0, x], [0, r, y]]), rng)
    blurred = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 1.5))
    picture = blurred * rng.uniform(0.6, 1.15) + rng.normal(0, rng.uniform(0, 10), picture.shape)
    return np.clip(picture, 0, 255).astype(np.uint8)


def things(count: int, seed: int) -> Pictures:
    """Ten kinds of drawn things."""
    rng = np.random.default_rng(seed)
    return {kind: [thing(kind, rng) for _ in range(count)] for kind in THINGS}


def digits() -> Pictures:
    """Handwritten digits of scikit-learn, 8x8, enlarged."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 an optional extra

    given = load_digits()
    found: Pictures = {str(digit): [] for digit in range(10)}
    for small, digit in zip(given.images, given.target, strict=True):
        grey = cv2.resize((small * 15.9).astype(np.uint8), (128, 128), interpolation=cv2.INTER_CUBIC)
        found[str(digit)].append(np.repeat(grey[..., None], 3, axis=2))
    return found


def faces(folder: Path, least_px: int = 24) -> Pictures:
    """Faces with and without masks, cut out of pictures with Pascal VOC truth, with a rim of a fifth."""
    found: Pictures = {tag: [] for tag in ("mask", "no mask")}
    for file in sorted(folder.glob("*.xml")):
        picture = read(file.with_suffix(".jpg"))
        for one in ET.parse(file).iter("object"):  # noqa: S314 ours
            x0, y0, x1, y1 = (float(one.findtext(f"bndbox/{side}", "0")) for side in ("xmin", "ymin", "xmax", "ymax"))
            tag = MASK_WORDS.get(one.findtext("name", ""))
            if tag and min(x1 - x0, y1 - y0) >= least_px:
                found[tag].append(cutout(picture, (x0, y0, x1, y1), 0.2))
    return found


def helmets(folder: Path, least_px: int = 18) -> Pictures:
    """Heads with and without hard hats, cut out of pictures with COCO truth, with a rim of a quarter."""
    names = {"Hardhat": "helmet", "NO-Hardhat": "no helmet"}
    found: Pictures = {tag: [] for tag in names.values()}
    truth = json.loads((folder / "annotations.json").read_text())
    files = {image["id"]: folder / image["file_name"] for image in truth["images"]}
    for one in truth["annotations"]:
        x, y, w, h = one["bbox"]
        if one.get("label") in names and min(w, h) >= least_px:
            found[names[one["label"]]].append(cutout(read(files[one["image_id"]]), (x, y, x + w, y + h), 0.25))
    return found


def scene_parts(folder: Path, seed: int, least_px: int = 32) -> Pictures:
    """People, heads where they are marked, and neither, cut out of pictures with COCO truth."""
    rng = np.random.default_rng(seed)
    truth = json.loads((folder / "annotations.json").read_text())
    labels = {one["id"]: one["name"] for one in truth["categories"]}
    found: Pictures = {"person": [], "head": [], "neither": []}
    for image in truth["images"]:
        boxes = [one for one in truth["annotations"] if one["image_id"] == image["id"]]
        picture = read(folder / image["file_name"])
        placed = [(x, y, x + w, y + h) for x, y, w, h in (one["bbox"] for one in boxes)]
        for one, box in zip(boxes, placed, strict=True):
            if labels.get(one["category_id"]) in found and min(one["bbox"][2:]) >= least_px:
                found[labels[one["category_id"]]].append(cutout(picture, box, 0.1))
        height, width = picture.shape[:2]
        side = rng.uniform(0.15, 0.35) * min(height, width)
        x, y = rng.uniform(0, width - side), rng.uniform(0, height - side)
        empty = (x, y, x + side, y + side)
        if not any(min(empty[2], b[2]) > max(x, b[0]) and min(empty[3], b[3]) > max(y, b[1]) for b in placed):
            found["neither"].append(cutout(picture, empty, 0.0))
    return {tag: shown for tag, shown in found.items() if shown}


def read(file: Path) -> Rgb:
    picture = cv2.imread(str(file), cv2.IMREAD_COLOR)
    assert picture is not None, file
    return np.ascontiguousarray(picture[..., ::-1], dtype=np.uint8)


def cutout(picture: Rgb, xyxy_px: tuple[float, float, float, float], rim: float) -> Rgb:
    x0, y0, x1, y1 = xyxy_px
    dx, dy = rim * (x1 - x0), rim * (y1 - y0)
    left, top = max(0, int(x0 - dx)), max(0, int(y0 - dy))
    return picture[top : int(y1 + dy) + 1, left : int(x1 + dx) + 1].copy()
