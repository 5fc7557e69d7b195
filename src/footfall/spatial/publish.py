"""What may be shown of maps: only what enough different people share, so that nobody's path stands alone.

A cell appears when at least `least` people were in it, its dwell time when as many stood there, its direction when as
many walked through it, a journey when as many made it. The rest is left out, and only its share of the time is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, pi

from footfall.spatial.grid import Cell, Grid
from footfall.spatial.maps import Block, CellFigures, Maps, mean_speed, steadiness


@dataclass(frozen=True, slots=True)
class Dwelling:
    """How long people stood in a cell."""

    people: int
    mean_s: float


@dataclass(frozen=True, slots=True)
class Flow:
    """How people walked through a cell."""

    people: int
    direction_rad: float
    """Of the mean velocity, atan2(x, y): 0 is towards larger y, a quarter turn towards larger x."""
    speed: float
    """Mean, in the plane's unit a second."""
    steadiness: float
    """1: all walk the same way; 0: as many this way as that way, and the direction says nothing."""


@dataclass(frozen=True, slots=True)
class PublicCell:
    """One cell that enough people share."""

    people: int
    seconds: float
    dwelling: Dwelling | None
    flow: Flow | None


@dataclass(frozen=True, slots=True)
class PublicJourneys:
    """People who began in one block and ended in another."""

    origin: Block
    destination: Block
    people: int
    mean_s: float


@dataclass(frozen=True, slots=True)
class PublicMap:
    """What is shown of one plane."""

    grid: Grid
    least: int
    cells: dict[Cell, PublicCell]
    """In order of rows, then columns."""
    journeys: tuple[PublicJourneys, ...]
    """The most frequent first."""
    seconds: float
    """Person-seconds of all cells together, hidden ones too."""
    hidden_share: float
    """Part of them in cells that are left out, 0..1."""
    outside_s: float
    """Person-seconds outside of the grid."""


def publish(maps: Maps, least: int) -> PublicMap:
    """What at least `least` people share; `maps` are flushed.

    Raises:
        ValueError: `least` is below 1.
    """
    if least < 1:
        raise ValueError(f"a cell needs at least one person to be shown, got {least}")
    shown = {
        cell: _cell(figures, least)
        for cell, figures in sorted(maps.cells.items(), key=lambda item: item[0][::-1])
        if figures.people >= least
    }
    seconds = maps.seconds - maps.outside_s
    visible_s = sum(cell.seconds for cell in shown.values())
    journeys = [
        PublicJourneys(origin, destination, made.people, made.seconds / made.people)
        for (origin, destination), made in maps.journeys.items()
        if made.people >= least
    ]
    return PublicMap(
        maps.grid,
        least,
        shown,
        tuple(sorted(journeys, key=lambda way: (-way.people, way.origin, way.destination))),
        seconds,
        max(0.0, 1.0 - visible_s / seconds) if seconds > 0.0 else 0.0,
        maps.outside_s,
    )


def _cell(figures: CellFigures, least: int) -> PublicCell:
    dwelling = flow = None
    if figures.dwellers >= least:
        dwelling = Dwelling(figures.dwellers, figures.dwell_s / figures.dwellers)
    if figures.walkers >= least and figures.length > 0.0:
        direction = atan2(figures.x, figures.y) % (2 * pi)
        flow = Flow(figures.walkers, direction, mean_speed(figures), steadiness(figures))
    return PublicCell(figures.people, figures.seconds, dwelling, flow)
