"""Draws figures into the room: every capsule as a shaded impostor, all of it through one depth buffer.

The depth buffer makes occlusion exact: people before and behind each other, behind pillars and furniture, and seen
through doorways. Everything is drawn on the finer sample grid and averaged down to pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from footfall.core.geometry import Box
from footfall.core.types import Image
from footfall.simulator.backdrop import Backdrop
from footfall.simulator.body import Parts, Stance, pose
from footfall.simulator.look import Look, Material, Pattern
from footfall.simulator.room import Room
from footfall.simulator.view import Floats, View

LIGHT = np.array([-0.38, -0.74, -0.55], np.float32)
"""Where the light comes from in camera axes: right, down, away."""
AMBIENT = 0.5
NEAREST_M = 0.3


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody to draw."""

    look: Look
    stance: Stance


@dataclass(frozen=True, slots=True)
class Silhouette:
    """What the camera sees of one figure. Boxes are normalised x0 y0 x1 y1."""

    full_box_n: Box
    """Tight box of the whole figure, also where it is hidden or outside the picture."""
    visible_box_n: Box | None
    """Tight box of what can be seen; None when nothing can."""
    visibility: float
    """Share of the whole figure's area that can be seen, 0..1."""


@dataclass(frozen=True, slots=True)
class _Patch:
    """One figure on its own: samples from `corner` on."""

    corner: tuple[int, int]
    depth: Floats
    colour: Floats


class Renderer:
    """Draws one room from one view."""

    def __init__(self, room: Room, view: View, backdrop: Backdrop) -> None:
        self._room = room
        self._view = view
        self._backdrop = backdrop

    def draw(self, figures: Sequence[Figure]) -> tuple[Image, list[Silhouette | None]]:
        """The picture, and one silhouette per figure; None for a figure out of the picture or behind the camera."""
        image, depth = self._backdrop.image.copy(), self._backdrop.depth_m.copy()
        owner = np.full(depth.shape, -1, np.int16)
        patches = [self._patch(figure) for figure in figures]
        for figure in figures:
            self._shade_floor(image, figure.stance)
        for index, patch in enumerate(patches):
            if patch is not None:
                _merge(patch, index, (image, depth, owner))
        silhouettes = [None if p is None else self._silhouette(p, owner, i) for i, p in enumerate(patches)]
        return cv2.resize(image, self._view.size_px, interpolation=cv2.INTER_AREA).astype(np.uint8), silhouettes

    def _patch(self, figure: Figure) -> _Patch | None:
        parts = pose(figure.look, figure.stance)
        start, end = self._view.project(parts.start_m), self._view.project(parts.end_m)
        if min(start[:, 2].min(), end[:, 2].min()) < NEAREST_M:
            return None
        depths = np.stack([start[:, 2], end[:, 2]], axis=1)
        radii = np.asarray(self._view.focal * parts.radius_m / depths, np.float32)
        low = np.floor(np.minimum(start[:, :2] - radii[:, :1], end[:, :2] - radii[:, 1:]).min(axis=0)).astype(int)
        high = np.ceil(np.maximum(start[:, :2] + radii[:, :1], end[:, :2] + radii[:, 1:]).max(axis=0)).astype(int)
        width, height = self._view.grid
        if high[0] <= 0 or high[1] <= 0 or low[0] >= width or low[1] >= height:
            return None
        shape = (int(high[1] - low[1]), int(high[0] - low[0]))
        patch = _Patch(
            (int(low[0]), int(low[1])), np.full(shape, np.inf, np.float32), np.zeros((*shape, 3), np.float32)
        )
        for row in range(len(parts.material)):
            _draw_capsule(patch, _Capsule.of(row, parts, start, end, radii), figure.look)
        np.multiply(patch.colour, self._room.light(*figure.stance.ground_m), out=patch.colour)
        return patch

    def _shade_floor(self, image: Image, stance: Stance) -> None:
        """A wide soft shadow and a narrow dark one under the body, on floor only."""
        x, y = stance.ground_m
        for radius_m, strength in ((0.55, 0.34), (0.22, 0.4)):
            around = np.array([[x, y, 0], [x + radius_m, y, 0], [x, y - radius_m, 0], [x, y + radius_m, 0]], np.float32)
            centre, right, near, far = self._view.project(around)
            if min(near[2], centre[2]) < NEAREST_M:
                return
            reach_x, reach_y = float(right[0] - centre[0]), float(near[1] - far[1]) / 2
            width, height = self._view.grid
            x0, x1 = max(0, int(centre[0] - reach_x)), min(width, int(centre[0] + reach_x))
            y0, y1 = max(0, int(centre[1] - reach_y)), min(height, int(centre[1] + reach_y))
            if x0 >= x1 or y0 >= y1:
                continue
            u = (np.arange(x0, x1, dtype=np.float32) - centre[0]) / reach_x
            v = ((np.arange(y0, y1, dtype=np.float32) - centre[1]) / reach_y)[:, None]
            dark = strength * np.clip(1.0 - u * u - v * v, 0.0, 1.0) * self._backdrop.floor[y0:y1, x0:x1]
            image[y0:y1, x0:x1] = image[y0:y1, x0:x1] * (1.0 - dark)[..., None]

    def _silhouette(self, patch: _Patch, owner: np.ndarray, index: int) -> Silhouette:
        width, height = self._view.grid
        filled = np.isfinite(patch.depth)
        x0, y0, x1, y1 = _bounds(filled, patch.corner)
        full = (x0 / width, y0 / height, x1 / width, y1 / height)
        cx0, cy0 = max(0, x0), max(0, y0)
        seen = owner[cy0 : max(cy0, min(height, y1)), cx0 : max(cx0, min(width, x1))] == index
        if not seen.any():
            return Silhouette(full, None, 0.0)
        x0, y0, x1, y1 = _bounds(seen, (cx0, cy0))
        visible = (x0 / width, y0 / height, x1 / width, y1 / height)
        return Silhouette(full, visible, float(seen.sum() / filled.sum()))


