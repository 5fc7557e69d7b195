"""Where people are, stand and walk: sums for each cell of a plane, never a path and never an id.

Who is seen twice within `gap_s` was there in between and went straight from one place to the other: the time and the
way are shared among the cells in between. A longer absence counts as nothing, whether the person or the camera was
away. Speed is that of the straight line fitted to the sights half a second before and after. Slower than the sight's
`slow` is standing, all else walking.

Memory is bounded by the number of cells and the people of the last `forget_after_s` seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from math import hypot
from typing import TypeAlias

from footfall.core.geometry import Point
from footfall.spatial.grid import Cell, Grid
from footfall.spatial.motion import Sample, fit

HALF_WINDOW_S = 0.5
"""Speed is fitted to the sights this long before and after."""
SETTLE_S = 1.0
"""Who stands in a cell for less has only turned round there; who is in view for less goes nowhere."""
BLOCK = 8
"""Origins and destinations are squares of so many cells a side, lest everybody's way be the only one of its kind."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Somebody seen in one frame; `key` stands for the person as long as the stream goes on."""

    key: int
    point: Point
    slow: float
    """Below this speed a person stands."""
    pace: Point | None = None
    """Where the person is in the plane in which that speed is measured, if it is another one: the picture makes who
    walks towards a far camera look slow, the floor does not."""


@dataclass(slots=True)
class CellFigures:
    """What happened in one cell."""

    people: int = 0
    """Different people who were in it."""
    seconds: float = 0.0
    """Person-seconds in it."""
    dwellers: int = 0
    """Different people who stood in it for at least a second."""
    dwell_s: float = 0.0
    """How long those stood, together."""
    walkers: int = 0
    """Different people who walked through it."""
    walk_s: float = 0.0
    """Person-seconds of walking."""
    x: float = 0.0
    y: float = 0.0
    """Velocities of those who walked, times their seconds: the sum of the straight ways, in the plane's unit."""
    length: float = 0.0
    """The same without direction."""

    def add(self, other: CellFigures) -> None:
        """Take in the figures of other people."""
        for figure in fields(self):
            setattr(self, figure.name, getattr(self, figure.name) + getattr(other, figure.name))


Block: TypeAlias = tuple[int, int]
"""(column, row) of a square of `BLOCK` x `BLOCK` cells."""


@dataclass(slots=True)
class Journeys:
    """People who were first seen in one block and last in another."""

    people: int = 0
    seconds: float = 0.0
    """From the first to the last sight, together."""


@dataclass(slots=True)
class _Stay:
    """One person in one cell so far."""

    seconds: float = 0.0
    slow_s: float = 0.0
    walk_s: float = 0.0
    x: float = 0.0
    y: float = 0.0
    length: float = 0.0


@dataclass(frozen=True, slots=True)
class _Step:
    place: Sample
    pace: Sample
    slow: float

    @property
    def t_s(self) -> float:
        return self.place[0]


@dataclass(slots=True)
class _Walk:
    """One person."""

    steps: list[_Step]
    """The last second or so, without gaps."""
    last_s: float
    done: int = 0
    """Time and way are booked up to this step."""
    first: tuple[float, Cell] | None = None
    last: tuple[float, Cell] | None = None
    """First and last sight within the grid."""
    stays: dict[Cell, _Stay] = field(default_factory=dict)

    def near(self, start: _Step, end: _Step) -> list[_Step]:
        """What tells the speed between two steps that follow each other."""
        middle_s = (start.t_s + end.t_s) / 2
        near = [step for step in self.steps if abs(step.t_s - middle_s) <= HALF_WINDOW_S]
        return near if len(near) > 1 else [start, end]


