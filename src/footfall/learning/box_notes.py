"""What to tell people about a lesson with boxes and what came of it."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.learning.box_graph import SIDE_PX
from footfall.learning.box_views import truth_of
from footfall.learning.lesson import HeldOut, Lesson
from footfall.learning.metrics import detection

F32: TypeAlias = NDArray[np.float32]

TINY_PX: Final = 8.0
"""Sides of boxes that nobody finds, once the picture is 320 px wide and high."""
FEW: Final = 50
"""Below so many pictures with boxes of a tag, more are advised."""


def sides_px(lesson: Lesson) -> F32:
    """(boxes,) square roots of the areas of all boxes, in a picture of 320 px."""
    boxes = np.concatenate([truth_of(one.boxes_xyxy_n, one.labels).xyxy_n for one in lesson.examples])
    return np.asarray(np.sqrt((boxes[:, 2:] - boxes[:, :2]).prod(axis=1)) * SIDE_PX, np.float32)


def notes_for(lesson: Lesson, held_out: HeldOut) -> dict[str, str]:
    """How it went, and warnings, each under a word of its own."""
    figures = detection(lesson.examples, len(lesson.tags), held_out, overlap=0.5).overall
    sides = sides_px(lesson)
    tiny = int((sides < TINY_PX).sum())
    counts = [sum(tag in one.labels for one in lesson.examples) for tag in range(len(lesson.tags))]
    few = [f"{tag} ({count})" for tag, count in zip(lesson.tags, counts, strict=True) if count < FEW]
    skipped = int((held_out.fold < 0).sum())
    found = {
        "held out": f"average precision {figures.average_precision or 0.0:.3f} where boxes overlap by half",
        "warning.tiny": f"{tiny} of {len(sides)} boxes are under {TINY_PX:g} px in a picture of {SIDE_PX} px: "
        "too small to be found; cut the pictures into parts" if tiny else "",
        "warning.few": f"fewer than {FEW} pictures: {', '.join(few[:10])}; more make the model better" if few else "",
        "warning.skipped": f"{skipped} pictures could not be read" if skipped else "",
    }  # fmt: skip
    return {word: text for word, text in found.items() if text}
