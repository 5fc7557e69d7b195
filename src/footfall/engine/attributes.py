"""The node that asks a customer's classifier about people: behind the tracker and the mask classifier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Final, TypeAlias

import numpy as np

from footfall.core.geometry import Box
from footfall.core.types import Attribute, Frame, Image, TrackObservation
from footfall.engine.errand import Errand
from footfall.engine.items import Tracked

Told: TypeAlias = tuple[Attribute, ...]
Asking: TypeAlias = Errand[list[Image], list[Told]]

AT_ONCE: Final = 2
"""People in one question: what one camera may cost is so many pictures each pause."""
PAUSE_S: Final = 0.25
"""Stream time between two questions of a camera."""
LEAST_PX: Final = 24
"""Who is narrower or lower in the picture is not asked about."""
_NEWEST: Final = 0.5
"""Share of the newest look in what is told; the rest is from the looks before."""


@dataclass(slots=True)
class _Person:
    """What is remembered of a track: numbers and times, no pixels."""

    here_s: float
    looked_s: float = -inf
    shares: dict[tuple[str, str], float] = field(default_factory=dict)


class AttributeWatch:
    """Whom to ask about, and what is known of everybody. Forgets who is not seen for `forget_after_s`.

    Args:
        every_s: stream time between two looks at one person.
        forget_after_s: a lost track is remembered for this long.
    """

    def __init__(self, every_s: float, forget_after_s: float) -> None:
        self._every_s = every_s
        self._forget_after_s = forget_after_s
        self._people: dict[str, _Person] = {}

    def reset(self) -> None:
        """The stream starts anew."""
        self._people.clear()

    def meet(self, people: Sequence[TrackObservation], t_s: float) -> None:
        """These are in front of the camera."""
        gone = [i for i, person in self._people.items() if t_s - person.here_s > self._forget_after_s]
        for track_id in gone:
            del self._people[track_id]
        for seen in people:
            self._people.setdefault(seen.track_id, _Person(t_s)).here_s = t_s

    def due(self, people: Sequence[TrackObservation], t_s: float) -> list[TrackObservation]:
        """Whom to ask about: newcomers first, then who was looked at longest ago, and of two alike the nearer one."""
        waited_s = {seen.track_id: t_s - self._people[seen.track_id].looked_s for seen in people}
        due = [seen for seen in people if waited_s[seen.track_id] >= self._every_s]
        return sorted(due, key=lambda seen: (-waited_s[seen.track_id], -_area(seen.box_n), seen.box_n))

    def asked(self, track_ids: Sequence[str], t_s: float) -> None:
        """These were looked at."""
        for track_id in track_ids:
            self._people[track_id].looked_s = t_s

    def learn(self, track_id: str, told: Told) -> None:
        """What one look gave; nothing where the person is forgotten meanwhile."""
        person = self._people.get(track_id)
        if person is None:
            return
        for one in told:
            before = person.shares.get((one.task, one.label), one.confidence)
            person.shares[one.task, one.label] = before + _NEWEST * (one.confidence - before)

    def told(self, track_id: str) -> Told:
        """What is to be said about somebody: question by question, the likeliest class first."""
        person = self._people.get(track_id)
        if person is None:
            return ()
        by_task: defaultdict[str, list[Attribute]] = defaultdict(list)
        for (task, label), share in person.shares.items():
            by_task[task].append(Attribute(label, share, task))
        ordered = (sorted(group, key=lambda one: (-one.confidence, one.label)) for _, group in sorted(by_task.items()))
        return tuple(one for group in ordered for one in group)


class AttributeNode:
    """Tracked -> Tracked that says what a customer's model tells of people.

    Pixels of people live within one question. The camera does not wait for its answer: what is known is told, and an
    answer counts from the frame on in which it is there.

    Args:
        errand: asks the model.
        every_s: stream time between two looks at one person.
        forget_after_s: a lost track is remembered for this long.
    """

    def __init__(self, errand: Asking, *, every_s: float, forget_after_s: float) -> None:
        self._errand = errand
        self._watch = AttributeWatch(every_s, forget_after_s)
        self._pending: list[str] = []
        self._asked_s = -inf
        self._loop = 0

    def feed(self, item: object) -> Iterator[Tracked]:
        """Ask about those who are due, and tell what is known of everybody."""
        assert isinstance(item, Tracked)
        observed = item.observed
        if observed.loop != self._loop:
            self._forget()
            self._loop = observed.loop
        self._collect()
        self._watch.meet(observed.people, observed.t_s)
        if item.frame is not None and observed.t_s - self._asked_s >= PAUSE_S:
            self._ask(item.frame, observed.people)
            self._collect()
        people = tuple(replace(p, attributes=self._watch.told(p.track_id)) for p in observed.people)
        yield replace(item, observed=replace(observed, people=people))

    def flush(self) -> Iterator[Tracked]:
        """The stream is over: whoever comes later is somebody new."""
        self._forget()
        return iter(())

    def _ask(self, frame: Frame, people: Sequence[TrackObservation]) -> None:
        looks = next_looks(self._watch, frame, people)
        ids = [seen.track_id for seen, _ in looks]
        if ids and self._errand.offer([crop.copy() for _, crop in looks]):
            self._pending, self._asked_s = ids, frame.t_s
            self._watch.asked(ids, frame.t_s)

    def _collect(self) -> None:
        answers = self._errand.collect()
        if answers is not None:
            for track_id, told in zip(self._pending, answers, strict=False):
                self._watch.learn(track_id, told)

    def _forget(self) -> None:
        self._watch.reset()
        self._pending = []
        self._asked_s = -inf


def next_looks(
    watch: AttributeWatch, frame: Frame, people: Sequence[TrackObservation]
) -> list[tuple[TrackObservation, Image]]:
    """Whom to ask about in this frame, and views of them: those who are due and large enough, at most `AT_ONCE`."""
    picture = frame.image if frame.picture is None else frame.picture
    cut = ((seen, cut_out(picture, seen.box_n)) for seen in watch.due(people, frame.t_s))
    return [(seen, crop) for seen, crop in cut if crop is not None][:AT_ONCE]


def cut_out(picture: Image, box_n: Box) -> Image | None:
    """A person out of a picture, as they stand in it: a view, not a copy; None where they are too small for that."""
    height, width = picture.shape[:2]
    scale = np.array([width, height, width, height])
    x0, y0, x1, y1 = (np.clip(np.rint(np.array(box_n) * scale), 0, scale)).astype(int).tolist()
    return picture[y0:y1, x0:x1] if x1 - x0 >= LEAST_PX and y1 - y0 >= LEAST_PX else None


def _area(box_n: Box) -> float:
    return (box_n[2] - box_n[0]) * (box_n[3] - box_n[1])
