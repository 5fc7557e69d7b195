"""A figure in three dimensions: tapered capsules hung on a skeleton that walks without sliding.

The gait is driven by the distance walked: a foot on the floor stays where it is while the body passes over it.
Proportions of the skeleton as fractions of body height follow the usual anthropometric tables (Drillis & Contini 1966).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, inf, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from footfall.core.geometry import Point
from footfall.simulator.look import Look, Material
from footfall.simulator.view import Floats

STRIDE = 0.74
"""Two steps, in body heights."""
STANCE = 0.6
"""Share of a stride in which a foot is on the floor."""
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stance:
    """Where a person is and what the body does there."""

    ground_m: Point
    heading_rad: float
    """Direction of the body on the floor, counter-clockwise from x."""
    speed_m_s: float
    walked_m: float
    """Distance since birth: the gait's phase."""
    t_s: float


@dataclass(frozen=True, slots=True)
class Parts:
    """The capsules of one figure, parallel arrays."""

    start_m: Floats
    """(k, 3) float32."""
    end_m: Floats
    radius_m: Floats
    """(k, 2) float32: at the start, at the end."""
    material: tuple[Material, ...]
    hem: tuple[float, ...]
    """Place along the capsule, 0 at its start, before which it is covered with `Material.BOTTOM`."""


@dataclass(slots=True)
class _Figure:
    """Collects capsules given in the body's own axes: forward, left, up."""

    look: Look
    origin: Vector
    forward: Vector
    left: Vector
    rows: list[tuple[Vector, Vector, float, float, Material, float]]

    def at(self, forward: float, left: float, up: float) -> Vector:
        """Body axes in body heights -> world point in metres."""
        height = self.look.height_m
        point = self.origin + (forward * height) * self.forward + (left * height) * self.left
        point[2] += up * height
        return point

    def add(
        self, start: Vector, end: Vector, radii: tuple[float, float], material: Material, hem: float = -inf
    ) -> None:
        """One capsule; radii in body heights at start and end."""
        height = self.look.height_m
        self.rows.append((start, end, radii[0] * height, radii[1] * height, material, hem))


def pose(look: Look, stance: Stance) -> Parts:
    """The figure at this moment."""
    turn = stance.heading_rad
    figure = _Figure(
        look,
        np.array([*stance.ground_m, 0.0]),
        np.array([cos(turn), sin(turn), 0.0]),
        np.array([-sin(turn), cos(turn), 0.0]),
        [],
    )
    phase = stance.walked_m / (STRIDE * look.height_m)
    swing = min(1.0, stance.speed_m_s / 0.45)
    bob = -0.012 * swing * (1.0 + cos(4 * pi * phase)) / 2
    sway = 0.006 * sin(stance.t_s * 1.3 + look.height_m * 40) * (1 - swing)
    for side in (1.0, -1.0):
        own_phase = phase if side > 0 else phase + 0.5
        _leg(figure, side, own_phase % 1.0, swing, 0.515 + bob)
        _arm(figure, side, -cos(2 * pi * (own_phase - 0.05)) * swing, bob, sway)
    _torso(figure, bob, sway, 0.02 * swing)
    _head(figure, bob, sway, 0.02 * swing)
    starts, ends, first, second, material, hem = zip(*figure.rows, strict=True)
    radii = np.stack([np.array(first), np.array(second)], axis=1)
    return Parts(
        np.array(starts, np.float32), np.array(ends, np.float32), radii.astype(np.float32), tuple(material), tuple(hem)
    )


def _leg(figure: _Figure, side: float, phase: float, swing: float, hip_up: float) -> None:
    reach = STANCE * STRIDE / 2 * swing
    if phase < STANCE:
        forward, lift = reach - phase * STRIDE * swing, 0.0
    else:
        through = (phase - STANCE) / (1.0 - STANCE)
        eased = through * through * (3.0 - 2.0 * through)
        forward, lift = -reach + 2.0 * reach * eased, 0.055 * swing * sin(pi * through)
    build, apart = figure.look.build, 0.052
    hip = figure.at(0.0, side * apart, hip_up)
    heel_up = 0.03 * swing * max(0.0, (phase - 0.42) / 0.18) if phase < STANCE else lift
    ankle = figure.at(forward, side * apart * 0.9, 0.042 + heel_up)
    knee = _knee(hip, ankle, figure.forward, 0.243 * figure.look.height_m)
    toe = figure.at(forward + 0.085, side * (apart + 0.012), 0.02 + lift * 0.7)
    heel = figure.at(forward - 0.018, side * apart * 0.9, 0.022 + heel_up)
    figure.add(hip, knee, (0.056 * build, 0.038 * build), Material.BOTTOM)
    figure.add(knee, ankle, (0.037 * build, 0.026), Material.BOTTOM)
    figure.add(heel, toe, (0.023, 0.019), Material.SHOE)


