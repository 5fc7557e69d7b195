"""From which zone to which people go: how many, never who."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

STAY_S = 1.0
"""Who is in a zone for less has only touched it."""


@dataclass(slots=True)
class _Visitor:
    last_s: float
    zone: str | None = None
    since_s: float = 0.0
    visited: str | None = None
    """The last zone in which the person stayed."""
    ways: set[tuple[str, str]] = field(default_factory=set)


class Ways:
    """Counts people by the zones they stay in one after the other; each person once a pair.

    Args:
        forget_after_s: who is unseen for longer is somebody new.
    """

    def __init__(self, forget_after_s: float) -> None:
        self.people: dict[tuple[str, str], int] = {}
        """(zone, next zone) -> how many people went from the one to the other."""
        self._forget_after_s = forget_after_s
        self._visitors: dict[int, _Visitor] = {}

    def step(self, zones: Mapping[int, str | None], t_s: float) -> None:
        """Everybody seen at `t_s`: person's key -> the zone stood in, if any."""
        for key in [k for k, visitor in self._visitors.items() if t_s - visitor.last_s > self._forget_after_s]:
            del self._visitors[key]
        for key, zone in zones.items():
            visitor = self._visitors.setdefault(key, _Visitor(t_s))
            visitor.last_s = t_s
            if zone != visitor.zone:
                visitor.zone, visitor.since_s = zone, t_s
            elif zone is not None and zone != visitor.visited and t_s - visitor.since_s >= STAY_S:
                self._arrive(visitor, zone)

    def flush(self) -> None:
        """The stream is over: nobody goes on."""
        self._visitors.clear()

    def _arrive(self, visitor: _Visitor, zone: str) -> None:
        way = None if visitor.visited is None else (visitor.visited, zone)
        visitor.visited = zone
        if way is not None and way not in visitor.ways:
            visitor.ways.add(way)
            self.people[way] = self.people.get(way, 0) + 1
