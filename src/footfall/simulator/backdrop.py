"""Draws the empty room once, by casting a ray through every sample: colour, depth, and where the floor is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.types import Image
from footfall.simulator.room import Block, Doorway, Floor, Pillar, Poster, Room, Wall
from footfall.simulator.view import Floats, View

FAR_M = 1e6
BEHIND_DOORS_M = 2.6


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The empty room on the sample grid."""

    image: Image
    depth_m: Floats
    """(h, w) float32, depth along the optical axis."""
    floor: NDArray[np.bool_]
    """(h, w): samples that show floor, where shadows fall."""


@dataclass(slots=True)
class _Canvas:
    """Nearest surface so far for each ray."""

    eye: Floats
    rays: Floats
    depth: Floats
    colour: Floats
    floor: NDArray[np.bool_]

    def hit(self, depth: Floats) -> Floats:
        """(h, w) depths -> (h, w, 3) world points."""
        return np.asarray(self.eye + np.minimum(depth, np.float32(FAR_M))[..., None] * self.rays, np.float32)

    def put(self, depth: Floats, mask: NDArray[np.bool_], colour: Floats, *, is_floor: bool = False) -> None:
        """Keep a surface where it is in front of everything so far."""
        wins = mask & (depth > 0.05) & (depth < self.depth)
        self.depth[wins] = depth[wins]
        self.colour[wins] = np.broadcast_to(colour, self.colour.shape)[wins]
        self.floor[wins] = is_floor


def draw_backdrop(room: Room, view: View, rng: np.random.Generator) -> Backdrop:
    """The room without people; its ceiling is lifted over a camera that hangs higher.

    The same room, view and state of `rng` give the same picture.
    """
    room = replace(room, height_m=max(room.height_m, view.camera.height_m + 0.6))
    rays = view.rays()
    shape = rays.shape[:2]
    canvas = _Canvas(
        np.array([0.0, 0.0, view.camera.height_m], np.float32),
        rays,
        np.full(shape, FAR_M, np.float32),
        np.full((*shape, 3), 40.0, np.float32),
        np.zeros(shape, np.bool_),
    )
    _draw_floor(canvas, room, view, rng)
    _draw_ceiling(canvas, room)
    for wall in Wall:
        _draw_wall(canvas, room, wall, BEHIND_DOORS_M)
        _draw_wall(canvas, room, wall, 0.0)
    for block in room.blocks:
        _draw_block(canvas, block)
    for pillar in room.pillars:
        _draw_pillar(canvas, pillar)
    grain = cv2.GaussianBlur(rng.normal(0.0, 60.0, shape).astype(np.float32), (0, 0), 14.0)
    image = np.clip(canvas.colour + grain[..., None], 0, 255).astype(np.uint8)
    return Backdrop(image, canvas.depth, canvas.floor)


def _plane(canvas: _Canvas, axis: int, position: float) -> Floats:
    step = canvas.rays[..., axis]
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = (position - canvas.eye[axis]) / step
    return np.where(depth > 0.0, depth, FAR_M).astype(np.float32)


def _draw_floor(canvas: _Canvas, room: Room, view: View, rng: np.random.Generator) -> None:
    depth = _plane(canvas, 2, 0.0)
    point = canvas.hit(depth)
    x, y = point[..., 0], point[..., 1]
    sample_m = depth * depth / (view.camera.height_m * view.focal)
    colour = _floor_colour(room.floor, x, y, sample_m, rng)
    to_wall = np.minimum(room.width_m / 2 - np.abs(x), room.depth_m - y)
    shade = 1.0 - 0.3 * np.exp(-np.abs(to_wall) / 0.3)
    for block in room.blocks:
        away_x = np.maximum(np.abs(x - block.centre_m[0]) - block.size_m[0] / 2, 0.0)
        away_y = np.maximum(np.abs(y - block.centre_m[1]) - block.size_m[1] / 2, 0.0)
        shade *= 1.0 - 0.4 * np.exp(-np.hypot(away_x, away_y) / 0.22)
    for pillar in room.pillars:
        away = np.hypot(x - pillar.centre_m[0], y - pillar.centre_m[1]) - pillar.radius_m
        shade *= 1.0 - 0.35 * np.exp(-np.maximum(away, 0.0) / 0.2)
    shade *= np.where(to_wall < 0.0, 0.75, 1.0) * _light(room, x, y)
    canvas.put(depth, depth < FAR_M, colour * shade[..., None], is_floor=True)