def _knee(hip: Vector, ankle: Vector, forward: Vector, bone_m: float) -> Vector:
    """Knee of two equal bones, bent forward."""
    along = ankle - hip
    half = float(np.linalg.norm(along)) / 2
    out = forward - along * float(forward @ along) / max(float(along @ along), 1e-9)
    out /= max(float(np.linalg.norm(out)), 1e-9)
    return np.asarray(hip + along / 2 + out * sqrt(max(bone_m * bone_m - half * half, 0.0)), np.float64)


def _arm(figure: _Figure, side: float, swing: float, bob: float, sway: float) -> None:
    build = figure.look.build
    shoulder = figure.at(0.0, side * 0.126 * build + sway, 0.802 + bob)
    angle = 0.45 * swing
    elbow = figure.at(0.172 * sin(angle) - 0.01, side * 0.140 * build + sway, 0.802 + bob - 0.172 * cos(angle))
    bend = angle + 0.22 + 0.25 * max(0.0, swing)
    wrist = elbow + (figure.at(0.15 * sin(bend), side * -0.006, -0.15 * cos(bend)) - figure.origin)
    hand = wrist + (figure.at(0.045 * sin(bend), 0.0, -0.045 * cos(bend)) - figure.origin)
    sleeve = Material.SKIN if figure.look.short_sleeves else Material.TOP
    figure.add(shoulder, elbow, (0.037 * build, 0.030 * build), Material.TOP)
    figure.add(elbow, wrist, (0.029 * build, 0.022), sleeve)
    figure.add(wrist, hand, (0.021, 0.018), Material.SKIN)


def _torso(figure: _Figure, bob: float, sway: float, lean: float) -> None:
    build = figure.look.build
    chest = _girth(figure, 0.106 * build, 0.068 * build)
    hips = _girth(figure, 0.090 * build, 0.068 * build)
    low, high = figure.at(0.0, 0.0, 0.535 + bob), figure.at(lean, sway, 0.842 + bob - chest)
    figure.add(low, high, (hips, chest), Material.TOP, -inf if figure.look.coat else -0.08)
    if figure.look.coat:
        skirt = _girth(figure, 0.104 * build, 0.086 * build)
        figure.add(figure.at(0.0, 0.0, 0.36 + bob), low, (skirt, hips * 1.06), Material.TOP, 0.0)
    for side in (1.0, -1.0):
        edge = figure.at(lean, side * 0.102 * build + sway, 0.798 + bob)
        figure.add(edge, figure.at(lean, sway, 0.836 + bob), (0.036 * build, 0.026 * build), Material.TOP)
    if figure.look.backpack:
        figure.add(figure.at(-0.095, 0.0, 0.62 + bob), figure.at(-0.09, sway, 0.765 + bob), (0.07, 0.062), Material.BAG)


def _girth(figure: _Figure, wide: float, deep: float) -> float:
    """Half of the width that a body, elliptic from above, shows to the camera over the origin."""
    away = figure.origin / max(float(np.linalg.norm(figure.origin)), 1e-9)
    return sqrt((wide * float(away @ figure.forward)) ** 2 + (deep * float(away @ figure.left)) ** 2)


def _head(figure: _Figure, bob: float, sway: float, lean: float) -> None:
    def at(forward: float, up: float) -> Vector:
        return figure.at(lean + forward, sway, up + bob)

    figure.add(at(0.0, 0.82), at(0.006, 0.87), (0.034, 0.031), Material.SKIN)
    figure.add(at(0.014, 0.886), at(0.01, 0.938), (0.039, 0.051), Material.SKIN)
    nape = 0.82 if figure.look.long_hair else 0.905
    figure.add(at(-0.010, 0.948), at(-0.024, nape), (0.052, 0.047), Material.HAIR)
