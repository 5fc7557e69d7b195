"""Tracks as a witness remembers them: how long, how often seen, which way they came and went."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import exp, inf

from footfall.core.geometry import Box, Point, crossing_fraction, distance_to_segment, side_of_line
from footfall.core.types import TrackObservation
from footfall.spatial.motion import Sample, fit
from footfall.spatial.signs import What

PATH_POINTS = 48
PATH_STEP_S = 0.15
"""A path is remembered in at most so many points: of long ones every second is dropped, and so on."""
RECENT_S = 0.8
"""Over this time a track's way at its beginning and its end is measured."""
REACH_S = 1.5
"""How far a track is thought on beyond its ends..."""
REACH_FADE_S = 0.7
"""...and how soon that is worth little."""
EDGE_N = 0.02
"""Nearer to the picture's border people may come and go."""
ON_LINE_W = 1e-9


@dataclass(slots=True)
class Life:
    """One track id."""

    first_step: int
    first: Sample
    last: Sample
    box_n: Box
    is_open_born: bool
    """Began in the open: neither at the picture's border nor with the stream."""
    sights: int = 0
    score: float = 0.0
    gap_end_s: float = -inf
    gap_s: float = 0.0
    stride_s: float = PATH_STEP_S
    path: list[Sample] = field(default_factory=list)
    recent: deque[Sample] = field(default_factory=lambda: deque(maxlen=8))
    told: deque[tuple[str, What, float]] = field(default_factory=lambda: deque(maxlen=6))
    """What was told of this track lately: region, what, when..."""
    first_told: dict[tuple[str, What], float] = field(default_factory=dict)
    """...when for the first time..."""
    net: dict[str, int] = field(default_factory=dict)
    """...and by region: crossings to the right less those to the left, of a zone 0."""

    def see(self, person: TrackObservation, at: Sample, gap_s: float) -> None:
        """One more sight; from `gap_s` on a pause is a gap."""
        pause_s = at[0] - self.last[0]
        if pause_s > gap_s:
            self.gap_end_s, self.gap_s = at[0], pause_s
        self.last, self.box_n = at, person.box_n
        self.sights += 1
        self.score += person.score
        if not self.path or at[0] - self.path[-1][0] >= self.stride_s:
            self.path.append(at)
            if len(self.path) > PATH_POINTS:
                self.path, self.stride_s = self.path[::2], 2.0 * self.stride_s
        if not self.recent or at[0] - self.recent[-1][0] >= RECENT_S / 8:
            self.recent.append(at)

    def tell(self, region: str, what: What, t_s: float) -> None:
        """Something was told of this track."""
        self.told.append((region, what, t_s))
        self.first_told.setdefault((region, what), t_s)
        self.net[region] = self.net.get(region, 0) + (what is What.RIGHT) - (what is What.LEFT)

    def began_with(self, region: str, what: What, within_s: float) -> bool:
        """Whether this was told as the track began."""
        return self.first_told.get((region, what), inf) < self.first[0] + within_s

    def way(self) -> list[Sample]:
        """The path to its very end."""
        return self.path if self.path[-1] == self.last else [*self.path, self.last]

    def beginning(self) -> Sequence[Sample]:
        """The first stretch of the way."""
        way = self.way()
        return [at for at in way if at[0] - way[0][0] <= max(RECENT_S, self.stride_s)]


@dataclass(frozen=True, slots=True)
class Ray:
    """A track thought on: from where it was seen to where it may have come from or gone to."""

    near_w: Point
    far_w: Point

    def worth(self, line: tuple[Point, Point]) -> float:
        """1 for a line just ahead, less the farther it is, 0 for one that is not met."""
        fraction = crossing_fraction(self.near_w, self.far_w, *line)
        return 0.0 if fraction is None else exp(-fraction * REACH_S / REACH_FADE_S)


def beyond(samples: Iterable[Sample], sense: float) -> Ray | None:
    """The way thought on beyond its end (`sense` 1), or back beyond its beginning (-1); None for one too short."""
    samples = tuple(samples)
    if len(samples) < 3:
        return None
    motion = fit(samples)
    _, x, y = samples[-1] if sense > 0.0 else samples[0]
    reach = sense * REACH_S
    return Ray((x, y), (x + motion.x * reach, y + motion.y * reach))


def passage(a: Point, b: Point, line: tuple[Point, Point]) -> int:
    """+1 for a step over the segment to its right, -1 to its left, else 0."""
    before, after = side_of_line(*line, a), side_of_line(*line, b)
    if (before > 0.0) == (after > 0.0):
        return 0
    share, (start, end) = before / (before - after), line
    at = a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
    if distance_to_segment(at, start, end) > ON_LINE_W:
        return 0
    return 1 if after > 0.0 else -1


def is_open(box_n: Box) -> bool:
    """Whether a box keeps away from the picture's border."""
    return min(box_n[0], box_n[1], 1.0 - box_n[2], 1.0 - box_n[3]) > EDGE_N
