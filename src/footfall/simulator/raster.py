"""Draws meshes: a painter's pass that writes which quadrilateral is seen, then one shading of all seen samples.

Every mesh is drawn on a patch of its own, so that its whole silhouette is known; the canvas keeps what is nearest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.simulator.cloth import Material, paint
from footfall.simulator.lens import Lens
from footfall.simulator.mesh import Mesh, unit
from footfall.simulator.view import Floats

SAMPLING = 2
"""Samples per pixel on each axis."""
NEAREST_M = 0.35
MARGIN = 120
"""Samples kept around the picture, so that silhouettes go on a little beyond its border."""
SUBSAMPLE_BITS = 4


@dataclass(frozen=True, slots=True)
class Lighting:
    """A lamp or the sun, and what comes from everywhere."""

    towards: Floats
    """(3,) world direction to the light, length 1."""
    key: Floats
    """(3,) blue, green, red strength of the light itself."""
    ambient: Floats
    """(3,) the rest, from above; a third less from below."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One mesh on its own, from the sample `corner` on."""

    corner: tuple[int, int]
    covered: NDArray[np.bool_]
    """(h, w)."""
    depth: Floats
    """(n,) of the covered samples, in the order of `covered`."""
    colour: Floats
    """(n, 3)."""
    bounds: tuple[float, float, float, float]
    """x0 y0 x1 y1 in pixels of the whole mesh, also out of the picture."""
    whole_area: float
    """Samples that the whole mesh would cover, estimated where it leaves the picture."""


def draw(mesh: Mesh, materials: Sequence[Material], lens: Lens, light: Lighting) -> Patch | None:
    """The mesh as the camera sees it; None when it is behind the camera or out of the picture."""
    seen = lens.project(mesh.points_m)
    if seen[:, 2].min() < NEAREST_M:
        return None
    low, high = seen[:, :2].min(axis=0), seen[:, :2].max(axis=0)
    width, height = lens.size_px
    if high[0] <= 0 or high[1] <= 0 or low[0] >= width or low[1] >= height:
        return None
    seen[:, :2] *= SAMPLING
    x0, y0 = max(-MARGIN, int(low[0] * SAMPLING) - 1), max(-MARGIN, int(low[1] * SAMPLING) - 1)
    x1 = min(width * SAMPLING + MARGIN, int(high[0] * SAMPLING) + 2)
    y1 = min(height * SAMPLING + MARGIN, int(high[1] * SAMPLING) + 2)
    seen[:, :2] -= (x0, y0)
    ids, front = _paint_ids(seen, mesh.quads, (y1 - y0, x1 - x0))
    covered = ids > 0
    if not covered.any():
        return None
    place = _Samples.of(ids, covered, front, mesh, seen)
    colour = _shade(place, mesh.material[front][place.quad], materials, lens, light)
    outside = _share_inside((*low, *high), lens)
    bounds = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Patch((x0, y0), covered, place.attributes[:, 0], colour, bounds, len(colour) / max(outside, 1e-3))


