"""Which short moments of a clip somebody should look at, so that few answers tell how right all the counts are.

For every line and zone the clip is cut into moments of a few seconds. What was told in a moment is known; what really
happened is known only for those somebody looks at. Moments are drawn by lot, more of them where counts are uncertain:
stratified sampling (Cochran, "Sampling Techniques", 3rd edition 1977, chapter 5), whose weights keep the estimate
unbiased (`audit.estimate`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Point, distance_to_segment, to_widths
from footfall.core.types import Observed, TrackObservation
from footfall.spatial.area import Area
from footfall.spatial.insights import Direction, Insight, LineCrossed, ZoneEntered, ZoneExited
from footfall.spatial.regions import SpatialSpec

Floats: TypeAlias = NDArray[np.float64]
Pair: TypeAlias = tuple[int, int]
"""How many to the right and to the left, or in and out."""

NEAR_HEIGHTS = 0.4
"""Feet nearer to a line or border than this share of the person's height may cross it."""
SHIFTS = np.array([0.0, -0.08, 0.08, -0.16, 0.16, -0.24, 0.24])
"""A cut between two moments may move by these shares of their length, away from what was told."""
CLEAR_S = 0.7
AT_LEAST = 2
"""Moments of each kind that are looked at first."""


class Stratum(Enum):
    """Kinds of moments, by how likely a mistake is."""

    DOUBTFUL = "something told, and doubtful"
    TOLD = "something told"
    NEAR = "nothing told, somebody near"
    QUIET = "nothing told, nobody near"


SPREAD = {Stratum.DOUBTFUL: 0.5, Stratum.TOLD: 0.3, Stratum.NEAR: 0.35, Stratum.QUIET: 0.1}
"""Guessed standard deviation of a moment's error: who varies more is looked at more (Neyman's allocation)."""


@dataclass(frozen=True, slots=True)
class Told:
    """One crossing, entry or exit that the system told."""

    region: str
    is_first: bool
    """To the right, or in; else to the left, or out."""
    t_s: float


@dataclass(frozen=True, slots=True)
class Moment:
    """A few seconds at one line or zone."""

    region: str
    start_s: float
    end_s: float
    told: Pair
    stratum: Stratum


@dataclass(slots=True)
class Hints:
    """What recorded tracks say about where counts are uncertain: times by region."""

    near: dict[str, list[float]] = field(default_factory=dict)
    """When feet were close to the line or border."""
    doubt: dict[str, list[float]] = field(default_factory=dict)
    """When a track began or ended there, or several people were there together."""


def told_by_insights(insights: Iterable[Insight]) -> list[Told]:
    """Crossings, entries and exits of a replay."""
    told = []
    for one in insights:
        if isinstance(one, LineCrossed):
            told.append(Told(one.line, one.direction is Direction.LEFT_TO_RIGHT, one.t_s))
        elif isinstance(one, (ZoneEntered, ZoneExited)):
            told.append(Told(one.zone, isinstance(one, ZoneEntered), one.t_s))
    return told


class Lookout:
    """Gathers hints from recorded tracks, frame by frame.

    Args:
        spec: the lines and zones.
        aspect: height / width of the picture.
    """

    def __init__(self, spec: SpatialSpec, aspect: float) -> None:
        self._aspect = aspect
        self._areas = {zone.name: Area(zone.polygon_n, aspect, is_open=zone.is_open) for zone in spec.zones}
        self._lines = {
            line.name: (to_widths(line.start_n, aspect), to_widths(line.end_n, aspect)) for line in spec.lines
        }
        names = [*self._areas, *self._lines]
        self._hints = Hints({name: [] for name in names}, {name: [] for name in names})
        self._last: dict[str, tuple[float, dict[str, bool]]] = {}
        """By track: when it was seen last, and which regions were near then."""

    def step(self, observed: Observed) -> None:
        """Take the people of one frame."""
        together = dict.fromkeys([*self._areas, *self._lines], 0)
        for person in observed.people:
            near = self._near(person)
            for name in (name for name, is_near in near.items() if is_near):
                together[name] += 1
                self._hints.near[name].append(observed.t_s)
                if person.track_id not in self._last:
                    self._hints.doubt[name].append(observed.t_s)
            self._last[person.track_id] = observed.t_s, near
        for name in (name for name, people in together.items() if people > 1):
            self._hints.doubt[name].append(observed.t_s)

    def hints(self) -> Hints:
        """Everything gathered; the recording is over."""
        for t_s, near in self._last.values():
            for name in (name for name, is_near in near.items() if is_near):
                self._hints.doubt[name].append(t_s)
        return self._hints

    def _near(self, person: TrackObservation) -> dict[str, bool]:
        feet = to_widths(person.footprint_n, self._aspect)
        reach = NEAR_HEIGHTS * (person.box_n[3] - person.box_n[1]) * self._aspect
        return {name: self._distance(name, feet) < reach for name in (*self._areas, *self._lines)}

    def _distance(self, name: str, feet: Point) -> float:
        area = self._areas.get(name)
        return distance_to_segment(feet, *self._lines[name]) if area is None else area.border_distance(feet)


