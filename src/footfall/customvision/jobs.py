"""Trainings in the background: one at a time, each in a child process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training is."""

    share: float
    """0..1"""
    words: str
    queued: datetime
    started: datetime | None
    """None: others are before it."""
    remaining_s: float | None
    """An estimate; None: nobody knows yet."""


def progress(shop: Workshop, project_id: str, iteration_id: str) -> Progress:
    """How far a training is; all of it, where it has ended.

    Raises:
        Refused: there is no such iteration.
    """
    raise NotImplementedError
