"""Where people are: floors, walls and sky of a street, a square, a park, a hall or a room, drawn by lot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import cos, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Point
from footfall.simulator.lens import Lens
from footfall.simulator.room import Colour
from footfall.simulator.texture import draw_hedge, draw_wall, sample_noise
from footfall.simulator.view import Floats

FAR_M = 1e5


class Kind(Enum):
    """What sort of place."""

    STREET = "street"
    SQUARE = "square"
    PARK = "park"
    YARD = "yard"
    HALL = "hall"
    SHOP = "shop"
    OFFICE = "office"


INDOOR = frozenset({Kind.HALL, Kind.SHOP, Kind.OFFICE})


class Ground(Enum):
    """What the floor is made of."""

    ASPHALT = "asphalt"
    SLABS = "slabs"
    COBBLES = "cobbles"
    GRASS = "grass"
    EARTH = "earth"
    TILES = "tiles"
    CHEQUERS = "chequers"
    PLANKS = "planks"
    CARPET = "carpet"
    POLISHED = "polished"


BASES: dict[Ground, Colour] = {
    Ground.ASPHALT: (92, 92, 92), Ground.SLABS: (150, 156, 160), Ground.COBBLES: (112, 118, 124),
    Ground.GRASS: (52, 104, 84), Ground.EARTH: (96, 124, 146), Ground.TILES: (176, 184, 190),
    Ground.CHEQUERS: (190, 196, 200), Ground.PLANKS: (98, 132, 164), Ground.CARPET: (110, 92, 84),
    Ground.POLISHED: (168, 174, 176),
}  # fmt: skip
OUTDOOR_GROUNDS = (Ground.SLABS, Ground.COBBLES, Ground.ASPHALT)
INDOOR_GROUNDS = (Ground.TILES, Ground.CHEQUERS, Ground.PLANKS, Ground.CARPET, Ground.POLISHED)


@dataclass(frozen=True, slots=True)
class Scenery:
    """An empty place as the camera sees it, in pixels."""

    kind: Kind
    image: Floats
    """(h, w, 3)."""
    depth: Floats
    """(h, w), along the optical axis."""
    floor: NDArray[np.bool_]
    """(h, w)."""
    heading_rad: float
    """The way along walls and road."""
    rays: Floats
    """(h, w, 3): the lens's."""
    is_picture: bool = False
    """Whether it is a real picture, which has its light already."""

    def floor_point(self, row: int, column: int) -> Point:
        """The floor point that a floor pixel shows."""
        x, y = self.rays[row, column, :2] * self.depth[row, column]
        return float(x), float(y)


def draw_scenery(rng: np.random.Generator, kind: Kind, lens: Lens) -> Scenery:
    """An empty place of that kind."""
    rays = lens.rays()
    shape = rays.shape[:2]
    heading = float(rng.uniform(0.0, pi))
    indoor = kind in INDOOR
    depth, floor = np.full(shape, FAR_M, np.float32), np.zeros(shape, np.bool_)
    image = _ceiling(rng, rays, lens) if indoor else _sky(rng, rays)
    below = rays[..., 2] < -1e-3
    floor_depth = np.where(below, lens.height_m / np.maximum(-rays[..., 2], 1e-3), FAR_M).astype(np.float32)
    x, y = rays[..., 0] * floor_depth, rays[..., 1] * floor_depth
    sample_m = floor_depth * floor_depth / (lens.height_m * lens.focal_w * shape[1])
    colour = _ground(rng, kind, heading, (x, y, sample_m))
    image[below], depth[below], floor[below] = colour[below], floor_depth[below], True
    for wall in _walls(rng, lens, kind, heading):
        _put_wall(wall, rays, lens, (image, depth, floor))
    return Scenery(kind, image, depth, floor, heading, rays)


