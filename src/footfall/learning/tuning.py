"""Whether fine-tuning pays: what a tuned network says is added to what the frozen features say, if that surprises less.

Both are asked about pictures that they had not learned from. Taken is the round, and the share of the network's say,
that surprises least there, and only where it tells more of them rightly by more than chance: else all stays as it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.detect.session import open_session
from footfall.learning.calibration import soft_truth, surprises, temperature
from footfall.learning.embedding import INPUT
from footfall.learning.gallery import Gallery
from footfall.learning.lesson import Kind
from footfall.learning.search import Exam, Trial, is_more_than_chance
from footfall.learning.tail import SEEN, Tuned, frozen_model
from footfall.learning.views import Changes

F64: TypeAlias = NDArray[np.float64]

VIEWS: Final = 16
"""Of each picture, beside itself, where there are not too many pictures."""
MOST_VIEWS: Final = 8_000
"""Of all pictures together, the pictures themselves among them: about 25 kB each."""
MOST_S: Final = 600.0
"""A fine-tuning takes no longer, whatever the budget is."""
MOST_ROUNDS: Final = 20
PATIENCE: Final = 3
"""So many rounds without a better one are the end."""
SHARES: Final = (0.25, 0.5, 1.0, 2.0)
"""How much the network's say may count against that of the frozen features."""


@dataclass(frozen=True, slots=True)
class Gain:
    """A tuned network that pays."""

    trial: Trial
    """What both together said of pictures held out."""
    tuned: Tuned
    """Its scores are to be added to those of the head, cooled by the trial's temperature."""
    again: F64
    """(pictures, tags) its scores of the pictures that it learned from."""
    rounds: int

    def added(self, scores: F64) -> F64:
        """(pictures, tags) what both say of them together, calibrated, from what the head says of them."""
        return scores / self.trial.temperature + self.again


@dataclass(frozen=True, slots=True)
class Shown:
    """What is learned from."""

    numbers: Sequence[int]
    """Of the examples."""
    changes: Changes
    """How far views of them may go."""


def fine_tuned(
    gallery: Gallery, shown: Shown, exam: Exam, best: Trial, until_s: float, tell: Callable[[float], None]
) -> tuple[Gain | None, str]:
    """Fine-tune, and judge.

    Args:
        gallery: the pictures.
        shown: which of them, and how.
        exam: who is examined when.
        best: what frozen features can do.
        until_s: by `time.monotonic`.
        tell: hears the share done.

    Returns:
        What was gained, if anything, and how it went, for people.
    """
    if (_right(exam, best.scores) == 1.0).all():
        return None, "no need: every picture held out was told rightly without"
    try:
        from footfall.learning.fine_tuning import Material, rounds  # noqa: PLC0415 - torch, an optional extra
    except ModuleNotFoundError as error:
        return None, f"no: {error.name} is not installed"
    except (ImportError, OSError) as error:
        return None, f"no: torch does not load ({error})"
    until_s = min(until_s, time.monotonic() + MOST_S)
    maps, example = _seen(gallery, shown, lambda share: tell(0.3 * share))
    material = Material(maps, example, exam.truth, exam.folds, exam.kind)
    gain, done, steps = None, 0, int(exam.folds.max()) + 2
    for step, found in enumerate(rounds(material, exam.seed, gallery.lesson.threads)):
        tell(0.3 + 0.7 * min(1.0, step / (MOST_ROUNDS * steps)))
        if found:
            done += 1
            trial, share = _together(exam, best, found.scores)
            if trial.surprise < (gain.trial if gain else best).surprise:
                heat = trial.temperature
                gain = Gain(trial, found.tuned.times(share / heat), found.again * share / heat, done)
        is_over = done == MOST_ROUNDS or done - (gain.rounds if gain else 0) >= PATIENCE
        if is_over or time.monotonic() >= until_s:
            break
    if gain is None or not _is_proven(exam, best, gain.trial):
        return None, f"tried for {done} rounds, and no better on pictures held out"
    return gain, f"{gain.rounds} of {done} rounds: surprise {best.surprise:.3f} before, {gain.trial.surprise:.3f} after"


def _seen(
    gallery: Gallery, shown: Shown, tell: Callable[[float], None]
) -> tuple[NDArray[np.float16], NDArray[np.int64]]:
    """What the frozen stages see in all views: (views, channels, side, side), and which picture each view shows."""
    session = open_session(frozen_model(gallery.lesson.input_px).SerializeToString(), gallery.lesson.threads)
    count = int(np.clip(MOST_VIEWS // len(shown.numbers) - 1, 0, VIEWS))
    maps, example = [], []
    for row, number in enumerate(shown.numbers):
        pictures = gallery.shown(number, count, shown.changes)
        planes = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), dtype=np.float32)
        (seen,) = session.run([SEEN], {INPUT: planes})
        maps.append(seen.astype(np.float16))
        example += [row] * len(pictures)
        tell((row + 1) / len(shown.numbers))
    return np.concatenate(maps), np.array(example, np.int64)


def _together(exam: Exam, best: Trial, scores: F64) -> tuple[Trial, float]:
    """The least surprised of some shares that the network's say may have, calibrated, and that share."""
    softened = soft_truth(exam.truth, exam.kind)
    tried = []
    for share in SHARES:
        both = best.scores / best.temperature + share * scores
        heat = temperature(both, exam.truth, exam.kind)
        found = surprises(both / heat, softened, exam.kind)
        tried.append((replace(best, scores=both, temperature=heat, surprises=found), share))
    return min(tried, key=lambda one: one[0].surprise)


def _is_proven(exam: Exam, before: Trial, after: Trial) -> bool:
    """Whether the surprise falls, and more is told rightly, each by more than its standard error over the pictures."""
    was, now = (_right(exam, one.scores) for one in (before, after))
    return is_more_than_chance(before.surprises - after.surprises) and is_more_than_chance(now - was)


def _right(exam: Exam, scores: F64) -> F64:
    """(pictures,) share of the tags that are told rightly; of one tag only: whether it is that one."""
    if exam.kind is Kind.MULTILABEL:
        return np.asarray(((scores > 0) == exam.truth).mean(axis=1))
    return np.asarray(scores.argmax(axis=1) == exam.truth.argmax(axis=1), np.float64)
