"""Simulated cameras with faults drawn by lot: what was told, what is true, and the evidence in between."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeAlias

import numpy as np

from footfall.config.native import parse_line, parse_zone
from footfall.core.geometry import Point, crossing_fraction, distance_to_segment, side_of_line, to_widths
from footfall.core.types import TrackObservation
from footfall.simulator.boxes import simulate_boxes
from footfall.simulator.flaws import FlawedDetector, Flaws, Gaps, IdFaults
from footfall.simulator.scene import SceneSpec, scene_regions
from footfall.simulator.truth import FrameTruth, Regions
from footfall.spatial.area import Area
from footfall.spatial.evidence import Witness
from footfall.spatial.insights import Counted, Dwelled, Insight
from footfall.spatial.operation import Operation
from footfall.spatial.regions import CountRule, DwellRule, SpatialSpec, ZoneCrossingRule
from footfall.spatial.signs import Evidence, What
from footfall.track.settings import TrackerSettings
from footfall.track.tracker import PeopleTracker

STORIES = ("lobby", "door", "queue", "crowd")
SIZE_PX = (640, 360)
ASPECT = SIZE_PX[1] / SIZE_PX[0]
PROBE_EVERY_S = 5.0
TOLERANCE_S = 3.0


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera by lot."""

    seed: int
    scene: SceneSpec
    flaws: Flaws
    spatial: SpatialSpec

    @classmethod
    def draw(cls, seed: int) -> Camera:
        """Story, length, number of people, faults and kind of thresholds."""
        rng = np.random.default_rng([seed, 1])
        story = STORIES[int(rng.integers(4))]
        duration_s = float(rng.choice([20.0, 40.0, 60.0, 120.0]))
        people = max(2, round(duration_s / 60.0 * rng.uniform(4.0, 24.0)))
        flaws = Flaws.draw(rng)
        scene = SceneSpec(story, seed, people, duration_s, flaws.fps, SIZE_PX)
        regions = scene_regions(scene)
        spatial = regions.spatial() if rng.uniform() < 0.3 else as_ours(regions)
        return cls(seed, scene, flaws, spatial)


def as_ours(regions: Regions) -> SpatialSpec:
    """The rules of the command line."""
    words = [argument.removeprefix("--").partition("=") for argument in regions.arguments()]
    zones = tuple(parse_zone(text) for kind, _, text in words if kind == "zone")
    return SpatialSpec(zones, tuple(parse_line(text) for kind, _, text in words if kind == "line"))


Seen: TypeAlias = tuple[float | None, tuple[TrackObservation, ...], tuple[Insight, ...]]
"""Stream time, None at the end; people; what the rules made of them."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What one camera told, and what is true."""

    camera: Camera
    stream: list[Seen]
    truth: dict[tuple[str, What], list[float]]
    """When it really happened."""
    dwell_s: dict[str, list[float]]
    """Length of the real visits."""
    probes: list[tuple[float, dict[str, int]]]
    """Now and then: how many are really in each zone."""


def record(camera: Camera) -> Recording:
    """Run the real tracker and the real rules over a detector with faults."""
    lot, names, judge = np.random.default_rng, count(), Judge(camera)
    tracker = PeopleTracker(TrackerSettings(), lambda: f"{next(names):032x}")
    detector = FlawedDetector(camera.flaws, SIZE_PX, lot([camera.seed, 2]))
    faults, gaps = IdFaults(camera.flaws, lot([camera.seed, 3])), Gaps(camera.flaws, lot([camera.seed, 4]))
    operation = Operation(camera.spatial, ASPECT)
    stream: list[Seen] = []
    for truth in gaps.kept(judge.watched(simulate_boxes(camera.scene))):
        found = tracker.update(detector.detect(truth), truth.t_s, truth.frame)
        people = tuple(faults.spoil(found, truth.t_s))
        stream.append((truth.t_s, people, tuple(operation.step(people, truth.t_s, truth.frame))))
    stream.append((None, (), tuple(operation.flush())))
    judge.finish()
    return Recording(camera, stream, dict(judge.happened), dict(judge.dwell_s), judge.probes)


