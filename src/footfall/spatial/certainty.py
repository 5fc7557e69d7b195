"""How sure the counts are: evidence -> probabilities, their sums -> intervals.

Every sign of doubt has two weights: by how much it makes it likelier that what was told did not happen, and how many
events it lets expect that were not told. Probabilities of one event add up to at most `MOST`. The weights were found
on simulated cameras whose faults were drawn by lot, by maximum likelihood under a Poisson law with weights of 0 and
more (the iteration of Richardson 1972 and Lucy 1974); `python -m benchmarks intervals --fit` does it again, and without
`--fit` it measures on other cameras how often the intervals hold the truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from footfall.core.types import TrackObservation
from footfall.spatial.evidence import Witness
from footfall.spatial.insights import Counted, DistanceMeasured, Dwelled, Insight
from footfall.spatial.interval import LEVEL, Estimate, mean_interval
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.signs import Evidence, Sign, What

MOST = 0.9
"""Nothing told is thought to be false more surely than this."""
_LINE = (
    {Sign.TOLD: 0.011, Sign.FAINT: 0.506, Sign.BRIEF: 0.073, Sign.COVERED: 0.163, Sign.AGAIN: 0.003, Sign.BACK: 0.250},
    {
        Sign.TOLD: 0.006,
        Sign.FAINT: 2.006,
        Sign.HOLES: 0.036,
        Sign.GAP: 0.059,
        Sign.SEAM: 0.048,
        Sign.PASSED: 0.321,
        Sign.CAME: 0.361,
        Sign.WENT: 0.268,
        Sign.DARK: 0.989,
    },
)
_PASSAGE = (
    {
        Sign.TOLD: 0.006,
        Sign.FAINT: 0.424,
        Sign.BRIEF: 0.057,
        Sign.HOLES: 0.009,
        Sign.COVERED: 0.185,
        Sign.GAP: 0.025,
        Sign.AGAIN: 0.030,
        Sign.BACK: 0.107,
        Sign.UNSEEN: 0.122,
    },
    {
        Sign.TOLD: 0.053,
        Sign.BRIEF: 0.034,
        Sign.HOLES: 0.106,
        Sign.COVERED: 0.040,
        Sign.UNSEEN: 0.090,
        Sign.STAYED: 1.206,
    },
)
_VISIT = (
    {
        Sign.TOLD: 0.016,
        Sign.FAINT: 0.191,
        Sign.BRIEF: 0.130,
        Sign.HOLES: 0.021,
        Sign.COVERED: 0.151,
        Sign.GAP: 0.025,
        Sign.AGAIN: 0.093,
        Sign.BACK: 0.317,
        Sign.UNSEEN: 0.260,
    },
    {Sign.TOLD: 0.049, Sign.HOLES: 0.171, Sign.COVERED: 0.100, Sign.UNSEEN: 0.007, Sign.STAYED: 0.803},
)
_NOW = (
    {Sign.TOLD: 0.043},
    {Sign.COVERED: 0.156, Sign.NEAR: 0.159, Sign.LOST: 0.734},
)
WEIGHTS: dict[What, tuple[dict[Sign, float], dict[Sign, float]]] = {
    What.RIGHT: _LINE,
    What.LEFT: _LINE,
    What.ENTER: _PASSAGE,
    What.EXIT: _PASSAGE,
    What.VISIT: _VISIT,
    What.NOW: _NOW,
}
"""For each sign: towards what was told being false, and towards others that were missed."""


def weigh(evidence: Evidence) -> Estimate:
    """One piece of evidence as an estimate; what was not told counts as none told."""
    extra_weights, missed_weights = WEIGHTS[evidence.what]
    extra = min(MOST * evidence.number, _sum(evidence, extra_weights)) if evidence.is_told else 0.0
    missed = _sum(evidence, missed_weights)
    told = evidence.number if evidence.is_told else 0
    return Estimate(told, extra, extra * (1.0 - extra / max(told, 1)), missed, missed)


def _sum(evidence: Evidence, weights: dict[Sign, float]) -> float:
    return sum(weights.get(sign, 0.0) * value for sign, value in evidence.signs.items())


NOTHING = Estimate()


@dataclass(slots=True)
class LineEstimates:
    """Crossings of one line, by Azure's directions."""

    right: Estimate = NOTHING
    left: Estimate = NOTHING


