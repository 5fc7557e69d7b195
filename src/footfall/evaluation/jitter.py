"""The jitter suite: how far totals are off when boxes tremble, ids switch, sights are missing and frames are few.

The same people (`jitter_walks`) are seen under one condition after the other (`jitter_noise`), and counted. What was
counted is held against what each single person did, so that one crossing too many and one too few do not cancel:

- missed: crossings and visits of a person that were not told;
- extra: told more often than they happened, or of nobody;
- total error: what the totals of the regions are off by, each line and direction and each zone by itself;
- strict error: missed and extra together. Both errors are shares of what truly happened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from random import Random
from typing import Any, TypeAlias

from footfall.core.geometry import Point
from footfall.evaluation.jitter_noise import Condition, Crowd, disturb
from footfall.evaluation.jitter_walks import HEIGHT_PX, LINES_PX, WIDTH_PX, ZONES_PX, Act, Truth, acts
from footfall.evaluation.report import Cell, table
from footfall.spatial.insights import LineCrossed, ZoneEntered
from footfall.spatial.operation import Operation
from footfall.spatial.regions import Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule

Told: TypeAlias = tuple[str, str, str, int]
"""(region, `CrossRight` | `CrossLeft` | `Enter`, track id, frame of the sight)."""
Counting: TypeAlias = Callable[[Crowd], Iterable[Told]]


@dataclass(frozen=True, slots=True)
class Suite:
    """What to try."""

    seed: int = 1
    people: int = 300
    sigmas_px: tuple[float, ...] = (2.0, 4.0, 6.0)
    switches: float = 5.0
    frame_rates: tuple[float, ...] = (30.0, 5.0, 3.0)

    def conditions(self) -> list[Condition]:
        """Clean first, then one trouble more at a time, then all together."""
        middle, worst, switches = sorted(self.sigmas_px)[len(self.sigmas_px) // 2], max(self.sigmas_px), self.switches
        return [
            Condition("clean"),
            *(Condition(f"white {s:g} px", s, switches=switches) for s in self.sigmas_px),
            *(Condition(f"correlated {s:g} px", s, correlated=True, switches=switches) for s in self.sigmas_px),
            Condition("no switches", middle),
            Condition("twice the switches", middle, switches=2.0 * switches),
            Condition("10 % missed, in runs", middle, switches=switches, missed=0.1),
            Condition("legs hidden 15 %", middle, switches=switches, hidden=0.15),
            Condition("5 false tracks", middle, switches=switches, false_tracks=5.0),
            *(Condition(f"{fps:g} fps", middle, switches=switches, fps=fps) for fps in self.frame_rates),
            Condition("all together", worst, True, switches, missed=0.1, hidden=0.05, false_tracks=2.0),
        ]


@dataclass(frozen=True, slots=True)
class Score:
    """One condition, or several together."""

    condition: str
    truth: int
    missed: int
    extra: int
    off: int
    """Sum over regions and directions of |counted - true|."""

    @property
    def total_error(self) -> float:
        """What the totals are off by, as a share of the truth."""
        return self.off / max(self.truth, 1)

    @property
    def strict_error(self) -> float:
        """Missed and extra ones, as a share of the truth."""
        return (self.missed + self.extra) / max(self.truth, 1)


@dataclass(frozen=True, slots=True)
class JitterReport:
    """All conditions, and what went wrong by kind of act."""

    scores: tuple[Score, ...]
    mistakes: Counter[str] = field(default_factory=Counter)
    """By what the person did: missed and extra ones."""

    @property
    def overall(self) -> Score:
        """All conditions together."""
        sums = (sum(getattr(score, name) for score in self.scores) for name in ("truth", "missed", "extra", "off"))
        return Score("overall", *sums)

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        rows = [*self.scores, self.overall]
        errors = [{"total_error": row.total_error, "strict_error": row.strict_error} for row in rows]
        return {
            "conditions": [asdict(row) | error for row, error in zip(rows, errors, strict=True)],
            "mistakes": dict(self.mistakes.most_common()),
        }

    def table(self) -> str:
        """For people."""
        rows: list[Sequence[Cell]] = [
            (s.condition, s.truth, s.missed, s.extra, f"{s.total_error:.1%}", f"{s.strict_error:.1%}")
            for s in (*self.scores, self.overall)
        ]
        columns = ("condition", "truth", "missed", "extra", "total error", "strict error")
        return table("Jitter suite: crossings and visits", columns, rows)


def run_suite(suite: Suite, counting: Counting | None = None) -> Iterator[tuple[Score, Counter[str]]]:
    """Score one condition after the other; mistakes by kind of act beside each score.

    Args:
        suite: What to try.
        counting: Who counts; default our rules with a threshold of 0.025.
    """
    counts = counting or count_with_rules
    people = list(islice(acts(Random(suite.seed)), suite.people))  # noqa: S311 a seed must give the same people
    for condition in suite.conditions():
        crowd = disturb(people, condition, Random(f"{suite.seed} {condition.name}"))  # noqa: S311
        yield score(condition.name, people, crowd, counts(crowd))


def score(name: str, people: Sequence[Act], crowd: Crowd, told: Iterable[Told]) -> tuple[Score, Counter[str]]:
    """Hold what was told against what everybody did."""
    found: dict[int | None, Truth] = {}
    for region, what, track_id, frame in told:
        owner = crowd.owner.get((track_id, frame))
        found.setdefault(owner, Counter())[region, what] += 1
    mistakes: Counter[str] = Counter({"nobody": found.get(None, Counter()).total()})
    missed, extra = 0, mistakes["nobody"]
    for number, act in enumerate(people):
        own = found.get(number, Counter())
        missed += (act.truth - own).total()
        extra += (own - act.truth).total()
        mistakes[act.name] += (act.truth - own).total() + (own - act.truth).total()
    truth = sum((act.truth for act in people), Counter())
    counted = sum(found.values(), Counter())
    off = sum(abs(counted[key] - truth[key]) for key in truth.keys() | counted.keys())
    return Score(name, truth.total(), missed, extra, off), +mistakes


def count_with_rules(crowd: Crowd) -> Iterator[Told]:
    """Our rules at work on the crowd."""
    operation = Operation(spec(), HEIGHT_PX / WIDTH_PX)
    insights = [
        insight
        for frame, people in enumerate(crowd.frames)
        for insight in operation.step(people, frame / crowd.fps, frame)
    ]
    for insight in insights + operation.flush():
        if isinstance(insight, LineCrossed):
            yield insight.line, insight.direction.value, insight.person.track_id, insight.person.frame
        elif isinstance(insight, ZoneEntered):
            yield insight.zone, "Enter", insight.person.track_id, insight.person.frame


def spec() -> SpatialSpec:
    """The suite's lines and zones; every threshold is 0.025, 16 px."""
    zones = tuple(
        Zone(name, tuple(map(_normalised, polygon)), (ZoneCrossingRule(0.025),)) for name, polygon in ZONES_PX.items()
    )
    lines = tuple(
        Line(name, _normalised(start), _normalised(end), (LineCrossingRule(0.025),))
        for name, (start, end) in LINES_PX.items()
    )
    return SpatialSpec(zones, lines)


def _normalised(point_px: Point) -> Point:
    return point_px[0] / WIDTH_PX, point_px[1] / HEIGHT_PX
