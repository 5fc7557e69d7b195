"""Rooms by lot for `python -m benchmarks rooms`: camera, size, doors and who walks there. One seed, one room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import atan, pi

import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Box, Point
from footfall.core.types import Image
from footfall.simulator.backdrop import draw_backdrop
from footfall.simulator.body import Stance, pose
from footfall.simulator.look import Look, draw_look
from footfall.simulator.render import Figure, Renderer
from footfall.simulator.room import Doorway, Floor, Room, Wall
from footfall.simulator.story import Portal
from footfall.simulator.view import View
from footfall.simulator.walk import Crowd, Journey, Stand, Step, Walk
from footfall.spatial.ground import Camera

SIZE_PX = (640, 360)
ASPECT = SIZE_PX[1] / SIZE_PX[0]


@dataclass(frozen=True, slots=True)
class Figurine:
    """One person of one frame, as the camera would see them with nobody in the way."""

    index: int
    ground_m: Point
    box_n: Box
    depth_m: float


@dataclass(frozen=True, slots=True)
class RoomScene:
    """A room, its camera and its people."""

    seed: int
    camera: Camera
    room: Room
    looks: tuple[Look, ...]
    journeys: tuple[Journey, ...]
    duration_s: float

    @property
    def view(self) -> View:
        """What the camera sees; one sample a pixel."""
        return View(self.camera, SIZE_PX, sampling=1)


def draw_scene(seed: int, duration_s: float, people_a_minute: float = 12.0) -> RoomScene:
    """A room by lot: camera 2.2 to 6 m up, 45 to 90 degrees wide, looking at the floor 4 to 20 m away.

    Near enough for a good picture, far enough for whole people.
    """
    rng = np.random.default_rng([seed, 77])
    height_m = float(rng.uniform(2.2, 6.0))
    focal_w = float(rng.uniform(0.5, 1.2))
    aim_m = float(rng.uniform(4.0, 8.0)) * (height_m / 2.2) ** 0.5 * max(1.0, focal_w / 0.7)
    camera = Camera(height_m, focal_w, pi / 2 - atan(height_m / aim_m))
    depth_m = max(float(rng.uniform(9.0, 20.0)), aim_m + 3.0)
    width_m = float(rng.uniform(5.0, 14.0))
    portals = _portals(width_m, depth_m, rng)
    room = Room(
        width_m=width_m,
        depth_m=depth_m,
        floor=list(Floor)[int(rng.integers(3))],
        doorways=(
            Doorway(Wall.BACK, portals[0].inside_m[0], 2.0),
            Doorway(Wall.LEFT, portals[1].inside_m[1], 2.2),
            Doorway(Wall.RIGHT, portals[2].inside_m[1], 2.2),
        ),
    )
    count = round(people_a_minute * duration_s / 60.0)
    journeys = tuple(
        _journey(float(start), portals, (width_m, depth_m), rng) for start in _starts(count, duration_s, rng)
    )
    looks = tuple(draw_look(np.random.default_rng([seed, 3, number])) for number in range(count))
    return RoomScene(seed, camera, room, looks, journeys, duration_s)


def _starts(count: int, duration_s: float, rng: np.random.Generator) -> NDArray[np.float64]:
    return np.sort(rng.uniform(-10.0, duration_s - 4.0, count))


def _portals(width_m: float, depth_m: float, rng: np.random.Generator) -> tuple[Portal, ...]:
    """Doors in the three walls, and two ways out under the camera."""
    side = width_m / 2
    back, left, right = float(rng.uniform(-0.6, 0.6)) * side, *(float(v) for v in rng.uniform(0.35, 0.8, 2) * depth_m)
    return (
        Portal((back, depth_m + 2.2), (back, depth_m - 0.8)),
        Portal((-side - 2.4, left), (-side + 0.8, left)),
        Portal((side + 2.4, right), (side - 0.8, right)),
        Portal((-0.3 * side, 0.4), (-0.3 * side, 2.5)),
        Portal((0.3 * side, 0.4), (0.3 * side, 2.5)),
    )


def _journey(start_s: float, portals: tuple[Portal, ...], size_m: Point, rng: np.random.Generator) -> Journey:
    first, last = (portals[int(k)] for k in rng.choice(len(portals), 2, replace=False))
    steps: list[Step] = []
    for _ in range(int(rng.integers(1, 4))):
        place = float(rng.uniform(-0.42, 0.42)) * size_m[0], float(rng.uniform(0.25, 0.92)) * size_m[1]
        stops = bool(rng.random() < 0.25)
        steps.append(Walk(place, stop=stops))
        if stops:
            steps.append(Stand(float(rng.uniform(2.0, 8.0)), (0.0, size_m[1])))
    speed = float(np.clip(rng.normal(1.25, 0.18), 0.7, 1.8))
    way = (Walk(first.inside_m), *steps, Walk(last.inside_m), Walk(last.outside_m))
    return Journey(start_s, first.outside_m, way, speed)


def walk(scene: RoomScene, fps: float) -> Iterator[tuple[float, dict[int, Stance]]]:
    """(time in seconds, person -> what the body does), frame by frame."""
    crowd = Crowd(scene.room, scene.journeys)
    for frame in range(round(scene.duration_s * fps)):
        crowd.advance(frame / fps)
        yield frame / fps, crowd.stances()


def figurines(scene: RoomScene, stances: dict[int, Stance]) -> list[Figurine]:
    """Tight boxes of everybody in front of the camera, without drawing."""
    found = (_figurine(scene, index, stance) for index, stance in stances.items())
    return [figurine for figurine in found if figurine is not None]


def _figurine(scene: RoomScene, index: int, stance: Stance) -> Figurine | None:
    view = scene.view
    parts = pose(scene.looks[index], stance)
    ends = np.concatenate([view.project(parts.start_m), view.project(parts.end_m)])
    if ends[:, 2].min() < 0.3:
        return None
    radii = view.focal * np.concatenate([parts.radius_m[:, 0], parts.radius_m[:, 1]]) / ends[:, 2]
    low = (ends[:, :2] - radii[:, None]).min(axis=0) / view.grid
    high = (ends[:, :2] + radii[:, None]).max(axis=0) / view.grid
    if low.max() >= 1.0 or high.min() <= 0.0:
        return None
    box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return Figurine(index, stance.ground_m, box, float(ends[:, 2].mean()))


def pictures(scene: RoomScene, fps: float) -> Iterator[tuple[float, Image, dict[int, Stance]]]:
    """The same, drawn; sensor noise of two grey levels."""
    backdrop = draw_backdrop(scene.room, scene.view, np.random.default_rng([scene.seed, 2]))
    renderer, rng = Renderer(scene.room, scene.view, backdrop), np.random.default_rng([scene.seed, 5])
    for t_s, stances in walk(scene, fps):
        image, _ = renderer.draw([Figure(scene.looks[i], stance) for i, stance in stances.items()])
        noise = rng.normal(0.0, 2.0, image.shape).astype(np.float32)
        yield t_s, np.clip(image + noise, 0, 255).astype(np.uint8), stances
