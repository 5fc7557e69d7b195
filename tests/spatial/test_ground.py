from __future__ import annotations

import random
from math import cos, pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.spatial.ground import Camera, GroundEstimator
from spatial.storyboard import WIDE_PICTURE, person

CAMERA = Camera(height_m=3.5, focal_w=0.62, tilt_rad=1.0)


@pytest.mark.parametrize(
    ("camera", "size", "point_px", "expected"),
    [
        pytest.param(
            (13.29415, 372.00003, 0.958186),
            (640, 360),
            (0.100156 * 640, 0.275766 * 360),
            (-23.008, 31.538),
            id="calibration sample",
        ),
        pytest.param(
            (13.29415, 372.00003, 0.958186),
            (512, 288),
            (0.100156 * 512, 0.275766 * 288),
            (-16.90, 28.19),
            id="its cosmetic edit",
        ),
    ],
)
def test_published_geometry(camera, size, point_px, expected):
    """Feet in, feet out: the geometry has no unit of its own."""
    height, focal_px, tilt = camera
    width_px, height_px = size
    point_n = point_px[0] / width_px, point_px[1] / height_px
    ground = Camera(height, focal_px / width_px, tilt).to_ground(point_n, height_px / width_px)
    assert ground == pytest.approx(expected, rel=0.005)


@pytest.mark.parametrize(
    ("published", "box_share"),
    [
        pytest.param((-1.464, 18.297), (0.54, 0.93), id="person 1"),
        pytest.param((2.631, 18.636), (0.45, 0.98), id="person 2"),
    ],
)
def test_published_distance_sample_projects_into_the_picture_and_back(published, box_share):
    camera = Camera(12.99408, 401.28 / 608, 1.05767)
    point_n = camera.to_image(published, 342 / 608)
    assert camera.to_ground(point_n, 342 / 608) == pytest.approx(published, rel=1e-9)


@given(st.floats(-6.0, 6.0), st.floats(1.0, 30.0))
def test_floor_to_picture_and_back(lateral, forward):
    point_n = CAMERA.to_image((lateral, forward), WIDE_PICTURE)
    assert CAMERA.to_ground(point_n, WIDE_PICTURE) == pytest.approx((lateral, forward), rel=1e-6, abs=1e-6)


def test_no_floor_above_the_horizon_and_no_picture_behind_the_camera():
    assert CAMERA.to_ground((0.5, -1.0), WIDE_PICTURE) is None
    assert CAMERA.to_image((0.0, -30.0), WIDE_PICTURE) is None


DOWN = Camera(height_m=2.0, focal_w=0.5, tilt_rad=0.0)
"""Looks straight down: a metre on the floor is a quarter of the picture's width."""


@pytest.mark.parametrize("aspect", [1.0, 0.5])
def test_a_camera_that_looks_down_is_a_map(aspect):
    point_n = 0.75, 0.5 - 0.25 / aspect
    assert DOWN.to_ground(point_n, aspect) == pytest.approx((1.0, 1.0))
    assert DOWN.to_image((1.0, 1.0), aspect) == pytest.approx(point_n)
    assert DOWN.to_image((0.5, 0.5), aspect, up_m=1.0) == pytest.approx(point_n)
    assert DOWN.to_ground((0.5, 0.5 + 0.25 / aspect), aspect) == pytest.approx((0.0, -1.0))


def test_what_no_camera_shows():
    level = Camera(height_m=2.0, focal_w=0.5, tilt_rad=pi / 2)
    assert level.to_ground((0.5, 0.5), 1.0) is None
    assert level.to_ground((0.5, 0.51), 1.0) is not None
    assert CAMERA.to_image((0.0, 0.0), WIDE_PICTURE, up_m=3.5) is None
    assert DOWN.to_image((0.5, 0.5), 1.0, up_m=3.0) is None
    assert Camera(height_m=2.0, focal_w=0.5, tilt_rad=-1.0).to_ground((0.5, 1.2), 1.0) is None


def stroll(body_rad, speed_m_s, seconds=3.0, fps=15.0, start=(0.0, 8.0), jitter_m=0.0, seed=0):
    """Somebody who walks straight on the floor."""
    chance = random.Random(seed)
    for k in range(int(seconds * fps) + 1):
        t_s = k / fps
        x = start[0] + speed_m_s * t_s * sin(body_rad) + chance.gauss(0, jitter_m)
        y = start[1] + speed_m_s * t_s * cos(body_rad) + chance.gauss(0, jitter_m)
        foot = CAMERA.to_image((x, y), WIDE_PICTURE)
        yield person("ann", foot, t_s, k, box_n=(foot[0] - 0.02, foot[1] - 0.3, foot[0] + 0.02, foot[1]))


def last(people, camera=CAMERA, speed=True, orientation=True):
    estimator = GroundEstimator(camera, WIDE_PICTURE, speed, orientation)
    for someone in people:
        (measured,) = estimator.step([someone], someone.t_s)
    return measured


