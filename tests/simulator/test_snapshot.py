from math import hypot, radians

import cv2
import numpy as np
import pytest

from footfall.simulator.figure import body
from footfall.simulator.finish import Weather, finish
from footfall.simulator.furnish import attend, furnish
from footfall.simulator.gather import Gathering, Spot, gather
from footfall.simulator.lens import Lens
from footfall.simulator.place import INDOOR, Kind, Scenery, draw_scenery
from footfall.simulator.posture import Arm, Pose, Posture
from footfall.simulator.props import STOCK, Prop, counter, draw_prop
from footfall.simulator.raster import Lighting
from footfall.simulator.snapshot import Snapshot, snapshot
from footfall.simulator.stage import Actor, Scene, Sighting, shoot
from footfall.simulator.wardrobe import Luggage, draw_person

SIZE = 208, 156
LENS = Lens(SIZE, 3.0, radians(20), radians(2), 0.8, -0.1)
LIGHT = Lighting(np.array([0.3, -0.5, 0.8], np.float32), np.full(3, 0.3, np.float32), np.full(3, 0.8, np.float32))


@pytest.fixture(scope="module")
def many() -> list[Snapshot]:
    return [snapshot(np.random.default_rng([9, i]), SIZE) for i in range(48)]


def flat(floor: bool = False) -> Scenery:
    """A grey nothing; without floor nothing casts a shadow."""
    shape = SIZE[1], SIZE[0]
    where = np.full(shape, floor)
    return Scenery(
        Kind.SQUARE, np.full((*shape, 3), 120, np.float32), np.full(shape, 1e5, np.float32), where, 0.0, LENS.rays()
    )


def actor(x: float, y: float, *, seed: int = 5, pose: Pose = Pose.STAND, luggage: bool = False) -> Actor:
    person = draw_person(np.random.default_rng(seed), 0.4, trade=False)
    while bool(set(person.luggage) - {Luggage.BACKPACK}) != luggage:
        seed += 1000
        person = draw_person(np.random.default_rng(seed), 0.4, trade=False)
    return Actor(person, body(person, Posture(pose, (Arm.HANG, Arm.HANG)), (x, y), 0.8, 60), (x, y))


def film(
    *people: Actor, props: tuple[Prop, ...] = (), scenery: Scenery | None = None
) -> tuple[np.ndarray, list[Sighting]]:
    scene = Scene(LENS, LIGHT, scenery or flat(), Weather.CLOUDS)
    image, _, sightings = shoot(np.random.default_rng(1), scene, people, props)
    return image, sightings


def changed(image: np.ndarray, empty: np.ndarray) -> tuple[int, int, int, int]:
    different = np.abs(image - empty).max(axis=2) > 6.0
    ys, xs = np.nonzero(different)
    return int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1


@pytest.mark.parametrize("where", [(0.0, 4.0), (-1.5, 6.0), (2.0, 8.0), (0.5, 12.0)])
@pytest.mark.parametrize("pose", [Pose.STAND, Pose.SIT, Pose.SQUAT])
def test_the_boxes_are_where_the_picture_changed(where: tuple[float, float], pose: Pose) -> None:
    image, (seen,) = film(actor(*where, pose=pose))
    box = changed(image, film()[0])
    assert seen.visible_xyxy_px == pytest.approx(box, abs=1.01)
    assert seen.full_xyxy_px == pytest.approx(box, abs=1.51)
    assert seen.visibility == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("where", [(0.0, 4.0), (-1.5, 6.0), (2.0, 8.0)])
def test_feet_and_head_are_at_the_ends_of_who_stands(where: tuple[float, float]) -> None:
    _, (seen,) = film(actor(*where))
    x0, y0, x1, y1 = seen.full_xyxy_px
    ground = LENS.floor_point_m(seen.foot_px)
    assert ground == pytest.approx(where, abs=0.02)
    assert x0 < seen.foot_px[0] < x1
    assert y1 - 0.2 * (y1 - y0) < seen.foot_px[1] < y1 + 1.0
    assert x0 < seen.head_px[0] < x1
    assert y0 < seen.head_px[1] < y0 + 0.25 * (y1 - y0)


def test_the_foot_stays_where_it_is_when_legs_are_hidden() -> None:
    _, (free,) = film(actor(0.0, 6.0))
    screen = draw_prop(np.random.default_rng(3), counter, (0.0, 5.2), -1.57)
    image, (hidden,) = film(actor(0.0, 6.0), props=(screen,))
    assert hidden.foot_px == free.foot_px
    assert hidden.full_xyxy_px == free.full_xyxy_px
    assert 0.2 < hidden.visibility < 0.8
    assert hidden.visible_xyxy_px[3] < free.visible_xyxy_px[3] - 5
    assert changed(image, film(props=(screen,))[0]) == pytest.approx(hidden.visible_xyxy_px, abs=1.01)


