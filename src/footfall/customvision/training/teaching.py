"""What the child of a training does: a task becomes a lesson, and what was learned an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, TypeAlias

import numpy as np

from footfall.customvision.training.job_words import Done, GaveUp, Picture, Task, Told, Wanted, hear_parent, packed, say
from footfall.customvision.workspace.intake import upright
from footfall.customvision.workspace.limits import Limits
from footfall.learning.lesson import Example, Kind, Learned, Lesson, Report, Rgb, TooLittle

Learn: TypeAlias = Callable[[Lesson, Report], Learned]


class PictureGone(Exception):
    """A picture of the lesson was deleted meanwhile."""


def teach(questions: IO[bytes], answers: IO[bytes], learn: Learn) -> None:
    """Hear a task, learn, tell what came of it.

    Args:
        questions: where the parent speaks.
        answers: where it listens.
        learn: how to.

    Raises:
        EOFError: the parent is gone.
        BrokenPipeError: the parent is gone.
    """

    def read(example_id: str) -> Rgb:
        say(answers, Wanted(example_id))
        picture = hear_parent(questions)
        assert isinstance(picture, Picture)
        if picture.data is None:
            raise PictureGone
        return upright(picture.data, Limits(), len(picture.data))

    def report(share: float, words: str) -> None:
        say(answers, Told(share, words))

    task = hear_parent(questions)
    assert isinstance(task, Task)
    try:
        learned = learn(_lesson(task, read), report)
    except (EOFError, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent has to hear of it
        say(answers, _gave_up(error))
    else:
        say(answers, Done(learned.onnx, packed(learned.held_out), dict(learned.notes)))


def by_kind(lesson: Lesson, report: Report) -> Learned:
    """Learn whole pictures or boxes.

    Raises:
        TooLittle: there is not enough to learn from.
    """
    if lesson.kind is Kind.DETECTION:
        from footfall.learning.detector import learn_detector  # noqa: PLC0415 - only what this lesson needs

        return learn_detector(lesson, report)
    from footfall.learning.classifier import learn_classifier  # noqa: PLC0415

    return learn_classifier(lesson, report)


def _lesson(task: Task, read: Callable[[str], Rgb]) -> Lesson:
    examples = tuple(
        Example(sample.id, sample.labels, np.array(sample.boxes_xyxy_n, np.float32).reshape(-1, 4))
        for sample in task.samples
    )
    return Lesson(
        kind=task.kind,
        tags=task.tags,
        examples=examples,
        read=read,
        input_px=task.input_px,
        is_advanced=task.is_advanced,
        budget_s=task.budget_s,
        threads=task.threads,
        base=task.base,
    )


def _gave_up(error: Exception) -> GaveUp:
    if isinstance(error, PictureGone):
        return GaveUp("a picture was deleted while it was learned from", is_picture_gone=True)
    if isinstance(error, MemoryError):
        return GaveUp("there is not enough memory to learn from so many pictures")
    if isinstance(error, TooLittle):
        return GaveUp(str(error))
    return GaveUp(f"the training broke: {type(error).__name__}: {error}")
