"""Which features, and how far examples are believed: what pictures that were held out decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.learning.calibration import soft_truth, surprises, temperature
from footfall.learning.gallery import Looks
from footfall.learning.heads import Head, directions, fit
from footfall.learning.lesson import Kind

F64: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Exam:
    """What there is to learn, and who is examined when."""

    looks: Looks
    truth: NDArray[np.bool_]
    """(examples, tags)"""
    folds: NDArray[np.int16]
    """(examples,)"""
    kind: Kind
    seed: int


@dataclass(frozen=True, slots=True)
class Trial:
    """How one way of learning did."""

    groups: tuple[str, ...]
    strength: float
    scores: F64
    """(examples, tags) of each example, by a head that had not learned from it; as they are, not calibrated."""
    temperature: float
    surprises: F64
    """(examples,) negative log-likelihood of each, calibrated."""

    @property
    def surprise(self) -> float:
        """Their mean: the less the better."""
        return float(self.surprises.mean())


def trials(exam: Exam, groups: Sequence[str], strengths: Sequence[float]) -> list[Trial]:
    """Cross-validate some groups of features with several strengths; all views of a picture are in its fold.

    Where the pictures differ is worked out once, from all of them: no tag is needed for it, and a regression with a
    penalty pays no heed to directions in which the pictures that it learns from do not differ.
    """
    looks = exam.looks
    features = looks.of(groups)
    inputs = directions(features, looks.widths(groups), exam.seed).of(features)
    scores = np.zeros((len(strengths), *exam.truth.shape))
    for fold in range(int(exam.folds.max()) + 1):
        in_fold = exam.folds[looks.example] == fold
        known, asked = inputs[~in_fold], in_fold & looks.is_plain
        told = exam.truth[looks.example[~in_fold]]
        for number, strength in enumerate(strengths):
            head = fit(known, told, exam.kind, strength)
            scores[number, looks.example[asked]] = head.scores(inputs[asked])
    return [_trial(exam, groups, strength, each) for strength, each in zip(strengths, scores, strict=True)]


def _trial(exam: Exam, groups: Sequence[str], strength: float, scores: F64) -> Trial:
    heat = temperature(scores, exam.truth, exam.kind)
    softened = soft_truth(exam.truth, exam.kind)
    return Trial(tuple(groups), strength, scores, heat, surprises(scores / heat, softened, exam.kind))


def least_surprised(tried: Sequence[Trial]) -> Trial:
    """The least surprised; of equals the earlier."""
    return min(tried, key=lambda trial: trial.surprise)


def proven(usual: Trial, others: Sequence[Trial]) -> Trial:
    """The usual way, unless others do better by more than a standard error: then the least surprised of these.

    The one-standard-error rule of Breiman, Friedman, Olshen and Stone 1984, "Classification and regression trees", here
    on differences picture by picture: where pictures are few, the least surprised of many ways is so by chance.
    """
    better = [trial for trial in others if is_more_than_chance(usual.surprises - trial.surprises)]
    return least_surprised(better) if better else usual


def is_more_than_chance(gains: F64) -> bool:
    """Whether the mean of some gains, (examples,), is above its standard error."""
    return bool(gains.mean() > gains.std() / np.sqrt(len(gains)))


def learn(exam: Exam, trial: Trial) -> Head:
    """The head of a trial, learned from all examples and calibrated as the trial was."""
    features = exam.looks.of(trial.groups)
    seen = directions(features, exam.looks.widths(trial.groups), exam.seed)
    head = fit(seen.of(features), exam.truth[exam.looks.example], exam.kind, trial.strength).on_features(seen)
    return head.cooled(trial.temperature)
