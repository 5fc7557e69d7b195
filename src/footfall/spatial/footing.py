"""Where each person stands, and how much that can be trusted: the ground under zone, line and distance rules.

Detector boxes tremble. A person who stands close to a border would pass it many times a minute, so a change of side
has to be firm: at least the rule's threshold deep (the letter of RULE 15 and 16) and, where the person's own last
steps show jitter, deeper than that jitter can reach by chance. Clean or very short tracks are judged by the
threshold alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import median

from footfall.core.geometry import Point, bottom_center, box_center, to_widths
from footfall.core.types import TrackObservation
from footfall.spatial.identity import Sighting
from footfall.spatial.motion import Sample, jitter
from footfall.spatial.regions import Focus

MEMORY_S = 2.0
MEMORY_FRAMES = 18
JITTER_LAGS = (1, 2, 3)
"""From frame to frame, and over up to three frames, because the jitter of real boxes lasts for a few frames."""
CERTAINTY = 5.0
"""Standard deviations of jitter that count as more than chance."""


@dataclass(slots=True)
class Footing:
    """One person under one focus: the current point and the last few, in image widths."""

    key: int
    person: TrackObservation
    point_w: Point
    samples: deque[Sample] = field(default_factory=lambda: deque(maxlen=MEMORY_FRAMES))

    def stand(self, person: TrackObservation, point_w: Point, t_s: float) -> None:
        """Move on to where the person is seen now."""
        while self.samples and t_s - self.samples[0][0] > MEMORY_S:
            self.samples.popleft()
        self.samples.append((t_s, *point_w))
        self.person, self.point_w = person, point_w

    def is_firm(self, depth_w: Callable[[Point], float], threshold_w: float) -> bool:
        """Whether the person has come to the other side of a border for good.

        `depth_w` tells how far a point lies on that side (negative: not there); the caller has already compared the
        current point with the rule's threshold. Beyond that, either the current point or the median of the last ones
        must lie deeper than jitter explains.
        """
        samples = tuple(self.samples)
        reach = CERTAINTY * max(jitter(samples, lag) for lag in JITTER_LAGS)
        if depth_w(self.point_w) >= reach:
            return True
        middle = median(x for _, x, _ in samples), median(y for _, _, y in samples)
        return depth_w(middle) >= max(threshold_w, reach / sqrt(len(samples)))


class Footings:
    """All people under one focus.

    Args:
        focus: which point of the box decides.
        aspect: height / width of the picture.
        forget_after_s: people unseen for longer are forgotten.
    """

    def __init__(self, focus: Focus, aspect: float, forget_after_s: float) -> None:
        self._focus = focus
        self._aspect = aspect
        self._forget_after_s = forget_after_s
        self._known: dict[int, Footing] = {}

    def step(self, sightings: Sequence[Sighting], t_s: float) -> list[Footing]:
        """Everybody seen at stream time `t_s`, in the order given."""
        seen = []
        for sighting in sightings:
            point_w = to_widths(focus_point(sighting.person, self._focus), self._aspect)
            footing = self._known.setdefault(sighting.key, Footing(sighting.key, sighting.person, point_w))
            footing.stand(sighting.person, point_w, t_s)
            seen.append(footing)
        for key in [k for k, known in self._known.items() if t_s - known.samples[-1][0] > self._forget_after_s]:
            del self._known[key]
        return seen


def focus_point(person: TrackObservation, focus: Focus) -> Point:
    """The normalised point that a rule with this focus looks at."""
    if focus is Focus.FOOTPRINT:
        return person.footprint_n
    return bottom_center(person.box_n) if focus is Focus.BOTTOM_CENTER else box_center(person.box_n)
