"""What stands around: cars, trees, poles, bins, benches, tables, shelves, plants, coat stands and the like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin
from typing import TypeAlias

import numpy as np

from footfall.core.geometry import Point
from footfall.simulator.cloth import Material, Pattern
from footfall.simulator.mesh import Mesh, Reals, box, merge, tube
from footfall.simulator.place import Kind
from footfall.simulator.room import Colour

_LEFT = np.array([0.0, 1.0, 0.0], np.float32)
PAINTS: tuple[Colour, ...] = (
    (40, 40, 42), (200, 204, 206), (120, 122, 124), (150, 90, 40), (40, 40, 150), (60, 110, 60), (60, 160, 210),
    (70, 100, 140), (90, 60, 40), (30, 60, 90),
)  # fmt: skip
DARK = Material((38, 38, 40))
STEEL = Material((140, 144, 146))


@dataclass(frozen=True, slots=True)
class Prop:
    """A thing in the world."""

    mesh: Mesh
    materials: tuple[Material, ...]
    heading_rad: float

    def moved(self, by_m: Point) -> Prop:
        """The same thing elsewhere on the floor."""
        points = self.mesh.points_m + np.array([*by_m, 0.0], np.float32)
        return Prop(self.mesh.moved(points), self.materials, self.heading_rad)


Maker: TypeAlias = Callable[[np.random.Generator, Material], tuple[list[Mesh], tuple[Material, ...]]]


def draw_prop(rng: np.random.Generator, maker: Maker, ground_m: Point, heading_rad: float) -> Prop:
    """One thing there."""
    colour = PAINTS[int(rng.integers(len(PAINTS)))]
    tint = np.clip(np.array(colour) * rng.uniform(0.7, 1.2) + rng.normal(0, 10, 3), 10, 245).astype(int)
    meshes, materials = maker(rng, Material((int(tint[0]), int(tint[1]), int(tint[2])), seed=int(rng.integers(99))))
    mesh = merge(meshes)
    c, s = cos(heading_rad), sin(heading_rad)
    turn = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]], np.float32)
    points = mesh.points_m @ turn + np.array([*ground_m, 0.0], np.float32)
    return Prop(mesh.moved(points.astype(np.float32)), materials, heading_rad)


def column(radius_m: float, low: float, high: float, material: int, sides: int = 8, at: Point = (0.0, 0.0)) -> Mesh:
    """An upright cylinder with lids."""
    path = np.array([[*at, low], [*at, low + 0.001], [*at, high - 0.001], [*at, high]], np.float32)
    girth = np.array([0.01, radius_m, radius_m, 0.01])
    return tube(path, _LEFT, girth, girth, material, sides)


def _ball(centre: Reals, radii: tuple[float, float], material: int, sides: int = 8) -> Mesh:
    angle = np.linspace(-pi / 2 + 0.05, pi / 2 - 0.05, 8)
    path = np.asarray(centre) + np.stack([np.zeros(8), np.zeros(8), np.sin(angle) * radii[1]], axis=1)
    return tube(path.astype(np.float32), _LEFT, np.cos(angle) * radii[0], np.cos(angle) * radii[0], material, sides)


def car(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A car, a van or a bus."""
    long, wide = float(rng.uniform(3.8, 4.8)), float(rng.uniform(1.65, 1.9))
    high = float(rng.choice([1.45, 1.5, 1.7, 2.2]))
    body_up = high * 0.55
    rows = 5
    share = np.array([-0.5, -0.49, 0.0, 0.47, 0.5])
    path = np.stack([share * long, np.zeros(rows), np.full(rows, body_up / 2 + 0.14)], axis=1).astype(np.float32)
    body = box(np.array([0.0, 0.0, 0.22]), (long, wide, body_up - 0.2), 0.0, 0)
    cabin_long = long * (0.55 if high < 1.6 else 0.8)
    base, roof = body_up, high
    cabin = _prism(cabin_long, wide, (base, roof), 0.72, 1)
    lid = box(np.array([-0.1, 0.0, roof - 0.03]), (cabin_long * 0.7, wide * 0.8, 0.05), 0.0, 0)
    nose = tube(path, _LEFT, np.full(rows, wide * 0.49), np.full(rows, 0.2), 0, 8)
    wheels = [_tyre(np.array([x * long * 0.31, y * wide * 0.46, 0.31]), 0.31) for x in (-1, 1) for y in (-1, 1)]
    lights = [box(np.array([0.5 * long - 0.02, y * wide * 0.36, 0.55]), (0.06, 0.3, 0.16), 0.0, 3) for y in (-1, 1)]
    glass = Material((70, 62, 54), m.colour, Pattern.HEM, 0.0)
    return [nose, body, cabin, lid, *wheels, *lights], (m, glass, DARK, Material((210, 220, 225)))


