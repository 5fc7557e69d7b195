"""Surfaces made of quadrilaterals: tubes with elliptic rings, boxes, and their sum.

A tube's rings start at its back: turn 0 is the back and 0.5 the front of a tube that runs upwards (the other way round
for one that runs downwards). Lengths are metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import pi

import numpy as np
from numpy.typing import NDArray

from footfall.simulator.view import Floats

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Mesh:
    """Parallel arrays of points and of quadrilaterals."""

    points_m: Floats
    """(v, 3)."""
    normals: Floats
    """(v, 3), outwards, of length 1."""
    texture: Floats
    """(v, 2): metres along, turn around 0..1."""
    quads: Ints
    """(q, 4) indices of points."""
    material: Ints
    """(q,)."""


def merge(meshes: Sequence[Mesh]) -> Mesh:
    """All of them as one."""
    starts = np.cumsum([0, *(len(m.points_m) for m in meshes[:-1])])
    return Mesh(
        np.concatenate([m.points_m for m in meshes]),
        np.concatenate([m.normals for m in meshes]),
        np.concatenate([m.texture for m in meshes]),
        np.concatenate([m.quads + np.int32(start) for m, start in zip(meshes, starts, strict=True)]),
        np.concatenate([m.material for m in meshes]),
    )


def tube(path_m: Floats, left: Floats, wide_m: Floats, deep_m: Floats, material: int | Ints, sides: int) -> Mesh:
    """A tube around a path of n points.

    Args:
        path_m: (n, 3).
        left: (3,) the direction of the rings' wide axis; need not be at right angles to the path.
        wide_m: (n,) half axes along `left`.
        deep_m: (n,) half axes across.
        material: one for all, or (n - 1,) one per stretch between two rings.
        sides: corners of a ring.
    """
    along = np.gradient(path_m, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    across = left - (along @ left)[:, None] * along
    across /= np.linalg.norm(across, axis=1, keepdims=True) + 1e-9
    front = np.cross(across, along)
    sine, cosine, turn = _circle(sides)
    points = path_m[:, None, :] + (wide_m[:, None] * sine)[..., None] * across[:, None, :]
    points = (points - (deep_m[:, None] * cosine)[..., None] * front[:, None, :]).astype(np.float32)
    steps = np.linalg.norm(np.diff(path_m, axis=0), axis=1)
    length = np.concatenate([np.zeros(1), np.cumsum(steps)])
    texture = np.empty((len(path_m), sides + 1, 2), np.float32)
    texture[..., 0], texture[..., 1] = length[:, None], turn
    rows = len(path_m) - 1
    per_row = np.broadcast_to(np.asarray(material, np.int32), (rows,))
    return Mesh(
        points.reshape(-1, 3),
        _tube_normals(points).reshape(-1, 3),
        texture.reshape(-1, 2),
        _grid(len(path_m), sides),
        np.repeat(per_row, sides),
    )


def box(centre_m: Floats, size_m: Sequence[float], heading_rad: float, material: int) -> Mesh:
    """A box that stands upright: `size_m` is (long, wide, high), `centre_m` (3,) the middle of its bottom.

    Its texture runs in metres along and in shares of a side's height upwards on the four walls.
    """
    long, wide, high = (s / 2 for s in size_m)
    corners = np.array([[x * long, y * wide, z * high] for x, y, z in _CORNERS], np.float32)
    points, normals = corners[_FACES], np.repeat(_FACE_NORMALS[:, None, :], 4, axis=1)
    flat = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    spans = np.array([2 * long, 2 * wide, 2 * long, 2 * wide, 2 * long, 2 * long], np.float32)
    texture = np.broadcast_to(flat, (6, 4, 2)) * np.stack([spans, np.ones(6, np.float32)], axis=1)[:, None, :]
    c, s = np.cos(heading_rad), np.sin(heading_rad)
    turn = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]], np.float32)
    lifted = points.reshape(-1, 3) @ turn + np.asarray(centre_m, np.float32) + np.array([0, 0, high], np.float32)
    quads = np.arange(24, dtype=np.int32).reshape(6, 4)
    return Mesh(
        lifted.astype(np.float32),
        (normals.reshape(-1, 3) @ turn).astype(np.float32),
        texture.reshape(-1, 2).astype(np.float32),
        quads,
        np.full(6, material, np.int32),
    )


@lru_cache(maxsize=64)
def _circle(sides: int) -> tuple[Floats, Floats, Floats]:
    turn = np.linspace(0.0, 1.0, sides + 1, dtype=np.float32)
    angle = turn * np.float32(2 * pi)
    return np.sin(angle), np.cos(angle), turn


@lru_cache(maxsize=512)
def _grid(rings: int, sides: int) -> Ints:
    index = np.arange(rings * (sides + 1), dtype=np.int32).reshape(rings, sides + 1)
    corners = (index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1])
    return np.stack(corners, axis=2).reshape(-1, 4)


def _tube_normals(points: Floats) -> Floats:
    along = np.gradient(points, axis=0)
    around = np.empty_like(points)
    around[:, 1:-1] = points[:, 2:] - points[:, :-2]
    around[:, 0] = around[:, -1] = points[:, 1] - points[:, -2]
    normals = np.cross(along, around)
    normals /= np.linalg.norm(normals, axis=2, keepdims=True) + 1e-12
    return np.asarray(normals, np.float32)


_CORNERS = ((-1, -1, -1), (1, -1, -1), (1, 1, -1), (-1, 1, -1), (-1, -1, 1), (1, -1, 1), (1, 1, 1), (-1, 1, 1))
_FACES = np.array([[1, 0, 4, 5], [2, 1, 5, 6], [3, 2, 6, 7], [0, 3, 7, 4], [5, 4, 7, 6], [0, 1, 2, 3]])
_FACE_NORMALS = np.array([[0, -1, 0], [1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, 0, 1], [0, 0, -1]], np.float32)
