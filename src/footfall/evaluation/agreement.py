"""Detectors side by side on pictures that nobody has labelled: how far they agree, how steady they are.

Agreement is not accuracy: where most of them make the same mistake, the one that does not looks worse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from footfall.evaluation.boxes import Boxes, iou
from footfall.evaluation.detection import guesses_by_image
from footfall.evaluation.in_turn import Contestant
from footfall.evaluation.labelled import FACE, PERSON
from footfall.evaluation.matching import AT_HALF, Guesses, Target, boxes_of, curve, judge, pair
from footfall.evaluation.report import table

SAME_IOU = 0.5
COLUMNS = ("a picture", "agreement AP50", "flicker", "ms", "ratio")
LEGEND = (
    "a picture: boxes at the card's confident score. agreement AP50: against the boxes that most of the other models\n"
    "share; agreement, not accuracy. flicker: share of boxes that vanish for one frame between two neighbours.\n"
    "ms: median of a picture, one thread; ratio: to the first model, interleaved."
)


@dataclass(frozen=True, slots=True)
class ModelBehaviour:
    """One detector's figures for one category."""

    model: str
    per_image: float
    """Boxes at the confident score."""
    agreement: float | None
    """AP50 against the consensus of the others; None if it is alone, or they agree on nothing."""
    flicker: float | None
    """None where no three neighbouring frames show the same thing."""
    ms: float | None
    ratio: float | None

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "model": self.model,
            "boxes_per_image": self.per_image,
            "agreement_AP50": self.agreement,
            "flicker": self.flicker,
            "ms_per_image": self.ms,
            "time_ratio": self.ratio,
        }


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What can be said without labels."""

    title: str
    images: int
    categories: Mapping[str, tuple[ModelBehaviour, ...]]

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        models = {name: [model.to_dict() for model in models] for name, models in self.categories.items()}
        return {"pictures": self.title, "images": self.images, "labelled": False, "categories": models}

    def table(self) -> str:
        """Plain text: a table a category, a model a row."""
        parts = [
            table(
                f"{category}: {self.images} pictures without labels ({self.title})",
                ("model", *COLUMNS),
                [(m.model, m.per_image, m.agreement, m.flicker, _spell(m.ms, 1), _spell(m.ratio, 2)) for m in models],
            )
            for category, models in self.categories.items()
        ]
        return "\n\n".join([*parts, LEGEND])


def behaviour(
    contestants: Sequence[Contestant], images: Sequence[str], triples: Sequence[tuple[str, str, str]], title: str
) -> Behaviour:
    """Figures of what the contestants have found.

    Args:
        contestants: after their run.
        images: names of all pictures.
        triples: names of three neighbouring frames each, in order of time.
        title: what the pictures are.
    """
    found = {}
    for category in (PERSON, FACE):
        able = [one for one in contestants if one.finds(category)]
        if able:
            found[category] = tuple(_behaviours(category, able, contestants[0], images, triples))
    return Behaviour(title, len(images), found)


def _behaviours(
    category: str,
    able: Sequence[Contestant],
    first: Contestant,
    images: Sequence[str],
    triples: Sequence[tuple[str, str, str]],
) -> list[ModelBehaviour]:
    nothing = Target(boxes_of([]), boxes_of([]))
    guesses = [guesses_by_image(one.found, category, dict.fromkeys(images, nothing)) for one in able]
    sure = [
        {name: boxes.at_least(one.card.confident_score).xywh for name, boxes in mine.items()}
        for one, mine in zip(able, guesses, strict=True)
    ]
    return [
        ModelBehaviour(
            model=one.name,
            per_image=float(np.mean([len(boxes) for boxes in sure[index].values()])),
            agreement=agreement(guesses[index], [other for k, other in enumerate(sure) if k != index]),
            flicker=flicker([(sure[index][a], sure[index][b], sure[index][c]) for a, b, c in triples]),
            ms=one.ms,
            ratio=one.ratio_to(first),
        )
        for index, one in enumerate(able)
    ]


def agreement(guesses: Mapping[str, Guesses], others: Sequence[Mapping[str, Boxes]]) -> float | None:
    """AP50 of one model's guesses against what most of the others share; None without others, or if that is nothing."""
    if not others:
        return None
    wanted = {name: Target(consensus([other[name] for other in others]), boxes_of([])) for name in guesses}
    truths = sum(target.count() for target in wanted.values())
    if not truths:
        return None
    return curve([judge(wanted[name], guesses[name], AT_HALF) for name in guesses], truths).average_precision()


def consensus(votes: Sequence[Boxes]) -> Boxes:
    """Boxes that more than half of the voters found, (n, 4): each the mean of theirs. Each voter's boxes: (n, 4)."""
    left = [list(boxes) for boxes in votes]
    shared: list[Boxes] = []
    for voter, mine in enumerate(left):
        for box in mine:
            group = [box]
            for theirs in left[voter + 1 :]:
                overlap = iou(box[None], boxes_of(theirs))[0]
                if overlap.max(initial=0.0) >= SAME_IOU:
                    group.append(theirs.pop(int(overlap.argmax())))
            if 2 * len(group) > len(votes):
                shared.append(np.mean(group, axis=0))
    return boxes_of(shared)


def flicker(triples: Sequence[tuple[Boxes, Boxes, Boxes]]) -> float | None:
    """Of the boxes seen at the same place in the frames before and after, the share that is not seen in between."""
    stayed = gone = 0
    for before, between, after in triples:
        partner = pair(iou(before, after), SAME_IOU)
        middle = (before[partner >= 0] + after[partner[partner >= 0]]) / 2
        seen = pair(iou(middle, between), SAME_IOU) >= 0
        stayed, gone = stayed + int(seen.sum()), gone + int((~seen).sum())
    return gone / (stayed + gone) if stayed + gone else None


def _spell(number: float | None, digits: int) -> str | None:
    return None if number is None else f"{number:.{digits}f}"
