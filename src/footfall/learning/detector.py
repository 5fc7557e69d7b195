"""From a few pictures with boxes to a detector: a frozen backbone, two linear looks, solved rather than searched.

The first look asks every cell of a grid (Tian et al. 2019, "FCOS": which tag, how far to the four sides); the second
judges again what lies inside the best boxes (Girshick et al. 2014, "R-CNN": classes and ridge regression of the box).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from footfall.learning.box_graph import Heads, whole_graph
from footfall.learning.box_heads import Linear, fit_softmax
from footfall.learning.box_maps import Looker, Shown, fit_reduction
from footfall.learning.box_notes import notes_for, sides_px
from footfall.learning.box_views import truth_of
from footfall.learning.cells import Scale
from footfall.learning.embedding import Embedding, load_embedding
from footfall.learning.first_look import FirstLook
from footfall.learning.folds import stratified_folds
from footfall.learning.lesson import HeldOut, Kind, Learned, Lesson, Report, TooLittle
from footfall.learning.metrics import right_boxes
from footfall.learning.model import open_model
from footfall.learning.second_look import SecondLook

F32: TypeAlias = NDArray[np.float32]

LEAST_PER_TAG: Final = 5
"""Pictures with boxes of a tag, or it cannot be learned and held out at once."""
FOLDS: Final = 3
VIEWS: Final = 600
"""Of all pictures together, as far as memory goes; at least one of each."""
MOST_VIEWS: Final = 8
"""Of one picture."""
KEPT_BYTES: Final = 600_000_000
"""Of maps."""
NEAR, FAR = Scale(640, 2), Scale(320, 2)
"""How pictures are looked at: enlarged on a fine grid, or as they come on a coarse one."""
SMALL_PX: Final = 160.0
"""A near look where a quarter of the boxes has sides below so many pixels of 320."""
LOOKING: Final = 0.5
"""Share of the budget after which the pictures left are shown in one view each."""
RIGHT: Final = 0.5
"""Overlap with a true box from which on an answer is right when scores are calibrated."""


def learn_detector(lesson: Lesson, report: Report) -> Learned:
    """Learn where the tags of a lesson are; the same lesson gives the same model, unless its budget is too small.

    Nothing is searched for, so neither an earlier model (`base`) nor `is_advanced` changes the outcome. A budget that
    is spent costs views, and then the second look: boxes are less tight, but there is a model.

    Args:
        lesson: kind detection. Pictures whose reading raises ValueError or OSError are left out, with a note; those
            without boxes show what is nothing.
        report: hears the progress; what it raises stops the training.

    Returns:
        An ONNX model in the contract of spec/custom-vision.md 9 ("General (compact) [S1]"), and what three models, each
        learned from two thirds of the pictures, told about the remaining third; `held_out.fold` is -1 for pictures that
        were left out.

    Raises:
        TooLittle: a tag has boxes in fewer than `LEAST_PER_TAG` readable pictures, or there are no tags.
        ValueError: the lesson is of another kind, a box is not finite, or a label names no tag.
    """
    check(lesson)
    with threadpool_limits(limits=lesson.threads):
        return _Training(lesson, report).run()


def check(lesson: Lesson) -> None:
    """Whether a lesson is one about boxes, and of one piece.

    Raises:
        ValueError: it is not.
        TooLittle: there are no tags.
    """
    if lesson.kind is not Kind.DETECTION:
        raise ValueError(f"a lesson about {lesson.kind.value} tags of whole pictures: use learn_classifier")
    if not lesson.tags:
        raise TooLittle("there are no tags to learn")
    for example in lesson.examples:
        boxes = np.asarray(example.boxes_xyxy_n, np.float64).reshape(-1, 4)
        if len(boxes) != len(example.labels) or not np.isfinite(boxes).all():
            raise ValueError(f"example {example.id}: every label needs a box of four finite numbers")
        if any(not 0 <= label < len(lesson.tags) for label in example.labels):
            raise ValueError(f"example {example.id}: a label names none of the {len(lesson.tags)} tags")


def scale_for(lesson: Lesson) -> Scale:
    """A nearer look where boxes are small."""
    return NEAR if np.quantile(sides_px(lesson), 0.25) < SMALL_PX else FAR


def fair_share(truth: NDArray[np.bool_], most: int, seed: int) -> list[int]:
    """So many pictures at most: of every tag alike, and of pictures without any; rare tags keep all of theirs.

    Args:
        truth: (pictures, tags).
        most: how many.
        seed: decides which.

    Returns:
        Rows, in order.
    """
    rarest = np.where(truth.any(axis=1), np.where(truth, truth.sum(axis=0), len(truth) + 1).argmin(axis=1), -1)
    order = np.random.default_rng([seed, 5]).permutation(len(truth))
    turn = np.zeros(len(truth), np.int64)
    for tag in np.unique(rarest):
        alike = order[rarest[order] == tag]
        turn[alike] = np.arange(len(alike))
    chosen = order[np.argsort(turn[order], kind="stable")[:most]]
    return sorted(int(row) for row in chosen)


def calibration(is_right: NDArray[np.bool_], scores: F32) -> tuple[float, float]:
    """Slope and offset of log odds after which scores say how often an answer is right (Platt 1999)."""
    if not is_right.any() or is_right.all():
        return 1.0, 0.0
    odds = _log_odds(scores)[:, None]
    line = fit_softmax(odds, is_right.astype(np.int64), np.ones(len(odds), np.float32), 2, 1e-4)
    slope, offset = float(line.weights[0, 1] - line.weights[0, 0]), float(line.bias[1] - line.bias[0])
    return (slope, offset) if slope > 0.05 else (1.0, 0.0)


def calibrated(scores: F32, slope: float, offset: float) -> F32:
    """Scores as the model tells them."""
    return np.asarray(1.0 / (1.0 + np.exp(-(slope * _log_odds(scores) + offset))), np.float32)


def _log_odds(scores: F32) -> F32:
    clipped = np.clip(scores.astype(np.float64), 1e-6, 1.0 - 1e-6)
    return np.log(clipped / (1.0 - clipped)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Looked:
    """All views of a lesson, and what is decided before anything is learned."""

    shown: Sequence[Shown]
    heads: Heads
    folds: NDArray[np.int16]


class _Training:
    """One training, step by step."""

    def __init__(self, lesson: Lesson, report: Report) -> None:
        self.lesson = lesson
        self.report = report
        self.begun_s = time.monotonic()
        self.embedding: Embedding = load_embedding(lesson.threads)

    def run(self) -> Learned:
        """All of it."""
        folds = self._folds()
        looked = self._look(folds)
        firsts = self._first_looks(looked)
        seconds = self._second_looks(looked, firsts)
        whole, *parts = [replace(looked.heads, first=one, second=two) for one, two in zip(firsts, seconds, strict=True)]
        held_out = self._held_out(parts, folds)
        slope, offset = calibration(right_boxes(self.lesson.examples, held_out, RIGHT), held_out.box_score)
        held_out = replace(held_out, box_score=calibrated(held_out.box_score, slope, offset))
        model = whole_graph(self.embedding.graph, replace(whole, slope=slope, offset=offset))
        self.report(1.0, "done")
        pictures, scale = len({one.example for one in looked.shown}), looked.heads.scale
        notes = {"views": f"{len(looked.shown)} of {pictures} pictures, at {scale.look_px} px"}
        if whole.second is None:
            notes["warning.budget"] = "the budget was spent: there is no second look at what was found"
        return Learned(model.SerializeToString(deterministic=True), held_out, notes | notes_for(self.lesson, held_out))

    def _folds(self) -> NDArray[np.int16]:
        """Of every example; -1 where the picture cannot be read.

        Raises:
            TooLittle: not enough of a tag is left.
        """
        lesson = self.lesson
        self.report(0.0, "reading pictures")
        usable = [index for index, example in enumerate(lesson.examples) if self._is_readable(example.id)]
        truth = self._truth(usable)
        for tag, count in zip(lesson.tags, truth.sum(axis=0), strict=True):
            if count < LEAST_PER_TAG:
                raise TooLittle(f"tag {tag}: boxes in {count} readable pictures; at least {LEAST_PER_TAG} are needed")
        folds = np.full(len(lesson.examples), -1, np.int16)
        folds[usable] = stratified_folds(truth, lesson.seed, FOLDS)
        return folds

    def _truth(self, usable: Sequence[int]) -> NDArray[np.bool_]:
        """(usable, tags) which tags have boxes in a picture."""
        truth = np.zeros((len(usable), len(self.lesson.tags)), np.bool_)
        for row, index in zip(truth, usable, strict=True):
            example = self.lesson.examples[index]
            row[truth_of(example.boxes_xyxy_n, example.labels).tags] = True
        return truth

    def _is_readable(self, name: str) -> bool:
        try:
            self.lesson.read(name)
        except (ValueError, OSError):
            return False
        return True

    def _look(self, folds: NDArray[np.int16]) -> _Looked:
        usable = np.flatnonzero(folds >= 0).tolist()
        scale = scale_for(self.lesson)
        reduction = fit_reduction(self.lesson, usable, self.embedding, scale)
        looker = Looker(self.embedding.graph, reduction, scale, self.lesson.threads)
        most = KEPT_BYTES // (len(reduction.bias) * scale.map_side**2 * np.dtype(np.float16).itemsize)
        chosen = [usable[row] for row in fair_share(self._truth(usable), most, self.lesson.seed)]
        views = int(np.clip(min(VIEWS, most) // len(chosen), 1, MOST_VIEWS))
        shown: list[Shown] = []
        for done, index in enumerate(chosen):
            self.report(0.05 + 0.4 * done / len(chosen), "looking at views of pictures")
            shown.extend(looker.show(self.lesson, index, views if self._in_time(LOOKING) else 1))
        nothing = Linear(np.zeros((0, 0), np.float32), np.zeros(0, np.float32))
        return _Looked(shown, Heads(scale, reduction, nothing, None), folds)

    def _first_looks(self, looked: _Looked) -> list[Linear]:
        """Of all examples, then of all but those of each fold."""
        words = "learning where to look"
        look = FirstLook(looked.shown, looked.heads, self.lesson, self._from(0.45, 0.5, words))
        look.sharpen(self._from(0.5, 0.6, words))
        tell, keeps = self._from(0.6, 0.65, words), _keeps(looked.folds[look.examples()])
        return [look.learned(keep) for keep in _told(keeps, tell)]

    def _second_looks(self, looked: _Looked, firsts: Sequence[Linear]) -> Sequence[Linear | None]:
        if not self._in_time():
            return [None] * len(firsts)
        words = "learning what is there"
        look = SecondLook(looked.shown, looked.heads, self.lesson)
        found = look.candidates(firsts[1:], looked.folds, self._from(0.65, 0.78, words))
        tell, keeps = self._from(0.78, 0.85, words), _keeps(looked.folds[found.examples])
        return [found.learned(keep, len(self.lesson.tags)) for keep in _told(keeps, tell)]

    def _from(self, start: float, end: float, words: str) -> Callable[[float], None]:
        return lambda share: self.report(start + (end - start) * share, words)

    def _in_time(self, share: float = 1.0) -> bool:
        return time.monotonic() < self.begun_s + share * self.lesson.budget_s

    def _held_out(self, parts: Sequence[Heads], folds: NDArray[np.int16]) -> HeldOut:
        graphs = [whole_graph(self.embedding.graph, heads).SerializeToString() for heads in parts]
        models = [open_model(graph, self.lesson.threads) for graph in graphs]
        usable = np.flatnonzero(folds >= 0)
        answers = []
        for done, index in enumerate(usable):
            self.report(0.85 + 0.14 * done / len(usable), "asking about pictures held out")
            answers.append(models[folds[index]].detect(self.lesson.read(self.lesson.examples[index].id)))
        return HeldOut(
            fold=folds,
            probabilities=np.zeros((0, len(self.lesson.tags)), np.float32),
            box_example=np.repeat(usable, [len(answer.scores) for answer in answers]).astype(np.int32),
            box_tag=np.concatenate([answer.tags for answer in answers]).astype(np.int32),
            box_score=np.concatenate([answer.scores for answer in answers]).astype(np.float32),
            boxes_xyxy_n=np.concatenate([answer.xyxy_n for answer in answers]).astype(np.float32),
        )


def _told(keeps: Sequence[NDArray[np.bool_]], tell: Callable[[float], None]) -> Iterator[NDArray[np.bool_]]:
    for done, keep in enumerate(keeps):
        tell(done / len(keeps))
        yield keep


def _keeps(folds: NDArray[np.int16]) -> list[NDArray[np.bool_]]:
    """Rows of all examples, then of all but each fold's."""
    return [folds >= 0, *(folds != fold for fold in range(FOLDS))]