def _prism(long: float, wide: float, up: tuple[float, float], taper: float, material: int) -> Mesh:
    """A box whose top is smaller than its bottom."""
    block = box(np.array([-0.1, 0.0, up[0]]), (long, wide * 0.96, up[1] - up[0]), 0.0, material)
    points = block.points_m.copy()
    top = points[:, 2] > up[0] + 1e-3
    points[top, 0] = -0.1 + (points[top, 0] + 0.1) * taper
    points[top, 1] *= 0.84
    return block.moved(points)


def _tyre(at: Reals, radius_m: float) -> Mesh:
    path = at + np.array([[0.0, -0.1, 0.0], [0.0, -0.098, 0.0], [0.0, 0.098, 0.0], [0.0, 0.1, 0.0]])
    girth = np.array([0.05, 1.0, 1.0, 0.05]) * radius_m
    return tube(path.astype(np.float32), np.array([1.0, 0.0, 0.0], np.float32), girth, girth, 2, 12)


def _foliage(rng: np.random.Generator, seed: int) -> Material:
    green = (int(rng.integers(30, 80)), int(rng.integers(80, 130)), int(rng.integers(50, 110)))
    return Material(green, (14, 26, 18), Pattern.LEAVES, float(rng.uniform(-0.2, 0.6)), 0.3, seed)


