"""What a body does: the joints of somebody who stands, walks, sits, bends, squats or uses their arms.

The body's own axes are forward, left and up, in metres; segment lengths follow Drillis & Contini (1966).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import cos, pi, sin, sqrt

import numpy as np

from footfall.simulator.view import Floats

LEG_BONE = 0.243
UPPER_ARM = 0.172
FOREARM = 0.155
HEAD_SHARE = 0.13
"""Chin to crown of an adult, in body heights."""


class Pose(Enum):
    """What the legs and the trunk do."""

    STAND = "stand"
    WALK = "walk"
    RUN = "run"
    SIT = "sit"
    BEND = "bend"
    SQUAT = "squat"


class Arm(Enum):
    """What an arm does: the wrist's place from the shoulder, forward, outwards and up, in body heights."""

    HANG = (0.02, 0.035, -0.30)
    POCKET = (0.04, -0.01, -0.25)
    PHONE = (0.025, -0.035, 0.075)
    READ = (0.20, -0.07, -0.10)
    FOLDED = (0.10, -0.13, -0.13)
    RAISED = (0.05, 0.07, 0.27)
    POINT = (0.29, 0.05, 0.0)
    PUSH = (0.24, 0.0, -0.16)
    CARRY = (0.02, 0.05, -0.315)
    HOLD = (0.17, -0.03, -0.16)
    STRAP = (0.08, -0.02, -0.06)
    HIP = (0.0, 0.02, -0.25)
    UMBRELLA = (0.10, -0.04, -0.05)


@dataclass(frozen=True, slots=True)
class Posture:
    """One moment of one body."""

    pose: Pose
    arms: tuple[Arm, Arm]
    """Left, right."""
    phase: float = 0.0
    """Of the stride, 0..1."""
    stride: float = 0.0
    """Two steps in body heights."""
    lean_rad: float = 0.02
    """Forward."""
    nod_rad: float = 0.0
    """The head, forward."""
    look_rad: float = 0.0
    """The head, to the left."""
    spread: float = 0.05
    """Of each foot from the middle, in body heights."""


@dataclass(frozen=True, slots=True)
class Joints:
    """Places in body axes, metres; pairs are left, right."""

    unit_m: float
    """The body height that limbs are scaled by: a child's is less than its height because of the head."""
    spine: Floats
    """(n, 3) from the crotch to the neck, at `SPINE_UP`."""
    hips: Floats
    """(2, 3), and so on."""
    knees: Floats
    ankles: Floats
    toes: Floats
    shoulders: Floats
    elbows: Floats
    wrists: Floats
    head_up: Floats
    """(3,) direction from the neck to the crown."""
    head_left: Floats
    head_m: float
    """Chin to crown."""


SPINE_UP = np.array(
    [0.462, 0.49, 0.52, 0.56, 0.60, 0.64, 0.68, 0.72, 0.755, 0.785, 0.808, 0.825, 0.84, 0.86, 0.88], np.float32
)


def draw_posture(rng: np.random.Generator, pose: Pose) -> Posture:
    """A posture of that kind."""
    arms = _draw_arms(rng, pose)
    nod, look = float(rng.normal(0.08, 0.18)), float(rng.normal(0.0, 0.35))
    spread = float(rng.uniform(0.035, 0.085))
    if pose is Pose.WALK:
        return Posture(pose, arms, float(rng.random()), float(rng.uniform(0.45, 0.8)), 0.04, nod, look, 0.045)
    if pose is Pose.RUN:
        return Posture(pose, arms, float(rng.random()), float(rng.uniform(0.9, 1.15)), 0.2, nod, look, 0.04)
    lean = {
        Pose.STAND: float(rng.normal(0.02, 0.05)),
        Pose.SIT: float(rng.normal(0.1, 0.2)),
        Pose.BEND: float(rng.uniform(0.5, 1.5)),
        Pose.SQUAT: float(rng.uniform(0.2, 0.7)),
    }[pose]
    return Posture(pose, arms, float(rng.random()), 0.0, lean, nod, look, spread)


