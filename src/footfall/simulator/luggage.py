"""Bags, cases, boxes, umbrellas, prams and trolleys, in the axes of the body that carries or pushes them."""

from __future__ import annotations

import numpy as np

from footfall.simulator.mesh import Mesh, Reals, box, tube
from footfall.simulator.posture import Joints
from footfall.simulator.wardrobe import Luggage, Part, Person

_LEFT = np.array([0.0, 1.0, 0.0], np.float32)


def carried(person: Person, frame: Joints) -> list[Mesh]:
    """Meshes in body axes; a backpack counts as clothing and is not among them."""
    meshes: list[Mesh] = []
    for kind in person.luggage:
        match kind:
            case Luggage.SHOULDER_BAG:
                at = frame.hips[0] + np.array([0.0, 0.10, 0.03])
                meshes.append(box(at, (0.32, 0.11, 0.24), 0.0, Part.BAG))
            case Luggage.SHOPPING:
                meshes += [box(w - np.array([0.0, 0.0, 0.46]), (0.28, 0.12, 0.34), 0.0, Part.BAG) for w in frame.wrists]
            case Luggage.CASE:
                at = np.array([-0.35, frame.wrists[1][1] - 0.05, 0.02])
                meshes += [
                    box(at, (0.24, 0.36, 0.55), 0.0, Part.BAG),
                    _rod(at + np.array([0.1, 0.0, 0.5]), frame.wrists[1]),
                ]
            case Luggage.BOX:
                middle = frame.wrists.mean(axis=0) + np.array([0.10, 0.0, -0.1])
                meshes.append(box(middle, (0.3, 0.42, 0.28), 0.0, Part.BAG))
            case Luggage.UMBRELLA:
                meshes += _umbrella(frame)
            case Luggage.PRAM:
                meshes += _pram(frame)
            case Luggage.TROLLEY:
                meshes += _trolley(frame)
            case Luggage.BACKPACK:
                pass
    return meshes


def _rod(start: Reals, end: Reals, radius_m: float = 0.014) -> Mesh:
    path = np.linspace(start, end, 3).astype(np.float32)
    return tube(path, _LEFT, np.full(3, radius_m), np.full(3, radius_m), Part.SHOE, 5)


def _umbrella(frame: Joints) -> list[Mesh]:
    hand = frame.wrists[0]
    top = np.array([hand[0] * 0.6, hand[1] * 0.5, frame.spine[-1][2] + 0.52], np.float32)
    share = np.linspace(0.0, 1.0, 6)
    path = top + np.stack([np.zeros(6), np.zeros(6), 0.22 * share - 0.22], axis=1)
    radius = 0.52 * np.sqrt(np.clip(1.0 - share**2, 0.0005, 1.0))
    return [tube(path.astype(np.float32), _LEFT, radius, radius, Part.BAG, 10), _rod(hand, top)]


def _pram(frame: Joints) -> list[Mesh]:
    at = np.array([0.72, 0.0, 0.45])
    hood = np.linspace([0.95, 0.0, 0.62], [0.95, 0.0, 1.0], 5).astype(np.float32)
    round_m = np.array([0.22, 0.24, 0.22, 0.15, 0.02])
    wheels = [_wheel(np.array([x, y, 0.13])) for x in (0.5, 0.98) for y in (-0.25, 0.25)]
    handle = [
        _rod(np.array([0.6, y, 0.5]), frame.wrists[i] + np.array([0.03, 0.0, 0.0])) for i, y in enumerate((0.2, -0.2))
    ]
    return [
        box(at, (0.75, 0.42, 0.25), 0.0, Part.BAG),
        tube(hood, _LEFT, round_m, round_m, Part.BAG, 10),
        *wheels,
        *handle,
    ]


def _wheel(at: Reals, radius_m: float = 0.13) -> Mesh:
    path = at + np.array([[0.0, -0.026, 0.0], [0.0, -0.025, 0.0], [0.0, 0.025, 0.0], [0.0, 0.026, 0.0]])
    girth = np.array([0.01, 1.0, 1.0, 0.01]) * radius_m
    return tube(path.astype(np.float32), np.array([1.0, 0.0, 0.0], np.float32), girth, girth, Part.SHOE, 10)


def _trolley(frame: Joints) -> list[Mesh]:
    basket = box(np.array([0.78, 0.0, 0.5]), (0.8, 0.5, 0.45), 0.0, Part.METAL)
    wheels = [_wheel(np.array([x, y, 0.07]), 0.07) for x in (0.5, 1.05) for y in (-0.22, 0.22)]
    legs = [_rod(np.array([x, y, 0.07]), np.array([x, y, 0.5])) for x in (0.5, 1.05) for y in (-0.22, 0.22)]
    return [basket, *wheels, *legs, _rod(np.array([0.4, -0.25, 0.98]), np.array([0.4, 0.25, 0.98]))]
