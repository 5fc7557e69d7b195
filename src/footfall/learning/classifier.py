"""Learn to tell tags of whole pictures from a few examples, on a small processor.

No weight of a network is changed: features of each picture and of views of it are computed once, and linear heads are
learned on them. Which features (all, unless fewer are better by more than a standard error), whether left and right may
change places, and how far the examples are believed is decided by stratified cross-validation over pictures; the same
held-out answers calibrate the model and prove it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from footfall.learning.calibration import probabilities
from footfall.learning.features import GROUPS
from footfall.learning.folds import stratified_folds
from footfall.learning.gallery import Gallery, Looks
from footfall.learning.graph import classifier_model
from footfall.learning.lesson import HeldOut, Kind, Learned, Lesson, Report, TooLittle
from footfall.learning.metrics import told
from footfall.learning.notes import proof, warnings_for
from footfall.learning.search import Exam, Trial, learn, least_surprised, proven, trials
from footfall.learning.tuning import Gain, Shown, fine_tuned
from footfall.learning.views import Changes

LEAST_PER_TAG: Final = 5
MOST_VIEWS: Final = 20_000
"""Of all pictures together, the pictures themselves among them."""
FEATURES_KEY: Final = "footfall.features"
"""Entry of a model's metadata: the groups of features it looks at."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is tried."""

    candidates: tuple[tuple[str, ...], ...]
    """Groups of features; the first is taken unless another does better by more than a standard error."""
    strengths: tuple[float, ...]
    views: int
    """Of each picture, beside itself, where there are not too many pictures."""


QUICK: Final = Plan(
    candidates=(
        ("things", "faces", "edges", "colours"),
        ("things",),
        ("things", "faces"),
        ("things", "edges"),
        ("edges",),
    ),
    strengths=(0.1, 1.0, 10.0, 100.0),
    views=6,
)
THOROUGH: Final = Plan(
    candidates=(
        *QUICK.candidates,
        ("faces",),
        ("colours",),
        ("edges", "colours"),
        ("things", "colours"),
        ("faces", "edges"),
        ("things", "edges", "colours"),
        ("things", "faces", "edges"),
    ),
    strengths=(0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0),
    views=16,
)
SEARCHING: Final = 0.5
"""Share of an advanced training that is over when fine-tuning begins."""
MIDDLE: Final = 1.0
"""The strength at which groups of features are compared."""


def learn_classifier(lesson: Lesson, report: Report) -> Learned:
    """Learn, prove it on pictures that were held out, and put all of it into one ONNX model.

    Deterministic: the same lesson gives the same model, unless the budget ends the search.

    Args:
        lesson: kind multiclass or multilabel. Pictures whose reading raises ValueError or OSError are left out, with
            a note. With `base` the search is spared: its features are taken, and only they.
        report: hears the progress; what it raises stops the training.

    Returns:
        The model; `held_out.fold` is -1 for pictures that were left out.

    Raises:
        TooLittle: fewer than two tags, or a tag with too few readable pictures.
        ValueError: a lesson for a detector, or a multiclass example without exactly one tag.
    """
    with threadpool_limits(limits=lesson.threads):
        return _Training(lesson, report).run()