@pytest.mark.parametrize("fps", [2, 3, 5, 15, 30])
@pytest.mark.parametrize(
    ("body_rad", "image_rad"),
    [
        pytest.param(0.0, 0.0, id="away from the camera is up"),
        pytest.param(pi / 2, pi / 2, id="to the right"),
        pytest.param(pi, pi, id="towards the camera is down"),
        pytest.param(3 * pi / 2, 3 * pi / 2, id="to the left"),
    ],
)
def test_speed_and_direction_of_a_walk(fps, body_rad, image_rad):
    # symmetric about the axis on which the two directions agree
    start = (-2.1 * sin(body_rad), 8.0 - 2.1 * cos(body_rad))
    measured = last(stroll(body_rad, 1.4, seconds=1.5, fps=fps, start=start))
    assert measured.speed_m_s == pytest.approx(1.4, rel=0.01)
    assert abs((measured.ground_orientation_rad - body_rad + pi) % (2 * pi) - pi) < 0.01
    assert abs((measured.image_orientation_rad - image_rad + pi) % (2 * pi) - pi) < 0.05


@pytest.mark.parametrize("camera", [CAMERA, None])
def test_directions_are_between_nothing_and_a_full_turn(camera):
    left = last(stroll(1.5 * pi, 1.4, start=(2.0, 8.0)), camera=camera)
    assert left.image_orientation_rad == pytest.approx(1.5 * pi, abs=0.1)
    assert camera is None or left.ground_orientation_rad == pytest.approx(1.5 * pi)


def paces(*sights):
    """Somebody at (moment, metres to the right of the camera's foot), seen from above; a body is 0.2 high."""
    for t_s, x in sights:
        foot = DOWN.to_image((x, 0.0), WIDE_PICTURE)
        yield person("ann", foot, t_s)


def test_speed_is_known_after_three_tenths_of_a_second():
    assert last(paces((0.0, 0.0), (0.29, 0.29)), camera=DOWN).speed_m_s is None
    assert last(paces((0.0, 0.0), (0.3, 0.3)), camera=DOWN).speed_m_s == pytest.approx(1.0)


@pytest.mark.parametrize(("walked", "known"), [(16, True), (15, False)], ids=["a whole second", "not quite"])
def test_speed_is_that_of_the_last_second(walked, known):
    stood, walk = [(k / 16 - 2.0, 0.0) for k in range(32)], [(k / 16, k / 16) for k in range(walked + 1)]
    assert (last(paces(*stood, *walk), camera=DOWN).speed_m_s == pytest.approx(1.0)) is known


@pytest.mark.parametrize(
    ("step_s", "speed_m_s"),
    [
        pytest.param(2.0, 0.5, id="two seconds between frames: two sights are kept"),
        pytest.param(3.0, 0.5, id="three seconds"),
        pytest.param(3.125, None, id="more: too long ago"),
    ],
)
def test_speed_at_slow_frame_rates(step_s, speed_m_s):
    walk = [(k * step_s, k * step_s * 0.5) for k in range(3)]
    assert last(paces((-9.0, 4.0), *walk), camera=DOWN).speed_m_s == (
        None if speed_m_s is None else pytest.approx(speed_m_s)
    )


@pytest.mark.parametrize(("later_s", "speed_m_s"), [(3.0, 0.0), (3.125, None)], ids=["three seconds", "longer"])
def test_how_long_somebody_unseen_is_remembered(later_s, speed_m_s):
    estimator = GroundEstimator(DOWN, WIDE_PICTURE, speed=True, orientation=True)
    estimator.step(list(paces((0.0, 0.0))), 0.0)
    estimator.step([], later_s)
    assert len(estimator._paths) == (speed_m_s is not None)
    (back,) = estimator.step(list(paces((later_s, 0.0))), later_s)
    assert back.speed_m_s == speed_m_s


@pytest.mark.parametrize(
    ("camera", "speed_m_s"),
    [
        pytest.param(DOWN, pytest.approx(1.0), id="the same"),
        pytest.param(Camera(2.5, 0.5, 0.0), None, id="another: places on the floor begin anew"),
        pytest.param(None, None, id="none"),
    ],
)
def test_a_camera_may_change(camera, speed_m_s):
    estimator = GroundEstimator(DOWN, WIDE_PICTURE, speed=True, orientation=True)
    for k in range(9):
        estimator.step(list(paces((k / 16, k / 16))), k / 16)
    estimator.use(camera)
    (measured,) = estimator.step(list(paces((9 / 16, 9 / 16))), 9 / 16)
    assert measured.speed_m_s == speed_m_s
    assert (measured.ground_m is None) is (camera is None)


@pytest.mark.parametrize(("speed_m_s", "has_direction"), [(0.29, False), (0.31, True)])
def test_who_walks_on_the_floor(speed_m_s, has_direction):
    walk = paces(*((k / 16, speed_m_s * k / 16) for k in range(17)))
    assert (last(walk, camera=DOWN).ground_orientation_rad is not None) is has_direction


@pytest.mark.parametrize(("heights_s", "has_direction"), [(0.19, False), (0.21, True)])
def test_who_walks_in_the_picture(heights_s, has_direction):
    """Without a camera, speed counts in body heights: 0.2 of the picture's height here."""
    steps_n = [heights_s * 0.2 * WIDE_PICTURE * k / 16 for k in range(17)]
    walk = (person("ann", (0.3 + x, 0.5), k / 16) for k, x in enumerate(steps_n))
    assert (last(walk, camera=None).image_orientation_rad is not None) is has_direction