@dataclass(frozen=True, slots=True)
class Case:
    """One count: what was told, what is true."""

    camera: Camera
    region: str
    what: What
    told: list[Evidence]
    missed: list[Evidence]
    truth: int
    false: int
    """How many of those told did not happen..."""
    unseen: int
    """...and how many that happened were not told."""
    labels: list[int]
    """For each piece of evidence in `told`: how many of it did not happen."""


@dataclass(frozen=True, slots=True)
class DwellCase:
    """One mean length of visits."""

    camera: Camera
    total_s: float
    squares_s2: float
    visits: list[Evidence]
    truth_s: float


def cases(recording: Recording) -> tuple[list[Case], list[DwellCase]]:
    """All counts of one camera: every line each way, every zone's enters, exits, visits, mean dwell, people now."""
    camera = recording.camera
    witness, evidence, visits, found = Witness(camera.spatial, ASPECT), [], [], []
    now: dict[str, int] = {}
    probes = deque(recording.probes)
    for t_s, people, insights in recording.stream:
        evidence += witness.flush(insights) if t_s is None else witness.step(people, t_s, insights)
        visits += [insight for insight in insights if isinstance(insight, Dwelled)]
        now |= {insight.zone: insight.count for insight in insights if isinstance(insight, Counted)}
        while t_s is not None and probes and probes[0][0] <= t_s:
            probe_s, truth = probes.popleft()
            if probe_s == t_s:
                found += [_probe(camera, zone, witness.presence(zone, now[zone]), n) for zone, n in truth.items()]
    for region, what in counts_of(camera.spatial):
        about = [item for item in evidence if (item.region, item.what) == (region, what)]
        told, missed = [e for e in about if e.is_told], [e for e in about if not e.is_told]
        times = recording.truth.get((region, what), [])
        labels = [int(is_false) for is_false in unmatched([e.t_s for e in told], times)]
        unseen = len(times) - len(told) + sum(labels)
        found.append(Case(camera, region, what, told, missed, len(times), sum(labels), unseen, labels))
    return found, list(_dwells(recording, visits, evidence))


def _probe(camera: Camera, zone: str, presence: list[Evidence], truth: int) -> Case:
    told = presence[0].number
    false, unseen = max(0, told - truth), max(0, truth - told)
    return Case(camera, zone, What.NOW, presence[:1], presence[1:], truth, false, unseen, [false])


def _dwells(recording: Recording, visits: list[Dwelled], evidence: list[Evidence]) -> Iterator[DwellCase]:
    for zone in recording.camera.spatial.zones:
        told_s = [visit.dwell_s for visit in visits if visit.zone == zone.name]
        true_s = recording.dwell_s.get(zone.name, [])
        about = [item for item in evidence if (item.region, item.what) == (zone.name, What.VISIT)]
        if told_s and true_s:
            squares_s2 = sum(dwell_s**2 for dwell_s in told_s)
            yield DwellCase(recording.camera, sum(told_s), squares_s2, about, sum(true_s) / len(true_s))


def counts_of(spatial: SpatialSpec) -> Iterator[tuple[str, What]]:
    """Everything that is counted up."""
    for line in spatial.lines:
        yield from ((line.name, what) for what in (What.RIGHT, What.LEFT))
    for zone in spatial.zones:
        yield from ((zone.name, what) for what in (What.ENTER, What.EXIT, What.VISIT))


def unmatched(told_s: list[float], true_s: list[float]) -> list[bool]:
    """Which of those told are not one of those that happened: the nearest in time belong together."""
    pairs = sorted(
        (abs(told - true), i, j)
        for i, told in enumerate(told_s)
        for j, true in enumerate(true_s)
        if abs(told - true) <= TOLERANCE_S
    )
    told_left, true_left = set(range(len(told_s))), set(range(len(true_s)))
    for _, i, j in pairs:
        if i in told_left and j in true_left:
            told_left.remove(i)
            true_left.remove(j)
    return [i in told_left for i in range(len(told_s))]


