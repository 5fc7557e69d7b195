"""Learn to tell tags of whole pictures from a few examples, on a small processor."""

from __future__ import annotations

from footfall.learning.lesson import Learned, Lesson, Report


def learn_classifier(lesson: Lesson, report: Report) -> Learned:
    """Learn, prove it on pictures that were held out, and put all of it into one ONNX model.

    Args:
        lesson: kind multiclass or multilabel.
        report: hears the progress; what it raises stops the training.

    Raises:
        TooLittle: fewer than two tags, or a tag with too few readable pictures.
    """
    raise NotImplementedError
