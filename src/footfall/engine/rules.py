"""The node of the rules: who was seen becomes what happened; it outlives crashes and changes of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from footfall.core.types import Frame, Observed
from footfall.engine.ground import aspect_of
from footfall.engine.items import Happened, Tracked
from footfall.engine.visits import Remembered, VisitsFile
from footfall.events.calibration import CalibrationInfo
from footfall.spatial.certainty import Certainty
from footfall.spatial.insights import Counted, DistanceMeasured, Dwelled, Insight, LineCrossed
from footfall.spatial.operation import Operation
from footfall.spatial.regions import DwellRule, SpatialSpec, ZoneCrossingRule
from footfall.spatial.visits import AWAY_S, WAIT_S

SAVE_EVERY_S = 1.0


class SpatialNode:
    """Tracked -> Happened. Starts anew when a file starts again or the picture changes its shape.

    Args:
        spec: what to watch.
        memory: where open visits outlive a crash; None: nowhere.
    """

    def __init__(self, spec: SpatialSpec, memory: VisitsFile | None = None) -> None:
        self._spec = spec
        self._memory = memory
        self._certainty = Certainty(spec)
        self._operation: Operation | None = None
        self._last: Observed | None = None
        self._saved_s = 0.0
        self._calibration = CalibrationInfo()

    def feed(self, item: object) -> Iterator[Happened]:
        """Apply the rules to the people of one frame."""
        assert isinstance(item, Tracked)
        observed = item.observed
        if self._last is not None and _starts_anew(observed, self._last):
            yield from self.flush()
        self._calibration = item.calibration
        if self._operation is None:
            self._operation = Operation(self._spec, aspect_of(observed))
            self._recall(self._operation, observed)
        self._last = observed
        told = self._operation.step(observed.people, observed.t_s, observed.frame)
        self._save(observed, is_news=any(not isinstance(insight, Counted | DistanceMeasured) for insight in told))
        insights = self._certainty.step(observed.people, observed.t_s, aspect_of(observed), told)
        yield self._happened(observed, insights, item.frame)

    def flush(self) -> Iterator[Happened]:
        """Close what is open, at the time of last sight."""
        if self._operation is not None and self._last is not None:
            insights = self._certainty.flush(self._operation.flush())
            yield self._happened(replace(self._last, people=()), insights, None)
        self._operation = None
        if self._memory is not None:
            self._memory.clear()

    def hand_over(self, heir: SpatialNode) -> Happened | None:
        """Let a node with other rules go on, visits and totals included; what ends with the rules that it has not.

        This node is fed nothing more.
        """
        heir._certainty = Certainty(heir._spec, self._certainty.ledger)
        if self._operation is None or self._last is None:
            return None
        heir._last, heir._calibration = self._last, self._calibration
        heir._operation = Operation(heir._spec, aspect_of(self._last))
        heir._operation.resume(self._operation.known(), self._last.t_s)
        ending = [told for told in self._operation.flush() if not _goes_on(told, self._spec, heir._spec)]
        regions = {region_of(told) for told in ending}
        happened = self._happened(replace(self._last, people=()), self._certainty.flush(ending), None)
        return replace(happened, evidence=tuple(e for e in happened.evidence if e.region in regions))

    def _recall(self, operation: Operation, now: Observed) -> None:
        """Go on where a process that died has ended."""
        remembered = None if self._memory is None or self._last is not None else self._memory.load()
        if remembered is None or not remembered.people:
            return
        away_s = max(0.0, (now.utc - remembered.utc).total_seconds())
        by_s = now.t_s - away_s - remembered.t_s
        until_s = now.t_s + (WAIT_S if away_s <= AWAY_S else -1.0)
        operation.resume([person.moved(by_s) for person in remembered.people], until_s)

    def _save(self, observed: Observed, *, is_news: bool) -> None:
        if self._memory is None or self._operation is None:
            return
        if is_news or not 0.0 <= observed.t_s - self._saved_s < SAVE_EVERY_S:
            self._saved_s = observed.t_s
            self._memory.save(Remembered(observed.utc, observed.t_s, tuple(self._operation.known())))

    def _happened(self, observed: Observed, insights: Iterable[Insight], frame: Frame | None) -> Happened:
        certainty = self._certainty
        return Happened(observed, tuple(insights), frame, self._calibration, certainty.ledger, certainty.evidence)


def region_of(insight: Insight) -> str:
    """The zone or line that it happened at."""
    return insight.line if isinstance(insight, LineCrossed) else insight.zone


def _goes_on(insight: Insight, old: SpatialSpec, new: SpatialSpec) -> bool:
    """Whether what a flush would tell is not over yet under other rules."""
    if isinstance(insight, LineCrossed):
        here, there = ([line for line in spec.lines if line.name == insight.line] for spec in (old, new))
        return here == there
    kind = DwellRule if isinstance(insight, Dwelled) else ZoneCrossingRule
    return any(zone.name == insight.zone and any(isinstance(r, kind) for r in zone.rules) for zone in new.zones)


def _starts_anew(observed: Observed, last: Observed) -> bool:
    return observed.loop != last.loop or (observed.size_px != last.size_px and aspect_of(observed) != aspect_of(last))
