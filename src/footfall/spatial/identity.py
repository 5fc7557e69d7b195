"""Survives id switches: hands the memory of a lost track to the new one that goes on in its place.

Rules keep their state under a key of our own, one per person. Normally a key stands for one track id. When a track
is lost and soon another begins where the first would be by now, the newcomer inherits the key, so that visits and
crossings go on; insights still name the track id of the moment. Two tracks that jump to each other's place have
exchanged their ids, and get them back in the same way.

Conservative on purpose, see `succession`: nobody else may be nearly as good a match on either side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from math import inf
from operator import attrgetter

from footfall.core.geometry import Box
from footfall.core.types import TrackObservation
from footfall.spatial.succession import heirs, returned
from footfall.spatial.trace import Trace

KEY = attrgetter("key")
FARTHEST = 1e6
"""Boxes so many pictures away, or without a finite place, are nobody."""
UNCONFIRMED = frozenset({"", "-1"})
"""Track ids that trackers give to boxes which belong to nobody yet; they never count."""


class Identity:
    """Track ids in, people out; remembers nobody longer than `forget_after_s` after the last sight.

    Args:
        forget_after_s: longest absence that is bridged, seconds of stream time.
        aspect: height / width of the picture.
    """

    def __init__(self, forget_after_s: float, aspect: float) -> None:
        self._forget_after_s = forget_after_s
        self._aspect = aspect
        self._traces: dict[str, Trace] = {}
        self._keys = count(1)
        self._awaited: set[int] = set()
        """Keys of people of a life before this one..."""
        self._until_s = -inf
        """...who are waited for so long, wherever they turn up."""
        self._none_before_s = -inf
        """Nobody who is remembered was last seen earlier."""
        self.gone: list[int] = []
        """Keys of the people who were forgotten in the last step."""

    def step(self, people: Sequence[TrackObservation], t_s: float) -> list[Trace]:
        """Each confirmed person once, in order of arrival, those who arrive together from left to right.

        Of several observations with one track id in one frame the most certain is taken. Boxes without a finite place
        are nobody.
        """
        self._forget(t_s)
        self._none_before_s = min(self._none_before_s, t_s)
        now = _one_each(people)
        traces = self._traces
        unsure: set[str] = set()
        strange = 0
        for track_id, person in now.items():
            trace = traces.get(track_id)
            if trace is None or trace.jumps(person, t_s):
                unsure.add(track_id)
                strange += trace is None
        if strange or len(unsure) > 1:
            now = dict(sorted(now.items(), key=_place))
            self._hand_over(now, [track_id for track_id in now if track_id in unsure], t_s)
        seen = []
        for track_id, person in now.items():
            trace = traces.get(track_id)
            if trace is None:
                trace = traces[track_id] = Trace(next(self._keys), self._aspect)
            trace.see(person, t_s)
            seen.append(trace)
        seen.sort(key=KEY)
        return seen

    def known(self) -> list[Trace]:
        """Everybody who is remembered, in order of arrival."""
        return sorted(self._traces.values(), key=KEY)

    def wait_for(self, track_ids: Iterable[str], until_s: float) -> dict[str, int]:
        """Do not forget these before `until_s`, stream time; their keys."""
        keys = {track_id: self._traces[track_id].key for track_id in track_ids if track_id in self._traces}
        self._awaited, self._until_s = set(keys.values()), until_s
        return keys

    def _forget(self, t_s: float) -> None:
        self.gone = []
        oldest_s = t_s - self._forget_after_s
        if self._awaited and t_s > self._until_s:
            self._awaited = set()
        if self._none_before_s < oldest_s:
            old = [
                track_id
                for track_id, trace in self._traces.items()
                if trace.last_s < oldest_s and trace.key not in self._awaited
            ]
            self.gone = [self._traces.pop(track_id).key for track_id in old]
            self._none_before_s = min((trace.last_s for trace in self._traces.values()), default=t_s)

    def _hand_over(self, now: dict[str, TrackObservation], unsure: list[str], t_s: float) -> None:
        """Give the traces of the lost, and of those who jumped, to those who go on in their place.

        Who jumped, goes on as somebody else and has no heir leaves a trace that nobody will ever continue: it is over.
        """
        traces = self._traces
        lost = {i: trace for i, trace in traces.items() if i not in now} | {i: traces[i] for i in unsure if i in traces}
        left = heirs(lost, [now[track_id] for track_id in unsure], t_s)
        if self._awaited:
            left |= self._returned(lost, left, [now[i] for i in unsure if i not in left and i not in traces], t_s)
        given = set(left.values())
        self.gone += [traces[new].key for new in left if new in traces and new not in given]
        moved = {new: traces[old] for new, old in left.items()}
        for old in left.values():
            del traces[old]
        traces.update(moved)

    def _returned(
        self, lost: dict[str, Trace], left: dict[str, str], newcomers: list[TrackObservation], t_s: float
    ) -> dict[str, str]:
        """Newcomer's track id -> that of somebody of the life before, where one may be the other."""
        taken = set(left.values())
        away = {i: trace for i, trace in lost.items() if trace.key in self._awaited and i not in taken}
        found = returned(away, newcomers, t_s)
        self._awaited -= {lost[old].key for old in (*found.values(), *taken)}
        return found


def _place(named: tuple[str, TrackObservation]) -> tuple[Box, str]:
    """From left to right; track ids are given by chance."""
    track_id, person = named
    return person.box_n, track_id


def _one_each(people: Sequence[TrackObservation]) -> dict[str, TrackObservation]:
    best: dict[str, TrackObservation] = {}
    for person in people:
        (x0, y0, x1, y1), (x, y) = person.box_n, person.footprint_n
        if not x0 * x0 + y0 * y0 + x1 * x1 + y1 * y1 + x * x + y * y < FARTHEST * FARTHEST:
            continue
        track_id = person.track_id
        rival = best.setdefault(track_id, person)
        if rival is not person and (rival.score, rival.box_n) < (person.score, person.box_n):
            best[track_id] = person
    for track_id in UNCONFIRMED:
        best.pop(track_id, None)
    return best
