"""Who stands too close together or too far apart (RULE 12, RULE 19).

Everybody deeper in the zone than the threshold is counted; those with a place on the floor are measured in pairs.
A frame is summed up as (proximity, people, people in violation): TooClose if any pair is nearer than the minimum, else
TooFar if any is farther than the maximum, else unknown, which also stands for "not calibrated yet" and for fewer than
two people.

Trigger `interval`: one event a tick, whatever happens, over the frames since the last tick. Trigger `event`: whenever
the sum-up changes and somebody is in violation, and once more when the last violation ends (nobody in violation,
proximity unknown). So that a flickering box tells no stories, the sum-up of trigger `event` is the most common one of
the last half second, or, with aggregation `mode`, of the last `interval_s`.

The mean distance is that of the frame shown, or with aggregation `average` the mean over the tick, frames with fewer
than two measured people left out; 0.0 if there was none. Of all events every `output_frequency`-th goes out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import dist
from typing import TypeAlias

from footfall.core.types import TrackObservation
from footfall.spatial.area import Area
from footfall.spatial.count import CLOCK_S, Ticks, is_counted, most_common
from footfall.spatial.footing import Footing
from footfall.spatial.insights import DistanceMeasured, Proximity
from footfall.spatial.regions import Aggregation, DistanceRule, Trigger, Zone

SETTLE_S = 0.5

_SumUp: TypeAlias = tuple[Proximity, int, int]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One frame, measured."""

    t_s: float
    frame: int
    people: int
    proximity: Proximity = Proximity.UNKNOWN
    violators: tuple[TrackObservation, ...] = ()
    average_m: float | None = None
    """None with fewer than two measured people."""

    @property
    def sum_up(self) -> _SumUp:
        return self.proximity, self.people, len(self.violators)


class ZoneDistance:
    """The distance machine of one zone."""

    def __init__(self, zone: Zone, rule: DistanceRule, aspect: float) -> None:
        self._zone = zone.name
        self._rule = rule
        self._area = Area(zone.polygon_n, aspect, is_open=zone.is_open)
        self._readings: deque[_Reading] = deque()
        self._ticks = Ticks(rule.interval_s)
        self._told: _SumUp | None = None
        self._unsent = 0

    def step(self, people: Sequence[Footing], t_s: float, frame: int) -> list[DistanceMeasured]:
        """Advance to stream time `t_s` (seconds)."""
        inside = [f.person for f in people if is_counted(self._area, f, self._rule.threshold_w)]
        self._readings.append(self._read(inside, t_s, frame))
        if self._rule.trigger is Trigger.INTERVAL:
            return self._tick() if self._ticks.passed(t_s) else []
        return self._change(t_s)

    def flush(self) -> list[DistanceMeasured]:
        """The stream is over: the tick under way ends now; a violation still on was not seen to end."""
        if self._rule.trigger is Trigger.INTERVAL:
            return self._tick() if self._readings else []
        return []

    def _read(self, people: list[TrackObservation], t_s: float, frame: int) -> _Reading:
        places = [(index, person.ground_m) for index, person in enumerate(people) if person.ground_m is not None]
        pairs = [(i, j, dist(a, b)) for (i, a), (j, b) in combinations(places, 2)]
        if not pairs:
            return _Reading(t_s, frame, len(people))
        average_m = sum(metres for _, _, metres in pairs) / len(pairs)
        close = {i for pair in pairs if pair[2] < self._rule.minimum_m for i in pair[:2]}
        far = {i for pair in pairs if pair[2] > self._rule.maximum_m for i in pair[:2]}
        proximity = Proximity.TOO_CLOSE if close else Proximity.TOO_FAR if far else Proximity.UNKNOWN
        violators = tuple(people[i] for i in sorted(close or far))
        return _Reading(t_s, frame, len(people), proximity, violators, average_m)

    def _tick(self) -> list[DistanceMeasured]:
        """One event over all readings since the last tick."""
        shown = self._shown()
        last = self._readings[-1]
        event = self._measured(shown, last)
        self._readings.clear()
        return self._every_nth(event)

    def _change(self, t_s: float) -> list[DistanceMeasured]:
        """An event if the settled sum-up is news."""
        window_s = self._rule.interval_s if self._rule.aggregation is Aggregation.MODE else SETTLE_S
        while t_s - self._readings[0].t_s > window_s - CLOCK_S and len(self._readings) > 1:
            self._readings.popleft()
        sum_up = most_common(reading.sum_up for reading in self._readings)
        was_violated = self._told is not None and self._told[2] > 0
        if sum_up == self._told or not (sum_up[2] or was_violated):
            return []
        self._told = sum_up
        shown = next(reading for reading in reversed(self._readings) if reading.sum_up == sum_up)
        return self._every_nth(self._measured(shown, self._readings[-1]))

    def _shown(self) -> _Reading:
        """The reading that stands for the tick: the last of the most common kind, or simply the last."""
        if self._rule.aggregation is Aggregation.AVERAGE:
            return self._readings[-1]
        sum_up = most_common(reading.sum_up for reading in self._readings)
        return next(reading for reading in reversed(self._readings) if reading.sum_up == sum_up)

    def _measured(self, shown: _Reading, last: _Reading) -> DistanceMeasured:
        averages = [reading.average_m for reading in self._readings if reading.average_m is not None]
        average_m = shown.average_m
        if self._rule.aggregation is Aggregation.AVERAGE:
            average_m = sum(averages) / len(averages) if averages else None
        return DistanceMeasured(
            self._zone,
            last.t_s,
            last.frame,
            self._rule.trigger,
            shown.proximity,
            shown.people,
            average_m or 0.0,
            self._rule.minimum_m,
            self._rule.maximum_m,
            shown.violators,
        )

    def _every_nth(self, event: DistanceMeasured) -> list[DistanceMeasured]:
        self._unsent += 1
        if self._unsent < self._rule.output_frequency:
            return []
        self._unsent = 0
        return [event]
