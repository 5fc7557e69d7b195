"""Surfaces made of quadrilaterals: tubes with elliptic rings, boxes, and their sum.

A tube's rings start at its back: turn 0 is the back and 0.5 the front of a tube that runs upwards (the other way round
for one that runs downwards). Lengths are metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import pi
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footfall.simulator.view import Floats

Ints: TypeAlias = NDArray[np.int32]
Reals: TypeAlias = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Mesh:
    """Parallel arrays of points and of quadrilaterals."""

    points_m: Floats
    """(v, 3)."""
    beside: Ints
    """(v, 4) indices of neighbours: onwards and back along the tube, onwards and back around it."""
    texture: Floats
    """(v, 2): metres along, turn around 0..1."""
    quads: Ints
    """(q, 4) indices of points."""
    material: Ints
    """(q,)."""

    def normals(self) -> Floats:
        """(v, 3), outwards, of length 1."""
        corners = self.points_m[self.beside]
        return unit(cross(corners[:, 0] - corners[:, 1], corners[:, 2] - corners[:, 3]))

    def moved(self, points_m: Floats) -> Mesh:
        """The same mesh with its points elsewhere."""
        return Mesh(points_m, self.beside, self.texture, self.quads, self.material)


def unit(vectors: Reals) -> Floats:
    """(..., 3) scaled to length 1."""
    return np.asarray(vectors / np.sqrt(np.einsum("...i,...i->...", vectors, vectors) + 1e-18)[..., None], np.float32)


def cross(a: Reals, b: Reals) -> Floats:
    """(..., 3): as numpy's, for large arrays without its overhead."""
    out = np.empty(np.broadcast_shapes(a.shape, b.shape), np.float32)
    out[..., 0] = a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1]
    out[..., 1] = a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2]
    out[..., 2] = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return out


def merge(meshes: Sequence[Mesh]) -> Mesh:
    """All of them as one."""
    starts = np.cumsum([0, *(len(m.points_m) for m in meshes[:-1])])
    return Mesh(
        np.concatenate([m.points_m for m in meshes]),
        np.concatenate([m.beside + np.int32(start) for m, start in zip(meshes, starts, strict=True)]),
        np.concatenate([m.texture for m in meshes]),
        np.concatenate([m.quads + np.int32(start) for m, start in zip(meshes, starts, strict=True)]),
        np.concatenate([m.material for m in meshes]),
    )


def tube(path_m: Reals, left: Reals, wide_m: Reals, deep_m: Reals, material: int | Ints, sides: int) -> Mesh:
    """A tube around a path of n points.

    Args:
        path_m: (n, 3).
        left: (3,) the direction of the rings' wide axis; need not be at right angles to the path.
        wide_m: (n,) half axes along `left`.
        deep_m: (n,) half axes across.
        material: one for all, or (n - 1,) one per stretch between two rings.
        sides: corners of a ring.
    """
    along = np.empty((len(path_m), 3), np.float32)
    along[1:-1] = path_m[2:] - path_m[:-2]
    along[0], along[-1] = path_m[1] - path_m[0], path_m[-1] - path_m[-2]
    along = unit(along)
    across = unit(left - (along @ left)[:, None] * along)
    front = cross(across, along)
    sine, cosine, turn = _circle(sides)
    points = path_m[:, None, :] + (wide_m[:, None] * sine)[..., None] * across[:, None, :]
    points = points - (deep_m[:, None] * cosine)[..., None] * front[:, None, :]
    steps = path_m[1:] - path_m[:-1]
    texture = np.empty((len(path_m), sides + 1, 2), np.float32)
    texture[0, :, 0] = 0.0
    texture[1:, :, 0] = np.cumsum(np.sqrt((steps * steps).sum(axis=1)))[:, None]
    texture[..., 1] = turn
    quads, beside = _grid(len(path_m), sides)
    rows = np.full(len(path_m) - 1, material, np.int32) if isinstance(material, int) else material
    flat = points.reshape(-1, 3).astype(np.float32)
    return Mesh(flat, beside, texture.reshape(-1, 2), quads, np.repeat(rows, sides))


def box(centre_m: Reals, size_m: Sequence[float], heading_rad: float, material: int) -> Mesh:
    """A box that stands upright: `size_m` is (long, wide, high), `centre_m` (3,) the middle of its bottom.

    Its texture runs in metres along and in shares of a side's height upwards on the four walls.
    """
    long, wide, high = (s / 2 for s in size_m)
    corners = np.array([[x * long, y * wide, z * high] for x, y, z in _CORNERS], np.float32)
    flat = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    spans = np.array([2 * long, 2 * wide, 2 * long, 2 * wide, 2 * long, 2 * long], np.float32)
    texture = flat[None] * np.stack([spans, np.ones(6, np.float32)], axis=1)[:, None, :]
    c, s = np.cos(heading_rad), np.sin(heading_rad)
    turn = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]], np.float32)
    lifted = (
        corners[_FACES].reshape(-1, 3) @ turn + np.asarray(centre_m, np.float32) + np.array([0, 0, high], np.float32)
    )
    quads = np.arange(24, dtype=np.int32).reshape(6, 4)
    beside = np.concatenate(
        [quads[:, [[3, 0, 1, 0]]], quads[:, [[2, 1, 1, 0]]], quads[:, [[2, 1, 2, 3]]], quads[:, [[3, 0, 2, 3]]]], axis=1
    )
    return Mesh(
        lifted.astype(np.float32),
        beside.reshape(-1, 4).astype(np.int32),
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
def _grid(rings: int, sides: int) -> tuple[Ints, Ints]:
    """Quadrilaterals of a tube and the neighbours of its points; the seam's two columns have those of both sides."""
    index = np.arange(rings * (sides + 1), dtype=np.int32).reshape(rings, sides + 1)
    corners = (index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1])
    ahead, behind = index[np.minimum(np.arange(rings) + 1, rings - 1)], index[np.maximum(np.arange(rings) - 1, 0)]
    around = np.arange(sides + 1)
    onwards, back = index[:, (around % sides) + 1], index[:, (around - 1) % sides]
    beside = np.stack([ahead, behind, onwards, back], axis=2)
    return np.stack(corners, axis=2).reshape(-1, 4), beside.reshape(-1, 4)


_CORNERS = ((-1, -1, -1), (1, -1, -1), (1, 1, -1), (-1, 1, -1), (-1, -1, 1), (1, -1, 1), (1, 1, 1), (-1, 1, 1))
_FACES = np.array([[1, 0, 4, 5], [2, 1, 5, 6], [3, 2, 6, 7], [0, 3, 7, 4], [5, 4, 7, 6], [0, 1, 2, 3]])
