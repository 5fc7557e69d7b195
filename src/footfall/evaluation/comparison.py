"""Detectors side by side on labelled pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from footfall.evaluation.detection import HEIGHTS, CategoryScore, score_category
from footfall.evaluation.documents import refuse
from footfall.evaluation.in_turn import Contestant
from footfall.evaluation.labelled import CocoTruth, categories, targets
from footfall.evaluation.report import Cell, table

COLUMNS = (
    "AP50",
    "AP50-95",
    "recall",
    "R at P.8",
    "P conf",
    "R conf",
    "false/pic",
    "<40",
    "40-96",
    ">=96",
    "ms",
    "ratio",
)
LEGEND = (
    "R at P.8: recall at precision 0.8. P conf, R conf, false/pic: precision, recall and wrong boxes a picture at the\n"
    "card's confident score. <40, 40-96, >=96: AP50 by height of the box in pixels of the picture. ms: median of a\n"
    "picture, one thread; ratio: to the first model, interleaved."
)


@dataclass(frozen=True, slots=True)
class ModelScore:
    """One detector's figures."""

    model: str
    licence: str
    ms: float | None
    ratio: float | None
    """Time over the first model's."""
    categories: tuple[CategoryScore, ...]
    """Of what it can find."""

    def of(self, category: str) -> CategoryScore | None:
        """Its figures for a category, None if it does not find such things."""
        return next((score for score in self.categories if score.category == category), None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures of several detectors on the same pictures."""

    title: str
    models: tuple[ModelScore, ...]
    skipped_images: int
    """Not every person has a box there, so they say nothing about persons."""

    @property
    def categories(self) -> tuple[str, ...]:
        """What somebody finds, in the order of the truth."""
        return tuple(dict.fromkeys(score.category for model in self.models for score in model.categories))

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "truth": self.title,
            "skipped_images": self.skipped_images,
            "models": [
                {
                    "model": model.model,
                    "licence": model.licence,
                    "ms_per_image": model.ms,
                    "time_ratio": model.ratio,
                    "categories": {score.category: score.to_dict() for score in model.categories},
                }
                for model in self.models
            ],
        }

    def table(self) -> str:
        """Plain text: a table a category, a model a row."""
        parts = []
        for category in self.categories:
            rows = [(model, score) for model in self.models if (score := model.of(category))]
            first = rows[0][1]
            title = f"{category}: {first.images} pictures, {first.truths} boxes ({self.title})"
            parts.append(table(title, ("model", *COLUMNS), [_row(model, score) for model, score in rows]))
        skipped = f"Pictures without full boxes, left out for persons: {self.skipped_images}.\n"
        return "\n\n".join([*parts, (skipped if self.skipped_images else "") + LEGEND])


def images_that_count(truth: CocoTruth, contestants: Sequence[Contestant], file: str) -> frozenset[str]:
    """Names of the images that say something about what the contestants find; the others need not be looked at.

    Raises:
        ConfigError: there is none, so that a run would measure nothing.
    """
    held = categories(truth)
    wanted = [name for name in held if any(one.finds(name) for one in contestants)]
    if not wanted:
        found = ", ".join(dict.fromkeys(label for one in contestants for label in one.card.labels))
        what = f"holds {', '.join(held) or 'nothing'}; the models find {found}"
        refuse(file, "$.categories", what, "say what the truth's labels mean: --label THEIRS=OURS")
    names = frozenset(name for category in wanted for name in targets(truth, category))
    if not names:
        what = "in no image every person has a box"
        refuse(file, "$.images", what, 'label all persons of an image and call its `boxes` "full"')
    return names


def compare(truth: CocoTruth, contestants: Sequence[Contestant], title: str) -> Comparison:
    """Score what the contestants have found in the pictures of the truth."""
    models = tuple(
        ModelScore(
            model=one.name,
            licence=one.card.licence,
            ms=one.ms,
            ratio=one.ratio_to(contestants[0]),
            categories=tuple(
                score_category(truth, category, one.found, one.card.confident_score)
                for category in categories(truth)
                if one.finds(category)
            ),
        )
        for one in contestants
    )
    return Comparison(title, models, truth.skipped_images)


def _row(model: ModelScore, score: CategoryScore) -> tuple[Cell, ...]:
    sure = score.confident
    return (
        model.model,
        *(score.ap50, score.ap50_95, score.recall, score.recall_at_precision),
        *((sure.precision, sure.recall, sure.false_per_image) if sure else (None, None, None)),
        *(score.ap50_by_height[name] for name in HEIGHTS),
        None if model.ms is None else f"{model.ms:.1f}",
        None if model.ratio is None else f"{model.ratio:.2f}",
    )
