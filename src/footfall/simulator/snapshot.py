"""One picture of people with its truth, every part of it drawn by lot: to train detectors with.

The scene is three-dimensional: who is nearer hides who is behind, in front of furniture and of each other, so the
truth is exact: boxes are read from the samples that show each person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import pi, radians
from typing import TypeVar

import cv2
import numpy as np

from footfall.core.types import Image
from footfall.simulator.figure import body
from footfall.simulator.finish import Weather, finish
from footfall.simulator.furnish import attend, furnish
from footfall.simulator.gather import Gathering, Spot, gather
from footfall.simulator.lens import Lens
from footfall.simulator.place import INDOOR, Kind, Scenery, draw_scenery
from footfall.simulator.posture import Arm, draw_posture
from footfall.simulator.raster import Lighting
from footfall.simulator.stage import Actor, Scene, Sighting, shoot
from footfall.simulator.wardrobe import Luggage, draw_person

T = TypeVar("T")
NOBODY_SHARE = 0.13
GATHERINGS = (Gathering.SCATTERED, Gathering.PAIRS, Gathering.QUEUE, Gathering.CROWD, Gathering.SEATED, Gathering.FAR)
GATHERING_SHARES = np.array([0.34, 0.15, 0.12, 0.17, 0.09, 0.13])
PUSHES = frozenset({Luggage.PRAM, Luggage.TROLLEY})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A picture and everybody in it."""

    image: Image
    """(h, w, 3) uint8, BGR."""
    people: tuple[Sighting, ...]
    """Everybody of whom at least one sample can be seen."""


def snapshot(rng: np.random.Generator, size_px: tuple[int, int], backdrop: Image | None = None) -> Snapshot:
    """A new picture.

    Args:
        rng: the only source of chance: its state decides every byte.
        size_px: (width, height).
        backdrop: a real picture without people, (h, w, 3) uint8 BGR; figures are put on it instead of a drawn place.
    """
    gathering = Gathering.NOBODY if rng.random() < NOBODY_SHARE else GATHERINGS[int(rng.choice(6, p=GATHERING_SHARES))]
    kind = _one_of(tuple(Kind), rng)
    lens = draw_lens(rng, size_px, indoor=kind in INDOOR, far=gathering is Gathering.FAR and backdrop is None)
    scenery = draw_scenery(rng, kind, lens) if backdrop is None else _on_picture(rng, backdrop, lens)
    weather = _draw_weather(rng, indoor=kind in INDOOR, backdrop=backdrop is not None)
    outdoor = kind not in INDOOR and backdrop is None
    light = _draw_light(rng, weather, scenery, backdrop)
    spots = gather(rng, gathering, scenery, lens)
    people = [_cast(rng, spot, lens, kind) for spot in spots]
    props = attend(rng, spots, indoor=kind in INDOOR)
    if backdrop is None:
        props += furnish(rng, kind, scenery, spots)
    image, depth, sightings = shoot(rng, Scene(lens, light, scenery, weather), people, props)
    return Snapshot(finish(rng, image, depth, weather, outdoor=outdoor), tuple(sightings))


def draw_lens(rng: np.random.Generator, size_px: tuple[int, int], *, indoor: bool, far: bool) -> Lens:
    """A camera on a wall, a mast or a ceiling, now and then in somebody's hand; its picture shows floor."""
    height = float(rng.uniform(2.2, 4.2) if indoor else rng.uniform(2.4, 8.0))
    dice = rng.random()
    if far:
        tilt, focal = float(rng.uniform(5, 22)), float(rng.uniform(0.7, 2.2))
        height = max(height, 3.0)
    elif dice < 0.10:  # at eye level
        height, tilt = float(rng.uniform(1.4, 2.2)), float(rng.uniform(0, 9))
        focal = float(rng.uniform(0.7, 1.5))
    elif dice < 0.22:
        tilt, focal = float(rng.uniform(60, 85)), float(rng.uniform(0.45, 0.8))
    else:
        tilt = float(rng.triangular(5, 22, 60))
        focal = float(np.exp(rng.uniform(np.log(0.5), np.log(1.6))))
    bend = (
        0.0
        if rng.random() < 0.3
        else float(rng.uniform(-0.28, 0.05))
        if focal < 0.9
        else float(rng.uniform(-0.1, 0.05))
    )
    roll = float(np.clip(rng.normal(0.0, 1.8), -6, 6))
    return Lens(size_px, height, radians(tilt), radians(roll), focal, bend)


