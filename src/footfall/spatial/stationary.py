"""Keeps mannequins, posters and pictures of people out (spec/operations.md section 8.4).

The filter remembers places: boxes on the picture and for how long somebody was found there within the window. Each
sight adds the stream time since the frame before, so the frame rate does not matter. A person found at a place that
was taken for more than `ratio` of the window is dropped, for as long as the place stays taken.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import hypot
from typing import TypeAlias

from footfall.core.geometry import Box
from footfall.core.types import TrackObservation

SLICES = 60
"""The window moves on in slices of this share, which bounds the memory of a place."""
PATIENCE_S = 5.0
PATIENCE = 10.0
"""A place is dropped when empty for 5 s and ten times as long as it was taken: passers-by leave no trace."""
MEAN_OF_SIGHTS = 20.0
"""A place is the mean of about so many sights, so that a trembling box stays one place."""

_Cell: TypeAlias = tuple[int, int]


@dataclass(slots=True)
class _Place:
    box_px: Box
    last_s: float
    sights: float = 1.0
    slices: deque[tuple[int, float]] = field(default_factory=deque)
    """(number of the slice, seconds taken in it), oldest first."""

    @property
    def taken_s(self) -> float:
        return sum(seconds for _, seconds in self.slices)

    def take(self, box_px: Box, number: int, seconds: float) -> None:
        self.sights = min(self.sights + 1.0, MEAN_OF_SIGHTS)
        x0, y0, x1, y1 = (old + (new - old) / self.sights for old, new in zip(self.box_px, box_px, strict=True))
        self.box_px = x0, y0, x1, y1
        if self.slices and self.slices[-1][0] == number:
            seconds += self.slices.pop()[1]
        self.slices.append((number, seconds))

    def age(self, oldest: int) -> None:
        """Forget slices that have left the window."""
        while self.slices and self.slices[0][0] < oldest:
            self.slices.popleft()


class StationaryFilter:
    """Drops people who never move.

    Args:
        distance_px: two boxes are at one place when both their upper left and their lower right corners are within
            this many pixels of the processing frame.
        window_s: how far back places are remembered, seconds of stream time.
        ratio: share of the window that makes a place stationary; 1 or more, like a window of 0, drops nobody.
    """

    def __init__(self, distance_px: float, window_s: float = 3600.0, ratio: float = 0.2) -> None:
        self._distance_px = distance_px
        self._window_s = window_s
        self._limit_s = ratio * window_s
        self._slice_s = window_s / SLICES
        self._cell_px = max(distance_px, 1.0)
        self._cells: dict[_Cell, list[_Place]] = {}
        self._previous_s: float | None = None
        self._swept_s = 0.0

    def step(
        self, people: Sequence[TrackObservation], t_s: float, size_px: tuple[int, int]
    ) -> tuple[TrackObservation, ...]:
        """Everybody but the stationary, at stream time `t_s` (seconds), in a frame of `size_px` (width, height)."""
        if self._limit_s >= self._window_s:
            return tuple(people)
        passed_s = 0.0 if self._previous_s is None else min(t_s - self._previous_s, self._limit_s / 2)
        self._previous_s = t_s
        if t_s - self._swept_s >= 1.0:
            self._sweep(t_s)
        taken: set[int] = set()
        return tuple(person for person in people if not self._is_stationary(person, (t_s, passed_s), size_px, taken))

    def _is_stationary(
        self, person: TrackObservation, time: tuple[float, float], size_px: tuple[int, int], taken: set[int]
    ) -> bool:
        """Record one sight; a place is credited once a frame, however many boxes lie on it."""
        (t_s, passed_s), (width, height) = time, size_px
        x0, y0, x1, y1 = person.box_n
        box_px = x0 * width, y0 * height, x1 * width, y1 * height
        number = int(t_s / self._slice_s)
        place = self._place(box_px)
        if place is None:
            place = _Place(box_px, t_s)
            self._cells.setdefault(self._cell(box_px), []).append(place)
        elif id(place) not in taken:
            self._move(place, box_px, number, passed_s)
        taken.add(id(place))
        place.last_s = t_s
        place.age(number - SLICES)
        return place.taken_s > self._limit_s

    def _place(self, box_px: Box) -> _Place | None:
        """The nearest known place within the distance."""
        column, row = self._cell(box_px)
        around = product((column - 1, column, column + 1), (row - 1, row, row + 1))
        near = [place for cell in around for place in self._cells.get(cell, ())]
        best = min(near, key=lambda place: _apart(place.box_px, box_px), default=None)
        return best if best is not None and _apart(best.box_px, box_px) <= self._distance_px else None

    def _move(self, place: _Place, box_px: Box, number: int, seconds: float) -> None:
        """Credit a place and let it follow the mean of its boxes."""
        before = self._cell(place.box_px)
        place.take(box_px, number, seconds)
        after = self._cell(place.box_px)
        if after != before:
            self._remove(before, place)
            self._cells.setdefault(after, []).append(place)

    def _sweep(self, t_s: float) -> None:
        """Forget places that cannot matter any more."""
        self._swept_s = t_s
        for cell, place in list(self._places()):
            if t_s - place.last_s > min(self._window_s, PATIENCE_S + PATIENCE * place.taken_s):
                self._remove(cell, place)

    def _remove(self, cell: _Cell, place: _Place) -> None:
        rest = [other for other in self._cells.pop(cell) if other is not place]
        if rest:
            self._cells[cell] = rest

    def _places(self) -> Iterator[tuple[_Cell, _Place]]:
        return ((cell, place) for cell, places in self._cells.items() for place in places)

    def _cell(self, box_px: Box) -> _Cell:
        return int(box_px[0] // self._cell_px), int(box_px[1] // self._cell_px)


def _apart(a: Box, b: Box) -> float:
    """The larger of the two corners' distances."""
    return max(hypot(a[0] - b[0], a[1] - b[1]), hypot(a[2] - b[2], a[3] - b[3]))