def _sky(rng: np.random.Generator, rays: Floats) -> Floats:
    up = np.clip(rays[..., 2] * 1.5 + 0.1, 0.0, 1.0)[..., None]
    low = np.array([225, 220, 215], np.float32) * rng.uniform(0.75, 1.1)
    high = np.array([215, 180, 140], np.float32) if rng.random() < 0.5 else low * 0.9
    return np.asarray(low * (1 - up) + high * up, np.float32)


def _ceiling(rng: np.random.Generator, rays: Floats, lens: Lens) -> Floats:
    gap = float(rng.uniform(0.3, 2.0))
    depth = gap / np.maximum(rays[..., 2], 1e-2)
    x, y = rays[..., 0] * depth, rays[..., 1] * depth
    lamp = (np.mod(x + 50.0, rng.uniform(2, 5)) < 0.4) & (np.mod(y, rng.uniform(2, 4)) < 1.2)
    base = np.array([190, 196, 200], np.float32) * rng.uniform(0.5, 1.0)
    return np.where(lamp[..., None], np.float32(250.0), base).astype(np.float32)


def _ground(rng: np.random.Generator, kind: Kind, heading: float, at: tuple[Floats, Floats, Floats]) -> Floats:
    x, y, sample_m = at
    along, across = x * cos(heading) + y * sin(heading), y * cos(heading) - x * sin(heading)
    turned = along, across, sample_m
    if kind in INDOOR:
        colour = _surface(rng, _one(rng, INDOOR_GROUNDS), turned)
        return colour * (1.0 + 0.04 * np.clip(sample_noise(x, y, 0.05, _offset(rng)), -2, 2))[..., None]
    if kind is Kind.PARK:
        colour = _surface(rng, Ground.GRASS, turned)
        path = np.abs(across - rng.uniform(-4, 10) + np.sin(along * 0.2)) < rng.uniform(0.8, 3.0)
        return _mix(colour, _surface(rng, _one(rng, (Ground.SLABS, Ground.ASPHALT, Ground.EARTH)), turned), path)
    if kind is Kind.YARD:
        colour = _surface(rng, _one(rng, (Ground.ASPHALT, Ground.EARTH, Ground.POLISHED)), turned)
        return _bays(rng, colour, turned) if rng.random() < 0.5 else colour
    colour = _surface(rng, _one(rng, OUTDOOR_GROUNDS), turned)
    if kind is Kind.STREET:
        start, wide = float(rng.uniform(-8, 8)), float(rng.uniform(5, 12))
        colour = _road(rng, colour, turned, (start, start + wide))
    return colour


def _surface(rng: np.random.Generator, ground: Ground, at: tuple[Floats, Floats, Floats]) -> Floats:
    """(h, w, 3) colour of one material everywhere."""
    x, y, sample_m = at
    base = np.clip(np.array(BASES[ground]) * rng.uniform(0.6, 1.25) + rng.normal(0, 4, 3), 12, 240).astype(np.float32)
    tone = 1.0 + float(rng.uniform(0.01, 0.05)) * sample_noise(x, y, float(rng.uniform(0.02, 0.1)), _offset(rng))
    fine = {Ground.GRASS: 0.22, Ground.EARTH: 0.14, Ground.ASPHALT: 0.10, Ground.COBBLES: 0.12, Ground.CARPET: 0.10}
    grain = sample_noise(x, y, 0.004, _offset(rng)) / (1.0 + 25.0 * sample_m)
    tone += fine.get(ground, 0.02) * grain
    cell = {
        Ground.SLABS: (rng.uniform(0.3, 1.0), rng.uniform(0.3, 1.0)), Ground.COBBLES: (0.12, 0.16),
        Ground.TILES: (0.45, 0.45), Ground.CHEQUERS: (0.6, 0.6), Ground.PLANKS: (1.8, 0.16),
    }.get(ground)  # fmt: skip
    if cell is not None:
        tone *= _joints(x, y, sample_m, cell, ground)
    return np.asarray(base * np.clip(tone, 0.2, 1.8)[..., None], np.float32)


