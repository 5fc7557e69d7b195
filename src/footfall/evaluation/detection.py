"""How well people are found: average precision and recall against COCO truth.

Average precision: Lin et al., "Microsoft COCO: Common Objects in Context", 2014, and the COCO detection challenge:
interpolated at 101 recall levels, boxes matched greedily by score, crowd regions neither right nor wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Any

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from footfall.evaluation.boxes import area, intersection, iou
from footfall.evaluation.documents import parse_json, refuse
from footfall.evaluation.report import table

PERSON = "person"
IOU_THRESHOLDS = np.arange(10, 20) / 20
RECALL_LEVELS = np.arange(101) / 100
MOST_PER_IMAGE = 100
"""Only this many boxes of an image count, the best ones, as with COCO."""
GOOD_PRECISION = 0.8
TRUTH_CURE = "give COCO annotations: images with id and file_name, annotations with bbox [x,y,w,h], categories"
RESULT_CURE = 'give a list of {"image": path, "category": name, "bbox": [x,y,w,h], "score": s}'

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Coordinate = Annotated[float, Meta(ge=-1e9, le=1e9)]
Box = tuple[Coordinate, Coordinate, Coordinate, Coordinate]


class CocoImage(Struct, frozen=True):
    """An image of the truth; `boxes` tells whether every person in it has a box."""

    id: int
    file_name: str
    boxes: str = "full"
    source: str = ""


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


class Found(Struct, frozen=True):
    """A found box in pixels."""

    image: str
    category: str
    bbox: Box
    score: float


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """How well one category was found; shares from 0 to 1, None where there is nothing to find."""

    category: str
    ap50: float | None
    ap50_95: float | None
    recall: float | None
    """Share of the true boxes found at IoU 0.5 by all results."""
    recall_at_precision: float | None
    """The same at the lowest score at which precision is still 0.8."""
    images: int
    truths: int
    results: int

    def to_dict(self) -> dict[str, float | int | None]:
        """Under the names of the literature."""
        return {
            "AP50": self.ap50,
            "AP50-95": self.ap50_95,
            "recall": self.recall,
            "recall_at_precision_0.8": self.recall_at_precision,
            "images": self.images,
            "truths": self.truths,
            "results": self.results,
        }


@dataclass(frozen=True, slots=True)
class DetectionReport:
    """One score per category of the truth."""

    categories: tuple[CategoryScore, ...]
    skipped_images: int
    """Not every person has a box there, so they say nothing about persons."""
    unknown_images: int
    """In the result, but not in the truth."""

    def to_dict(self) -> dict[str, Any]:
        """The person scores, and those of each category by name."""
        by_name = {score.category: score.to_dict() for score in self.categories}
        return {
            **by_name.get(PERSON, {}),
            "categories": by_name,
            "skipped_images": self.skipped_images,
            "unknown_images": self.unknown_images,
        }

    def table(self) -> str:
        """Plain text, one category a row."""
        columns = ("category", "AP50", "AP50-95", "recall", "recall at P 0.8", "images", "truths", "results")
        rows = [(score.category, *score.to_dict().values()) for score in self.categories]
        title = f"Detections ({self.skipped_images} images without full boxes, {self.unknown_images} without truth)"
        return table(title, columns, rows)


def evaluate_detections(
    truth_text: str | bytes, result_text: str | bytes, *, truth_file: str = "TRUTH", result_file: str = "RESULT"
) -> DetectionReport:
    """Score found boxes against COCO truth; images are matched by file name.

    Images whose `boxes` are `partial` or `none` are left out for persons.

    Raises:
        ConfigError: a document is not of its form, or they have no image in common.
    """
    truth = parse_json(truth_text, CocoTruth, truth_file, TRUTH_CURE)
    found = parse_json(result_text, tuple[Found, ...], result_file, RESULT_CURE)
    images = {PurePath(image.file_name).name: image for image in truth.images}
    if len(images) < len(truth.images):
        refuse(truth_file, "$.images", "two images have the same file name", "give every image its own name")
    named = {PurePath(box.image).name for box in found}
    if named and not named & set(images):
        refuse(result_file, "$", "no image of the truth is in it", "compare results with the truth of the same images")
    used = {box.category_id for box in truth.annotations}
    scores = tuple(
        _score(category, truth, found, images)
        for category in truth.categories
        if category.id in used or any(box.category == category.name for box in found)
    )
    skipped = sum(image.boxes != "full" for image in truth.images)
    return DetectionReport(scores, skipped, len(named - set(images)))


def _score(
    category: CocoCategory, truth: CocoTruth, found: tuple[Found, ...], images: dict[str, CocoImage]
) -> CategoryScore:
    names = {image.id: name for name, image in images.items() if category.name != PERSON or image.boxes == "full"}
    true_boxes: dict[str, list[CocoAnnotation]] = {name: [] for name in names.values()}
    for annotation in truth.annotations:
        if annotation.category_id == category.id and annotation.image_id in names:
            true_boxes[names[annotation.image_id]].append(annotation)
    found_boxes: dict[str, list[Found]] = {name: [] for name in true_boxes}
    for box in found:
        name = PurePath(box.image).name
        if box.category == category.name and name in found_boxes:
            found_boxes[name].append(box)
    outcomes = [_outcome(true_boxes[name], found_boxes[name]) for name in true_boxes]
    truths = sum(not box.iscrowd for boxes in true_boxes.values() for box in boxes)
    curves = [_curve(outcomes, index, truths) for index in range(len(IOU_THRESHOLDS))] if truths else []
    precisions = [_average_precision(*curve) for curve in curves]
    recall, precision = curves[0] if curves else (np.empty(0), np.empty(0))
    good = recall[precision >= GOOD_PRECISION]
    return CategoryScore(
        category=category.name,
        ap50=precisions[0] if truths else None,
        ap50_95=float(np.mean(precisions)) if truths else None,
        recall=float(recall.max(initial=0.0)) if truths else None,
        recall_at_precision=float(good.max(initial=0.0)) if truths else None,
        images=len(true_boxes),
        truths=truths,
        results=sum(len(boxes) for boxes in found_boxes.values()),
    )


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The found boxes of one image, best first."""

    score: Floats
    """(n,)."""
    hit: Bools
    """(thresholds, n)."""
    ignored: Bools
    """(thresholds, n): on a crowd region."""