def _paint_ids(
    seen: Floats, quads: NDArray[np.int32], shape: tuple[int, int]
) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Which quadrilateral every sample sees, from 1 on; and the quadrilaterals that face the camera."""
    corners = seen[quads]  # (q, 4, 3)
    first, second = corners[:, 2, :2] - corners[:, 0, :2], corners[:, 3, :2] - corners[:, 1, :2]
    facing = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    front = np.flatnonzero(facing > 1e-4)
    depth = corners[front, :, 2].mean(axis=1)
    front = front[np.argsort(-depth, kind="stable")]
    outline = np.rint(np.clip(corners[front, :, :2], -2000, 4000) * (1 << SUBSAMPLE_BITS)).astype(np.int32)
    ids = np.zeros(shape, np.int32)
    fill = cv2.fillConvexPoly
    for index, polygon in enumerate(outline, 1):
        fill(ids, polygon, index, 8, SUBSAMPLE_BITS)
    return ids, front


@dataclass(frozen=True, slots=True)
class _Samples:
    """The covered samples with everything interpolated over their quadrilateral."""

    quad: NDArray[np.intp]
    attributes: Floats
    """(n, 7): depth, normal, texture, height above the floor."""

    @classmethod
    def of(
        cls, ids: NDArray[np.int32], covered: NDArray[np.bool_], front: NDArray[np.intp], mesh: Mesh, seen: Floats
    ) -> _Samples:
        ys, xs = np.nonzero(covered)
        quad = ids[ys, xs].astype(np.intp) - 1
        values = np.concatenate([seen[:, 2:3], mesh.normals(), mesh.texture, mesh.points_m[:, 2:3]], axis=1)
        level, right, down = _planes(seen[mesh.quads[front], :2], values[mesh.quads[front]])
        attributes = np.take(level, quad, axis=0)
        for slope, place in ((right, xs), (down, ys)):
            share = np.take(slope, quad, axis=0)
            share *= place.astype(np.float32)[:, None]
            attributes += share
        return cls(quad, attributes)


def _planes(corners: Floats, values: Floats) -> tuple[Floats, Floats, Floats]:
    """Least-squares planes of (q, 4, k) values over (q, 4, 2) corners: (q, k) value at the origin, two slopes."""
    centre, level = corners.mean(axis=1), values.mean(axis=1)
    away, excess = corners - centre[:, None], values - level[:, None]
    xx = (away[..., 0] ** 2).sum(axis=1) + 0.3
    yy = (away[..., 1] ** 2).sum(axis=1) + 0.3
    xy = (away[..., 0] * away[..., 1]).sum(axis=1)
    tied = np.swapaxes(away, 1, 2) @ excess  # (q, 2, k)
    scale = 1.0 / (xx * yy - xy * xy)
    right = (yy * scale)[:, None] * tied[:, 0] - (xy * scale)[:, None] * tied[:, 1]
    down = (xx * scale)[:, None] * tied[:, 1] - (xy * scale)[:, None] * tied[:, 0]
    return level - right * centre[:, :1] - down * centre[:, 1:], right, down


def _shade(
    place: _Samples, material: NDArray[np.int32], materials: Sequence[Material], lens: Lens, light: Lighting
) -> Floats:
    """(n, 3) colour of the samples."""
    attributes = place.attributes
    normal = unit(attributes[:, 1:4])
    colour = paint(materials, material, attributes[:, 4], attributes[:, 5], attributes[:, 6])
    lit = np.maximum(normal @ light.towards, 0.0)
    open_sky = 0.80 + 0.20 * normal[:, 2]
    low = 1.0 - 0.22 * np.exp(-np.maximum(attributes[:, 6], 0.0) / 0.25)
    facing = np.abs(normal @ lens.axes()[2])
    rim = 0.82 + 0.18 * facing
    strength = lit[:, None] * light.key + (open_sky * low)[:, None] * light.ambient
    return np.asarray(colour * strength * rim[:, None], np.float32)


def _share_inside(box: tuple[float, float, float, float], lens: Lens) -> float:
    """Share of a box that lies in the picture."""
    width, height = lens.size_px
    across = min(box[2], width) - max(box[0], 0.0)
    down = min(box[3], height) - max(box[1], 0.0)
    return float(max(0.0, across * down) / max((box[2] - box[0]) * (box[3] - box[1]), 1e-6))


class Canvas:
    """The picture while it is drawn, in samples: colour, depth and whose sample it is."""

    def __init__(self, image: Floats, depth: Floats) -> None:
        """From (h, w, 3) colour and (h, w) depth in pixels."""
        size = image.shape[1] * SAMPLING, image.shape[0] * SAMPLING
        self.colour = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.float32)
        self.depth = np.asarray(cv2.resize(depth, size, interpolation=cv2.INTER_NEAREST), np.float32)
        self.owner: NDArray[np.int16] = np.full(self.depth.shape, -1, np.int16)

    def put(self, patch: Patch, owner: int) -> None:
        """Keep the patch where it is in front; `owner` -1 is nobody's."""
        rows, columns, inside = self.window(patch)
        own = np.zeros(patch.covered.shape, np.float32)
        own[patch.covered] = patch.depth
        number = np.zeros(patch.covered.shape, np.int32)
        number[patch.covered] = np.arange(len(patch.depth), dtype=np.int32)
        there = self.depth[rows, columns]
        wins = patch.covered[inside] & (own[inside] < there)
        there[wins] = own[inside][wins]
        self.colour[rows, columns][wins] = patch.colour[number[inside][wins]]
        self.owner[rows, columns][wins] = owner

    def glaze(self, patch: Patch, share: float, where: NDArray[np.bool_]) -> None:
        """Let the patch shine through where nothing stands; `where` (h, w) is in pixels."""
        rows, columns, inside = self.window(patch)
        number = np.full(patch.covered.shape, -1, np.int32)
        number[patch.covered] = np.arange(len(patch.depth), dtype=np.int32)
        open_ = where.repeat(SAMPLING, axis=0).repeat(SAMPLING, axis=1)[rows, columns]
        wins = (number[inside] >= 0) & open_
        there = self.colour[rows, columns]
        there[wins] += (patch.colour[number[inside][wins]] - there[wins]) * np.float32(share)

    def picture(self) -> Floats:
        """(h, w, 3) in pixels."""
        height, width = self.depth.shape
        size = width // SAMPLING, height // SAMPLING
        return np.asarray(cv2.resize(self.colour, size, interpolation=cv2.INTER_AREA), np.float32)

    def window(self, patch: Patch) -> tuple[slice, slice, tuple[slice, slice]]:
        """Rows and columns of the canvas that the patch lies on, and the same within the patch."""
        left, top = patch.corner
        height, width = patch.covered.shape
        x0, y0 = max(0, left), max(0, top)
        x1, y1 = min(self.depth.shape[1], left + width), min(self.depth.shape[0], top + height)
        return slice(y0, y1), slice(x0, x1), (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
