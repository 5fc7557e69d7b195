"""Which boxes are worth looking at: people missed, people invented, and a sample of those found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from footfall.evaluation.boxes import Boxes, iou
from footfall.evaluation.detection import Found, guesses_by_image
from footfall.evaluation.labelled import CocoTruth, targets
from footfall.evaluation.matching import AT_HALF, Guesses, judge, pair

HALF = float(AT_HALF[0])
SEED = 1


@dataclass(frozen=True, slots=True)
class Case:
    """One box of one picture; boxes (4,) float64, pixels, left top width height."""

    image: str
    truth: Boxes | None
    """The true box; None for an invented one."""
    guess: Boxes | None
    """The found box that belongs to it or comes nearest; None if nothing touches it."""
    score: float | None
    iou: float
    """Between the two; with the nearest true box for an invented one."""


@dataclass(frozen=True, slots=True)
class Cases:
    """What a detector did at one score and more."""

    missed: tuple[Case, ...]
    """Highest boxes first."""
    false: tuple[Case, ...]
    """Best score first."""
    hits: tuple[Case, ...]
    """In random order, the same every time."""


def find_cases(truth: CocoTruth, category: str, found: Sequence[Found], score: float) -> Cases:
    """Sort every box of a category into missed, false and hit, at IoU 0.5 and `score` or more."""
    wanted = targets(truth, category)
    guesses = guesses_by_image(found, category, wanted)
    missed: list[Case] = []
    false: list[Case] = []
    hits: list[Case] = []
    for name, target in wanted.items():
        sure = guesses[name].at_least(score)
        overlap = iou(sure.xywh, target.single)
        partner = pair(overlap, HALF)
        ignored = judge(target, sure, AT_HALF).ignored[0]
        for row, column in enumerate(partner.tolist()):
            box, mark = sure.xywh[row], float(sure.score[row])
            if column >= 0:
                hits.append(Case(name, target.single[column], box, mark, float(overlap[row, column])))
            elif not ignored[row]:
                false.append(Case(name, None, box, mark, float(overlap[row].max(initial=0.0))))
        free = guesses[name].without(np.flatnonzero(partner >= 0))
        missed += [_missed(name, box, free) for k, box in enumerate(target.single) if k not in partner]
    Random(SEED).shuffle(hits)  # noqa: S311 - a sample to look at
    return Cases(
        tuple(sorted(missed, key=_height)), tuple(sorted(false, key=lambda case: -(case.score or 0))), tuple(hits)
    )


def _height(case: Case) -> float:
    """The highest first."""
    return 0.0 if case.truth is None else -float(case.truth[3])


def _missed(name: str, box: Boxes, guesses: Guesses) -> Case:
    """A true box with the guess of any score, hitting nobody else, that overlaps it most."""
    overlap = iou(guesses.xywh, box[None])[:, 0]
    best = int(np.argmax(overlap)) if len(overlap) else -1
    if best < 0 or overlap[best] <= 0:
        return Case(name, box, None, None, 0.0)
    return Case(name, box, guesses.xywh[best], float(guesses.score[best]), float(overlap[best]))
