"""Puts people and things into a place, lights them, takes the picture and reads the truth from its samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import pi

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Box, Point
from footfall.simulator.figure import Body
from footfall.simulator.finish import Weather
from footfall.simulator.lens import Lens
from footfall.simulator.mesh import Mesh
from footfall.simulator.place import INDOOR, Scenery
from footfall.simulator.props import Prop
from footfall.simulator.raster import NEAREST_M, SAMPLING, Canvas, Lighting, Patch, draw
from footfall.simulator.texture import sample_noise
from footfall.simulator.view import Floats
from footfall.simulator.wardrobe import Person

LAMP_M = 4.0
SHADOW_QUADS = 500


@dataclass(frozen=True, slots=True)
class Sighting:
    """One person in the picture. Boxes are x0 y0 x1 y1 in pixels."""

    visible_xyxy_px: Box
    """Tight around what can be seen."""
    full_xyxy_px: Box
    """Tight around the whole body, hidden parts and parts out of the picture too."""
    visibility: float
    """Share of the body that can be seen, 0..1."""
    foot_px: Point
    """The floor point under the hips, also where legs are hidden or out of the picture."""
    head_px: Point
    """Middle of the head."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody ready to be drawn."""

    person: Person
    body: Body
    ground_m: Point


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything but people and things."""

    lens: Lens
    light: Lighting
    scenery: Scenery
    weather: Weather


def shoot(
    rng: np.random.Generator, scene: Scene, people: Sequence[Actor], props: Sequence[Prop]
) -> tuple[Floats, Floats, list[Sighting]]:
    """Light (h, w, 3) and depth (h, w) in pixels, and everybody who can be seen."""
    lamps = _Lamps.draw(rng, scene)
    image = scene.scenery.image * _floor_light(scene, lamps)
    meshes = [a.body.mesh for a in people] + [p.mesh for p in props]
    if scene.weather is Weather.SUN and rng.random() < 0.25 and not scene.scenery.is_picture:
        image = image * _dapple(rng, scene)
    image = image * (1.0 - _shadow(meshes, scene, [a.ground_m for a in people]))[..., None]
    canvas = Canvas(image.astype(np.float32), scene.scenery.depth)
    gloss = float(rng.uniform(0.08, 0.35)) if scene.scenery.kind in INDOOR and rng.random() < 0.3 else 0.0
    for prop in props:
        _put(canvas, draw(prop.mesh, prop.materials, scene.lens, lamps.at(prop.mesh.points_m[0], scene.light)), -1)
    patches: list[Patch | None] = []
    for index, actor in enumerate(people):
        light = lamps.at(np.array([*actor.ground_m, 1.0]), scene.light)
        if gloss:
            _reflect(canvas, draw(_mirrored(actor.body.mesh), actor.person.materials, scene.lens, light), gloss, scene)
        patches.append(draw(actor.body.mesh, actor.person.materials, scene.lens, light))
        _put(canvas, patches[-1], index)
        if actor.body.luggage is not None:
            _put(canvas, draw(actor.body.luggage, actor.person.materials, scene.lens, light), -1)
    _mask_privacy(rng, canvas)
    sightings = [_sighting(i, a, p, canvas, scene.lens) for i, (a, p) in enumerate(zip(people, patches, strict=True))]
    return canvas.picture(), canvas.depth[::SAMPLING, ::SAMPLING], [s for s in sightings if s is not None]


@dataclass(frozen=True, slots=True)
class _Lamps:
    """Lamps over the floor at night; without any, light is even."""

    places_m: NDArray[np.float64]
    """(n, 2)."""
    reach_m: float

    @classmethod
    def draw(cls, rng: np.random.Generator, scene: Scene) -> _Lamps:
        """A few within view at night, the camera's own in infrared."""
        if scene.weather is Weather.INFRARED:
            return cls(np.array([[0.0, 0.0]]), float(rng.uniform(8, 20)))
        if scene.weather is not Weather.NIGHT or not scene.scenery.floor.any():
            return cls(np.empty((0, 2)), 1.0)
        rows, columns = np.nonzero(scene.scenery.floor[::8, ::8])
        chosen = rng.integers(len(rows), size=int(rng.integers(1, 4)))
        places = [scene.scenery.floor_point(int(rows[i]) * 8, int(columns[i]) * 8) for i in chosen]
        return cls(np.array(places), float(rng.uniform(3, 9)))

    def strength(self, x: Floats, y: Floats) -> Floats:
        """Brightness at floor points."""
        total = np.full(np.shape(x), 0.22, np.float32)
        for lamp in self.places_m:
            total += 1.0 / (1.0 + ((x - lamp[0]) ** 2 + (y - lamp[1]) ** 2) / self.reach_m**2)
        return total

    def at(self, point_m: Floats, light: Lighting) -> Lighting:
        """The light that falls on something there."""
        if not len(self.places_m):
            return light
        strength = float(self.strength(point_m[0], point_m[1]))
        return replace(light, key=light.key * np.float32(strength), ambient=light.ambient * np.float32(strength))


def _floor_light(scene: Scene, lamps: _Lamps) -> Floats:
    """(h, w, 3) what the empty place is multiplied by."""
    light, scenery = scene.light, scene.scenery
    if scenery.is_picture:
        return np.ones((1, 1, 3), np.float32)
    even = light.ambient + light.key * max(float(light.towards[2]), 0.3)
    if not len(lamps.places_m):
        return np.asarray(even[None, None], np.float32)
    reach = np.minimum(scenery.depth, 80.0)
    field = lamps.strength(scenery.rays[..., 0] * reach, scenery.rays[..., 1] * reach)
    return np.asarray(field[..., None] * even, np.float32)


