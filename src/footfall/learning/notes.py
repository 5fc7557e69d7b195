"""Warnings for people: what makes a lesson worse than it could be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from footfall.learning.gallery import Looks
from footfall.learning.lesson import HeldOut, Lesson
from footfall.learning.metrics import classification, told

FEW: Final = 50
"""Below so many pictures of a tag, more are advised."""
UNEVEN: Final = 2.0
"""A tag with so many times the pictures of another is told more readily."""
FAR: Final = 0.2
"""So much less of average precision on pictures that were held out is worth a warning."""
_NAMED: Final = 10


def warnings_for(lesson: Lesson, numbers: Sequence[int], looks: Looks) -> dict[str, str]:
    """What to tell about the pictures, by a word for it.

    Args:
        lesson: all of it.
        numbers: the examples that were learned from.
        looks: features; a row of `example` i and `is_plain` shows `numbers[i]` as it is.
    """
    truth = told(lesson.examples, len(lesson.tags))[numbers]
    counts = dict(zip(lesson.tags, truth.sum(axis=0).tolist(), strict=True))
    plain = next(iter(looks.blocks.values()))[looks.is_plain]
    alike = [
        tag for tag, has in zip(lesson.tags, truth.T, strict=True)
        if has.sum() > 1 and (np.ptp(plain[has], axis=0) == 0).all()
    ]  # fmt: skip
    few = [f"{tag} ({count})" for tag, count in counts.items() if count < FEW]
    skipped = [lesson.examples[i].id for i in sorted(set(range(len(lesson.examples))) - set(numbers))]
    found = {
        "skipped": f"{len(skipped)} pictures could not be read or were too many: {_listed(skipped)}" if skipped else "",
        "few": f"fewer than {FEW} pictures: {_listed(few)}; more of them make the model better" if few else "",
        "unbalanced": _unbalanced(counts),
        "alike": f"all pictures are the same: {_listed(alike)}; the figures flatter these tags" if alike else "",
    }
    return {f"warning.{word}": text for word, text in found.items() if text}


def proof(lesson: Lesson, held_out: HeldOut, again: NDArray[np.float32], numbers: Sequence[int]) -> dict[str, str]:
    """What pictures that were held out prove, beside those that were learned from.

    Args:
        lesson: all of it.
        held_out: told by models that had not learned from each picture.
        again: (learned from, tags) told by the model that learned from all of them.
        numbers: the examples that were learned from.
    """
    answers = np.zeros_like(held_out.probabilities)
    answers[numbers] = again
    known = replace(held_out, probabilities=answers)
    new, old = (
        classification(lesson.examples, len(lesson.tags), one).overall.average_precision or 0.0
        for one in (held_out, known)
    )
    found = {"average precision": f"{new:.3f} of pictures that were held out, {old:.3f} of those learned from"}
    if old - new > FAR:
        found["warning.overfit"] = f"pictures that were learned from are told much better ({old:.2f} to {new:.2f})"
    return found


def _unbalanced(counts: dict[str, int]) -> str:
    most, least = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
    if counts[most] <= UNEVEN * counts[least]:
        return ""
    return (
        f"unbalanced: {counts[most]} pictures of {most}, {counts[least]} of {least}; at most {UNEVEN:g} to 1 is advised"
    )


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
