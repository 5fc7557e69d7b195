"""What stands still: a rectangular room with doorways, pillars, furniture and pictures on its walls. Metres."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from footfall.core.geometry import Point

Colour: TypeAlias = tuple[int, int, int]
"""Blue, green, red."""


class Floor(Enum):
    """What the floor is made of."""

    TILES = "tiles"
    WOOD = "wood"
    CARPET = "carpet"


class Wall(Enum):
    """Which wall something is in."""

    BACK = "back"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Doorway:
    """An opening in a wall; `centre_m` runs along the wall: x for the back wall, y for the side walls."""

    wall: Wall
    centre_m: float
    width_m: float = 1.8
    height_m: float = 2.3


@dataclass(frozen=True, slots=True)
class Poster:
    """A picture on a wall."""

    wall: Wall
    centre_m: float
    bottom_m: float
    width_m: float
    height_m: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Block:
    """A box that stands on the floor, or above it."""

    centre_m: Point
    size_m: Point
    top_m: float
    colour: Colour
    bottom_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Pillar:
    """A round column from the floor to the ceiling, or up to `top_m`."""

    centre_m: Point
    radius_m: float
    colour: Colour = (196, 202, 206)
    top_m: float = 10.0


@dataclass(frozen=True, slots=True)
class Room:
    """Walls at x = ±width/2 and y = depth; open towards the camera."""

    width_m: float = 12.0
    depth_m: float = 14.0
    height_m: float = 3.8
    floor: Floor = Floor.TILES
    wall_colour: Colour = (196, 205, 212)
    doorways: tuple[Doorway, ...] = ()
    posters: tuple[Poster, ...] = ()
    blocks: tuple[Block, ...] = ()
    pillars: tuple[Pillar, ...] = ()

    def light(self, x: float, y: float) -> float:
        """Brightness at a floor point: lamps in a row over the middle, dimmer towards the walls."""
        side = 1.0 - 0.22 * min(1.0, (x / (self.width_m / 2)) ** 2)
        return side * (1.06 - 0.18 * min(1.5, max(0.0, y / self.depth_m)))