@dataclass(frozen=True, slots=True)
class _Capsule:
    """One projected capsule: samples in the picture, metres in depth."""

    start: Floats
    end: Floats
    radii: Floats
    radius_m: float
    length_m: float
    material: Material
    hem: float

    @classmethod
    def of(cls, row: int, parts: Parts, start: Floats, end: Floats, radii: Floats) -> _Capsule:
        length = float(np.linalg.norm(parts.end_m[row] - parts.start_m[row]))
        thickness = float(parts.radius_m[row].max())
        return cls(start[row], end[row], radii[row], thickness, length, parts.material[row], parts.hem[row])


def _draw_capsule(patch: _Patch, capsule: _Capsule, look: Look) -> None:
    """Fill a capsule into its figure's patch, shaded as the round body that it is."""
    (ax, ay, az), (bx, by, bz) = capsule.start.tolist(), capsule.end.tolist()
    ra, rb = capsule.radii.tolist()
    left, top = patch.corner
    x0, x1 = int(min(ax - ra, bx - rb)) - left - 1, int(max(ax + ra, bx + rb)) - left + 2
    y0, y1 = int(min(ay - ra, by - rb)) - top - 1, int(max(ay + ra, by + rb)) - top + 2
    window = slice(max(0, y0), y1), slice(max(0, x0), x1)
    depth = patch.depth[window]
    xs = np.arange(window[1].start, window[1].start + depth.shape[1], dtype=np.float32) + (left + 0.5 - ax)
    ys = (np.arange(window[0].start, window[0].start + depth.shape[0], dtype=np.float32) + (top + 0.5 - ay))[:, None]
    dx, dy = bx - ax, by - ay
    reach = (xs * dx + ys * dy) / max(dx * dx + dy * dy, 1e-6)
    along = np.clip(reach, 0.0, 1.0)
    radius = ra + along * (rb - ra)
    nx, ny = (xs - along * dx) / radius, (ys - along * dy) / radius
    bulge = 1.0 - nx * nx - ny * ny
    nz = np.sqrt(np.maximum(bulge, 0.0))
    distance = az + along * (bz - az) - nz * capsule.radius_m
    wins = (bulge > 0.0) & (distance < depth)
    if not wins.any():
        return
    depth[wins] = distance[wins]
    nx, ny, nz = nx[wins], ny[wins], nz[wins]
    lit = np.maximum(nx * LIGHT[0] + ny * LIGHT[1] - nz * LIGHT[2], 0.0)
    shade = AMBIENT + (1.12 - AMBIENT) * lit - 0.12 * (1.0 - nz)
    around = nx if abs(dy) >= abs(dx) else ny
    patch.colour[window][wins] = _cloth(capsule, look, reach[wins], around) * shade[:, None]


def _cloth(capsule: _Capsule, look: Look, along: Floats, around: Floats) -> Floats:
    """(n, 3) colour of the material at places along and around a capsule."""
    colour = np.empty((len(along), 3), np.float32)
    colour[:] = look.colours[capsule.material.value]
    if capsule.material in {Material.SKIN, Material.HAIR}:
        return colour
    length = along * capsule.length_m
    if capsule.material is Material.TOP and look.pattern is not Pattern.PLAIN:
        bands = (length * 24.0) % 2.0 < 0.7
        bars = (around * 6.0 + 20.0) % 2.0 < 0.6
        marked = {Pattern.STRIPES: bands, Pattern.BARS: bars, Pattern.CHECK: bands ^ bars}[look.pattern]
        colour[marked] = look.pattern_colour
    colour[along < capsule.hem] = look.colours[Material.BOTTOM.value]
    rows, columns = (length * 90.0).astype(int) % 64, (around * 14.0 + 20.0).astype(int) % 64
    return np.asarray(colour * look.folds[rows, columns][:, None], np.float32)


def _merge(patch: _Patch, index: int, target: tuple[Image, Floats, np.ndarray]) -> None:
    """Put a figure into the picture where it is in front."""
    image, depth, owner = target
    height, width = depth.shape
    left, top = patch.corner
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(width, left + patch.depth.shape[1]), min(height, top + patch.depth.shape[0])
    own = slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)
    there = slice(y0, y1), slice(x0, x1)
    wins = patch.depth[own] < depth[there]
    depth[there][wins] = patch.depth[own][wins]
    image[there][wins] = np.clip(patch.colour[own][wins], 0.0, 255.0).astype(np.uint8)
    owner[there][wins] = index


def _bounds(mask: np.ndarray, corner: tuple[int, int]) -> tuple[int, int, int, int]:
    """Tight x0 y0 x1 y1 (exclusive) of a mask that is not empty, shifted by its corner."""
    xs, ys = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return int(xs[0]) + corner[0], int(ys[0]) + corner[1], int(xs[-1]) + 1 + corner[0], int(ys[-1]) + 1 + corner[1]