def tree(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A trunk and a crown of leaves."""
    high, thick = float(rng.uniform(2.2, 4.5)), float(rng.uniform(0.08, 0.25))
    leaves = _foliage(rng, m.seed)
    blobs = [
        _ball(
            np.array([*rng.normal(0, 0.6, 2), high + rng.uniform(-0.2, 1.2)]),
            (float(rng.uniform(0.6, 1.4)), float(rng.uniform(0.5, 1.1))),
            1,
        )
        for _ in range(int(rng.integers(4, 9)))
    ]
    return [column(thick, 0.0, high, 0), *blobs], (Material((52, 70, 86), folds=0.2), leaves)


def bush(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A plant, in a pot or not; some are as high as people."""
    high = float(rng.uniform(0.5, 1.7))
    leaves = _foliage(rng, m.seed)
    blobs = [
        _ball(
            np.array([*rng.normal(0, 0.14, 2), 0.35 + high * rng.uniform(0.2, 0.8)]),
            (float(rng.uniform(0.15, 0.4)), high * 0.3),
            1,
        )
        for _ in range(5)
    ]
    return [column(0.2, 0.0, 0.4, 0, 10), *blobs], (m, leaves)


def pole(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A lamp post, or a sign on a post."""
    high = float(rng.uniform(2.2, 6.0))
    parts = [column(float(rng.uniform(0.03, 0.12)), 0.0, high, 0)]
    if rng.random() < 0.5:
        parts.append(
            box(
                np.array([0.0, 0.0, high * 0.8]),
                (0.06, float(rng.uniform(0.4, 0.9)), float(rng.uniform(0.4, 0.8))),
                0.0,
                1,
            )
        )
    return parts, (STEEL if rng.random() < 0.6 else DARK, m)


def bollard(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A row of posts."""
    gap, high = float(rng.uniform(0.8, 1.6)), float(rng.uniform(0.6, 1.1))
    return [column(0.07, 0.0, high, 0, 8, (i * gap, 0.0)) for i in range(int(rng.integers(1, 5)))], (m,)


def bin_(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A litter bin, a barrel, a parcel locker."""
    high = float(rng.uniform(0.7, 1.5))
    if rng.random() < 0.5:
        return [
            column(float(rng.uniform(0.2, 0.35)), 0.0, high, 0, 12),
            _ball(np.array([0, 0, high]), (0.3, 0.15), 1),
        ], (m, DARK)
    return [box(np.array([0.0, 0.0, 0.0]), (float(rng.uniform(0.4, 0.9)), 0.5, high), 0.0, 0)], (m,)


def coat_stand(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A stand with a coat on it: clothes without a person."""
    path = np.array([[0, 0, 0.75], [0, 0, 0.8], [0, 0, 1.2], [0, 0, 1.5], [0, 0, 1.56]], np.float32)
    wide = np.array([0.1, 0.22, 0.2, 0.18, 0.03])
    coat = tube(path, _LEFT, wide, wide * 0.55, 1, 10)
    cloth = Material(m.colour, folds=0.2, seed=m.seed)
    return [column(0.02, 0.0, 1.8, 0), coat, column(0.2, 0.0, 0.03, 0)], (DARK, cloth)


def bench(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A bench with a back."""
    wide = float(rng.uniform(1.2, 2.2))
    seat = box(np.array([0.0, 0.0, 0.40]), (0.45, wide, 0.05), 0.0, 0)
    back = box(np.array([-0.24, 0.0, 0.45]), (0.05, wide, 0.4), 0.0, 0)
    legs = [box(np.array([0.0, y * wide * 0.4, 0.0]), (0.4, 0.06, 0.4), 0.0, 1) for y in (-1, 1)]
    return [*legs, seat, back], (Material((52, 84, 116), folds=0.05), DARK)


def chair(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A chair for somebody who looks forward; its seat is 0.44 m high."""
    seat = box(np.array([0.0, 0.0, 0.38]), (0.44, 0.44, 0.06), 0.0, 0)
    back = box(np.array([-0.22, 0.0, 0.5]), (0.04, 0.42, 0.42), 0.0, 0)
    legs = [column(0.018, 0.0, 0.4, 1, 5, (x, y)) for x in (-0.18, 0.18) for y in (-0.18, 0.18)]
    return [*legs, seat, back], (m, STEEL)


def table(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A table or desk with something on it."""
    long, wide, high = float(rng.uniform(0.7, 2.0)), float(rng.uniform(0.6, 1.0)), float(rng.uniform(0.70, 0.78))
    top = box(np.array([0.0, 0.0, high - 0.04]), (wide, long, 0.04), 0.0, 0)
    legs = [column(0.03, 0.0, high, 1, 5, (x * wide * 0.45, y * long * 0.45)) for x in (-1, 1) for y in (-1, 1)]
    things = [
        box(
            np.array([*rng.uniform(-0.3, 0.3, 2), high]),
            (float(rng.uniform(0.03, 0.3)), float(rng.uniform(0.1, 0.5)), float(rng.uniform(0.02, 0.4))),
            float(rng.uniform(0, 3)),
            2,
        )
        for _ in range(int(rng.integers(0, 4)))
    ]
    return [*legs, top, *things], (m, STEEL, Material((60, 60, 60) if rng.random() < 0.5 else (200, 200, 205)))


def counter(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A counter, a barrier or a planter: a long box at hip height."""
    size = float(rng.uniform(0.2, 0.8)), float(rng.uniform(1.2, 4.0)), float(rng.uniform(0.7, 1.25))
    top = box(np.array([0.0, 0.0, size[2]]), (size[0] + 0.08, size[1] + 0.08, 0.05), 0.0, 1)
    return [box(np.zeros(3), size, 0.0, 0), top], (m, Material((150, 160, 170)))


def shelf(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """Shelves full of goods, or a cupboard."""
    size = float(rng.uniform(0.4, 0.9)), float(rng.uniform(1.2, 5.0)), float(rng.uniform(1.2, 2.1))
    goods = Material((150, 150, 150), m.colour, Pattern.GOODS, float(rng.uniform(0.25, 0.45)), seed=m.seed)
    return [box(np.zeros(3), size, 0.0, 0)], (goods if rng.random() < 0.75 else m,)


def fence(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A railing."""
    wide, high = float(rng.uniform(1.5, 4.0)), float(rng.uniform(0.8, 1.2))
    posts = [column(0.015, 0.0, high, 0, 5, (0.0, y)) for y in np.arange(-wide / 2, wide / 2 + 0.01, 0.18)]
    rails = [box(np.array([0.0, 0.0, z]), (0.04, wide, 0.04), 0.0, 0) for z in (0.1, high)]
    return posts + rails, (DARK if rng.random() < 0.5 else STEEL,)


def cone(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A traffic cone."""
    path = np.array([[0, 0, 0], [0, 0, 0.01], [0, 0, 0.3], [0, 0, 0.7]], np.float32)
    girth = np.array([0.02, 0.19, 0.11, 0.03])
    return [tube(path, _LEFT, girth, girth, 0, 10)], (Material((40, 90, 235), (230, 230, 230), Pattern.HOOPS, 0.3),)


def machine(rng: np.random.Generator, m: Material) -> tuple[list[Mesh], tuple[Material, ...]]:
    """A ticket or drinks machine, a column, a phone box: about as high as a person."""
    high = float(rng.uniform(1.3, 2.2))
    wide = float(rng.uniform(0.3, 1.0))
    panel = box(np.array([wide * 0.36, 0.0, high * 0.45]), (wide * 0.32, wide * 0.7, high * 0.4), 0.0, 1)
    return [box(np.zeros(3), (wide, wide * 0.9, high), 0.0, 0), panel], (
        m,
        Material((90, 70, 40) if rng.random() < 0.5 else (210, 200, 190)),
    )


STOCK: dict[Kind, tuple[Maker, ...]] = {
    Kind.STREET: (car, car, car, tree, pole, pole, bollard, bin_, fence, counter, machine, bush),
    Kind.SQUARE: (tree, pole, bench, bin_, bollard, counter, table, bush, machine, fence),
    Kind.PARK: (tree, tree, bush, bench, pole, bin_, fence),
    Kind.YARD: (car, car, cone, fence, bin_, counter, machine, shelf, pole),
    Kind.HALL: (machine, counter, bench, bush, pole, bin_, coat_stand, fence, table),
    Kind.SHOP: (shelf, shelf, shelf, shelf, shelf, counter, counter, table, coat_stand, machine, bin_),
    Kind.OFFICE: (table, table, table, table, chair, chair, chair, shelf, bush, coat_stand, counter, machine),
}
HIDING_INDOORS: tuple[Maker, ...] = (counter, counter, table, table, shelf, bush, fence, machine, chair)
HIDING_OUTDOORS: tuple[Maker, ...] = (counter, bush, fence, bench, machine, bin_, car, bollard)
