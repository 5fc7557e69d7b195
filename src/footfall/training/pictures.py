"""The pictures to learn from: read sets, tell what is known of each picture, hold out whole sources."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Image
from footfall.evaluation.boxes import intersection
from footfall.evaluation.labelled import CocoTruth
from footfall.evaluation.documents import parse_json
from footfall.training.recipe import Recipe, SetSpec
from footfall.training.teachers import Labels

SILENT = -2
"""Label of a box that is neither right nor wrong."""
SUFFIXES = {".jpg", ".jpeg", ".png"}
CURE = "give the folder that holds the recipe's sets with --data"
HIDDEN_SHARE = 0.5
"""A teacher's box that lies this much inside a labelled one is another view of the same person."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture and what is known of it."""

    path: Path
    set: str
    xyxy_px: NDArray[np.float32]
    """(n, 4) float32."""
    label: NDArray[np.int64]
    """(n,) position in the recipe's labels, or `SILENT`."""
    whole: bool
    """Everybody in it has a box; else the teachers are asked."""
    held_out: bool
    weight: float

    @property
    def key(self) -> str:
        """`set/file`."""
        return f"{self.set}/{self.path.name}"

    def read(self) -> Image:
        """The pixels.

        Raises:
            ConfigError: no picture.
        """
        image = cv2.imread(str(self.path), cv2.IMREAD_COLOR)
        if image is None:
            raise ConfigError([Problem(str(self.path), "$", "is not a picture", "remove it, or fetch the set again")])
        return np.asarray(image, np.uint8)


def read_sets(recipe: Recipe, data: Path) -> list[Picture]:
    """All pictures of all sets of the recipe, in a fixed order.

    Raises:
        ConfigError: a set is missing or damaged.
    """
    pictures: list[Picture] = []
    for spec in recipe.sets:
        folder = data / spec.folder
        if (folder / "annotations.json").is_file():
            pictures += _read_coco(recipe, spec, folder)
        elif folder.is_dir() and any(folder.glob("*.xml")):
            pictures += _read_voc(recipe, spec, folder)
        elif not spec.optional:
            raise ConfigError([Problem(str(folder), "$", "no annotations.json and no .xml files there", CURE)])
    return pictures


def _read_coco(recipe: Recipe, spec: SetSpec, folder: Path) -> list[Picture]:
    file = folder / "annotations.json"
    truth = parse_json(file.read_bytes(), CocoTruth, str(file), CURE)
    names = {category.id: category.name for category in truth.categories}
    boxes: dict[int, list[tuple[float, ...]]] = {}
    labels: dict[int, list[int]] = {}
    for box in truth.annotations:
        label = _label(recipe, names.get(box.category_id, ""))
        if label is not None:
            x, y, width, height = box.bbox
            boxes.setdefault(box.image_id, []).append((x, y, x + width, y + height))
            labels.setdefault(box.image_id, []).append(SILENT if box.iscrowd else label)
    return [
        _picture(
            spec, folder / image.file_name, boxes.get(image.id, []), labels.get(image.id, []), image.boxes, image.source
        )
        for image in truth.images
    ]


def _read_voc(recipe: Recipe, spec: SetSpec, folder: Path) -> list[Picture]:
    pictures = []
    for image in sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES):
        boxes: list[tuple[float, ...]] = []
        labels: list[int] = []
        for thing in ET.parse(image.with_suffix(".xml")).getroot().iter("object"):  # noqa: S314 our own data folder
            label = _label(recipe, thing.findtext("name", ""))
            if label is not None:
                boxes.append(
                    tuple(float(thing.findtext(f"bndbox/{side}", "nan")) for side in ("xmin", "ymin", "xmax", "ymax"))
                )
                labels.append(label)
        whole = "full" if any(name in recipe.categories for name in ("with_mask", "face")) else "none"
        pictures.append(_picture(spec, image, boxes, labels, whole, ""))
    return pictures


def _label(recipe: Recipe, name: str) -> int | None:
    name = recipe.categories.get(name, name)
    if name == "ignore":
        return SILENT
    return recipe.labels.index(name) if name in recipe.labels else None


def _picture(
    spec: SetSpec, path: Path, boxes: list[tuple[float, ...]], labels: list[int], whole: str, source: str
) -> Picture:
    held_out = any(part == "*" or part in source or part in path.name for part in spec.hold_out)
    xyxy_px = np.array(boxes, np.float32).reshape(-1, 4)
    return Picture(path, spec.folder, xyxy_px, np.array(labels, np.int64), whole == "full", held_out, spec.weight)


def with_teachers(picture: Picture, taught: Labels, recipe: Recipe) -> Picture:
    """The picture with what its teachers say.

    Where everybody has a box, people of whom only teachers know are neither right nor wrong. Elsewhere the teachers'
    sure boxes count, and their doubtful ones are neither.
    """
    known = picture.label >= 0
    mine, theirs = picture.xyxy_px, taught.xyxy_px
    covered = intersection(_xywh(theirs), _xywh(mine[known])) / np.maximum(_area(theirs), 1.0)[:, None]
    new = covered.max(axis=1, initial=0.0) < HIDDEN_SHARE
    doubt = new & (taught.score >= recipe.doubt_score)
    sure = doubt & (taught.score >= recipe.sure_score) & (not picture.whole)
    if picture.whole:
        doubt &= taught.score >= recipe.sure_score
    label = np.where(sure, taught.label, SILENT)[doubt].astype(np.int64)
    return replace(picture, xyxy_px=np.concatenate([mine, theirs[doubt]]), label=np.concatenate([picture.label, label]))


def _xywh(xyxy_px: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.concatenate([xyxy_px[:, :2], xyxy_px[:, 2:] - xyxy_px[:, :2]], axis=1).astype(np.float64)


def _area(xyxy_px: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray((xyxy_px[:, 2:] - xyxy_px[:, :2]).prod(axis=1), np.float32)


def load_taught(
    pictures: Sequence[Picture], taught: Mapping[str, Sequence[Sequence[float]]], recipe: Recipe
) -> list[Picture]:
    """Pictures with what was written down of their teachers: `set/file` -> rows of x0 y0 x1 y1 score label."""
    out = []
    for picture in pictures:
        rows = np.array(taught.get(picture.key, ()), np.float32).reshape(-1, 6)
        labels = Labels(rows[:, :4], rows[:, 4], rows[:, 5].astype(np.int16))
        out.append(with_teachers(picture, labels, recipe))
    return out
