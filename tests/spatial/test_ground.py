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