def joints(posture: Posture, height_m: float, build: float) -> Joints:
    """Where everything is, the point between the feet at the origin."""
    head_m = 0.105 + 0.069 * height_m
    unit = (height_m - head_m) / (1.0 - HEAD_SHARE)
    hip_up, hip_ahead = {
        Pose.SIT: (0.275, -0.12),
        Pose.BEND: (0.50, -0.07 * min(1.0, posture.lean_rad)),
        Pose.SQUAT: (0.20, -0.09),
        Pose.RUN: (0.50, 0.0),
    }.get(posture.pose, (0.513 - 0.02 * posture.stride, 0.0))
    spine = _spine(posture, hip_up, hip_ahead)
    hips = np.array([[hip_ahead, side * 0.052, hip_up] for side in (1, -1)])
    ankles = np.array([_ankle(posture, side) for side in (1, -1)])
    knees = np.stack(
        [_joint(h, a, LEG_BONE, np.array([1.0, 0.12 * s, 0.1])) for h, a, s in zip(hips, ankles, (1, -1), strict=True)]
    )
    toes = ankles + np.array([[0.105, side * 0.02, 0.0] for side in (1, -1)])
    toes[:, 2] = np.maximum(0.012, (ankles[:, 2] - 0.04) * 0.6 + 0.012)
    bust = spine[9]
    shoulders = np.stack([bust + np.array([0.0, side * (0.098 + 0.012 * build), 0.008]) for side in (1, -1)])
    wrists = np.stack([s + _reach(posture, i) for i, s in enumerate(shoulders)])
    elbows = np.stack([_arm(s, w, side) for s, w, side in zip(shoulders, wrists, (1, -1), strict=True)])
    tilt = 0.75 * min(posture.lean_rad, 1.0) + posture.nod_rad
    head_up = np.array([sin(tilt), 0.0, cos(tilt)])
    head_left = np.array([-sin(posture.look_rad), cos(posture.look_rad), 0.0])
    return Joints(
        unit_m=unit,
        spine=(spine * unit).astype(np.float32),
        hips=(hips * unit).astype(np.float32),
        knees=(knees * unit).astype(np.float32),
        ankles=(ankles * unit).astype(np.float32),
        toes=(toes * unit).astype(np.float32),
        shoulders=(shoulders * unit).astype(np.float32),
        elbows=(elbows * unit).astype(np.float32),
        wrists=(wrists * unit).astype(np.float32),
        head_up=head_up.astype(np.float32),
        head_left=head_left.astype(np.float32),
        head_m=head_m,
    )


def _spine(posture: Posture, hip_up: float, hip_ahead: float) -> Floats:
    bend = posture.lean_rad * np.clip((SPINE_UP - 0.49) / 0.16, 0.0, 1.0)
    steps = np.diff(SPINE_UP, prepend=SPINE_UP[0])
    ahead = hip_ahead + np.cumsum(steps * np.sin(bend)) - 0.012 * np.sin((SPINE_UP - 0.5) * 9.0)
    up = hip_up - 0.053 + np.cumsum(steps * np.cos(bend))
    return np.asarray(np.stack([ahead, np.zeros_like(up), up], axis=1), np.float32)