def test_who_stands_before_hides_who_stands_behind() -> None:
    _, (near, far) = film(actor(0.0, 4.0, seed=5), actor(0.12, 5.0, seed=8))
    assert near.visibility == pytest.approx(1.0, abs=0.03)
    assert far.visibility < 0.7


def test_nobody_is_reported_who_cannot_be_seen() -> None:
    wall = draw_prop(np.random.default_rng(3), STOCK[Kind.STREET][0], (0.0, 4.4), 0.0)
    assert film(actor(0.0, -3.0))[1] == []
    assert film(actor(30.0, 5.0))[1] == []
    _, sightings = film(actor(0.0, 6.0), actor(0.0, 9.0), props=(wall,))
    assert len(sightings) <= 2
    assert all(s.visibility > 0.0 for s in sightings)


def test_half_out_of_the_picture_is_half_seen() -> None:
    edge = LENS.floor_point_m((SIZE[0] - 9, 110))
    assert edge is not None
    _, (seen,) = film(actor(*edge))
    assert 0.3 < seen.visibility < 0.7
    assert seen.visible_xyxy_px[2] == SIZE[0]
    assert seen.full_xyxy_px[2] > SIZE[0] + 2


def test_luggage_does_not_widen_the_box() -> None:
    image, (seen,) = film(actor(0.0, 5.0, luggage=True))
    box = changed(image, film()[0])
    assert (box[2] - box[0]) * (box[3] - box[1]) > 1.05 * (
        (seen.visible_xyxy_px[2] - seen.visible_xyxy_px[0]) * (seen.visible_xyxy_px[3] - seen.visible_xyxy_px[1])
    )


def test_a_shadow_lies_on_the_floor_and_belongs_to_nobody() -> None:
    image, (seen,) = film(actor(0.0, 5.0), scenery=flat(floor=True))
    box = changed(image, film(scenery=flat(floor=True))[0])
    assert box[2] > seen.visible_xyxy_px[2] or box[0] < seen.visible_xyxy_px[0]


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not(many: list[Snapshot]) -> None:
    again = snapshot(np.random.default_rng([9, 4]), SIZE)
    assert again.image.tobytes() == many[4].image.tobytes()
    assert again.people == many[4].people
    assert again.image.tobytes() != many[5].image.tobytes()


def test_the_truth_of_every_picture_makes_sense(many: list[Snapshot]) -> None:
    for shot in many:
        make_sense(shot)


def make_sense(shot: Snapshot) -> None:
    assert shot.image.shape == (SIZE[1], SIZE[0], 3)
    assert shot.image.dtype == np.uint8
    for person in shot.people:
        x0, y0, x1, y1 = person.visible_xyxy_px
        fx0, fy0, fx1, fy1 = person.full_xyxy_px
        assert 0 <= x0 < x1 <= SIZE[0]
        assert 0 <= y0 < y1 <= SIZE[1]
        assert fx0 - 1.1 <= x0
        assert fy0 - 1.1 <= y0
        assert x1 <= fx1 + 1.1
        assert y1 <= fy1 + 1.1
        assert 0.0 < person.visibility <= 1.0
        assert fx0 - 3 <= person.head_px[0] <= fx1 + 3
        assert fy0 - 3 <= person.head_px[1] <= fy1 + 3


def test_some_pictures_are_empty_some_are_crowded_and_most_show_something(many: list[Snapshot]) -> None:
    counts = np.array([len(shot.people) for shot in many])
    assert 3 <= (counts == 0).sum() <= 20
    assert counts.max() >= 12
    assert counts.max() <= 34
    assert np.mean([shot.image.std() > 6 for shot in many]) > 0.9


