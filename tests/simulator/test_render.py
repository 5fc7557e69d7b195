from math import radians

import numpy as np
import pytest

from footfall.simulator.backdrop import draw_backdrop
from footfall.simulator.body import Stance, pose
from footfall.simulator.look import draw_look
from footfall.simulator.render import Figure, Renderer, Silhouette
from footfall.simulator.room import Block, Doorway, Floor, Pillar, Poster, Room, Wall
from footfall.simulator.view import View
from footfall.spatial.ground import Camera

VIEW = View(Camera(3.2, 0.8, radians(65)), (320, 180))
PILLAR = Pillar((2.0, 7.0), 0.45)
ROOM = Room(
    pillars=(PILLAR,),
    doorways=(Doorway(Wall.BACK, -2.0, 2.0),),
    blocks=(Block((-2.5, 7.0), (1.5, 0.5), 1.1, (60, 90, 130)),),
)
BACKDROP = draw_backdrop(ROOM, VIEW, np.random.default_rng(0))


def figure(x: float, y: float, *, heading: float = 1.0, speed: float = 1.2, seed: int = 3) -> Figure:
    return Figure(draw_look(np.random.default_rng(seed)), Stance((x, y), heading, speed, 0.3, 0.0))


def draw(*figures: Figure) -> tuple[np.ndarray, list[Silhouette | None]]:
    return Renderer(ROOM, VIEW, BACKDROP).draw(figures)


@pytest.mark.parametrize("where", [(0.0, 5.0), (-1.0, 8.0), (3.0, 6.0), (1.0, 11.0), (-3.0, 4.5)])
@pytest.mark.parametrize("heading", [0.0, 1.6, 3.1, 4.7])
def test_the_full_box_holds_every_joint_and_is_tight(where: tuple[float, float], heading: float) -> None:
    person = figure(*where, heading=heading)
    (silhouette,) = draw(person)[1]
    assert silhouette is not None
    parts = pose(person.look, person.stance)
    joints = VIEW.project(np.concatenate([parts.start_m, parts.end_m]))[:, :2] / np.array(VIEW.grid)
    x0, y0, x1, y1 = silhouette.full_box_n
    assert joints[:, 0].min() >= x0
    assert joints[:, 0].max() <= x1
    assert joints[:, 1].min() >= y0
    assert joints[:, 1].max() <= y1
    margin = 0.13 * VIEW.camera.focal_w / (where[1] * 0.9)
    assert joints[:, 0].min() - x0 < margin
    assert joints[:, 1].min() - y0 < margin / VIEW.aspect


@pytest.mark.parametrize("where", [(0.0, 5.0), (-1.0, 8.0), (3.0, 6.0), (1.0, 11.0)])
def test_the_foot_is_in_the_lowest_part_of_the_box(where: tuple[float, float]) -> None:
    (silhouette,) = draw(figure(*where))[1]
    foot = VIEW.floor_point_n(where)
    assert silhouette is not None
    assert foot is not None
    x0, y0, x1, y1 = silhouette.full_box_n
    assert x0 < foot[0] < x1
    assert y1 - 0.25 * (y1 - y0) < foot[1] < y1 + 0.02


def test_who_is_nearer_hides_who_is_behind_in_any_order() -> None:
    near, far = figure(0.0, 5.0, seed=1), figure(0.0, 6.5, seed=2)
    image, (a, b) = draw(near, far)
    swapped, (c, d) = draw(far, near)
    assert a is not None
    assert b is not None
    assert a.visibility == 1.0
    assert b.visibility < 0.75
    assert (a, b) == (d, c)
    assert np.array_equal(image, swapped)


@pytest.mark.parametrize(
    ("where", "low", "high"),
    [
        pytest.param((2.0, 5.5), 1.0, 1.0, id="before the pillar"),
        pytest.param((2.2, 7.8), 0.0, 0.2, id="behind the pillar"),
        pytest.param((-2.7, 7.9), 0.2, 0.8, id="legs behind the counter"),
        pytest.param((-2.0, 15.0), 0.3, 1.0, id="seen through the doorway"),
        pytest.param((2.0, 15.5), 0.0, 0.0, id="behind the wall"),
        pytest.param((-3.45, 5.0), 0.4, 0.999, id="half out of the picture"),
    ],
)
def test_what_can_be_seen_of_a_person(where: tuple[float, float], low: float, high: float) -> None:
    (silhouette,) = draw(figure(*where))[1]
    assert silhouette is not None
    assert low <= silhouette.visibility <= high
    assert (silhouette.visible_box_n is None) == (silhouette.visibility == 0.0)


@pytest.mark.parametrize("where", [(0.0, -3.0), (9.0, 5.0), (0.0, 0.2), (0.0, 0.0)])
def test_out_of_the_picture_there_is_no_silhouette(where: tuple[float, float]) -> None:
    image, silhouettes = draw(figure(*where))
    assert silhouettes == [None]
    assert np.array_equal(image, draw()[0])


def test_the_shadow_falls_on_the_floor_around_the_feet_only() -> None:
    empty, image = draw()[0].astype(int), draw(figure(0.0, 5.0))[0].astype(int)
    x, y = VIEW.floor_point_n((0.42, 5.0)) or (0, 0)
    beside = int(y * 180), int(x * 320)
    assert image[beside].sum() < empty[beside].sum() - 5
    assert np.array_equal(image[:, :40], empty[:, :40])


@pytest.mark.parametrize("floor", list(Floor))
def test_every_floor_and_wall_is_drawn(floor: Floor) -> None:
    posters = tuple(Poster(wall, 8.0 if wall is not Wall.BACK else 0.0, 1.0, 2.0, 1.0, (20, 20, 220)) for wall in Wall)
    backdrop = draw_backdrop(Room(floor=floor, posters=posters), VIEW, np.random.default_rng(1))
    assert backdrop.image[backdrop.floor].std() > 2.0
    assert ((backdrop.image[..., 2] > 130) & (backdrop.image[..., 0] < 70)).any()
    assert 0.3 < backdrop.floor.mean() < 0.95
    assert np.isfinite(backdrop.depth_m).all()


def test_a_camera_that_looks_straight_down_sees_the_floor() -> None:
    view = View(Camera(6.0, 0.8, 0.0), (64, 36))
    backdrop = draw_backdrop(Room(pillars=(Pillar((1.0, 1.0), 0.3, top_m=1.0),)), view, np.random.default_rng(1))
    assert backdrop.floor.mean() > 0.8
    assert backdrop.depth_m[backdrop.floor] == pytest.approx(6.0, abs=1e-3)
