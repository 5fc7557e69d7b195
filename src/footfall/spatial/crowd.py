"""Everybody who is seen in one frame, under one focus, and to whom something happens at which region."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from footfall.spatial.area import Area
from footfall.spatial.borders import Borders, LineSide
from footfall.spatial.footing import Footing, Footings
from footfall.spatial.regions import CountRule, Focus, SpatialSpec
from footfall.spatial.trace import Trace


class Crowd(Sequence[Footing]):
    """Everybody under one focus who is seen in one frame, in order of arrival.

    Args:
        people: Everybody.
        previous_s: Stream time of the frame before.
        gone: Those who were forgotten with this frame.
        turned: By region: who is new, or came to its other side since last seen.
        inside: By zone: who is inside, where a rule counts them in every frame.
    """

    __slots__ = ("gone", "inside", "people", "previous_s", "turned")

    def __init__(
        self,
        people: list[Footing],
        previous_s: float,
        gone: list[Footing],
        turned: dict[int, list[Footing]],
        inside: dict[int, list[Footing]],
    ) -> None:
        self.people, self.previous_s, self.gone, self.turned, self.inside = people, previous_s, gone, turned, inside

    def __len__(self) -> int:
        return len(self.people)

    def __iter__(self) -> Iterator[Footing]:
        return iter(self.people)

    @overload
    def __getitem__(self, index: int) -> Footing: ...
    @overload
    def __getitem__(self, index: slice) -> list[Footing]: ...
    def __getitem__(self, index: int | slice) -> Footing | list[Footing]:
        return self.people[index]


class View:
    """People and regions under one focus; regions without a rule of this focus are never looked at.

    Args:
        spec: what to watch.
        focus: which point of the box decides.
        aspect: height / width of the picture.
    """

    def __init__(self, spec: SpatialSpec, focus: Focus, aspect: float) -> None:
        self._footings = Footings(focus, aspect)
        zones = [(n, zone) for n, zone in enumerate(spec.zones) if any(rule.focus is focus for rule in zone.rules)]
        lines = [
            (n, line)
            for n, line in enumerate(spec.lines, len(spec.zones))
            if any(rule.focus is focus for rule in line.rules)
        ]
        self._numbers = [number for number, _ in (*zones, *lines)]
        listed = [any(isinstance(rule, CountRule) for rule in zone.rules) for _, zone in zones]
        self._borders = Borders(
            [Area(zone.polygon_n, aspect, is_open=zone.is_open) for _, zone in zones],
            [LineSide(line, aspect) for _, line in lines],
            [*listed, *(False for _ in lines)],
        )
        self._previous_s = 0.0

    def known(self) -> list[Footing]:
        """Everybody who may still be there."""
        return self._footings.known()

    def step(self, seen: Sequence[Trace], gone: Sequence[int], t_s: float) -> Crowd:
        """Everybody seen at stream time `t_s`; `gone` are the keys of those who were forgotten."""
        people = self._footings.step(seen)
        turned, inside = self._borders.look(people)
        crowd = Crowd(
            people,
            self._previous_s,
            self._footings.forget(gone),
            dict(zip(self._numbers, turned, strict=True)),
            dict(zip(self._numbers, inside, strict=True)),
        )
        self._previous_s = t_s
        return crowd
