"""How well people are found: average precision, recall and false alarms against labelled pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import PurePath
from typing import Any, Final

import numpy as np
from msgspec import Struct

from footfall.evaluation.documents import parse_json, refuse
from footfall.evaluation.labelled import PERSON, Box, CocoTruth, categories, meant, read_coco, targets
from footfall.evaluation.matching import AT_HALF, IOU_THRESHOLDS, Guesses, Heights, Outcome, Target, curve, judge
from footfall.evaluation.report import table

GOOD_PRECISION: Final = 0.8
HEIGHTS: Final[Mapping[str, Heights]] = {
    "under 40 px": (0.0, 40.0),
    "40 to 96 px": (40.0, 96.0),
    "96 px and more": (96.0, inf),
}
"""Sizes of people: heights of boxes in pixels of the picture."""
RESULT_CURE = 'give a list of {"image": path, "category": name, "bbox": [x,y,w,h], "score": s}'


class Found(Struct, frozen=True):
    """A found box in pixels."""

    image: str
    category: str
    bbox: Box
    score: float


@dataclass(frozen=True, slots=True)
class ConfidentScore:
    """What becomes of the boxes at one score and more, at IoU 0.5."""

    score: float
    precision: float | None
    recall: float | None
    false_per_image: float | None

    def to_dict(self) -> dict[str, float | None]:
        """For programs."""
        return {
            "score": self.score,
            "precision": self.precision,
            "recall": self.recall,
            "false_per_image": self.false_per_image,
        }


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
    ap50_by_height: Mapping[str, float | None]
    """By the names of `HEIGHTS`."""
    confident: ConfidentScore | None = None
    """None where nobody said which score is confident."""

    def to_dict(self) -> dict[str, Any]:
        """Under the names of the literature."""
        said = {
            "AP50": self.ap50,
            "AP50-95": self.ap50_95,
            "recall": self.recall,
            "recall_at_precision_0.8": self.recall_at_precision,
            "images": self.images,
            "truths": self.truths,
            "results": self.results,
            "AP50_by_height": dict(self.ap50_by_height),
        }
        return said | ({"confident": self.confident.to_dict()} if self.confident else {})


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
        columns = ("category", "AP50", "AP50-95", "recall", "R at P 0.8", *HEIGHTS, "images", "truths", "results")
        rows = [
            (
                *(score.category, score.ap50, score.ap50_95, score.recall, score.recall_at_precision),
                *score.ap50_by_height.values(),
                *(score.images, score.truths, score.results),
            )
            for score in self.categories
        ]
        title = f"Detections ({self.skipped_images} images without full boxes, {self.unknown_images} without truth)"
        return table(title, columns, rows)


def evaluate_detections(
    truth: CocoTruth | str | bytes, result_text: str | bytes, *, truth_file: str = "TRUTH", result_file: str = "RESULT"
) -> DetectionReport:
    """Score found boxes against COCO truth (or its JSON text); images are matched by file name.

    Images whose `boxes` are `partial` or `none` are left out for persons.

    Raises:
        ConfigError: a document is not of its form, or they have no image in common.
    """
    known = truth if isinstance(truth, CocoTruth) else read_coco(truth, truth_file)
    found = parse_json(result_text, tuple[Found, ...], result_file, RESULT_CURE)
    images = {image.name for image in known.images}
    named = {PurePath(box.image).name for box in found}
    if named and not named & images:
        refuse(result_file, "$", "no image of the truth is in it", "compare results with the truth of the same images")
    guessed = {box.category for box in found}
    names = dict.fromkeys(categories(known)) | {kind.name: None for kind in known.categories if kind.name in guessed}
    scores = tuple(score_category(known, name, found) for name in names)
    return DetectionReport(scores, known.skipped_images, len(named - images))


def score_category(
    truth: CocoTruth, category: str, found: Sequence[Found], confident_score: float | None = None
) -> CategoryScore:
    """All figures of one category; boxes on images that do not count for it are left out."""
    wanted = targets(truth, category)
    guesses = guesses_by_image(found, category, wanted)
    outcomes = [judge(wanted[name], guesses[name]) for name in wanted]
    truths = sum(target.count() for target in wanted.values())
    curves = [curve(outcomes, truths, index) for index in range(len(IOU_THRESHOLDS))] if truths else []
    precisions = [one.average_precision() for one in curves]
    good = curves[0].recall[curves[0].precision >= GOOD_PRECISION] if curves else np.empty(0)
    return CategoryScore(
        category=category,
        ap50=precisions[0] if truths else None,
        ap50_95=float(np.mean(precisions)) if truths else None,
        recall=float(curves[0].recall.max(initial=0.0)) if truths else None,
        recall_at_precision=float(good.max(initial=0.0)) if truths else None,
        images=len(wanted),
        truths=truths,
        results=sum(len(one.score) for one in guesses.values()),
        ap50_by_height={name: ap50(wanted, guesses, heights) for name, heights in HEIGHTS.items()},
        confident=None if confident_score is None else _confident(outcomes, truths, confident_score),
    )


def guesses_by_image(found: Sequence[Found], category: str, images: Mapping[str, Target]) -> dict[str, Guesses]:
    """The boxes that may hit a category, for each of the images."""
    words = meant(category)
    boxes: dict[str, list[Found]] = {name: [] for name in images}
    for box in found:
        name = PurePath(box.image).name
        if box.category in words and name in boxes:
            boxes[name].append(box)
    return {name: Guesses.of([b.bbox for b in some], [b.score for b in some]) for name, some in boxes.items()}


def ap50(wanted: Mapping[str, Target], guesses: Mapping[str, Guesses], heights: Heights) -> float | None:
    """Average precision at IoU 0.5 over people of some heights; None if there are none."""
    truths = sum(target.count(heights) for target in wanted.values())
    if not truths:
        return None
    return curve([judge(wanted[name], guesses[name], AT_HALF, heights) for name in wanted], truths).average_precision()


def _confident(outcomes: Sequence[Outcome], truths: int, score: float) -> ConfidentScore:
    sure = [outcome.score >= score for outcome in outcomes]
    hits = sum(int((outcome.hit[0] & keep).sum()) for outcome, keep in zip(outcomes, sure, strict=True))
    counted = sum(int((~outcome.ignored[0] & keep).sum()) for outcome, keep in zip(outcomes, sure, strict=True))
    return ConfidentScore(
        score=score,
        precision=hits / counted if counted else None,
        recall=hits / truths if truths else None,
        false_per_image=(counted - hits) / len(outcomes) if outcomes else None,
    )
