"""How good a model is, by what it told about pictures that it had not learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.learning.lesson import Example, HeldOut

F32: TypeAlias = NDArray[np.float32]
F64: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Counts: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one tag, or of all."""

    precision: float
    """Share of the answers at or above the threshold that are right; 0 where there is no answer."""
    precision_std: float
    """Standard deviation of it over the folds that have answers."""
    recall: float
    """Share of the truth that was told at or above the threshold; 0 where there is no truth."""
    recall_std: float
    """Standard deviation of it over the folds that have truth."""
    average_precision: float | None
    """Area under the curve of precision over recall; None where there is no truth."""


@dataclass(frozen=True, slots=True)
class Performance:
    """Figures of a model."""

    overall: Figures
    """Precision and recall over all answers together, average precision as the mean of the tags'."""
    tags: tuple[Figures, ...]
    """In the order of the lesson's tags."""


@dataclass(frozen=True, slots=True)
class _Answers:
    """All that was told, each answer a row, and how much there was to tell."""

    tag: Counts
    score: F32
    fold: Counts
    is_right: Flags
    truths: Counts
    """(folds, tags)"""


def classification(
    examples: Sequence[Example], tag_count: int, held_out: HeldOut, threshold: float = 0.5
) -> Performance:
    """Figures of a classifier.

    Args:
        examples: of the lesson, in its order; those without a fold (-1: unreadable) count for nothing.
        tag_count: number of tags.
        held_out: what was told of each example.
        threshold: probability from which on a tag counts as told.
    """
    seen = held_out.fold >= 0
    truth = told(examples, tag_count)[seen]
    fold = held_out.fold[seen].astype(np.int64)
    answers = _Answers(
        tag=np.tile(np.arange(tag_count), len(truth)),
        score=held_out.probabilities[seen].ravel(),
        fold=np.repeat(fold, tag_count),
        is_right=truth.ravel(),
        truths=_by_fold(fold, truth.astype(np.int64)),
    )
    return _performance(answers, threshold)


def detection(
    examples: Sequence[Example], tag_count: int, held_out: HeldOut, threshold: float = 0.5, overlap: float = 0.3
) -> Performance:
    """Figures of a detector.

    Args:
        examples: of the lesson, in its order; those without a fold (-1: unreadable) count for nothing.
        tag_count: number of tags.
        held_out: boxes found in each example.
        threshold: score from which on a box counts.
        overlap: a box is right when it overlaps a true one of its tag at least so much (intersection over union), and
            no surer box of that tag has taken that one.
    """
    counts = np.array([np.bincount(_labels(example), minlength=tag_count) for example in examples], np.int64)
    seen = held_out.fold >= 0
    known = seen[held_out.box_example]
    answers = _Answers(
        tag=held_out.box_tag[known].astype(np.int64),
        score=held_out.box_score[known],
        fold=held_out.fold[held_out.box_example[known]].astype(np.int64),
        is_right=right_boxes(examples, held_out, overlap)[known],
        truths=_by_fold(held_out.fold[seen].astype(np.int64), counts.reshape(-1, tag_count)[seen]),
    )
    return _performance(answers, threshold)


def told(examples: Sequence[Example], tag_count: int) -> Flags:
    """Which tags each example has: (examples, tags)."""
    truth = np.zeros((len(examples), tag_count), np.bool_)
    for row, example in zip(truth, examples, strict=True):
        row[list(example.labels)] = True
    return truth


def right_boxes(examples: Sequence[Example], held_out: HeldOut, overlap: float) -> Flags:
    """Which found boxes are right: the surest first, each takes the free true box that it overlaps most."""
    is_right = np.zeros(len(held_out.box_score), np.bool_)
    free = [np.ones(len(example.labels), np.bool_) for example in examples]
    for row in np.argsort(-held_out.box_score, kind="stable"):
        number = held_out.box_example[row]
        wanted = free[number] & (_labels(examples[number]) == held_out.box_tag[row])
        if wanted.any():
            shared = np.where(wanted, ious(held_out.boxes_xyxy_n[row], examples[number].boxes_xyxy_n), -1.0)
            best = int(shared.argmax())
            if shared[best] >= overlap:
                is_right[row], free[number][best] = True, False
    return is_right


def ious(box_xyxy: F32, others_xyxy: F32) -> F64:
    """Intersection over union of one box, (4,), with others, (n, 4); 0 where both are empty."""
    box, others = box_xyxy.astype(np.float64), others_xyxy.astype(np.float64)
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    shared = np.prod(np.clip(sides, 0.0, None), axis=1)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1) + np.prod(box[2:] - box[:2])
    return np.asarray(np.divide(shared, areas - shared, out=np.zeros(len(others)), where=areas > shared))


def average_precision(is_right: Flags, scores: F32, truths: int) -> float | None:
    """Area under the precision-recall curve: the sum of precision times rise of recall, equal scores taken together.

    Args:
        is_right: (n,) of each answer.
        scores: (n,) of each answer.
        truths: how many there were to find.

    Returns:
        0 to 1; None where there was nothing to find.
    """
    if truths == 0:
        return None
    order = np.argsort(-scores, kind="stable")
    falls = np.append(np.diff(scores[order]) != 0, np.ones(min(1, len(order)), np.bool_))
    hits = np.cumsum(is_right[order])[falls]
    precision = hits / (np.flatnonzero(falls) + 1)
    return float(np.sum(np.diff(hits, prepend=0) * precision) / truths)


def _labels(example: Example) -> Counts:
    return np.array(example.labels, np.int64)


def _by_fold(fold: Counts, counts: Counts) -> Counts:
    """Rows of counts, (examples, tags), added up by fold: (folds, tags)."""
    sums = np.zeros((int(fold.max(initial=-1)) + 1, counts.shape[1]), np.int64)
    np.add.at(sums, fold, counts)
    return sums


def _performance(answers: _Answers, threshold: float) -> Performance:
    tag_count = answers.truths.shape[1]
    tags = tuple(_figures(answers, answers.tag == tag, answers.truths[:, tag], threshold) for tag in range(tag_count))
    known = [figures.average_precision for figures in tags if figures.average_precision is not None]
    every = np.ones(len(answers.tag), np.bool_)
    mean = float(np.mean(known)) if known else None
    return Performance(_figures(answers, every, answers.truths.sum(axis=1), threshold, mean), tags)


def _figures(
    answers: _Answers, chosen: Flags, truths: Counts, threshold: float, mean_precision: float | None = None
) -> Figures:
    """Figures of some of the answers; `truths` (folds,) of these. The mean, where it is given, stands for the area."""
    right, score, fold = answers.is_right[chosen], answers.score[chosen], answers.fold[chosen]
    loud = score >= threshold
    given = np.bincount(fold[loud], minlength=len(truths))
    hits = np.bincount(fold[loud & right], minlength=len(truths))
    area = average_precision(right, score, int(truths.sum())) if mean_precision is None else mean_precision
    return Figures(
        precision=_share(hits, given),
        precision_std=_spread(hits, given),
        recall=_share(hits, truths),
        recall_std=_spread(hits, truths),
        average_precision=area,
    )


def _share(part: Counts, whole: Counts) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else 0.0


def _spread(part: Counts, whole: Counts) -> float:
    some = whole > 0
    return float(np.std(part[some] / whole[some])) if some.any() else 0.0