def _joints(x: Floats, y: Floats, sample_m: Floats, cell: tuple[float, float], ground: Ground) -> Floats:
    row = np.floor(y / cell[1])
    column = x / cell[0] + (0.5 * np.mod(row, 2.0) if ground is not Ground.TILES else 0.0)
    if ground is Ground.CHEQUERS:
        column = x / cell[0]
        return np.asarray(np.where(np.mod(np.floor(column) + row, 2.0) < 0.5, 1.0, 0.78), np.float32)
    edge = np.minimum(
        np.abs(column - np.round(column)) * cell[0], np.abs(y / cell[1] - np.round(y / cell[1])) * cell[1]
    )
    blur = np.maximum(sample_m, 0.004)
    joint = np.clip(1.0 - (edge - 0.006) / blur, 0.0, 1.0) * np.clip(0.016 / blur, 0.0, 1.0)
    dice = np.mod(np.sin(np.floor(column) * 12.9898 + row * 78.233) * 43758.5453, 1.0)
    return np.asarray(
        (1.0 - 0.4 * joint) * (1.0 + 0.10 * (dice - 0.5) * np.clip(cell[0] / blur * 0.3, 0, 1)), np.float32
    )


def _road(
    rng: np.random.Generator, colour: Floats, at: tuple[Floats, Floats, Floats], band: tuple[float, float]
) -> Floats:
    along, across, sample_m = at
    inside = (across > band[0]) & (across < band[1])
    colour = _mix(colour, _surface(rng, Ground.ASPHALT, at), inside)
    soft = np.maximum(sample_m * 0.5, 0.02)
    for edge in band:
        kerb = np.clip(1.0 - (np.abs(across - edge) - 0.1) / soft, 0, 1)[..., None] * 0.6
        colour = colour * (1 - kerb) + 190 * kerb
    middle = (band[0] + band[1]) / 2
    line = (np.abs(across - middle) < 0.08) & (np.mod(along, 6.0) < 3.0)
    if rng.random() < 0.5:
        start = float(rng.uniform(-6, 6))
        line |= inside & (along > start) & (along < start + 3.5) & (np.mod(across, 1.0) < 0.5)
    return np.where(line[..., None], colour * 0.3 + 150, colour).astype(np.float32)


def _bays(rng: np.random.Generator, colour: Floats, at: tuple[Floats, Floats, Floats]) -> Floats:
    along, across, _ = at
    line = (np.mod(along, 2.5) < 0.12) & (np.mod(across, 11.0) < 5.0)
    return np.where(line[..., None], colour * 0.4 + 130, colour).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Wall:
    start_m: tuple[float, float]
    heading_rad: float
    length_m: float
    height_m: float
    image: NDArray[np.uint8]
    bright: float
    ragged: bool


def _walls(rng: np.random.Generator, lens: Lens, kind: Kind, heading: float) -> list[_Wall]:
    """Three walls of a room; or houses on some sides of a street or a square, and what closes the view behind."""
    indoor = kind in INDOOR
    ahead = lens.floor_point_m((lens.size_px[0] / 2, lens.size_px[1] / 2))
    reach = min(22.0, float(np.hypot(*ahead)) if ahead else 22.0)
    base = heading - pi / 2 * round((heading - pi / 2) / (pi / 2)) - pi / 2  # within 45 degrees of the view's right
    walls = []
    for side in (0, 1, 2):
        if not indoor and rng.random() < (0.75 if kind is Kind.PARK else 0.45):
            continue
        away = (
            reach * float(rng.uniform(1.0, 2.2)) + 1.5
            if side == 0
            else float(rng.uniform(1.5, 5.0 if indoor else 12.0)) + reach * 0.3
        )
        turn = base + (0.0, pi / 2, -pi / 2)[side]
        high = lens.height_m + 1.5 if indoor else float(rng.uniform(2.5, 14.0))
        length = 32.0 if indoor else float(rng.uniform(10, 50))
        walls.append(_wall(rng, turn, away, (length, high), indoor=indoor, green=kind is Kind.PARK))
    if not indoor and rng.random() < 0.85:
        green = kind is Kind.PARK or rng.random() < 0.3
        size = 240.0, float(rng.uniform(5.0, 22.0))
        walls.append(_wall(rng, float(rng.normal(0, 0.2)), float(rng.uniform(30, 80)), size, indoor=False, green=green))
    return walls