@dataclass(slots=True)
class ZoneEstimates:
    """What one zone has seen."""

    now: Estimate = NOTHING
    """People in the zone: the latest count where the zone has a count rule, else entries less exits."""
    enters: Estimate = NOTHING
    exits: Estimate = NOTHING
    visits: Estimate = NOTHING
    dwell_s: float = 0.0
    """Length of all visits together..."""
    squares_s2: float = 0.0
    """...and the sum of their squares."""

    def mean_dwell_s(self, level: float = LEVEL) -> tuple[float, float] | None:
        """Interval of the mean length of a visit; None before the first one is over."""
        return mean_interval(self.dwell_s, self.squares_s2, self.visits, level)


@dataclass(slots=True)
class Ledger:
    """Every total with its doubts; the shape of `totals.Totals`."""

    lines: dict[str, LineEstimates] = field(default_factory=dict)
    zones: dict[str, ZoneEstimates] = field(default_factory=dict)
    _counted: set[str] = field(default_factory=set)
    """Zones whose `now` comes from a count rule."""

    @classmethod
    def of(cls, spec: SpatialSpec) -> Ledger:
        """Nothing yet, for everything that is watched."""
        return cls({n.name: LineEstimates() for n in spec.lines}, {z.name: ZoneEstimates() for z in spec.zones})

    def go_on(self, before: Ledger) -> None:
        """Take over the totals of the lines and zones that are still there."""
        self.lines |= {name: line for name, line in before.lines.items() if name in self.lines}
        self.zones |= {name: zone for name, zone in before.zones.items() if name in self.zones}

    def add(self, evidence: Iterable[Evidence]) -> None:
        """Enter what was told and what may have been missed."""
        for item in evidence:
            estimate = weigh(item)
            if item.what is What.RIGHT:
                self.lines[item.region].right += estimate
            elif item.what is What.LEFT:
                self.lines[item.region].left += estimate
            elif item.what is What.VISIT:
                self.zones[item.region].visits += estimate
            else:
                self._add_passage(self.zones[item.region], item, estimate)

    def _add_passage(self, zone: ZoneEstimates, item: Evidence, estimate: Estimate) -> None:
        if item.what is What.ENTER:
            zone.enters += estimate
        else:
            zone.exits += estimate
        if item.region not in self._counted:
            zone.now = zone.enters - zone.exits

    def count(self, zone: str, now: Estimate) -> None:
        """A count rule knows how many people are in a zone."""
        self._counted.add(zone)
        self.zones[zone].now = now

    def dwell(self, visit: Dwelled) -> None:
        """Take the length of one visit."""
        self.zones[visit.zone].dwell_s += visit.dwell_s
        self.zones[visit.zone].squares_s2 += visit.dwell_s**2


class Certainty:
    """Of one camera's rules: goes with an `Operation`, and keeps the ledger over several lives of a stream.

    Args:
        spec: what is watched.
        before: the ledger that goes on in what it has in common with this one.
    """

    def __init__(self, spec: SpatialSpec, before: Ledger | None = None) -> None:
        self._spec = spec
        self._witness: Witness | None = None
        self.ledger = Ledger.of(spec)
        if before is not None:
            self.ledger.go_on(before)
        self.evidence: tuple[Evidence, ...] = ()
        """What the last step or flush was based on."""

    def step(
        self, people: Sequence[TrackObservation], t_s: float, aspect: float, insights: Iterable[Insight]
    ) -> list[Insight]:
        """One frame's people at stream time `t_s` (seconds) and what happened -> the same with how sure it is.

        `aspect` is height / width of the picture; where it changes, call `flush` before.
        """
        if self._witness is None:
            self._witness = Witness(self._spec, aspect)
        insights = list(insights)
        return self._sure(insights, self._witness, self._witness.step(people, t_s, insights))

    def flush(self, insights: Iterable[Insight]) -> list[Insight]:
        """The stream is over, or starts again."""
        insights = list(insights)
        if self._witness is None:
            return insights
        sure = self._sure(insights, self._witness, self._witness.flush(insights))
        self._witness = None
        return sure

    def _sure(self, insights: list[Insight], witness: Witness, evidence: list[Evidence]) -> list[Insight]:
        self.evidence = tuple(evidence)
        if not (evidence or insights):
            return []
        self.ledger.add(evidence)
        told = iter([item for item in evidence if item.is_told])
        return [self._marked(insight, witness, told) for insight in insights]

    def _marked(self, insight: Insight, witness: Witness, told: Iterator[Evidence]) -> Insight:
        if isinstance(insight, Counted):
            seen, unseen = witness.presence(insight.zone, insight.count)
            now = weigh(seen) + weigh(unseen)
            self.ledger.count(insight.zone, now)
            return replace(insight, interval=now.interval())
        if isinstance(insight, DistanceMeasured):
            return insight
        if isinstance(insight, Dwelled):
            self.ledger.dwell(insight)
        return replace(insight, certainty=1.0 - weigh(next(told)).extra)
