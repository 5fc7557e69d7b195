"""Gives each face to its person: one to one, best fit first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from footfall.core.geometry import Box
from footfall.core.types import MaskLabel
from footfall.faces.heads import misfit

SAME_FACE = 0.5
"""Two boxes that share so much of the smaller one show one face, cut out twice."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face found in the picture."""

    xyxy_px: Box
    label: MaskLabel
    score: float
    """In [0, 1]."""


def distinct(faces: Sequence[Face]) -> list[Face]:
    """Every face once, the best view of it, best first: neighbours' cuts overlap."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: -face.score):
        if all(shared(face.xyxy_px, other.xyxy_px) <= SAME_FACE for other in kept):
            kept.append(face)
    return kept


def shared(a: Box, b: Box) -> float:
    """Common area in shares of the smaller box, in [0, 1]; 0 for boxes without area."""
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    smaller = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return width * height / smaller if width > 0.0 and height > 0.0 and smaller > 0.0 else 0.0


def give(faces: Sequence[Face], people_px: Mapping[str, Box]) -> dict[str, Face]:
    """Track id -> face. Who hides behind somebody gets none, for the face in front fits the one in front better.

    Args:
        faces: each once.
        people_px: everybody in the picture, looked at or not, so that nobody takes a neighbour's face.
    """
    fits = [
        (off, track_id, index)
        for index, face in enumerate(faces)
        for track_id, person_px in people_px.items()
        if (off := misfit(face.xyxy_px, person_px)) is not None
    ]
    given: dict[str, Face] = {}
    taken: set[int] = set()
    for _, track_id, index in sorted(fits, key=itemgetter(0)):
        if track_id not in given and index not in taken:
            given[track_id] = faces[index]
            taken.add(index)
    return given
