"""Dresses joints: tubes of anatomical girth for trunk, limbs, head, hands and feet, with clothes over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, sin
from typing import TypeAlias

import numpy as np

from footfall.core.geometry import Point
from footfall.simulator.luggage import carried
from footfall.simulator.mesh import Mesh, Reals, merge, tube
from footfall.simulator.posture import SPINE_UP, Joints, Pose, Posture, joints
from footfall.simulator.view import Floats
from footfall.simulator.wardrobe import Hair, Headgear, Lower, Luggage, Part, Person

# Half widths and half depths of the trunk in body heights, at `SPINE_UP`: broad shoulders, and broad hips.
BROAD = (.060, .088, .097, .096, .087, .084, .090, .099, .106, .110, .100, .080, .052, .034, .032)  # fmt: skip
BROAD_DEEP = (.052, .066, .069, .066, .062, .060, .063, .068, .070, .067, .060, .052, .044, .036, .035)  # fmt: skip
CURVED = (.062, .096, .106, .103, .083, .074, .080, .088, .091, .094, .087, .068, .045, .030, .028)  # fmt: skip
CURVED_DEEP = (.054, .072, .076, .068, .058, .054, .062, .078, .076, .064, .055, .047, .040, .033, .031)  # fmt: skip
# Radii along limbs in body heights.
THIGH = (np.array([0.0, 0.12, 0.4, 0.75, 1.0]), np.array([0.060, 0.056, 0.048, 0.037, 0.034]))
SHIN = (np.array([0.0, 0.25, 0.5, 0.8, 1.0]), np.array([0.034, 0.036, 0.030, 0.022, 0.021]))
UPPER = (np.array([0.0, 0.06, 0.2, 0.55, 1.0]), np.array([0.004, 0.026, 0.033, 0.029, 0.024]))
FORE = (np.array([0.0, 0.3, 0.8, 1.0]), np.array([0.025, 0.025, 0.017, 0.015]))
HEAD_UP = np.array([-0.02, 0.05, 0.16, 0.32, 0.48, 0.64, 0.80, 0.92, 0.985, 1.0], np.float32)
HEAD_WIDE = np.array([0.12, 0.19, 0.25, 0.305, 0.335, 0.345, 0.32, 0.23, 0.11, 0.02], np.float32)
HEAD_DEEP = np.array([0.14, 0.27, 0.33, 0.385, 0.42, 0.435, 0.40, 0.29, 0.14, 0.02], np.float32)
HEAD_AHEAD = np.array([0.10, 0.11, 0.085, 0.05, 0.03, 0.01, 0.0, -0.01, -0.01, -0.01], np.float32)

_Lathe: TypeAlias = Callable[[Reals, Reals, Reals, Reals, Part], Mesh]


@dataclass(frozen=True, slots=True)
class Body:
    """A dressed body in the world."""

    mesh: Mesh
    luggage: Mesh | None
    """What is carried or pushed, which is no part of the person."""
    head_m: Floats
    """(3,) middle of the head."""


def body(person: Person, posture: Posture, ground_m: Point, heading_rad: float, detail: float) -> Body:
    """The body with its origin, the point under its hips, on the floor at `ground_m`.

    `detail` is how many pixels high it will be about; smaller ones get fewer corners.
    """
    frame = joints(posture, person.height_m, person.build)
    sides = 6 if detail < 28 else 8 if detail < 70 else 10 if detail < 160 else 14
    parts = [_trunk(person, frame, sides + 2), *_head(person, frame, sides)]
    for index in (0, 1):
        parts += [_leg(person, posture, frame, index, sides), _arm(person, frame, index, sides)]
        parts += [_foot(frame, index, max(6, sides - 2)), _hand(frame, index, 6)]
    if _skirted(person, posture):
        parts.append(_skirt(person, posture, frame, sides + 2))
    if Luggage.BACKPACK in person.luggage:
        parts.append(_backpack(person, frame))
    goods = carried(person, frame)
    origin = np.array([-frame.hips[0, 0], 0.0, 0.0], np.float32)
    neck = frame.spine[-1]
    head = neck + frame.head_up * frame.head_m * 0.45
    place = _Place(np.array([*ground_m, 0.0], np.float32), heading_rad, origin)
    return Body(place.mesh(merge(parts)), place.mesh(merge(goods)) if goods else None, place.points(head[None])[0])


@dataclass(frozen=True, slots=True)
class _Place:
    """From body axes to the world."""

    ground_m: Floats
    heading_rad: float
    origin: Floats

    def points(self, points: Floats) -> Floats:
        return np.asarray((points + self.origin) @ self._turn() + self.ground_m, np.float32)

    def mesh(self, mesh: Mesh) -> Mesh:
        return mesh.moved(self.points(mesh.points_m))

    def _turn(self) -> Floats:
        c, s = cos(self.heading_rad), sin(self.heading_rad)
        return np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]], np.float32)


def _skirted(person: Person, posture: Posture) -> bool:
    wants = person.lower in {Lower.SKIRT, Lower.LONG_SKIRT} or person.coat_hem < 0.45
    return wants and posture.pose in {Pose.STAND, Pose.WALK, Pose.RUN}


def _trunk(person: Person, frame: Joints, sides: int) -> Mesh:
    unit, mix = frame.unit_m, person.curves
    wide = (np.array(BROAD) * (1 - mix) + np.array(CURVED) * mix) * unit
    deep = (np.array(BROAD_DEEP) * (1 - mix) + np.array(CURVED_DEEP) * mix) * unit
    belly = np.exp(-(((SPINE_UP - 0.60) / 0.09) ** 2)) * max(0.0, person.build - 1.0)
    clothed = SPINE_UP < 0.85
    wide = wide * (0.35 + 0.65 * person.build) + clothed * person.thickness_m
    deep = deep * (0.35 + 0.65 * person.build) + clothed * person.thickness_m + belly * 0.09 * unit
    middle = (SPINE_UP[:-1] + SPINE_UP[1:]) / 2
    hem = min(0.53, max(0.47, person.coat_hem))
    rows = np.where(middle < hem, int(Part.LOWER), int(Part.TOP))
    rows = np.where(middle > 0.845, int(Part.SKIN), rows)
    return tube(frame.spine, _LEFT, wide, deep, rows.astype(np.int32), sides)


def _leg(person: Person, posture: Posture, frame: Joints, index: int, sides: int) -> Mesh:
    rings = 6 if sides < 9 else 9
    place = np.linspace(0.0, 1.0, rings)
    upper, lower = place[:, None], place[1:, None]
    hip, knee, ankle = frame.hips[index], frame.knees[index], frame.ankles[index]
    path = np.concatenate([hip + upper * (knee - hip), knee + lower * (ankle - knee)])
    girth = np.concatenate([np.interp(place, *THIGH), np.interp(place[1:], *SHIN)]) * frame.unit_m
    girth *= 0.45 + 0.55 * person.build
    down = np.concatenate([place * 0.5, 0.5 + place[1:] * 0.5])
    cover = {Lower.TROUSERS: 1.1, Lower.SHORTS: 0.47}.get(person.lower, 0.0)
    if person.lower in {Lower.SKIRT, Lower.LONG_SKIRT} and not _skirted(person, posture):
        cover = 0.42
    wide = np.maximum(girth, frame.unit_m * (0.024 + 0.020 * person.trouser)) + 0.006
    radius = np.where(down <= cover, wide, girth)
    rows = np.where((down[1:] + down[:-1]) / 2 <= cover, int(Part.LOWER), int(Part.LEG_SKIN)).astype(np.int32)
    return tube(_rounded(path, rings - 1), _LEFT, radius, radius * 1.06, rows, sides)


def _arm(person: Person, frame: Joints, index: int, sides: int) -> Mesh:
    rings = 5 if sides < 9 else 7
    place = np.linspace(0.0, 1.0, rings) ** 1.35
    shoulder, elbow, wrist = frame.shoulders[index], frame.elbows[index], frame.wrists[index]
    path = np.concatenate([shoulder + place[:, None] * (elbow - shoulder), elbow + place[1:, None] * (wrist - elbow)])
    girth = np.concatenate([np.interp(place, *UPPER), np.interp(place[1:], *FORE)]) * frame.unit_m
    girth *= 0.45 + 0.55 * person.build
    down = np.concatenate([place * 0.5, 0.5 + place[1:] * 0.5])
    cloth = (0.004 + person.thickness_m * 0.7) * np.minimum(1.0, down * 8.0)
    radius = np.where(down <= person.sleeve, girth + cloth, girth)
    rows = np.where((down[1:] + down[:-1]) / 2 <= person.sleeve, int(Part.TOP), int(Part.SKIN)).astype(np.int32)
    return tube(_rounded(path, rings - 1), _LEFT, radius, radius, rows, sides)


def _rounded(path: Floats, bend: int) -> Floats:
    """The path with the corner at `bend` cut."""
    smooth = path.copy()
    smooth[bend] = 0.5 * path[bend] + 0.25 * (path[bend - 1] + path[bend + 1])
    return np.asarray(smooth, np.float32)


def _foot(frame: Joints, index: int, sides: int) -> Mesh:
    ankle, toe = frame.ankles[index], frame.toes[index]
    unit = frame.unit_m
    heel = ankle + np.array([-0.035, 0.0, -0.018]) * unit
    share = np.array([0.0, 0.08, 0.3, 0.6, 0.85, 0.97, 1.0])[:, None]
    path = heel + share * (toe + np.array([0.012, 0.0, 0.008]) * unit - heel)
    wide = np.array([0.004, 0.020, 0.024, 0.027, 0.029, 0.020, 0.004]) * unit
    deep = np.array([0.004, 0.026, 0.030, 0.024, 0.018, 0.013, 0.003]) * unit
    return tube(path.astype(np.float32), _LEFT, wide, deep, int(Part.SHOE), sides)


def _hand(frame: Joints, index: int, sides: int) -> Mesh:
    wrist, elbow = frame.wrists[index], frame.elbows[index]
    along = (wrist - elbow) / (np.linalg.norm(wrist - elbow) + 1e-9)
    path = wrist + np.array([-0.01, 0.02, 0.05, 0.08, 0.095])[:, None] * along * frame.unit_m
    wide = np.array([0.014, 0.015, 0.017, 0.013, 0.004]) * frame.unit_m
    deep = np.array([0.014, 0.021, 0.023, 0.018, 0.005]) * frame.unit_m
    return tube(path.astype(np.float32), _LEFT, wide, deep, int(Part.SKIN), sides)


def _skirt(person: Person, posture: Posture, frame: Joints, sides: int) -> Mesh:
    """A skirt from the waist, or the lower part of a coat; it covers both legs."""
    coat = person.coat_hem < 0.45
    hem = person.coat_hem if coat else (0.10 if person.lower is Lower.LONG_SKIRT else 0.27 + 0.08 * person.trouser)
    unit = frame.unit_m
    up = np.linspace(0.56, hem, 7)
    share = np.linspace(0.0, 1.0, 7)
    waist = frame.spine[3]
    legs = (frame.knees.mean(axis=0) * 0.7 + frame.ankles.mean(axis=0) * 0.3) - frame.hips.mean(axis=0)
    path = np.stack([waist[0] + legs[0] * share * 0.8, np.zeros(7), up * unit], axis=1)
    flare = 0.02 + 0.05 * person.trouser
    top_wide = (0.096 + 0.010 * person.curves) * person.build
    wide = (top_wide + flare * share) * unit + 0.01 + person.thickness_m
    reach = 0.075 + 0.30 * posture.stride * share * (1.0 - hem) * 0.55
    deep = np.maximum(reach, 0.075 + flare * share) * unit * person.build + 0.01 + person.thickness_m
    return tube(path.astype(np.float32), _LEFT, wide, deep, int(Part.TOP if coat else Part.LOWER), sides)


def _backpack(person: Person, frame: Joints) -> Mesh:
    unit = frame.unit_m
    low, high = frame.spine[4], frame.spine[10]
    up = (high - low) / (np.linalg.norm(high - low) + 1e-9)
    behind = np.array([-up[2], 0.0, up[0]]) * (0.105 * unit + person.thickness_m)
    share = np.array([-0.04, 0.0, 0.3, 0.7, 0.97, 1.04])[:, None]
    path = low + behind + share * (high - low)
    wide = np.array([0.02, 0.082, 0.088, 0.085, 0.065, 0.02]) * unit
    deep = np.array([0.01, 0.055, 0.062, 0.052, 0.040, 0.01]) * unit
    return tube(path.astype(np.float32), _LEFT, wide, deep, int(Part.BAG), 8)


def _head(person: Person, frame: Joints, sides: int) -> list[Mesh]:
    neck, up, left, size = frame.spine[-1], frame.head_up, frame.head_left, frame.head_m
    front = np.cross(left, up)
    base = neck - up * 0.035 * frame.unit_m

    def lathe(share: Reals, ahead: Reals, wide: Reals, deep: Reals, part: Part) -> Mesh:
        path = base + (share * size)[:, None] * up + (ahead * size)[:, None] * front
        return tube(path.astype(np.float32), left, wide * size, deep * size, int(part), sides)

    parts = [lathe(HEAD_UP, HEAD_AHEAD, HEAD_WIDE, HEAD_DEEP, Part.FACE)]
    if person.hair is not Hair.BALD and person.headgear not in {Headgear.HOOD, Headgear.BEANIE}:
        parts += _hair(person, lathe)
    return parts + _headgear(person, lathe)


def _hair(person: Person, lathe: _Lathe) -> list[Mesh]:
    nape = {Hair.LONG: -0.45, Hair.SHORT: 0.22, Hair.BUN: 0.25}[person.hair]
    share = np.array([nape, nape + 0.1, 0.5, 0.68, 0.82, 0.94, 1.02, 1.04])
    ahead = np.array([-0.15, -0.13, -0.10, -0.075, -0.03, -0.01, -0.01, -0.01])
    wide = np.array([0.20, 0.30, 0.36, 0.385, 0.365, 0.275, 0.13, 0.02])
    deep = np.array([0.12, 0.24, 0.35, 0.40, 0.42, 0.335, 0.16, 0.02])
    parts = [lathe(share, ahead, wide, deep, Part.HAIR)]
    if person.hair is Hair.BUN:
        ball = np.array([0.05, 0.15, 0.17, 0.13, 0.02])
        parts.append(lathe(np.linspace(0.72, 1.02, 5), np.full(5, -0.42), ball, ball, Part.HAIR))
    return parts


def _headgear(person: Person, lathe: _Lathe) -> list[Mesh]:
    kind = person.headgear
    if kind is Headgear.NONE:
        return []
    dome = np.array([0.385, 0.395, 0.37, 0.28, 0.14, 0.02])
    share = np.array([0.62, 0.72, 0.86, 1.0, 1.07, 1.09])
    if kind is Headgear.HOOD:
        share = np.array([-0.1, 0.15, 0.45, 0.75, 0.98, 1.07, 1.09])
        wide = np.array([0.36, 0.37, 0.40, 0.40, 0.30, 0.14, 0.02])
        return [lathe(share, np.full(7, -0.12), wide, wide * 1.1, Part.TOP)]
    part = Part.HEADGEAR
    still = np.zeros(6)
    if kind is Headgear.BEANIE:
        return [lathe(np.array([0.5, 0.6, 0.8, 1.0, 1.08, 1.1]), still - 0.03, dome, dome * 1.15, part)]
    if kind is Headgear.HELMET:
        dome = dome * 1.18
        brim = np.array([0.02, 0.47, 0.47, 0.02])
        edge = lathe(np.array([0.63, 0.64, 0.67, 0.68]), np.full(4, 0.07), brim, brim * 1.2, part)
        return [lathe(share * 1.04, still, dome, dome * 1.15, part), edge]
    crown = lathe(share, still, dome, dome * 1.15, part)
    if kind is Headgear.HAT:
        brim = np.array([0.02, 0.66, 0.66, 0.02])
        return [crown, lathe(np.array([0.64, 0.65, 0.67, 0.68]), np.zeros(4), brim, brim, part)]
    peak = np.array([0.02, 0.30, 0.30, 0.02])
    return [crown, lathe(np.array([0.63, 0.64, 0.66, 0.67]), np.full(4, 0.45), peak, peak * 1.2, part)]


_LEFT = np.array([0.0, 1.0, 0.0], np.float32)
