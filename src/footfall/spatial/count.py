"""How many people are in a zone (RULE 14)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from footfall.core.types import TrackObservation
from footfall.spatial.area import Area
from footfall.spatial.crowd import Crowd
from footfall.spatial.footing import Footing
from footfall.spatial.insights import Counted
from footfall.spatial.regions import CountRule, Trigger, Zone

Value = TypeVar("Value", bound=Hashable)

CLOCK_S = 1e-6
"""Times closer than this are the same: stream times are sums and quotients of floats."""


class ZoneCount:
    """The count machine of one zone. Every frame is counted on its own; no identity is involved.

    The most common count of the last `smoothing_s` counts, the newest of equally common ones. An initial event goes
    out with the first frame, even at 0; of the later ones (changes, or ticks at whole multiples of `interval_s` after
    the first frame) every `output_frequency`-th. The people told are those of the newest frame with that count.
    """

    def __init__(self, region: int, zone: Zone, rule: CountRule, aspect: float) -> None:
        self._region = region
        self._zone = zone.name
        self._rule = rule
        self._area = Area(zone.polygon_n, aspect, is_open=zone.is_open)
        self._recent: deque[tuple[float, int]] = deque()
        self._latest: dict[int, tuple[TrackObservation, ...]] = {}
        """By count: who was in the zone when it was last so many."""
        self._ticks = Ticks(rule.interval_s)
        self._told: int | None = None
        self._unsent = 0

    def step(self, people: Crowd, t_s: float, frame: int) -> list[Counted]:
        """Advance to stream time `t_s` (seconds)."""
        inside = self._counted(people.inside[self._region])
        while self._recent and t_s - self._recent[0][0] > self._rule.smoothing_s - CLOCK_S:
            self._recent.popleft()
        self._recent.append((t_s, len(inside)))
        self._latest[len(inside)] = inside
        count = most_common(count for _, count in self._recent)
        is_due = self._ticks.passed(t_s)
        is_initial = self._told is None
        is_news = is_due if self._rule.trigger is Trigger.INTERVAL else count != self._told
        if not (is_initial or is_news):
            return []
        self._told = count
        self._unsent += not is_initial
        if not is_initial and self._unsent < self._rule.output_frequency:
            return []
        self._unsent = 0
        return [Counted(self._zone, t_s, frame, self._rule.trigger, self._latest[count], count)]

    def _counted(self, inside: Sequence[Footing]) -> tuple[TrackObservation, ...]:
        """Those deeper inside than the threshold."""
        if not inside:
            return ()
        depths_w = self._area.border_distances([footing.point_w for footing in inside])
        return tuple(f.person for f, depth_w in zip(inside, depths_w, strict=True) if depth_w > self._rule.threshold_w)

    def flush(self) -> list[Counted]:
        """The stream is over: a change that the smoothing has not yet accepted was none."""
        return []


class Ticks:
    """A metronome of stream time that starts with the first frame and never catches up in bursts."""

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._start_s: float | None = None
        self._number = 0

    def passed(self, t_s: float) -> bool:
        """Whether a whole multiple of the interval has gone by since the last call."""
        if self._start_s is None:
            self._start_s = t_s
        number = int((t_s - self._start_s + CLOCK_S) / self._interval_s) if self._interval_s > 0.0 else self._number + 1
        passed = number > self._number
        self._number = number
        return passed


def is_counted(area: Area, footing: Footing, threshold_w: float) -> bool:
    """Whether a person is deeper inside than the threshold."""
    return area.contains(footing.point_w) and area.border_distance(footing.point_w) > threshold_w


def most_common(values: Iterable[Value]) -> Value:
    """The mode; of equally common values the one seen last."""
    newest_first = list(values)[::-1]
    if newest_first.count(newest_first[0]) == len(newest_first):
        return newest_first[0]
    return Counter(newest_first).most_common(1)[0][0]
