"""Two classifiers asked about the same people of a recording, as a camera asks one: the same cut, the same rhythm.

Both are shown the same pixels in turn, so ratios of times hold on a busy machine too. Pixels live within one look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Protocol, TypeAlias

from footfall.config.plan import AttributesSpec, TrackSpec
from footfall.core.geometry import Box, Point
from footfall.core.types import Frame, Image, Observed, TrackObservation
from footfall.engine.attributes import PAUSE_S, AttributeWatch, Told, next_looks

Both: TypeAlias = tuple[Told, Told]
"""Of the running model, and of the new one."""


class Teller(Protocol):
    """A classifier of people."""

    def read(self, crops: Sequence[Image]) -> list[Told]:
        """All classes of each picture, the likeliest first.

        Raises:
            DetectorError: the model failed.
        """
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """One person at one moment, and what both made of it."""

    track_id: str
    t_s: float
    box_n: Box
    footprint_n: Point
    read: Both
    """Of this picture alone."""
    told: Both
    """Of the person, by all looks so far: what events would say from here on."""


@dataclass(slots=True)
class Presence:
    """When a track was seen, first and last."""

    first_s: float
    last_s: float


@dataclass(slots=True, eq=False)
class Interview:
    """Asks both, frame by frame, and keeps what they say. The rhythm is the engine's for one camera.

    Raises:
        DetectorError: a model failed.
    """

    running: Teller
    new: Teller
    now_s: Callable[[], float]
    every_s: float = AttributesSpec("").every_s
    forget_after_s: float = TrackSpec().memory_s
    looks: list[Look] = field(default_factory=list)
    met: dict[str, Presence] = field(default_factory=dict)
    """Everybody, also who was too small to be asked about."""
    seconds: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    """Time of each look."""
    _watches: tuple[AttributeWatch, AttributeWatch] = field(init=False)
    _asked_s: float = -inf
    _loop: int = 0

    def __post_init__(self) -> None:
        one, other = (AttributeWatch(self.every_s, self.forget_after_s) for _ in range(2))
        self._watches = one, other

    def take(self, frame: Frame, observed: Observed) -> None:
        """The people of one frame, and the picture they are in."""
        if observed.loop != self._loop:
            for watch in self._watches:
                watch.reset()
            self._asked_s, self._loop = -inf, observed.loop
        for watch in self._watches:
            watch.meet(observed.people, observed.t_s)
        for seen in observed.people:
            self.met.setdefault(seen.track_id, Presence(observed.t_s, observed.t_s)).last_s = observed.t_s
        if observed.t_s - self._asked_s >= PAUSE_S:
            self._ask(frame, observed)

    def _ask(self, frame: Frame, observed: Observed) -> None:
        looks = next_looks(self._watches[0], frame, observed.people)
        for seen, crop in looks:
            self.looks.append(self._look(seen, crop, observed.t_s))
        if looks:
            self._asked_s = observed.t_s

    def _look(self, seen: TrackObservation, crop: Image, t_s: float) -> Look:
        order = (0, 1) if len(self.looks) % 2 == 0 else (1, 0)
        read: dict[int, Told] = {}
        for which in order:
            start_s = self.now_s()
            [read[which]] = (self.running, self.new)[which].read([crop])
            self.seconds[which].append(self.now_s() - start_s)
            self._watches[which].asked([seen.track_id], t_s)
            self._watches[which].learn(seen.track_id, read[which])
        told = self._watches[0].told(seen.track_id), self._watches[1].told(seen.track_id)
        return Look(seen.track_id, t_s, seen.box_n, seen.footprint_n, (read[0], read[1]), told)