def _light(room: Room, x: Floats, y: Floats) -> Floats:
    side = 1.0 - 0.22 * np.minimum(1.0, (x / (room.width_m / 2)) ** 2)
    return np.asarray(side * (1.06 - 0.18 * np.clip(y / room.depth_m, 0.0, 1.5)), np.float32)


def _floor_colour(floor: Floor, x: Floats, y: Floats, sample_m: Floats, rng: np.random.Generator) -> Floats:
    dice = rng.random((64, 64)).astype(np.float32)
    if floor is Floor.CARPET:
        speck = dice[np.mod(np.floor(x * 30), 64).astype(int), np.mod(np.floor(y * 30), 64).astype(int)]
        tone = 1.0 + 0.16 * (speck - 0.5) / (1.0 + sample_m * 40)
        return np.asarray(np.array([112.0, 100.0, 96.0]) * tone[..., None], np.float32)
    wide, long, base = (0.6, 0.6, (158.0, 166.0, 170.0)) if floor is Floor.TILES else (0.24, 2.2, (150.0, 172.0, 190.0))
    if floor is Floor.WOOD:
        x, y = y, x  # planks lie across the view
    column = np.floor(x / wide)
    along = y / long + (dice[np.mod(column, 64).astype(int), 7] if floor is Floor.WOOD else 0.0)
    cell = dice[np.mod(column, 64).astype(int), np.mod(np.floor(along), 64).astype(int)]
    edge = np.minimum(np.abs(x / wide - np.round(x / wide)) * wide, np.abs(along - np.round(along)) * long)
    blur = np.maximum(sample_m, 0.004)
    joint = np.clip(1.0 - (edge - 0.006) / blur, 0.0, 1.0) * np.clip(0.016 / blur, 0.0, 1.0)
    tone = (1.0 + (0.10 if floor is Floor.TILES else 0.09) * (cell - 0.5)) * (
        1.0 - (0.3 if floor is Floor.TILES else 0.16) * joint
    )
    return np.asarray(np.array(base) * tone[..., None], np.float32)


def _draw_ceiling(canvas: _Canvas, room: Room) -> None:
    depth = _plane(canvas, 2, room.height_m)
    point = canvas.hit(depth)
    lamp = (np.abs(np.mod(point[..., 1], 3.0) - 1.5) < 0.3) & (np.abs(np.mod(point[..., 0], 4.0) - 2.0) < 0.9)
    colour = np.where(lamp[..., None], np.float32(250.0), np.array([188.0, 192.0, 194.0], np.float32))
    canvas.put(depth, depth < FAR_M, colour)


def _draw_wall(canvas: _Canvas, room: Room, wall: Wall, behind_m: float) -> None:
    """The wall itself, or what is seen through its doorways: a dim passage `behind_m` further on."""
    axis, position = {
        Wall.BACK: (1, room.depth_m + behind_m),
        Wall.LEFT: (0, -room.width_m / 2 - behind_m),
        Wall.RIGHT: (0, room.width_m / 2 + behind_m),
    }[wall]
    depth = _plane(canvas, axis, position)
    point = canvas.hit(depth)
    along, up = point[..., 1 - axis], point[..., 2]
    solid = depth < FAR_M
    limit = room.depth_m if axis == 0 else room.width_m / 2
    gradient = (0.78 + 0.16 * np.clip(up / room.height_m, 0.0, 1.0)) * (1.0 - 0.12 * (axis == 0))
    colour = np.array(room.wall_colour, np.float32) * (gradient * (0.66 if behind_m else 1.0))[..., None]
    colour = np.where((up < 0.12)[..., None], colour * np.float32(0.6), colour).astype(np.float32)
    if not behind_m:
        solid &= (along < limit) & (along > (-limit if axis == 1 else -FAR_M))
        for poster in (p for p in room.posters if p.wall is wall):
            _paint_poster(colour, poster, along, up)
        for door in (d for d in room.doorways if d.wall is wall):
            solid &= ~_paint_door_frame(colour, door, along, up)
    canvas.put(depth, solid, colour)