def _ankle(posture: Posture, side: int) -> Floats:
    apart = side * posture.spread
    if posture.pose is Pose.SIT:
        return np.array([0.13 + 0.06 * sin(posture.phase * 9.0 + side), apart, 0.042])
    if posture.pose in {Pose.SQUAT, Pose.BEND}:
        return np.array([0.04 * side * cos(posture.phase * 2 * pi), apart * 1.1, 0.042])
    if posture.pose is Pose.STAND:
        return np.array([0.02 * side * cos(posture.phase * 2 * pi), apart, 0.042])
    phase = (posture.phase + (0.0 if side > 0 else 0.5)) % 1.0
    on_floor = 0.6 if posture.pose is Pose.WALK else 0.4
    reach = on_floor * posture.stride / 2
    if phase < on_floor:
        heel = 0.045 * max(0.0, (phase / on_floor - 0.7) / 0.3)
        return np.array([reach - phase * posture.stride, apart * 0.8, 0.042 + heel])
    through = (phase - on_floor) / (1.0 - on_floor)
    eased = through * through * (3.0 - 2.0 * through)
    lift = (0.05 if posture.pose is Pose.WALK else 0.16) * sin(pi * through) + 0.04 * (1 - through)
    return np.array([-reach + 2.0 * reach * eased, apart * 0.8, 0.042 + lift])


def _reach(posture: Posture, index: int) -> Floats:
    side = 1 if index == 0 else -1
    ahead, out, up = posture.arms[index].value
    if posture.arms[index] is Arm.HANG and posture.stride:
        swing = -0.22 * posture.stride * cos(2 * pi * (posture.phase + (0.0 if side > 0 else 0.5)))
        up, ahead = up + 1.2 * swing * swing, ahead + swing
        if posture.pose is Pose.RUN:
            ahead, up = ahead + 0.12, -0.14
    return np.array([ahead, side * out, up])


def _arm(shoulder: Floats, wrist: Floats, side: int) -> Floats:
    """The elbow; the wrist is pulled in where the arm is too short."""
    reach = wrist - shoulder
    length = float(np.linalg.norm(reach))
    limit = (UPPER_ARM + FOREARM) * 0.985
    if length > limit:
        wrist[:] = shoulder + reach * (limit / length)
    return _joint(shoulder, wrist, (UPPER_ARM + FOREARM) / 2, np.array([-0.5, 0.45 * side, -0.7]))


def _joint(start: Floats, end: Floats, bone: float, pole: Floats) -> Floats:
    """The middle joint of two equal bones, bent towards `pole`."""
    along = end - start
    half = float(np.linalg.norm(along)) / 2
    out = pole - along * (float(pole @ along) / max(float(along @ along), 1e-9))
    out = out / max(float(np.linalg.norm(out)), 1e-9)
    return np.asarray(start + along / 2 + out * sqrt(max(bone * bone - half * half, 0.0)))


def _draw_arms(rng: np.random.Generator, pose: Pose) -> tuple[Arm, Arm]:
    dice, single = rng.random(), _ARMS[pose]
    if pose is Pose.STAND and dice < 0.12:
        return Arm.FOLDED, Arm.FOLDED
    if pose in {Pose.STAND, Pose.WALK, Pose.SIT} and dice < 0.2:
        return Arm.READ, Arm.READ
    left, right = rng.integers(len(single), size=2)
    return single[int(left)], single[int(right)]


_ARMS: dict[Pose, tuple[Arm, ...]] = {
    Pose.STAND: (Arm.HANG, Arm.HANG, Arm.HANG, Arm.HANG, Arm.HANG, Arm.HANG, Arm.PHONE, Arm.READ, Arm.POCKET,
                 Arm.POCKET, Arm.RAISED, Arm.POINT, Arm.HIP, Arm.HOLD),
    Pose.WALK: (Arm.HANG, Arm.HANG, Arm.HANG, Arm.HANG, Arm.HANG, Arm.HANG, Arm.HANG, Arm.HANG, Arm.HANG, Arm.PHONE,
                Arm.READ, Arm.POCKET, Arm.STRAP, Arm.HOLD),
    Pose.RUN: (Arm.HANG,),
    Pose.SIT: (Arm.HOLD, Arm.HOLD, Arm.READ, Arm.READ, Arm.FOLDED, Arm.PHONE, Arm.RAISED),
    Pose.BEND: (Arm.HANG, Arm.HANG, Arm.HOLD, Arm.HIP),
    Pose.SQUAT: (Arm.HANG, Arm.HOLD, Arm.HOLD, Arm.READ),
}  # fmt: skip