def moments(
    regions: Sequence[str], duration_s: float, told: Sequence[Told], hints: Hints | None, length_s: float
) -> list[Moment]:
    """The whole clip, cut into moments of about `length_s`, region by region; what was told falls into exactly one."""
    cut = []
    for region in regions:
        here = [one for one in told if one.region == region]
        first = np.array([one.t_s for one in here if one.is_first])
        second = np.array([one.t_s for one in here if not one.is_first])
        edges = _edges(duration_s, np.concatenate([first, second]), length_s)
        counts = [np.histogram(times.clip(edges[0], edges[-1]), edges)[0].tolist() for times in (first, second)]
        kinds = _kinds(edges, np.add(*counts), hints, region)
        cut += [
            Moment(region, float(start), float(end), (right, left), kind)
            for (start, end), right, left, kind in zip(pairwise(edges), *counts, kinds, strict=True)
        ]
    return cut


def _edges(duration_s: float, told_s: Floats, length_s: float) -> Floats:
    """Where moments begin and end: evenly, but for a shift away from what was told, so that nothing is on a cut."""
    edges = np.linspace(0.0, duration_s, max(1, round(duration_s / length_s)) + 1)
    if len(told_s):
        places = edges[1:-1, None] + SHIFTS * length_s
        clear_s = np.abs(places[:, :, None] - told_s).min(axis=2).clip(max=CLEAR_S)
        edges[1:-1] = places[np.arange(len(places)), clear_s.argmax(axis=1)]
    return edges.round(3)


def _kinds(edges: Floats, told: NDArray[np.int64], hints: Hints | None, region: str) -> list[Stratum]:
    if hints is None:
        return [Stratum.TOLD if count else Stratum.QUIET for count in told]
    near, doubt = (np.histogram(times.get(region, []), edges)[0] > 0 for times in (hints.near, hints.doubt))
    return [
        (Stratum.DOUBTFUL if doubtful else Stratum.TOLD) if count else (Stratum.NEAR if close else Stratum.QUIET)
        for count, close, doubtful in zip(told, near, doubt, strict=True)
    ]


def sample(cut: Sequence[Moment], size: int, seed: int) -> list[Moment]:
    """`size` moments drawn by lot, in the order in which to ask.

    Any first part of it is a sample as well, and a larger one with the same seed begins with a smaller one: who stops
    early, or goes on later, loses nothing.
    """
    rng = np.random.default_rng(seed)
    strata = by_stratum(cut)
    drawn = {kind: [members[row] for row in rng.permutation(len(members))] for kind, members in strata.items()}
    taken = dict.fromkeys(strata, 0)
    order: list[Moment] = []
    while len(order) < min(size, len(cut)):
        left = [kind for kind in strata if taken[kind] < len(strata[kind])]
        kind = max(left, key=lambda kind: _need(taken[kind], len(strata[kind]), kind))
        order.append(drawn[kind][taken[kind]])
        taken[kind] += 1
    return order


def by_stratum(cut: Iterable[Moment]) -> Mapping[Stratum, list[Moment]]:
    """The moments of each kind that there is."""
    strata: dict[Stratum, list[Moment]] = {}
    for moment in cut:
        strata.setdefault(moment.stratum, []).append(moment)
    return strata


def _need(taken: int, members: int, kind: Stratum) -> tuple[int, float]:
    """Who comes next: those of whom hardly any were taken, then by D'Hondt's method."""
    return max(0, AT_LEAST - taken), members * SPREAD[kind] / (taken + 1)