def _paint_poster(colour: Floats, poster: Poster, along: Floats, up: Floats) -> None:
    across = np.abs(along - poster.centre_m) / poster.width_m
    rise = np.abs(up - poster.bottom_m - poster.height_m / 2) / poster.height_m
    colour[(across < 0.5) & (rise < 0.5)] = (70.0, 70.0, 70.0)
    inner = (across < 0.46) & (rise < 0.46)
    colour[inner] = poster.colour
    colour[inner & (np.abs(rise - 0.2) < 0.05) & (across < 0.35)] = np.array(poster.colour, np.float32) * 0.6 + 90.0


def _paint_door_frame(colour: Floats, door: Doorway, along: Floats, up: Floats) -> NDArray[np.bool_]:
    across = np.abs(along - door.centre_m)
    frame = (across < door.width_m / 2 + 0.12) & (up < door.height_m + 0.12)
    colour[frame] = (86.0, 96.0, 104.0)
    return np.asarray((across < door.width_m / 2) & (up < door.height_m), np.bool_)


def _draw_block(canvas: _Canvas, block: Block) -> None:
    low = np.array(
        [block.centre_m[0] - block.size_m[0] / 2, block.centre_m[1] - block.size_m[1] / 2, block.bottom_m], np.float32
    )
    high = np.array([low[0] + block.size_m[0], low[1] + block.size_m[1], block.top_m], np.float32)
    safe = np.where(np.abs(canvas.rays) < 1e-6, np.float32(1e-6), canvas.rays)
    first, second = (low - canvas.eye) / safe, (high - canvas.eye) / safe
    enter = np.minimum(first, second)
    near, far = enter.max(axis=2), np.maximum(first, second).min(axis=2)
    face = np.array([0.62, 0.80, 1.0], np.float32)[enter.argmax(axis=2)]
    point = canvas.hit(near)
    grain = 1.0 + 0.05 * np.sin(point[..., 0] * 23.0 + np.sin(point[..., 2] * 9.0)) * (face < 1.0)
    low_light = 0.7 + 0.3 * np.clip((point[..., 2] - block.bottom_m) / (block.top_m - block.bottom_m), 0.0, 1.0)
    canvas.put(near, near < far, np.array(block.colour, np.float32) * (face * grain * low_light)[..., None])


def _draw_pillar(canvas: _Canvas, pillar: Pillar) -> None:
    offset = canvas.eye[:2] - np.array(pillar.centre_m, np.float32)
    flat = canvas.rays[..., :2]
    a = np.maximum((flat * flat).sum(axis=2), 1e-12)
    b = (flat * offset).sum(axis=2)
    root = b * b - a * (float(offset @ offset) - pillar.radius_m**2)
    depth = ((-b - np.sqrt(np.maximum(root, 0.0))) / a).astype(np.float32)
    point = canvas.hit(depth)
    turn = (point[..., 0] - pillar.centre_m[0]) / pillar.radius_m
    shade = 0.62 + 0.3 * np.sqrt(np.clip(1.0 - (turn + 0.35) ** 2, 0.0, 1.0)) + 0.02 * point[..., 2]
    solid = (root > 0.0) & (point[..., 2] < pillar.top_m) & (point[..., 2] > 0.0)
    canvas.put(depth, solid, np.array(pillar.colour, np.float32) * shade[..., None].astype(np.float32))
