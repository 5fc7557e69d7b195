"""What is told of two detectors on one clip: figures of both, and the people whom one of them follows alone.

Agreement is not accuracy: whom neither finds is not told of here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from footfall.core.geometry import Box
from footfall.evaluation.audit_sheet import clock
from footfall.evaluation.following import Rivals, Side
from footfall.evaluation.report import Cell, share, table
from footfall.evaluation.whereabouts import Whereabouts

Counts: TypeAlias = Mapping[str, tuple[int, int]]
"""By line (right, left), by zone (enters, exits)."""


@dataclass(frozen=True, slots=True)
class Lone:
    """Somebody whom one model alone follows."""

    model: str
    track_id: str
    first_s: float
    last_s: float
    at_s: float
    box_n: Box
    where: str

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "model": self.model, "person": self.track_id, "from_s": self.first_s, "to_s": self.last_s,
            "at_s": self.at_s, "box": list(self.box_n), "where": self.where,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finds:
    """One detector's figures."""

    name: str
    boxes: int
    shared: int
    people: int
    lone: tuple[Lone, ...]
    counts: Counts
    ms: float | None

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "model": self.name, "boxes": self.boxes, "boxes_both": self.shared, "people": self.people,
            "people_alone": len(self.lone), "counts": {name: list(pair) for name, pair in self.counts.items()},
            "ms_per_picture": self.ms,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Findings:
    """Both detectors on one clip."""

    title: str
    frames: int
    models: tuple[Finds, Finds]
    lines: frozenset[str]

    @property
    def lone(self) -> tuple[Lone, ...]:
        """Whom one of them alone follows, by time."""
        return tuple(sorted((one for model in self.models for one in model.lone), key=lambda one: one.first_s))

    @property
    def agreement(self) -> float:
        """Share of all boxes that both find; there is at least one."""
        return sum(model.shared for model in self.models) / sum(model.boxes for model in self.models)

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        running, new = self.models
        return {
            "clip": self.title, "frames": self.frames, "agreement": self.agreement, "running": running.to_dict(),
            "new": new.to_dict(), "alone": [one.to_dict() for one in self.lone], "advice": self.advice(),
        }  # fmt: skip

    def table(self) -> str:
        """Plain text: figures of both, then the people to look at."""
        models = self.models
        rows: list[Sequence[Cell]] = [
            ("people followed", *(one.people for one in models)),
            ("of them by this one alone", *(len(one.lone) for one in models)),
            ("boxes", *(one.boxes for one in models)),
            ("of them in both", *(f"{one.shared / one.boxes:.0%}" if one.boxes else None for one in models)),
            *((self._called(name), *(_spell(one.counts[name]) for one in models)) for name in models[0].counts),
            ("milliseconds a picture", *(None if one.ms is None else f"{one.ms:.1f}" for one in models)),
        ]
        parts = [table(f"{self.frames} pictures of {self.title}", ("", *(one.name for one in models)), rows)]
        if self.lone:
            title, columns = "who is followed by one of them alone", ("person", "by", "seen", "where")
            parts.append(table(title, columns, [_row(one) for one in self.lone]))
        return "\n\n".join(parts)

    def advice(self) -> str:
        """What to do about it, in sentences."""
        running, new = self.models
        boxes, shared = (sum(getattr(one, name) for one in self.models) for name in ("boxes", "shared"))
        said = f"they agree about {share(shared, boxes)} of boxes"
        if self.lone:
            said += (
                f"; look at {'this one' if len(self.lone) == 1 else f'these {len(self.lone)}'} before you switch over"
            )
        apart = [name for name in running.counts if running.counts[name] != new.counts[name]]
        if apart:
            return f"{said}; they count differently at {', '.join(apart)}"
        return f"{said}; they count the same" if running.counts else said

    def _called(self, name: str) -> str:
        return f"{name}: right, left" if name in self.lines else f"{name}: in, out"


def findings(rivals: Rivals, title: str, frames: int, at: Whereabouts) -> Findings:
    """Figures of both, when the clip is over and somebody was found.

    Args:
        rivals: after their last frame.
        title: what was looked at.
        frames: how many pictures.
        at: says where in the picture something is.
    """
    models = _finds(rivals.running, at), _finds(rivals.new, at)
    return Findings(title, frames, models, frozenset(rivals.running.totals.lines))


def _finds(side: Side, at: Whereabouts) -> Finds:
    name = side.contestant.name
    lone = tuple(
        Lone(name, one.track_id, one.first_s, one.last_s, one.at_s, one.box_n, at.words(one.footprint_n))
        for one in side.trails.values()
        if one.is_lone
    )
    counts = {line: (one.right, one.left) for line, one in side.totals.lines.items()}
    counts |= {zone: (one.enters, one.exits) for zone, one in side.totals.zones.items()}
    return Finds(name, side.boxes, side.shared, len(side.trails), lone, counts, side.contestant.ms)


def _spell(counts: tuple[int, int]) -> str:
    return f"{counts[0]}, {counts[1]}"


def _row(one: Lone) -> tuple[Cell, ...]:
    return one.track_id[-4:], one.model, f"{clock(one.first_s)} to {clock(one.last_s)}", one.where
