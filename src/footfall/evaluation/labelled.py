"""Labelled pictures: COCO annotations, their categories in our words, and what is to be found of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from footfall.evaluation.documents import parse_json, refuse
from footfall.evaluation.matching import Target, boxes_of

PERSON, FACE = "person", "face"
MASK_FACES = ("face_mask", "face_nomask")
FACES = (FACE, *MASK_FACES)
IGNORED = "ignored"
"""A category of regions in which found boxes are neither right nor wrong, whatever they are."""
TRUTH_CURE = "give COCO annotations: images with id and file_name, annotations with bbox [x,y,w,h], categories"

Coordinate = Annotated[float, Meta(ge=-1e9, le=1e9)]
Box = tuple[Coordinate, Coordinate, Coordinate, Coordinate]


class CocoImage(Struct, frozen=True):
    """An image of the truth; `boxes` tells whether every person in it has a box."""

    id: int
    file_name: str
    boxes: str = "full"
    source: str = ""
    """Where the picture came from, if its makers say."""
    width: int = 0
    height: int = 0

    @property
    def name(self) -> str:
        """Images are known by the last part of their path."""
        return PurePath(self.file_name).name


class CocoAnnotation(Struct, frozen=True):
    """A true box in pixels."""

    image_id: int
    category_id: int
    bbox: Box
    iscrowd: int = 0


class CocoCategory(Struct, frozen=True):
    """A kind of thing."""

    id: int
    name: str


class CocoTruth(Struct, frozen=True):
    """The parts of a COCO annotation file that are read."""

    images: tuple[CocoImage, ...]
    annotations: tuple[CocoAnnotation, ...]
    categories: tuple[CocoCategory, ...]

    @property
    def skipped_images(self) -> int:
        """Images that say nothing about persons, because not every person has a box."""
        return sum(image.boxes != "full" for image in self.images)


def read_coco(text: str | bytes, file: str) -> CocoTruth:
    """COCO annotations from JSON text.

    Raises:
        ConfigError: not of that form, or two images of one name.
    """
    return checked(parse_json(text, CocoTruth, file, TRUTH_CURE), file)


def checked(truth: CocoTruth, file: str) -> CocoTruth:
    """The same, if every image has a name of its own.

    Raises:
        ConfigError: two images have the same one.
    """
    if len({image.name for image in truth.images}) < len(truth.images):
        refuse(file, "$.images", "two images have the same file name", "give every image its own name")
    return truth


def relabelled(truth: CocoTruth, words: Mapping[str, str]) -> CocoTruth:
    """The truth with categories called by our words: `words` maps the truth's names to ours."""
    categories = tuple(replace(kind, name=words.get(kind.name, kind.name)) for kind in truth.categories)
    return replace(truth, categories=categories)


def select(truth: CocoTruth, only: Sequence[str], without: Sequence[str], file: str) -> CocoTruth:
    """The images whose file name or source fits one of `only` (all if there is none) and none of `without`.

    A pattern with `*`, `?` or `[` must fit the whole text, any other must be in it.

    Raises:
        ConfigError: no image is left.
    """
    images = tuple(
        image
        for image in truth.images
        if (not only or any(_fits(image, pattern) for pattern in only))
        and not any(_fits(image, pattern) for pattern in without)
    )
    if not images and truth.images:
        refuse(file, "--only/--without", "no image is left", "give a part of file names or sources; capitals count")
    kept = {image.id for image in images}
    return replace(truth, images=images, annotations=tuple(box for box in truth.annotations if box.image_id in kept))


def evenly(truth: CocoTruth, count: int) -> CocoTruth:
    """At most `count` > 0 images, evenly spread over the list."""
    total = len(truth.images)
    images = tuple(truth.images[index * total // count] for index in range(count)) if total > count else truth.images
    return replace(truth, images=images)


def categories(truth: CocoTruth) -> tuple[str, ...]:
    """What can be scored: the categories that have boxes, persons in any case, and faces of all kinds together."""
    used = {box.category_id for box in truth.annotations}
    names = dict.fromkeys(kind.name for kind in truth.categories if kind.id in used or kind.name == PERSON)
    if any(name in MASK_FACES for name in names):
        names |= {FACE: None}
    names.pop(IGNORED, None)
    return tuple(names)


def meant(category: str) -> tuple[str, ...]:
    """The words that count as hits of a category: a face of any kind is a `face`."""
    return FACES if category == FACE else (category,)


def targets(truth: CocoTruth, category: str) -> dict[str, Target]:
    """What is to be found of one category in each image, by the image's name.

    Images in which not every person has a box are left out for persons. A `face` of unknown kind is neither right nor
    wrong as `face_mask` or `face_nomask`.
    """
    words = {kind.id: kind.name for kind in truth.categories}
    wanted = meant(category)
    beside = (IGNORED, FACE) if category in MASK_FACES else (IGNORED,)
    single: dict[int, list[Box]] = {}
    crowd: dict[int, list[Box]] = {}
    for box in truth.annotations:
        word = words.get(box.category_id, "")
        if word in beside or (word in wanted and box.iscrowd):
            crowd.setdefault(box.image_id, []).append(box.bbox)
        elif word in wanted:
            single.setdefault(box.image_id, []).append(box.bbox)
    return {
        image.name: Target(boxes_of(single.get(image.id, [])), boxes_of(crowd.get(image.id, [])))
        for image in truth.images
        if category != PERSON or image.boxes == "full"
    }


def _fits(image: CocoImage, pattern: str) -> bool:
    is_glob = any(sign in pattern for sign in "*?[")
    texts = (image.file_name, image.source)
    return any(fnmatchcase(text, pattern) if is_glob else pattern in text for text in texts)
