"""What Custom Vision is opened with; known before anything of the extra is imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from footfall.customvision.workspace.limits import Limits


@dataclass(frozen=True, slots=True)
class FrontWishes:
    """What was asked for on the command line."""

    folder: Path
    public_url: str = ""
    """How clients reach it; empty: as each of them calls it."""
    fetches_public: bool = False
    """Pictures that clients name by address are fetched from all public addresses."""
    fetches_from: frozenset[str] = frozenset()
    """And from these hosts in any case, in lower case."""
    threads: int = 2
    """So many pictures are predicted at the same time."""
    prediction_days: int = Limits().prediction_days
    """How long predictions are kept that nobody trains with; 0: never."""