class _Training:
    """One training, step by step."""

    def __init__(self, lesson: Lesson, report: Report) -> None:
        if lesson.kind is Kind.DETECTION:
            raise ValueError("a lesson about boxes: use learn_detector")
        self.lesson = lesson
        self.report = report
        self.until_s = time.monotonic() + lesson.budget_s
        self.plan = _plan(lesson)
        groups = {group for candidate in self.plan.candidates for group in candidate}
        self.gallery = Gallery(lesson, [group for group in GROUPS if group in groups])
        self.truth = told(lesson.examples, len(lesson.tags))

    def run(self) -> Learned:
        """All of it."""
        numbers = self._usable()
        folds = stratified_folds(self.truth[numbers], self.lesson.seed)
        looks, changes = self._looks(numbers, folds)
        exam = Exam(looks, self.truth[numbers], folds, self.lesson.kind, self.lesson.seed)
        best = self._search(exam)
        if self.lesson.is_advanced and self._in_time():
            exam, best, changes = self._turned(numbers, exam, best, changes)
        gain, how = self._fine_tuned(Shown(numbers, changes), exam, best)
        self.report(0.95, "learning from all pictures")
        head = learn(exam, best)
        scores = head.scores(exam.looks.of(best.groups)[exam.looks.is_plain])
        if gain:
            best, head, scores = gain.trial, head.cooled(gain.trial.temperature), gain.added(scores)
        choice = {FEATURES_KEY: ",".join(best.groups)}
        tuned = gain.tuned if gain else None
        model = classifier_model(best.groups, head, self.lesson.kind, self.lesson.input_px, choice, tuned)
        held_out = self._held_out(numbers, folds, best)
        again = probabilities(scores, self.lesson.kind)
        notes = _chosen(best, changes, len(exam.looks.example)) | warnings_for(self.lesson, numbers, exam.looks) | how
        self.report(1.0, "done")
        return Learned(model.SerializeToString(), held_out, notes | proof(self.lesson, held_out, again, numbers))

    def _usable(self) -> list[int]:
        """Numbers of the examples to learn from.

        Raises:
            TooLittle: not enough of a tag is left.
        """
        self._say(0.0, "reading pictures")
        numbers = self.gallery.readable(at_most(self.truth, MOST_VIEWS, self.lesson.seed))
        check_enough(self.lesson, self.truth[numbers])
        return numbers

    def _looks(self, numbers: Sequence[int], folds: NDArray[np.int16]) -> tuple[Looks, Changes]:
        """Features of the pictures and of views of them."""
        plain = self.gallery.plain(numbers, self._tell(0.05, 0.12, "looking at pictures"))
        count = min(self.plan.views, MOST_VIEWS // len(numbers) - 1)
        if count < 1:
            return plain, Changes()
        mirrored = self.gallery.mirrored(numbers, self._tell(0.12, 0.19, "looking at pictures in a mirror"))
        exam = Exam(plain, self.truth[numbers], folds, self.lesson.kind, self.lesson.seed)
        changes = Changes(mirror=self._may_mirror(exam, mirrored))
        looks = plain + mirrored if changes.mirror else plain
        if count > 1:
            tell = self._tell(0.19, 0.6, "looking at views of pictures")
            looks += self.gallery.views(numbers, count - 1, changes, tell)
        return looks, changes

    def _turned(self, numbers: Sequence[int], exam: Exam, best: Trial, changes: Changes) -> tuple[Exam, Trial, Changes]:
        """The same with views turned any way, as from straight above, if that surprises less."""
        count = int((~exam.looks.is_plain).sum()) // len(numbers)
        if count < 1:
            return exam, best, changes
        freely = replace(changes, turn_deg=180.0)
        tell = self._tell(0.9, 0.94, "looking at views turned any way")
        plain = self.gallery.plain(numbers, lambda _: None)
        turned = replace(exam, looks=plain + self.gallery.views(numbers, count, freely, tell))
        (trial,) = trials(turned, best.groups, [best.strength])
        return (turned, trial, freely) if trial.surprise < best.surprise else (exam, best, changes)

    def _fine_tuned(self, shown: Shown, exam: Exam, best: Trial) -> tuple[Gain | None, dict[str, str]]:
        """What a network that learns on from the pictures adds, if anything, and a note about it."""
        if not self.lesson.is_advanced:
            return None, {}
        if not self._in_time():
            return None, {"fine-tuned": "no: the budget was spent"}

        def tell(share: float) -> None:
            self.report(SEARCHING + (0.94 - SEARCHING) * share, "fine-tuning")

        gain, how = fine_tuned(self.gallery, shown, exam, best, self.until_s, tell)
        return gain, {"fine-tuned": how}

    def _may_mirror(self, exam: Exam, mirrored: Looks) -> bool:
        """Whether learning from mirrored pictures helps to tell those that are not: by the fewest features."""
        groups = min(self.plan.candidates, key=len)
        (without,) = trials(exam, groups, [MIDDLE])
        (both,) = trials(replace(exam, looks=exam.looks + mirrored), groups, [MIDDLE])
        return both.surprise <= without.surprise

    def _search(self, exam: Exam) -> Trial:
        """First among groups of features, then among strengths."""
        tried: list[Trial] = []
        steps = len(self.plan.candidates) + 1
        for step, groups in enumerate(self.plan.candidates):
            if not tried or self._in_time():
                self._say(0.6 + 0.3 * step / steps, f"trying {' and '.join(groups)}")
                tried += trials(exam, groups, [MIDDLE])
        best = proven(tried[0], tried[1:])
        self._say(0.6 + 0.3 * (steps - 1) / steps, "trying how far to believe the pictures")
        others = [strength for strength in self.plan.strengths if strength != MIDDLE]
        return least_surprised([best, *trials(exam, best.groups, others)]) if self._in_time() else best

    def _in_time(self) -> bool:
        return time.monotonic() < self.until_s

    def _tell(self, start: float, end: float, what: str) -> Callable[[float], None]:
        return lambda share: self._say(start + (end - start) * share, what)

    def _say(self, share: float, what: str) -> None:
        """How far the search is; fine-tuning comes after it."""
        self.report(share * (SEARCHING if self.lesson.is_advanced else 1.0), what)

    def _held_out(self, numbers: Sequence[int], folds: NDArray[np.int16], best: Trial) -> HeldOut:
        fold = np.full(len(self.truth), -1, np.int16)
        fold[numbers] = folds
        answers = np.zeros(self.truth.shape, np.float32)
        answers[numbers] = probabilities(best.scores / best.temperature, self.lesson.kind)
        none = np.zeros(0, np.int32)
        return HeldOut(fold, answers, none, none, none.astype(np.float32), np.zeros((0, 4), np.float32))


def check_enough(lesson: Lesson, truth: NDArray[np.bool_]) -> None:
    """Whether there is something to be told apart, and enough of each.

    Args:
        lesson: for its names and its kind.
        truth: (readable examples, tags).

    Raises:
        TooLittle: there is not.
        ValueError: a multiclass example has not exactly one tag.
    """
    if lesson.kind is Kind.MULTICLASS and (truth.sum(axis=1) != 1).any():
        raise ValueError("every picture of a multiclass lesson has exactly one tag")
    is_plain_yes_or_no = lesson.kind is Kind.MULTILABEL and len(lesson.tags) == 1 and not truth.all()
    if len(lesson.tags) < 2 and not is_plain_yes_or_no:
        raise TooLittle("one tag alone cannot be told from anything: add a second tag, or pictures without the tag")
    counts = truth.sum(axis=0)
    few = [f"{tag} ({count})" for tag, count in zip(lesson.tags, counts, strict=True) if count < LEAST_PER_TAG]
    if few:
        raise TooLittle(
            f"not enough images per tag for training: {LEAST_PER_TAG} that can be read are needed of each, but there "
            f"are fewer of {', '.join(few)}"
        )


def _plan(lesson: Lesson) -> Plan:
    """What to try; with an earlier model only what that one chose."""
    plan = THOROUGH if lesson.is_advanced else QUICK
    earlier = base_groups(lesson.base) if lesson.base else ()
    return replace(plan, candidates=(earlier,)) if earlier else plan


def base_groups(base: bytes) -> tuple[str, ...]:
    """The groups of features of an earlier model; none if it is not one of ours."""
    try:
        model = onnx.load_from_string(base)
    except DecodeError:
        return ()
    noted = {entry.key: entry.value for entry in model.metadata_props}
    groups = tuple(noted.get(FEATURES_KEY, "").split(","))
    return groups if set(groups) <= set(GROUPS) else ()


def at_most(truth: NDArray[np.bool_], count: int, seed: int) -> list[int]:
    """Numbers of so many examples by chance, in order; of rare tags rather all than some."""
    if len(truth) <= count:
        return list(range(len(truth)))
    order = np.random.default_rng(seed).permutation(len(truth))
    has = np.column_stack([truth, ~truth.any(axis=1)])[order]
    turn = np.where(has, has.cumsum(axis=0), len(truth)).min(axis=1)
    return sorted(order[np.argsort(turn, kind="stable")[:count]].tolist())


def _chosen(best: Trial, changes: Changes, rows: int) -> dict[str, str]:
    return {
        "features": " and ".join(best.groups),
        "mirror": "yes" if changes.mirror else "no",
        "turned": f"up to {changes.turn_deg:g} degrees either way",
        "views": str(rows),
        "strength": f"{best.strength:g}",
        "temperature": f"{best.temperature:.3g}",
        "surprise": f"{best.surprise:.3g} nats per picture, cross-validated",
    }
