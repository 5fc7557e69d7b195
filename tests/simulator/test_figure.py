from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.simulator.figure import body
from footfall.simulator.posture import FOREARM, LEG_BONE, UPPER_ARM, Arm, Pose, Posture, draw_posture, joints
from footfall.simulator.wardrobe import Hair, Headgear, Lower, Luggage, Person, draw_person

STANDING = Posture(Pose.STAND, (Arm.HANG, Arm.HANG))


def somebody(seed: int = 4, **changes: object) -> Person:
    plain = {"headgear": Headgear.NONE, "hair": Hair.BALD, "luggage": (), "lower": Lower.TROUSERS, "coat_hem": 0.5}
    return replace(draw_person(np.random.default_rng(seed), 0.3, trade=False), **{**plain, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("height_m", [0.9, 1.2, 1.5, 1.7, 1.95])
def test_who_stands_is_as_tall_as_they_are(height_m: float) -> None:
    points = body(somebody(height_m=height_m), STANDING, (1.0, 5.0), 0.4, 200).mesh.points_m
    assert points[:, 2].max() == pytest.approx(height_m, rel=0.03)
    assert points[:, 2].min() == pytest.approx(0.0, abs=0.02)


@given(st.integers(0, 10_000), st.sampled_from(list(Pose)), st.sampled_from([20.0, 50.0, 100.0, 250.0]))
def test_no_lot_makes_a_body_that_flies_apart(seed: int, pose: Pose, detail: float) -> None:
    rng = np.random.default_rng(seed)
    person = draw_person(rng, float(rng.random()), trade=bool(rng.random() < 0.3))
    shape = body(person, draw_posture(rng, pose), (2.0, 6.0), float(rng.uniform(0, 7)), detail)
    points = shape.mesh.points_m
    assert np.isfinite(points).all()
    assert np.hypot(points[:, 0] - 2.0, points[:, 1] - 6.0).max() < 0.75 * person.height_m
    assert -0.06 < points[:, 2].min() < 0.12
    assert points[:, 2].max() < person.height_m * 1.3 + 0.1
    assert shape.mesh.material.max() < len(person.materials)
    assert shape.mesh.quads.max() < len(points)


@given(st.integers(0, 10_000), st.sampled_from(list(Pose)))
def test_bones_keep_their_length(seed: int, pose: Pose) -> None:
    rng = np.random.default_rng(seed)
    frame = joints(draw_posture(rng, pose), float(rng.uniform(0.9, 1.95)), 1.0)
    arm = (UPPER_ARM + FOREARM) / 2
    for start, middle, end, bone in (
        (frame.hips, frame.knees, frame.ankles, LEG_BONE),
        (frame.shoulders, frame.elbows, frame.wrists, arm),
    ):
        for a, b in ((start, middle), (middle, end)):
            lengths = np.linalg.norm(b - a, axis=1) / frame.unit_m
            assert lengths.max() < bone * 1.06
            assert lengths.min() > bone * 0.98


@pytest.mark.parametrize(
    ("pose", "low", "high"),
    [
        pytest.param(Pose.SIT, 0.68, 0.82, id="who sits is three quarters as high"),
        pytest.param(Pose.SQUAT, 0.45, 0.75, id="who squats is lower"),
        pytest.param(Pose.WALK, 0.95, 1.02, id="who walks is nearly as tall as who stands"),
    ],
)
def test_poses_have_their_height(pose: Pose, low: float, high: float) -> None:
    posture = Posture(
        pose, (Arm.HOLD, Arm.HOLD), 0.2, 0.7 if pose is Pose.WALK else 0.0, 0.25 if pose is Pose.SQUAT else 0.02
    )
    points = body(somebody(height_m=1.7), posture, (0.0, 5.0), 0.0, 100).mesh.points_m
    assert low * 1.7 < points[:, 2].max() < high * 1.7


def test_who_bends_down_has_the_head_ahead_and_low() -> None:
    upright = body(somebody(), STANDING, (0.0, 5.0), 0.0, 100).head_m
    bent = body(somebody(), Posture(Pose.BEND, (Arm.HANG, Arm.HANG), lean_rad=1.3), (0.0, 5.0), 0.0, 100).head_m
    assert bent[0] > upright[0] + 0.3
    assert bent[2] < upright[2] - 0.3


def test_an_arm_goes_up_and_a_phone_to_the_ear() -> None:
    frame = joints(Posture(Pose.STAND, (Arm.RAISED, Arm.PHONE)), 1.7, 1.0)
    assert frame.wrists[0, 2] > 1.75
    ear = frame.spine[-1] + frame.head_up * frame.head_m * 0.45
    assert np.linalg.norm(frame.wrists[1] - ear) < 0.25


@pytest.mark.parametrize("kind", [k for k in Luggage if k is not Luggage.BACKPACK])
def test_luggage_is_no_part_of_the_person(kind: Luggage) -> None:
    plain = body(somebody(), STANDING, (0.0, 5.0), 0.0, 100)
    laden = body(somebody(luggage=(kind,)), STANDING, (0.0, 5.0), 0.0, 100)
    assert plain.luggage is None
    assert laden.luggage is not None
    assert np.array_equal(laden.mesh.points_m, plain.mesh.points_m)
    assert np.linalg.norm(laden.luggage.points_m - [0.0, 5.0, 1.0], axis=1).min() < 1.0


@pytest.mark.parametrize(
    "changes",
    [
        *[
            pytest.param({"headgear": kind}, id=f"headgear: {kind.value}")
            for kind in Headgear
            if kind is not Headgear.NONE
        ],
        *[pytest.param({"hair": kind}, id=f"hair: {kind.value}") for kind in Hair if kind is not Hair.BALD],
        pytest.param({"lower": Lower.SKIRT}, id="a skirt"),
        pytest.param({"coat_hem": 0.3}, id="a long coat"),
        pytest.param({"luggage": (Luggage.BACKPACK,)}, id="a backpack is worn"),
    ],
)
def test_what_is_worn_belongs_to_the_body(changes: dict[str, object]) -> None:
    plain = body(somebody(), STANDING, (0.0, 5.0), 0.0, 100).mesh
    dressed = body(somebody(**changes), STANDING, (0.0, 5.0), 0.0, 100).mesh
    assert len(dressed.quads) > len(plain.quads)


def test_small_figures_have_fewer_corners() -> None:
    sizes = [len(body(somebody(), STANDING, (0.0, 5.0), 0.0, detail).mesh.quads) for detail in (20, 60, 120, 200)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1] / 2


def test_people_differ_and_a_seed_does_not() -> None:
    people = [draw_person(np.random.default_rng(seed), 0.5, trade=False) for seed in range(300)]
    assert people[0] == draw_person(np.random.default_rng(0), 0.5, trade=False)
    assert 10 < sum(p.height_m < 1.5 for p in people) < 80
    assert {p.headgear for p in people} >= {Headgear.NONE, Headgear.CAP, Headgear.HOOD}
    assert {kind for p in people for kind in p.luggage} == set(Luggage)
    trade = [draw_person(np.random.default_rng(seed), 0.5, trade=True) for seed in range(40)]
    assert sum(p.headgear is Headgear.HELMET for p in trade) > 20