def _outcome(truths: list[CocoAnnotation], found: list[Found]) -> _Outcome:
    best = sorted(found, key=lambda box: -box.score)[:MOST_PER_IMAGE]
    boxes = _array([box.bbox for box in best])
    single = _array([box.bbox for box in truths if not box.iscrowd])
    crowd = _array([box.bbox for box in truths if box.iscrowd])
    overlap = iou(boxes, single)
    covered = intersection(boxes, crowd) / np.maximum(area(boxes), np.finfo(np.float64).tiny)[:, None]
    in_crowd = covered.max(axis=1, initial=0.0)
    hit = np.array([_greedy(overlap, threshold) for threshold in IOU_THRESHOLDS], np.bool_)
    return _Outcome(np.array([box.score for box in best]), hit, ~hit & (in_crowd >= IOU_THRESHOLDS[:, None]))


def _greedy(overlap: Floats, threshold: float) -> Bools:
    """Each box, best first, takes the true box it overlaps most among those that are free."""
    free, hit = overlap.copy(), np.zeros(len(overlap), np.bool_)
    for row in range(len(overlap) if overlap.shape[1] else 0):
        column = int(free[row].argmax())
        if free[row, column] >= threshold:
            hit[row] = True
            free[:, column] = -1.0
    return hit


def _curve(outcomes: list[_Outcome], threshold: int, truths: int) -> tuple[Floats, Floats]:
    """(recall, precision) after each found box, best first, over all images."""
    score = np.concatenate([outcome.score for outcome in outcomes])
    hit = np.concatenate([outcome.hit[threshold] for outcome in outcomes])
    counts = ~np.concatenate([outcome.ignored[threshold] for outcome in outcomes])
    order = np.argsort(-score[counts], kind="stable")
    hits = np.cumsum(hit[counts][order])
    return hits / truths, hits / np.arange(1, len(hits) + 1)


def _average_precision(recall: Floats, precision: Floats) -> float:
    """Mean over the recall levels of the best precision at that recall or more."""
    envelope = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
    return float(envelope[np.searchsorted(recall, RECALL_LEVELS, side="left")].mean())


def _array(boxes: list[Box]) -> Floats:
    return np.array(boxes, np.float64).reshape(-1, 4)
