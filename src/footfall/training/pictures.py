"""The pictures to learn from: read sets, tell what is known of each picture, hold out whole sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Image
from footfall.evaluation.boxes import intersection
from footfall.evaluation.labelled import CocoImage, CocoTruth, read_coco
from footfall.evaluation.voc import read_voc
from footfall.training.recipe import Recipe, SetSpec
from footfall.training.teachers import Labels

SILENT = -2
"""Label of a box that is neither right nor wrong."""
IGNORE = "ignore"
"""What a recipe calls a category that is neither right nor wrong."""
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
    exact: bool = False
    """Its truth was made with it."""

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
        truth = _truth(folder)
        if truth is not None:
            pictures += _pictures(recipe, spec, folder, truth)
        elif not spec.made:
            raise ConfigError([Problem(str(folder), "$", "no annotations.json and no .xml files there", CURE)])
    return pictures


def _truth(folder: Path) -> CocoTruth | None:
    file = folder / "annotations.json"
    if file.is_file():
        return read_coco(file.read_bytes(), str(file))
    documents = [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.xml"))]
    return read_voc(documents, str(folder)) if documents else None


def _pictures(recipe: Recipe, spec: SetSpec, folder: Path, truth: CocoTruth) -> list[Picture]:
    names = {category.id: recipe.categories.get(category.name, category.name) for category in truth.categories}
    knows = bool(set(names.values()) & set(recipe.labels))
    boxes: dict[int, list[tuple[float, ...]]] = {}
    labels: dict[int, list[int]] = {}
    for box in truth.annotations:
        label = _label(recipe, names.get(box.category_id, ""))
        if label is not None:
            x, y, width, height = box.bbox
            boxes.setdefault(box.image_id, []).append((x, y, x + width, y + height))
            labels.setdefault(box.image_id, []).append(SILENT if box.iscrowd else label)
    return [
        Picture(
            path=folder / image.file_name,
            set=spec.folder,
            xyxy_px=np.array(boxes.get(image.id, []), np.float32).reshape(-1, 4),
            label=np.array(labels.get(image.id, []), np.int64),
            whole=knows and image.boxes == "full",
            held_out=_named(image, spec.hold_out),
            weight=spec.weight,
            exact=spec.made,
        )
        for image in truth.images
        if not _named(image, spec.leave_out)
    ]


def _named(image: CocoImage, parts: Sequence[str]) -> bool:
    return any(part == "*" or part in image.source or part in image.file_name for part in parts)


def _label(recipe: Recipe, name: str) -> int | None:
    if name == IGNORE:
        return SILENT
    return recipe.labels.index(name) if name in recipe.labels else None


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