class Judge:
    """What the rules ask for, to the letter of RULE 15 and 16, answered from where the feet really are."""

    def __init__(self, camera: Camera) -> None:
        spatial = camera.spatial
        self._every = max(1, round(camera.flaws.fps * PROBE_EVERY_S))
        self._counts = [
            (zone.name, Area(zone.polygon_n, ASPECT), rule.threshold_w)
            for zone in spatial.zones
            for rule in zone.rules
            if isinstance(rule, CountRule)
        ]
        self.probes: list[tuple[float, dict[str, int]]] = []
        self._lines = [
            (n.name, to_widths(n.start_n, ASPECT), to_widths(n.end_n, ASPECT), n.rules[0].threshold_w)
            for n in spatial.lines
        ]
        self._zones = []
        for zone in spatial.zones:
            area = Area(zone.polygon_n, ASPECT)
            for rule in zone.rules:
                if isinstance(rule, ZoneCrossingRule | DwellRule):
                    whats = (What.VISIT,) if isinstance(rule, DwellRule) else (What.ENTER, What.EXIT)
                    self._zones.append((zone.name, area, rule.threshold_w, whats))
        self.happened: dict[tuple[str, What], list[float]] = defaultdict(list)
        self.dwell_s: dict[str, list[float]] = defaultdict(list)
        self._walks: dict[tuple[str, str], list[Any]] = {}
        self._stays: dict[tuple[str, What, str], list[float]] = {}
        self._t_s = 0.0

    def watched(self, frames: Iterator[FrameTruth]) -> Iterator[FrameTruth]:
        """Pass every frame on after looking at it."""
        for frame in frames:
            self._look(frame)
            yield frame

    def _look(self, frame: FrameTruth) -> None:
        self._t_s = frame.t_s
        feet = {person.id: to_widths(person.foot_n, ASPECT) for person in frame.people}
        if frame.frame and frame.frame % self._every == 0:
            inside = {
                name: sum(area.depth(foot) > threshold_w for foot in feet.values())
                for name, area, threshold_w in self._counts
            }
            self.probes.append((frame.t_s, inside))
        for name, start, end, threshold_w in self._lines:
            for who, foot in feet.items():
                self._walk(name, (start, end), threshold_w, who, foot)
        for name, area, threshold_w, whats in self._zones:
            for who, foot in feet.items():
                self._stay(name, area.depth(foot), threshold_w, whats, who)
            for key in [k for k in self._stays if k[0] == name and k[1] is whats[0] and k[2] not in feet]:
                self._leave(key, whats)

    def _walk(self, name: str, line: tuple[Point, Point], threshold_w: float, who: str, foot: Point) -> None:
        side = 1 if side_of_line(*line, foot) > 0.0 else -1
        walk = self._walks.setdefault((name, who), [foot, 0, 0])
        before, confirmed, balance = walk
        if crossing_fraction(before, foot, *line) is not None:
            was = 1 if side_of_line(*line, before) > 0.0 else -1
            balance += side if side != was else 0
        if distance_to_segment(foot, *line) >= threshold_w:
            if confirmed == -side and balance == side:
                self.happened[name, What.RIGHT if side > 0 else What.LEFT].append(self._t_s)
            confirmed, balance = side, 0
        walk[:] = foot, confirmed, balance

    def _stay(self, name: str, depth: float, threshold_w: float, whats: tuple[What, ...], who: str) -> None:
        key = name, whats[0], who
        stay = self._stays.get(key)
        if stay is None and depth > threshold_w:
            self._stays[key] = [self._t_s, self._t_s]
            self.happened[name, What.ENTER] += [self._t_s] if What.ENTER in whats else []
        elif stay is not None and depth > 0.0:
            stay[1] = self._t_s
        elif stay is not None and depth < -threshold_w:
            self._leave(key, whats)

    def _leave(self, key: tuple[str, What, str], whats: tuple[What, ...]) -> None:
        first_s, last_s = self._stays.pop(key)
        self.happened[key[0], whats[-1]].append(last_s)
        if What.VISIT in whats:
            self.dwell_s[key[0]].append(last_s - first_s)

    def finish(self) -> None:
        """The stream is over: who is inside counts as leaving."""
        for key in list(self._stays):
            self._leave(key, (What.VISIT,) if key[1] is What.VISIT else (What.ENTER, What.EXIT))
