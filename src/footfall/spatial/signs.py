"""The vocabulary of doubt: what is counted, what speaks against it, and a piece of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class What(Enum):
    """What is counted."""

    RIGHT = "right"
    LEFT = "left"
    ENTER = "enters"
    EXIT = "exits"
    VISIT = "visits"
    NOW = "now"


class Sign(Enum):
    """Everything that can speak against a count, each between 0 and about 1 a time."""

    TOLD = "told"
    """Everything told; 1."""
    FAINT = "faint"
    """The person's scores lie below the camera's usual ones."""
    BRIEF = "brief"
    """The person was hardly seen before."""
    HOLES = "holes"
    """Share of frames in which the person was not found."""
    COVERED = "covered"
    """Share of the box that others cover."""
    GAP = "gap"
    """The person was lost shortly before."""
    SEAM = "seam"
    """The track began at this very place, in the open."""
    AGAIN = "again"
    """Somebody else did the same there a moment ago."""
    BACK = "back"
    """The same person passed here a moment ago."""
    UNSEEN = "unseen"
    """A visit that nobody saw begin or end."""
    PASSED = "passed"
    """A track went over the line, and nothing was told."""
    CAME = "came"
    """A track began in the open, on the far side seen from where it was going."""
    WENT = "went"
    """A track ended in the open, on its way to the other side."""
    STAYED = "stayed"
    """A track was in the zone for a while, about deep enough, and nothing was told."""
    NEAR = "near"
    """Somebody stands on the border of a zone."""
    LOST = "lost"
    """Somebody was lost sight of in a zone."""
    DARK = "dark"
    """Events to be expected in the time for which no frame came."""


Signs: TypeAlias = dict[Sign, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """About one thing told, or, `is_told` False, about one that perhaps was not."""

    region: str
    what: What
    t_s: float
    signs: Signs
    is_told: bool = True
    number: int = 1
    """How many were told; the signs are sums over them."""
