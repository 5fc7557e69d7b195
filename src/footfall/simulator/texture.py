"""Noise for floors, and pictures of walls: bricks, windows, doors, posters, shelves, shutters."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from footfall.core.types import Image
from footfall.simulator.room import Colour
from footfall.simulator.view import Floats

NOISE_CELLS = 512
WALL_PX_PER_M = 28
WALL_LIMIT_PX = 900


@lru_cache(maxsize=1)
def white() -> Floats:
    """(cells, cells, 4) normal noise of deviation 1, the same on every machine."""
    return np.random.default_rng(13).standard_normal((NOISE_CELLS, NOISE_CELLS, 4), np.float32)


@lru_cache(maxsize=1)
def noise() -> Floats:
    """(cells, cells) fractal noise around 0 of deviation 1 that tiles; the same on every machine."""
    rng = np.random.default_rng(11)
    field = np.zeros((NOISE_CELLS, NOISE_CELLS), np.float32)
    for octave in range(2, 10):
        cells = 1 << octave
        coarse = rng.normal(0.0, 1.0, (cells, cells)).astype(np.float32)
        coarse = np.pad(coarse, 2, mode="wrap")
        scale = NOISE_CELLS // cells
        big = cv2.resize(coarse, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        field += big[2 * scale : -2 * scale, 2 * scale : -2 * scale] * 0.72 ** (octave - 2)
    return np.asarray((field - field.mean()) / field.std(), np.float32)


def sample_noise(x: Floats, y: Floats, cell_m: float, offset: tuple[float, float]) -> Floats:
    """Noise at places; one cell is `cell_m` wide."""
    across, down = x / np.float32(cell_m) + np.float32(offset[0]), y / np.float32(cell_m) + np.float32(offset[1])
    across -= np.floor(across / NOISE_CELLS) * np.float32(NOISE_CELLS)
    down -= np.floor(down / NOISE_CELLS) * np.float32(NOISE_CELLS)
    return np.asarray(cv2.remap(noise(), across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), np.float32)


def draw_wall(rng: np.random.Generator, length_m: float, height_m: float, *, indoor: bool) -> Image:
    """(h, w, 3) uint8, its first row at the top, `WALL_PX_PER_M` or less per metre."""
    scale = min(WALL_PX_PER_M, WALL_LIMIT_PX / max(length_m, height_m))
    wall = np.empty((max(8, int(height_m * scale)), max(8, int(length_m * scale)), 3), np.uint8)
    wall[:] = _shade_of(
        rng, ((206, 210, 214), (180, 190, 200), (150, 160, 170), (120, 140, 165), (90, 96, 100), (160, 170, 150))
    )
    height, width = wall.shape[:2]
    _grain(wall, rng)
    if not indoor and rng.random() < 0.4:
        _bricks(wall, scale, rng)
    if rng.random() < 0.5:
        band = int(rng.uniform(0.1, 1.2) * scale)
        wall[height - band :] = (wall[height - band :] * rng.uniform(0.5, 0.9)).astype(np.uint8)
    if not indoor:
        _facade(wall, scale, rng)
    elif rng.random() < 0.3:
        _shelving(wall, scale, rng)
    for _ in range(int(rng.integers(0, 3 + width // int(2 * scale + 1)))):
        _thing(wall, scale, rng)
    return wall


def draw_hedge(rng: np.random.Generator, length_m: float, height_m: float) -> Image:
    """Leaves, as `draw_wall`."""
    scale = min(WALL_PX_PER_M, WALL_LIMIT_PX / max(length_m, height_m))
    rows = (np.arange(max(8, int(height_m * scale))) + rng.integers(NOISE_CELLS)) % NOISE_CELLS
    columns = (np.arange(max(8, int(length_m * scale))) * 2 + rng.integers(NOISE_CELLS)) % NOISE_CELLS
    tone = (
        noise()[rows[:, None], columns[None]]
        + 0.8 * noise()[(rows * 5 % NOISE_CELLS)[:, None], (columns * 7 % NOISE_CELLS)[None]]
    )
    green = np.array(_shade_of(rng, ((40, 84, 60), (50, 70, 60), (36, 60, 44), (60, 100, 90))), np.float32)
    return np.asarray(np.clip(green * (1.0 + 0.35 * tone)[..., None], 0, 255), np.uint8)


def _grain(wall: Image, rng: np.random.Generator) -> None:
    offset = rng.integers(0, NOISE_CELLS, 2)
    rows = (np.arange(wall.shape[0]) + offset[0]) % NOISE_CELLS
    columns = (np.arange(wall.shape[1]) + offset[1]) % NOISE_CELLS
    grain = (noise()[rows[:, None], columns[None]] * 8.0).astype(np.int8)
    wall[:] = cv2.add(wall, cv2.merge([grain, grain, grain]), dtype=cv2.CV_8U)


def _bricks(wall: Image, scale: float, rng: np.random.Generator) -> None:
    row_px = max(2, int(rng.uniform(0.08, 0.4) * scale))
    dark = (wall[::row_px] * 0.75).astype(np.uint8)
    wall[::row_px] = dark
    for index, top in enumerate(range(0, wall.shape[0], row_px)):
        start = (index % 2) * row_px
        wall[top : top + row_px, start :: row_px * 2] = (wall[top : top + row_px, start :: row_px * 2] * 0.8).astype(
            np.uint8
        )


def _facade(wall: Image, scale: float, rng: np.random.Generator) -> None:
    """Rows of windows above, shop windows and doors below."""
    height, width = wall.shape[:2]
    floor_px, step = int(3.2 * scale), int(rng.uniform(1.6, 4.0) * scale)
    wide, high = int(step * rng.uniform(0.4, 0.8)), int(rng.uniform(1.2, 2.0) * scale)
    glass = _shade_of(rng, ((70, 60, 50), (110, 100, 90), (160, 150, 140), (50, 50, 50)))
    for top in range(height - 2 * floor_px, -floor_px, -floor_px):
        for left in range(int(rng.integers(0, step)), width, step):
            _pane(wall, (left, top + int(0.6 * scale), wide, high), glass, rng)
    if rng.random() < 0.65:
        left = 0
        while left < width:
            wide = int(rng.uniform(1.0, 4.5) * scale)
            high = int(rng.uniform(1.9, 2.7) * scale)
            if rng.random() < 0.8:
                _pane(wall, (left, height - high - int(rng.choice([0, 0.4]) * scale), wide, high), glass, rng)
            left += wide + int(rng.uniform(0.1, 1.5) * scale)
        if rng.random() < 0.6:
            sign = _shade_of(
                rng, ((40, 40, 200), (200, 80, 30), (40, 160, 220), (60, 140, 40), (30, 30, 30), (230, 230, 230))
            )
            top = height - int(3.3 * scale)
            wall[max(0, top) : max(0, top + int(0.5 * scale))] = sign


def _pane(wall: Image, box: tuple[int, int, int, int], glass: Colour, rng: np.random.Generator) -> None:
    left, top, wide, high = box
    cv2.rectangle(wall, (left, top), (left + wide, top + high), _scaled(glass, float(rng.uniform(0.6, 1.3))), -1)
    if rng.random() < 0.5:  # a reflection, or things behind
        for _ in range(int(rng.integers(1, 5))):
            x, y = left + int(rng.integers(0, wide + 1)), top + int(rng.integers(0, high + 1))
            size = int(rng.integers(1, max(2, wide // 2))), int(rng.integers(1, max(2, high // 2)))
            end = min(left + wide, x + size[0]), min(top + high, y + size[1])
            cv2.rectangle(wall, (x, y), end, _scaled(glass, float(rng.uniform(0.4, 2.0))), -1)
    cv2.rectangle(wall, (left, top), (left + wide, top + high), _scaled(glass, float(rng.choice([0.4, 2.0]))), 1)


def _shelving(wall: Image, scale: float, rng: np.random.Generator) -> None:
    """Shelves full of coloured things."""
    height, width = wall.shape[:2]
    row_px = max(4, int(rng.uniform(0.25, 0.5) * scale))
    kinds = rng.integers(20, 240, (24, 3)).astype(np.uint8)
    for top in range(max(0, height - int(2.1 * scale)), height - row_px, row_px):
        wide = rng.integers(1, max(3, int(0.3 * scale)), width)
        high = np.repeat(rng.integers(row_px // 2, row_px, width), wide)[:width]
        goods = np.repeat(
            kinds[np.repeat(rng.integers(0, 24, width), rng.integers(1, 5, width))[:width]], wide, axis=0
        )[:width]
        filled = np.arange(row_px)[:, None] >= row_px - high[None]
        wall[top : top + row_px] = np.where(filled[..., None], goods[None], wall[top : top + row_px] // 3)
        wall[top + row_px - 1] = 120


def _thing(wall: Image, scale: float, rng: np.random.Generator) -> None:
    """A door, a poster, a board, a pipe or a screen."""
    height, width = wall.shape[:2]
    left, kind = int(rng.integers(0, width)), int(rng.integers(0, 5))
    colour = tuple(int(c) for c in rng.integers(20, 230, 3))
    if kind == 0:
        wide, high = int(rng.uniform(0.8, 1.9) * scale), int(rng.uniform(2.0, 2.3) * scale)
        cv2.rectangle(wall, (left, height - high), (left + wide, height), colour, -1)
        cv2.rectangle(
            wall, (left, height - high), (left + wide, height), _scaled(colour, 0.5), max(1, int(0.06 * scale))
        )
    elif kind == 1:
        cv2.line(wall, (left, 0), (left, height), colour, max(1, int(rng.uniform(0.05, 0.3) * scale)))
    else:
        wide, high = int(rng.uniform(0.3, 2.2) * scale), int(rng.uniform(0.4, 1.4) * scale)
        top = height - int(rng.uniform(0.7, 1.4) * scale) - high
        cv2.rectangle(wall, (left, top), (left + wide, top + high), colour, -1)
        for _ in range(int(rng.integers(1, 6))):
            x, y = left + int(rng.integers(0, wide + 1)), top + int(rng.integers(0, high + 1))
            other = tuple(int(c) for c in rng.integers(0, 255, 3))
            end = min(left + wide, x + wide // 3), min(top + high, y + high // 5)
            cv2.rectangle(wall, (x, y), end, other, -1)


def _shade_of(rng: np.random.Generator, palette: tuple[Colour, ...]) -> Colour:
    return _scaled(palette[int(rng.integers(len(palette)))], float(rng.uniform(0.7, 1.15)))


def _scaled(colour: tuple[int, ...], factor: float) -> Colour:
    b, g, r = (int(min(255, c * factor)) for c in colour)
    return b, g, r
