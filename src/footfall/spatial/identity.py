"""Survives id switches: hands the state of a lost track to the new one that goes on in its place.

Rules keep their state under a key of our own, one per person. Normally a key stands for one track id. When a track
is lost and soon another begins where the first would be by now, the newcomer inherits the key, so that visits and
crossings go on; insights still name the track id of the moment.

Conservative on purpose: a newcomer must be near the way the lost person was going, of the same size, and nobody else
may be nearly as good a match on either side. Who was walking out of the picture is not waited for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeAlias

from footfall.core.geometry import Box, Point, bottom_center, distance_to_segment, to_widths
from footfall.core.types import TrackObservation
from footfall.spatial.motion import Motion, Sample, fit

UNCONFIRMED = frozenset({"", "-1"})
"""Track ids that trackers give to boxes which belong to nobody yet; they never count."""

GATE = 0.15
"""How far off a newcomer may be, in body heights..."""
GATE_PER_S = 0.2
"""...and how much farther for every second of absence..."""
GATE_MAX = 0.5
"""...but never more than this."""
RIVAL = 2.0
"""A match counts only if the next best is at least this many times farther away."""
SIZE_RATIO = 1.4
VELOCITY_S = 0.7
EXTRAPOLATE_S = 1.0
"""A lost person is taken to walk on for this long at most."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A person seen now, with the key that rules keep state under; keys grow in order of arrival."""

    key: int
    person: TrackObservation


@dataclass(slots=True)
class _Trace:
    key: int
    box_n: Box
    samples: deque[Sample] = field(default_factory=lambda: deque(maxlen=16))

    @property
    def last_s(self) -> float:
        return self.samples[-1][0]

    def see(self, person: TrackObservation, aspect: float, t_s: float) -> None:
        while self.samples and t_s - self.samples[0][0] > VELOCITY_S:
            self.samples.popleft()
        self.samples.append((t_s, *to_widths(bottom_center(person.box_n), aspect)))
        self.box_n = person.box_n


_Pair: TypeAlias = tuple[float, str, str]
"""(distance in body heights, newcomer's track id, lost track id)."""


class Identity:
    """Track ids in, keys out; remembers nobody longer than `forget_after_s` after the last sight.

    Args:
        forget_after_s: longest absence that is bridged, seconds of stream time.
        aspect: height / width of the picture.
    """

    def __init__(self, forget_after_s: float, aspect: float) -> None:
        self._forget_after_s = forget_after_s
        self._aspect = aspect
        self._traces: dict[str, _Trace] = {}
        self._keys = count(1)

    def step(self, people: Sequence[TrackObservation], t_s: float) -> list[Sighting]:
        """Each confirmed person once, in order of arrival.

        Of several observations with one track id in one frame the most certain is taken.
        """
        for track_id in [i for i, trace in self._traces.items() if t_s - trace.last_s > self._forget_after_s]:
            del self._traces[track_id]
        now = _one_each(people)
        heirs = self._heirs([person for track_id, person in now.items() if track_id not in self._traces], now, t_s)
        sightings = []
        for track_id, person in now.items():
            if track_id not in self._traces:
                inherited = self._traces.pop(heirs[track_id]) if track_id in heirs else None
                self._traces[track_id] = inherited or _Trace(next(self._keys), person.box_n)
            trace = self._traces[track_id]
            trace.see(person, self._aspect, t_s)
            sightings.append(Sighting(trace.key, person))
        return sorted(sightings, key=lambda sighting: sighting.key)

    def _heirs(self, newcomers: list[TrackObservation], now: dict[str, TrackObservation], t_s: float) -> dict[str, str]:
        """Newcomer's track id -> the lost track id that it goes on from."""
        if not newcomers:
            return {}
        lost = {i: trace for i, trace in self._traces.items() if i not in now}
        pairs: list[_Pair] = []
        for lost_id, trace in lost.items():
            reach = self._reach(trace, t_s)
            if reach is None:
                continue
            for person in newcomers:
                distance = self._mismatch(trace, person, reach, t_s)
                if distance is not None:
                    pairs.append((distance, person.track_id, lost_id))
        return {pair[1]: pair[2] for pair in pairs if _is_clear(pair, pairs)}

    def _reach(self, trace: _Trace, t_s: float) -> tuple[Point, Point] | None:
        """The stretch of floor where a lost person can be by now, in widths; None who has walked out of the picture."""
        _, x, y = trace.samples[-1]
        motion = fit(tuple(trace.samples)) if len(trace.samples) > 2 else Motion()
        ahead_s = min(t_s - trace.last_s, EXTRAPOLATE_S)
        end = x + motion.x * ahead_s, y + motion.y * ahead_s
        if not (0.0 <= end[0] <= 1.0 and 0.0 <= end[1] <= self._aspect):
            return None
        return (x, y), end

    def _mismatch(
        self, trace: _Trace, person: TrackObservation, reach: tuple[Point, Point], t_s: float
    ) -> float | None:
        """Distance between newcomer and expectation in body heights; None beyond the gate."""
        height, lost_height = (box[3] - box[1] for box in (person.box_n, trace.box_n))
        if min(height, lost_height) <= 0.0 or max(height, lost_height) > SIZE_RATIO * min(height, lost_height):
            return None
        off_w = distance_to_segment(to_widths(bottom_center(person.box_n), self._aspect), *reach)
        off = off_w / (lost_height * self._aspect)
        return off if off <= min(GATE_MAX, GATE + GATE_PER_S * (t_s - trace.last_s)) else None


def _one_each(people: Sequence[TrackObservation]) -> dict[str, TrackObservation]:
    best: dict[str, TrackObservation] = {}
    for person in people:
        rival = best.get(person.track_id)
        if person.track_id in UNCONFIRMED or (rival and (rival.score, rival.box_n) >= (person.score, person.box_n)):
            continue
        best[person.track_id] = person
    return best


def _is_clear(pair: _Pair, pairs: list[_Pair]) -> bool:
    """Whether no other pair with the same newcomer or the same lost track comes near this one."""
    distance, new, old = pair
    rivals = [d for d, n, o in pairs if (n == new) != (o == old)]
    return all(rival > RIVAL * distance for rival in rivals)
