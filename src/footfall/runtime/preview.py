"""Rules tried on recorded people: what they would have counted, and what is wrong with them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from statistics import median

from footfall.config.plan import EventSpec, GraphPlan, GroundSpec, NodePlan
from footfall.core.types import Observed
from footfall.engine.items import Happened, Tracked
from footfall.runtime.options import Taps
from footfall.runtime.wiring import replay_graph
from footfall.spatial.certainty import Ledger
from footfall.spatial.insights import Dwelled
from footfall.spatial.interval import Estimate
from footfall.spatial.lint.advice import lint
from footfall.spatial.lint.findings import Finding
from footfall.spatial.lint.floor import Floor
from footfall.spatial.lint.recording import Recording
from footfall.spatial.regions import SpatialSpec


@dataclass(frozen=True, slots=True)
class LinePreview:
    """Crossings of a line, by Azure's directions; `Estimate.interval()` says how sure they are."""

    name: str
    right: Estimate
    left: Estimate


@dataclass(frozen=True, slots=True)
class ZonePreview:
    """What a zone would have seen."""

    name: str
    enters: Estimate
    exits: Estimate
    visits: Estimate
    mean_dwell_s: float | None
    """None where no visit ended."""
    mean_dwell_interval_s: tuple[float, float] | None
    median_dwell_s: float | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What the rules of one camera would have counted."""

    begin: datetime | None
    end: datetime | None
    """Capture time of the first and the last recorded frame; None where there is no recording."""
    frames: int
    people: int
    """Different tracks; somebody lost and found again may be two."""
    lines: tuple[LinePreview, ...]
    zones: tuple[ZonePreview, ...]


def preview(frames: Iterable[Observed], plan: GraphPlan) -> Preview:
    """Apply the rules of a plan to recorded frames of its camera.

    Args:
        frames: in order of time, such as `store.tracks.frames` gives.
        plan: the camera's, under the rules to be tried.
    """
    spatial = plan.spec(SpatialSpec)
    witness = _Witness(Ledger.of(spatial))
    numbers = count()
    graph = replay_graph(_bare(plan), lambda: f"{next(numbers):032x}", Taps(on_happened=witness))
    seen = _Seen()
    for observed in frames:
        seen.look(observed)
        _run(graph.push(Tracked(observed)))
    _run(graph.flush())
    lines = tuple(LinePreview(name, told.right, told.left) for name, told in witness.ledger.lines.items())
    zones = tuple(_zone(name, witness) for name in witness.ledger.zones)
    return Preview(seen.begin, seen.end, seen.frames, len(seen.people), lines, zones)


def findings(frames: Iterable[Observed], plan: GraphPlan) -> tuple[Finding, ...]:
    """What is wrong with the rules of a plan, errors first, with better places that were tried on the same people.

    Without frames only the drawing and the settings are judged.
    """
    spatial, recorded = plan.spec(SpatialSpec), list(frames)
    recording = Recording.of(recorded, spatial.forget_after_s) if recorded else None
    ground = next((node.spec for node in plan.nodes if isinstance(node.spec, GroundSpec)), GroundSpec())
    return lint(spatial, recording, Floor(ground.camera, ground.calibrate))


@dataclass(slots=True)
class _Witness:
    """Hears what happens."""

    ledger: Ledger
    dwells_s: dict[str, list[float]] = field(default_factory=dict)

    def __call__(self, item: object) -> None:
        assert isinstance(item, Happened)
        self.ledger = item.ledger or self.ledger
        for insight in item.insights:
            if isinstance(insight, Dwelled):
                self.dwells_s.setdefault(insight.zone, []).append(insight.dwell_s)


@dataclass(slots=True)
class _Seen:
    """What the recording holds."""

    begin: datetime | None = None
    end: datetime | None = None
    frames: int = 0
    people: set[str] = field(default_factory=set)

    def look(self, observed: Observed) -> None:
        self.begin, self.end = self.begin or observed.utc, observed.utc
        self.frames += 1
        self.people.update(person.track_id for person in observed.people)


def _run(items: Iterable[object]) -> None:
    """A graph works as its items are taken."""
    for _ in items:
        pass


def _zone(name: str, witness: _Witness) -> ZonePreview:
    told, lengths_s = witness.ledger.zones[name], witness.dwells_s.get(name, [])
    mean_s = told.dwell_s / told.visits.told if told.visits.told else None
    middle_s = median(lengths_s) if lengths_s else None
    return ZonePreview(name, told.enters, told.exits, told.visits, mean_s, told.mean_dwell_s(), middle_s)


def _bare(plan: GraphPlan) -> GraphPlan:
    """Without words for events, and with the floor as it is known: an hour is too short to learn it."""
    nodes = (_known(node) for node in plan.nodes if not isinstance(node.spec, EventSpec))
    return replace(plan, nodes=tuple(nodes))


def _known(node: NodePlan) -> NodePlan:
    return replace(node, spec=replace(node.spec, calibrate=False)) if isinstance(node.spec, GroundSpec) else node