def _dapple(rng: np.random.Generator, scene: Scene) -> Floats:
    """(h, w, 1) light through the leaves of trees, on the floor."""
    scenery = scene.scenery
    reach = np.minimum(scenery.depth, 200.0)
    cells = sample_noise(
        scenery.rays[..., 0] * reach, scenery.rays[..., 1] * reach, float(rng.uniform(0.03, 0.12)), (0, 0)
    )
    shade = np.clip((cells - float(rng.uniform(-0.6, 0.6))) * 3.0, 0.0, 1.0) * scenery.floor
    return np.asarray(1.0 - 0.5 * shade[..., None], np.float32)


def _mirrored(mesh: Mesh) -> Mesh:
    return mesh.moved(mesh.points_m * np.array([1.0, 1.0, -1.0], np.float32))


def _reflect(canvas: Canvas, patch: Patch | None, gloss: float, scene: Scene) -> None:
    """A polished floor shows people upside down; it is no part of them."""
    if patch is not None:
        canvas.glaze(patch, gloss, scene.scenery.floor)


def _shadow(meshes: Sequence[Mesh], scene: Scene, feet: Sequence[Point]) -> Floats:
    """(h, w) share of the light that is taken from the floor."""
    width, height = scene.lens.size_px
    cast, contact = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    sharp = scene.weather is Weather.SUN
    for mesh in meshes if scene.weather in {Weather.SUN, Weather.NIGHT, Weather.LAMPS} else ():
        _cast_shadow(cast, mesh, scene)
    turn = np.linspace(0, 2 * pi, 12, endpoint=False)
    ring = np.stack([0.3 * np.cos(turn), 0.3 * np.sin(turn), np.zeros(12)], axis=1)
    for foot in feet:
        flat = scene.lens.project((ring + np.array([*foot, 0.0])).astype(np.float32))
        if flat[:, 2].min() > NEAREST_M:
            cv2.fillConvexPoly(contact, np.rint(np.clip(flat[:, :2], -999, 3000)).astype(np.int32), 255)
    soft = cv2.GaussianBlur(contact, (0, 0), 2.0).astype(np.float32) * (0.45 / 255)
    share = float(scene.light.key.mean() / (scene.light.key.mean() + scene.light.ambient.mean()))
    dark = cv2.GaussianBlur(cast, (0, 0), 0.7 if sharp else 3.0).astype(np.float32) * (share * 0.95 / 255)
    return np.asarray(np.maximum(soft, dark) * scene.scenery.floor, np.float32)


def _cast_shadow(into: NDArray[np.uint8], mesh: Mesh, scene: Scene) -> None:
    towards = scene.light.towards
    points = mesh.points_m - mesh.points_m[:, 2:3] * (towards / max(float(towards[2]), 0.2))
    points[:, 2] = 0.0
    seen = scene.lens.project(points.astype(np.float32))
    if seen[:, 2].min() < NEAREST_M:
        return
    quads = mesh.quads[:: max(1, len(mesh.quads) // SHADOW_QUADS)]
    flat = np.rint(np.clip(seen[:, :2], -999, 3000)).astype(np.int32)
    for polygon in flat[quads]:
        cv2.fillConvexPoly(into, polygon, 255)


def _put(canvas: Canvas, patch: Patch | None, owner: int) -> None:
    if patch is not None:
        canvas.put(patch, owner)


def _mask_privacy(rng: np.random.Generator, canvas: Canvas) -> None:
    """Now and then a black or grey rectangle that the camera's owner laid over a part of the picture."""
    if rng.random() > 0.05:
        return
    height, width = canvas.owner.shape
    wide, high = int(rng.uniform(0.05, 0.3) * width), int(rng.uniform(0.05, 0.3) * height)
    x, y = int(rng.integers(0, width - wide)), int(rng.integers(0, height - high))
    canvas.colour[y : y + high, x : x + wide] = float(rng.choice([0.0, 60.0, 128.0]))
    canvas.owner[y : y + high, x : x + wide] = -1


def _sighting(index: int, actor: Actor, patch: Patch | None, canvas: Canvas, lens: Lens) -> Sighting | None:
    if patch is None:
        return None
    rows, columns, _ = canvas.window(patch)
    mine = canvas.owner[rows, columns] == index
    if not mine.any():
        return None
    xs, ys = np.flatnonzero(mine.any(axis=0)), np.flatnonzero(mine.any(axis=1))
    left, top = columns.start, rows.start
    edges = (xs[0] + left, ys[0] + top, xs[-1] + 1 + left, ys[-1] + 1 + top)
    visible = tuple(float(e) / SAMPLING for e in edges)
    foot, head = lens.project(np.array([[*actor.ground_m, 0.0], actor.body.head_m], np.float32))
    return Sighting(
        visible_xyxy_px=(visible[0], visible[1], visible[2], visible[3]),
        full_xyxy_px=patch.bounds,
        visibility=float(min(1.0, mine.sum() / patch.whole_area)),
        foot_px=(float(foot[0]), float(foot[1])),
        head_px=(float(head[0]), float(head[1])),
    )
