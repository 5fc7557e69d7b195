"""Simple pictures to learn from: a form in any colour at any place on noise."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.learning.lesson import Example, Kind, Lesson, Rgb

FORMS = ("disc", "cross", "stripes")
NO_BOXES: NDArray[np.float32] = np.zeros((0, 4), np.float32)


def drawn(forms: Sequence[str], seed: int, size: tuple[int, int] = (120, 160)) -> Rgb:
    """A picture with these forms on it."""
    rng = np.random.default_rng(seed)
    picture = rng.normal(rng.uniform(60, 190), 12, (*size, 3)).clip(0, 255).astype(np.uint8)
    for form in forms:
        colour = tuple(int(part) for part in rng.choice([0, 255], 3))
        x, y = (int(rng.integers(35, side - 35)) for side in (size[1], size[0]))
        r = int(rng.integers(18, 30))
        if form == "disc":
            cv2.circle(picture, (x, y), r, colour, -1)
        elif form == "cross":
            cv2.line(picture, (x - r, y - r), (x + r, y + r), colour, 9)
            cv2.line(picture, (x - r, y + r), (x + r, y - r), colour, 9)
        else:
            for step in range(-r, r + 1, 12):
                cv2.rectangle(picture, (x - r, y + step), (x + r, y + step + 5), colour, -1)
    return picture


def lesson(
    truths: Sequence[Sequence[str]],
    *,
    tags: Sequence[str] = FORMS,
    kind: Kind = Kind.MULTICLASS,
    input_px: int = 96,
    pictures: dict[str, Rgb] | None = None,
    **more: object,
) -> Lesson:
    """A lesson of one picture for each truth."""
    shown = {str(i): drawn([form for form in truth if form in FORMS], i) for i, truth in enumerate(truths)}
    shown |= pictures or {}
    examples = tuple(
        Example(str(i), tuple(tags.index(tag) for tag in truth), NO_BOXES) for i, truth in enumerate(truths)
    )
    return Lesson(kind, tuple(tags), examples, shown.__getitem__, input_px, **more)  # type: ignore[arg-type]


def quiet(_share: float, _what: str) -> None:
    """A report to nobody."""