@pytest.mark.parametrize(("jitter_w", "has_direction"), [(0.07, True), (0.14, False)])
def test_a_direction_counts_when_its_speed_is_three_errors_large(jitter_w, has_direction):
    """A walk of 0.2 widths a second whose steps tremble to and fro: its speed is four, or two, of its errors."""
    places = [0.2 * k / 15 + jitter_w * (-1) ** k for k in range(15)]
    walk = (person("ann", (0.3 + x, 0.5), k / 15) for k, x in enumerate(places))
    assert (last(walk, camera=None).image_orientation_rad is not None) is has_direction


def test_above_the_horizon_the_walk_is_over():
    walk = list(stroll(0.0, 1.4))
    lost, back = person("ann", (0.5, -1.0), 3.1), person("ann", walk[-1].footprint_n, 3.2)
    assert last([*walk, lost, back]).speed_m_s is None


def test_a_direction_that_leads_behind_the_camera_has_no_picture():
    walk = last(stroll(pi, 1.0, seconds=0.9, start=(0.0, -1.2)))
    assert walk.ground_orientation_rad == pytest.approx(pi)
    assert walk.image_orientation_rad is None


def test_who_stands_has_a_speed_near_zero_and_no_direction():
    for seed in range(20):
        measured = last(stroll(0.0, 0.0, jitter_m=0.05, seed=seed))
        assert measured.speed_m_s < 0.2
        assert measured.ground_orientation_rad is None
        assert measured.image_orientation_rad is None


def test_a_badly_trembling_place_gives_no_direction():
    ends = [last(stroll(0.0, 0.0, jitter_m=0.3, seed=seed)) for seed in range(40)]
    assert sum(end.speed_m_s > 0.3 for end in ends) >= 10
    assert sum(end.ground_orientation_rad is not None for end in ends) <= 3


def test_speed_withstands_jitter():
    speeds = [last(stroll(1.0, 1.4, jitter_m=0.06, seed=seed)).speed_m_s for seed in range(20)]
    assert all(speed == pytest.approx(1.4, abs=0.25) for speed in speeds)


def test_first_sights_have_a_place_only():
    first = last(list(stroll(0.0, 1.4))[:3])
    assert first.ground_m == pytest.approx((0.0, 8.0), abs=0.5)
    assert (first.speed_m_s, first.ground_orientation_rad) == (None, None)


def test_speed_and_direction_can_be_switched_off():
    measured = last(stroll(0.0, 1.4), speed=False, orientation=False)
    assert (measured.speed_m_s, measured.ground_orientation_rad, measured.image_orientation_rad) == (None, None, None)
    assert measured.ground_m is not None
    assert last(stroll(0.0, 1.4), camera=None, orientation=False).image_orientation_rad is None


def test_without_a_camera_the_picture_still_shows_a_direction():
    walking = last(stroll(pi / 2, 1.4, start=(-2.0, 8.0)), camera=None)
    assert walking.image_orientation_rad == pytest.approx(pi / 2, abs=0.05)
    assert (walking.ground_m, walking.speed_m_s, walking.ground_orientation_rad) == (None, None, None)
    assert last(stroll(0.0, 0.0, jitter_m=0.02), camera=None).image_orientation_rad is None


def test_what_a_recording_says_of_a_direction_is_kept_where_nothing_better_is_known():
    ann = person("ann", (0.5, 0.9), image_orientation_rad=1.0)
    assert last([ann], camera=None).image_orientation_rad == 1.0


def test_above_the_horizon_nothing_is_known():
    measured = last([person("ann", (0.5, -1.0), k / 5) for k in range(10)])
    assert (measured.ground_m, measured.speed_m_s, measured.ground_orientation_rad) == (None, None, None)


def test_a_person_lost_for_long_starts_anew():
    early, late = list(stroll(0.0, 1.4)), person("ann", (0.5, 0.9), 60.0)
    assert last([*early, late]).speed_m_s is None


def test_the_same_track_twice_in_a_frame_does_no_harm():
    estimator = GroundEstimator(CAMERA, WIDE_PICTURE, speed=True, orientation=True)
    for someone in stroll(0.0, 1.4):
        one, other = estimator.step([someone, someone], someone.t_s)
    assert one.speed_m_s == pytest.approx(1.4, rel=0.05)
    assert other.ground_m == one.ground_m


@given(st.lists(st.sets(st.sampled_from("abcdefgh")), max_size=60))
def test_memory_is_bounded_by_the_living(frames):
    estimator = GroundEstimator(None, WIDE_PICTURE, speed=True, orientation=True)
    for t_s, ids in enumerate(frames):
        estimator.step([person(i, (0.5, 0.5), float(t_s)) for i in ids], float(t_s))
        recent = set().union(*frames[max(0, t_s - 3) : t_s + 1])
        assert set(estimator._paths) <= recent
        assert all(len(path.image) <= 3 for path in estimator._paths.values())