class Maps:
    """Sums over everybody seen, cell by cell.

    Args:
        grid: the cells.
        gap_s: who is unseen for longer was not there meanwhile.
        forget_after_s: who is unseen for longer is somebody new; at least `gap_s`.
    """

    def __init__(self, grid: Grid, *, gap_s: float, forget_after_s: float) -> None:
        self.grid = grid
        self.cells: dict[Cell, CellFigures] = {}
        self.journeys: dict[tuple[Block, Block], Journeys] = {}
        self.people = 0
        self.seconds = 0.0
        """Person-seconds, those outside of all cells included."""
        self.outside_s = 0.0
        self._gap_s = gap_s
        self._forget_after_s = max(gap_s, forget_after_s)
        self._walks: dict[int, _Walk] = {}

    def step(self, sights: Sequence[Sight], t_s: float) -> None:
        """Everybody seen at stream time `t_s`, which never goes back between two calls of `flush`."""
        for key in [k for k, walk in self._walks.items() if t_s - walk.last_s > self._forget_after_s]:
            self._finish(self._walks.pop(key))
        for sight in sights:
            self._see(sight, t_s)

    def flush(self) -> None:
        """The stream is over: nobody goes on, and the sums are complete."""
        for walk in self._walks.values():
            self._finish(walk)
        self._walks.clear()

    def merge(self, other: Maps) -> None:
        """Add what was summed up elsewhere, of other people; both are flushed.

        Raises:
            ValueError: the cells are not the same.
        """
        if other.grid != self.grid:
            raise ValueError(f"maps of different cells cannot be added: {self.grid} and {other.grid}")
        for cell, figures in other.cells.items():
            self.cells.setdefault(cell, CellFigures()).add(figures)
        for ends, journeys in other.journeys.items():
            mine = self.journeys.setdefault(ends, Journeys())
            mine.people += journeys.people
            mine.seconds += journeys.seconds
        self.people += other.people
        self.seconds += other.seconds
        self.outside_s += other.outside_s

    def _see(self, sight: Sight, t_s: float) -> None:
        point = self.grid.near(sight.point)
        cell = self.grid.cell_of(point)
        place = (t_s, *point)
        step = _Step(place, place if sight.pace is None else (t_s, *sight.pace), sight.slow)
        walk = self._walks.get(sight.key)
        if walk is None:
            walk = self._walks[sight.key] = _Walk([step], t_s)
        elif t_s - walk.last_s > self._gap_s:
            self._book(walk, t_s)
            walk.steps, walk.done = [step], 0
        else:
            walk.steps.append(step)
            self._book(walk, t_s - HALF_WINDOW_S)
        walk.last_s = t_s
        if cell is not None:
            walk.first, walk.last = walk.first or (t_s, cell), (t_s, cell)
            walk.stays.setdefault(cell, _Stay())

    def _book(self, walk: _Walk, until_s: float) -> None:
        """Share time and way among the cells, as far as the speed is known for good."""
        steps = walk.steps
        while walk.done + 1 < len(steps) and steps[walk.done + 1].t_s <= until_s:
            self._share(walk, steps[walk.done], steps[walk.done + 1])
            walk.done += 1
        stale = sum(step.t_s < steps[walk.done].t_s - HALF_WINDOW_S for step in steps)
        del steps[:stale]
        walk.done -= stale

    def _share(self, walk: _Walk, start: _Step, end: _Step) -> None:
        seconds = end.t_s - start.t_s
        near = walk.near(start, end)
        motion = fit([step.place for step in near])
        pace = motion if end.pace is end.place else fit([step.pace for step in near])
        self.seconds += seconds
        for cell, share in self.grid.pieces(start.place[1:], end.place[1:]):
            time_s = share * seconds
            if cell is None:
                self.outside_s += time_s
                continue
            stay = walk.stays.setdefault(cell, _Stay())
            stay.seconds += time_s
            if pace.speed < end.slow:
                stay.slow_s += time_s
            else:
                stay.walk_s += time_s
                stay.x += motion.x * time_s
                stay.y += motion.y * time_s
                stay.length += motion.speed * time_s

    def _finish(self, walk: _Walk) -> None:
        """Book what is left of a person, then forget the person."""
        self._book(walk, walk.last_s)
        self.people += 1
        for cell, stay in walk.stays.items():
            self.cells.setdefault(cell, CellFigures()).add(_figures(stay))
        if walk.first is not None and walk.last is not None and walk.last[0] - walk.first[0] >= SETTLE_S:
            journeys = self.journeys.setdefault((block_of(walk.first[1]), block_of(walk.last[1])), Journeys())
            journeys.people += 1
            journeys.seconds += walk.last[0] - walk.first[0]


def block_of(cell: Cell) -> Block:
    """The block that a cell belongs to."""
    return cell[0] // BLOCK, cell[1] // BLOCK


def mean_speed(figures: CellFigures) -> float:
    """Of those who walked, in the plane's unit a second; 0 where nobody did."""
    return figures.length / figures.walk_s if figures.walk_s > 0.0 else 0.0


def steadiness(figures: CellFigures) -> float:
    """How far all walk the same way: 1 all do, 0 as many this way as that way."""
    return min(1.0, hypot(figures.x, figures.y) / figures.length) if figures.length > 0.0 else 0.0


def _figures(stay: _Stay) -> CellFigures:
    has_dwelled = stay.slow_s >= SETTLE_S
    return CellFigures(
        people=1,
        seconds=stay.seconds,
        dwellers=int(has_dwelled),
        dwell_s=stay.slow_s if has_dwelled else 0.0,
        walkers=int(stay.walk_s > 0.0),
        walk_s=stay.walk_s,
        x=stay.x,
        y=stay.y,
        length=stay.length,
    )