def _wall(
    rng: np.random.Generator, turn: float, away: float, size: tuple[float, float], *, indoor: bool, green: bool
) -> _Wall:
    """A wall that runs along `turn`, its middle `away` metres to the left of that."""
    length, high = size
    along, normal = np.array([cos(turn), sin(turn)]), np.array([-sin(turn), cos(turn)])
    start = normal * away - along * length * float(rng.uniform(0.35, 0.65))
    art = draw_hedge(rng, length, high) if green else draw_wall(rng, length, high, indoor=indoor)
    return _Wall(
        (float(start[0]), float(start[1])), turn, length, high, art, float(rng.uniform(0.7, 1.1)), ragged=green
    )


def _put_wall(wall: _Wall, rays: Floats, lens: Lens, into: tuple[Floats, Floats, NDArray[np.bool_]]) -> None:
    image, depth, floor = into
    c, s = cos(wall.heading_rad), sin(wall.heading_rad)
    normal = -s, c
    offset = wall.start_m[0] * normal[0] + wall.start_m[1] * normal[1]
    pace = rays[..., 0] * np.float32(normal[0]) + rays[..., 1] * np.float32(normal[1])
    own = np.float32(offset) / np.where(np.abs(pace) < 1e-4, np.float32(1e-4), pace)
    along = own * (rays[..., 0] * np.float32(c) + rays[..., 1] * np.float32(s)) - np.float32(
        wall.start_m[0] * c + wall.start_m[1] * s
    )
    up = lens.height_m + own * rays[..., 2]
    wins = (own > 0.5) & (own < depth) & (along > 0) & (along < wall.length_m) & (up > 0) & (up < wall.height_m)
    if wall.ragged:
        level = np.zeros(along.shape, np.float32)
        crest = 0.75 + 0.12 * sample_noise(along.astype(np.float32), level, 0.08, (wall.length_m, wall.height_m))
        wins &= up < wall.height_m * crest
    if not wins.any():
        return
    height, width = wall.image.shape[:2]
    across_px = (along[wins] * (width / wall.length_m)).astype(np.float32)
    down_px = ((1.0 - up[wins] / wall.height_m) * height).astype(np.float32)
    texel = _sampled(wall.image, across_px, down_px)
    shade = wall.bright * (0.85 + 0.15 * np.clip(up[wins] / 2.0, 0, 1))
    image[wins] = texel * shade[:, None]
    depth[wins], floor[wins] = own[wins], False


def _sampled(picture: NDArray[np.uint8], x: Floats, y: Floats) -> Floats:
    """(n, 3) colours at n places; in rows of at most 16384, as OpenCV's remap wants it."""
    rows = -(-len(x) // 16384)
    padded = np.zeros((2, rows * 16384), np.float32)
    padded[0, : len(x)], padded[1, : len(x)] = x, y
    grid = padded.reshape(2, rows, 16384)
    colours = cv2.remap(picture, grid[0], grid[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(colours.reshape(-1, 3)[: len(x)], np.float32)


def _mix(first: Floats, second: Floats, mask: NDArray[np.bool_]) -> Floats:
    return np.where(mask[..., None], second, first).astype(np.float32)


def _one(rng: np.random.Generator, choices: tuple[Ground, ...]) -> Ground:
    return choices[int(rng.integers(len(choices)))]


def _offset(rng: np.random.Generator) -> tuple[float, float]:
    return float(rng.uniform(0, 512)), float(rng.uniform(0, 512))
