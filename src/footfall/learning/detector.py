"""From a few pictures with boxes to a detector: a frozen backbone, two linear stages, solved rather than searched.

The first stage asks every cell of a grid (Tian et al. 2019, "FCOS": which tag, how far to the four sides); the second looks
again inside the best boxes (Girshick et al. 2014, "R-CNN": logistic regression and ridge on what lies in the box).
"""

from __future__ import annotations

from footfall.learning.lesson import Learned, Lesson, Report

LEAST_PICTURES = 5
"""With boxes of a tag, or it cannot be learned and held out at once."""


def learn_detector(lesson: Lesson, report: Report) -> Learned:
    """Learn where the tags of a lesson are; the same lesson gives the same model.

    Returns:
        An ONNX model in the contract of spec/custom-vision.md 9 ("General (compact) [S1]"), and what models of two thirds
        of the pictures each told about the remaining third.

    Raises:
        TooLittle: a tag has boxes in fewer than `LEAST_PICTURES` pictures, or there are no tags.
        ValueError: the lesson is of another kind, a box is not finite, or a label names no tag.
    """
    raise NotImplementedError
