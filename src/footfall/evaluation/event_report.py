"""Scores of events, region by region, and their sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from footfall.evaluation.report import Cell, table


@dataclass(frozen=True, slots=True)
class Tally:
    """What was to be said against what was said."""

    truth: int
    found: int
    missed: int
    invented: int
    mean_late_frames: float | None = None
    """How many frames too late on average; negative is too early."""


@dataclass(frozen=True, slots=True)
class LineScore:
    """One line, one direction."""

    line: str
    direction: str
    """`CrossRight` or `CrossLeft`."""
    crossings: Tally


@dataclass(frozen=True, slots=True)
class DwellErrors:
    """Dwell times against visits."""

    visits: int
    measured: int
    """Visits whose end was told with a dwell time."""
    mean_error_s: float | None
    """Positive: told too long."""
    mean_absolute_error_s: float | None
    worst_error_s: float | None


@dataclass(frozen=True, slots=True)
class CountErrors:
    """Counts against probes."""

    probes: int
    exact: int
    mean_error: float
    """Positive: too many people."""
    mean_absolute_error: float
    worst_error: int


@dataclass(frozen=True, slots=True)
class ZoneScore:
    """One zone; None for what the truth or the result does not tell."""

    zone: str
    enters: Tally | None
    exits: Tally | None
    dwell: DwellErrors | None
    count: CountErrors | None


@dataclass(frozen=True, slots=True)
class EventReport:
    """Everything about one clip."""

    lines: tuple[LineScore, ...]
    zones: tuple[ZoneScore, ...]
    whole_frame: CountErrors | None
    unknown_regions: tuple[str, ...]
    """In the result, but not in the truth: not scored."""

    @property
    def crossings(self) -> Tally:
        """All lines together."""
        return _sum(score.crossings for score in self.lines)

    @property
    def enters(self) -> Tally:
        """All zones together."""
        return _sum(zone.enters for zone in self.zones if zone.enters)

    @property
    def exits(self) -> Tally:
        """All zones together."""
        return _sum(zone.exits for zone in self.zones if zone.exits)

    def to_dict(self) -> dict[str, Any]:
        """For JSON: the sums, then region by region."""
        return {
            "totals": {name: asdict(tally) for name, tally in self._totals().items()},
            "lines": [asdict(score) for score in self.lines],
            "zones": [asdict(score) for score in self.zones],
            "whole_frame": asdict(self.whole_frame) if self.whole_frame else None,
            "unknown_regions": list(self.unknown_regions),
        }

    def table(self) -> str:
        """Plain text: tallies, then dwell times, then counts."""
        parts = [table("Events", ("what", "truth", "found", "missed", "invented", "frames late"), self._tally_rows())]
        dwells = [(zone.zone, *_cells(zone.dwell)) for zone in self.zones if zone.dwell]
        if dwells:
            columns = ("zone", "visits", "measured", "mean error s", "mean |error| s", "worst s")
            parts.append(table("Dwell times", columns, dwells))
        counts = [(zone.zone, *_cells(zone.count)) for zone in self.zones if zone.count]
        if self.whole_frame:
            counts.append(("(whole frame)", *_cells(self.whole_frame)))
        if counts:
            parts.append(table("Counts", ("zone", "probes", "exact", "mean error", "mean |error|", "worst"), counts))
        if self.unknown_regions:
            parts.append(f"Not in the truth, not scored: {', '.join(self.unknown_regions)}")
        return "\n\n".join(parts)

    def _totals(self) -> dict[str, Tally]:
        return {"crossings": self.crossings, "enters": self.enters, "exits": self.exits}

    def _tally_rows(self) -> list[tuple[Cell, ...]]:
        rows = [(f"{score.line} {score.direction}", score.crossings) for score in self.lines]
        for zone in self.zones:
            rows += [(f"{zone.zone} Enter", zone.enters)] if zone.enters else []
            rows += [(f"{zone.zone} Exit", zone.exits)] if zone.exits else []
        rows += [(f"all {name}", tally) for name, tally in self._totals().items()]
        return [(name, *_cells(tally)) for name, tally in rows]


def _sum(tallies: Iterable[Tally]) -> Tally:
    """Add up; the lateness weighs each match alike."""
    parts = list(tallies)
    timed = [(tally.mean_late_frames, tally.found) for tally in parts if tally.mean_late_frames is not None]
    matches = sum(found for _, found in timed)
    return Tally(
        truth=sum(tally.truth for tally in parts),
        found=sum(tally.found for tally in parts),
        missed=sum(tally.missed for tally in parts),
        invented=sum(tally.invented for tally in parts),
        mean_late_frames=sum(late * found for late, found in timed) / matches if matches else None,
    )


def _cells(score: Tally | DwellErrors | CountErrors | None) -> tuple[Cell, ...]:
    return tuple(asdict(score).values()) if score else ()