def _cast(rng: np.random.Generator, spot: Spot, lens: Lens, kind: Kind) -> Actor:
    trade = rng.random() < (0.5 if kind is Kind.YARD else 0.05)
    person = draw_person(rng, float(rng.uniform(0, 1)), trade)
    posture = draw_posture(rng, spot.pose)
    if PUSHES & set(person.luggage):
        posture = replace(posture, arms=(Arm.PUSH, Arm.PUSH), lean_rad=0.1)
    elif Luggage.BOX in person.luggage:
        posture = replace(posture, arms=(Arm.HOLD, Arm.HOLD))
    elif Luggage.UMBRELLA in person.luggage:
        posture = replace(posture, arms=(Arm.UMBRELLA, posture.arms[1]))
    away = float(np.hypot(np.hypot(*spot.ground_m), lens.height_m))
    tall_px = lens.focal_w * lens.size_px[0] * person.height_m / max(away, 0.5)
    shape = body(person, posture, spot.ground_m, spot.heading_rad, tall_px)
    return Actor(person, shape, spot.ground_m)


def _draw_weather(rng: np.random.Generator, *, indoor: bool, backdrop: bool) -> Weather:
    dice = rng.random()
    if backdrop:
        return Weather.CLOUDS
    if indoor:
        return Weather.LAMPS if dice < 0.88 else Weather.INFRARED if dice < 0.95 else Weather.NIGHT
    for limit, weather in ((0.4, Weather.SUN), (0.75, Weather.CLOUDS), (0.93, Weather.NIGHT)):
        if dice < limit:
            return weather
    return Weather.INFRARED


def _draw_light(rng: np.random.Generator, weather: Weather, scenery: Scenery, backdrop: Image | None) -> Lighting:
    up = float(rng.uniform(0.35, 0.9))
    turn = float(rng.uniform(0, 2 * pi))
    flat = (1 - up * up) ** 0.5
    towards = np.array([flat * np.cos(turn), flat * np.sin(turn), up], np.float32)
    warm = np.array([0.92, 1.0, 1.06], np.float32)
    match weather:
        case Weather.SUN:
            share = float(rng.uniform(0.45, 0.8))
            return Lighting(towards, share * warm, (1.05 - share * 0.7) * np.array([1.05, 1.0, 0.95], np.float32))
        case Weather.INFRARED:
            ahead = np.array([0.0, -0.9, 0.43], np.float32)
            return Lighting(ahead, np.full(3, 0.6, np.float32), np.full(3, 0.35, np.float32))
        case Weather.NIGHT:
            return Lighting(towards, 0.5 * warm * warm, 0.45 * np.ones(3, np.float32))
        case _:
            key = float(rng.uniform(0.15, 0.45))
            light = Lighting(towards, key * np.ones(3, np.float32), np.full(3, 1.0 - key * 0.6, np.float32))
    if backdrop is None:
        return light
    tint = scenery.image.mean(axis=(0, 1))
    level = 0.45 + 0.55 * float(tint.mean()) / 115.0
    cast = (0.6 + 0.4 * tint / max(float(tint.mean()), 1.0)) * level
    return Lighting(towards, (light.key * cast).astype(np.float32), (light.ambient * cast).astype(np.float32))


def _on_picture(rng: np.random.Generator, backdrop: Image, lens: Lens) -> Scenery:
    """A given picture as the place: everything in it lies behind the people."""
    height, width = backdrop.shape[:2]
    want = lens.size_px[0] / lens.size_px[1]
    wide, high = min(width, int(height * want)), min(height, int(width / want))
    x, y = int(rng.integers(0, width - wide + 1)), int(rng.integers(0, height - high + 1))
    image = cv2.resize(backdrop[y : y + high, x : x + wide], lens.size_px, interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        image = image[:, ::-1]
    rays = lens.rays()
    floor = rays[..., 2] < -1e-2
    depth = np.where(floor, lens.height_m / np.maximum(-rays[..., 2], 1e-2), 1e5).astype(np.float32)
    return Scenery(
        Kind.SQUARE, image.astype(np.float32), depth, floor, float(rng.uniform(0, pi)), rays, is_picture=True
    )


def _one_of(choices: tuple[T, ...], rng: np.random.Generator) -> T:
    return choices[int(rng.integers(len(choices)))]