def test_a_given_picture_is_the_place() -> None:
    y, x = np.mgrid[0:400, 0:600]
    backdrop = np.stack([x % 256, y % 256, (x + y) % 256], axis=2).astype(np.uint8)
    shots = [snapshot(np.random.default_rng([2, i]), SIZE, backdrop) for i in range(12)]
    assert all(shot.image.shape == (SIZE[1], SIZE[0], 3) for shot in shots)
    assert any(shot.people for shot in shots)
    dark = [snapshot(np.random.default_rng([2, i]), SIZE, backdrop // 8) for i in range(12)]
    assert np.mean([s.image.mean() for s in dark]) < np.mean([s.image.mean() for s in shots]) - 10


@pytest.mark.parametrize("kind", list(Kind))
def test_every_place_has_a_floor_and_things_on_it_that_nobody_stands_in(kind: Kind) -> None:
    rng = np.random.default_rng(6)
    scenery = draw_scenery(rng, kind, LENS)
    assert 0.05 < scenery.floor.mean() <= 1.0
    assert np.isfinite(scenery.image).all()
    spots = gather(rng, Gathering.SCATTERED, scenery, LENS)
    for prop in furnish(rng, kind, scenery, spots):
        low, high = prop.mesh.points_m[:, :2].min(axis=0), prop.mesh.points_m[:, :2].max(axis=0)
        middle = (low + high) / 2
        assert all(hypot(*(middle - spot.ground_m)) > 0.15 for spot in spots)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_thing_can_be_drawn(kind: Kind) -> None:
    for index, maker in enumerate(STOCK[kind]):
        prop = draw_prop(np.random.default_rng(index), maker, (1.0, 6.0), 0.5)
        image, _ = film(props=(prop,))
        assert np.abs(image - film()[0]).max() > 10.0
        assert prop.mesh.points_m[:, 2].min() > -0.01
        assert prop.mesh.material.max() < len(prop.materials)


@pytest.mark.parametrize("gathering", [g for g in Gathering if g is not Gathering.NOBODY])
def test_people_keep_apart_and_are_in_view(gathering: Gathering) -> None:
    rng = np.random.default_rng(12)
    scenery = draw_scenery(rng, Kind.SQUARE, LENS)
    spots = [spot for _ in range(5) for spot in gather(rng, gathering, scenery, LENS)]
    assert spots
    for _ in range(5):
        places = [spot.ground_m for spot in gather(rng, gathering, scenery, LENS)]
        gaps = [hypot(a[0] - b[0], a[1] - b[1]) for i, a in enumerate(places) for b in places[:i]]
        assert min(gaps, default=1.0) > 0.42
    seen = LENS.project(np.array([[*spot.ground_m, 1.0] for spot in spots], np.float32))
    inside = (seen[:, 2] > 0) & (seen[:, 0] > 0) & (seen[:, 0] < SIZE[0]) & (seen[:, 1] > 0) & (seen[:, 1] < SIZE[1])
    assert inside.mean() > 0.4
    if gathering is Gathering.SEATED:
        assert sum(spot.pose is Pose.SIT for spot in spots) > len(spots) / 3


def test_nobody_means_nobody_and_without_floor_nobody_can_stand() -> None:
    assert gather(np.random.default_rng(1), Gathering.NOBODY, flat(floor=True), LENS) == []
    assert gather(np.random.default_rng(1), Gathering.CROWD, flat(), LENS) == []


def test_who_sits_has_a_chair_below() -> None:
    chairs = attend(np.random.default_rng(1), [Spot((0.0, 6.0), 0.0, Pose.SIT)], indoor=True)
    seat = chairs[0].mesh.points_m
    assert seat[:, :2].mean(axis=0) == pytest.approx((0.0, 6.0), abs=0.25)
    assert seat[:, 2].max() > 0.8


@pytest.mark.parametrize("weather", list(Weather))
def test_every_weather_ends_as_a_picture(weather: Weather) -> None:
    light = np.tile(np.linspace(0, 300, SIZE[0], dtype=np.float32)[None, :, None], (SIZE[1], 1, 3))
    depth = np.full((SIZE[1], SIZE[0]), 20.0, np.float32)
    pictures = [finish(np.random.default_rng(i), light, depth, weather, outdoor=True) for i in range(25)]
    assert {p.shape for p in pictures} == {(SIZE[1], SIZE[0], 3)}
    assert len({p.tobytes() for p in pictures}) == 25
    right = [float(p[:, -40:].mean() - p[:, :40].mean()) for p in pictures]
    assert min(right) > 5.0
    if weather is Weather.INFRARED:
        spread = [np.abs(cv2.blur(p, (9, 9)).astype(int).std(axis=2)).mean() for p in pictures]
        assert max(spread) < 3.0


def test_rooms_are_closed() -> None:
    for seed in range(6):
        scenery = draw_scenery(np.random.default_rng(seed), Kind.HALL, LENS)
        assert Kind.HALL in INDOOR
        ahead = scenery.depth[SIZE[1] // 3, SIZE[0] // 2]
        assert ahead < 100.0
