"""Where things stand: chairs below those who sit, what hides legs, and what a place is full of."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, pi, sin

import numpy as np

from footfall.simulator.gather import Spot
from footfall.simulator.place import Kind, Scenery
from footfall.simulator.posture import Pose
from footfall.simulator.props import HIDING_INDOORS, HIDING_OUTDOORS, STOCK, Maker, Prop, chair, draw_prop, table

HIDDEN_SHARE = 0.16
"""Of those who do not sit: somebody with something before them."""
TABLE_SHARE = 0.6
GAP_M = 0.2
"""Between a thing and somebody's axis, at least."""
NEAREST_M = 0.9
"""To the point under the camera."""
TALLEST_M = 1.7
"""What is higher does not stand in anybody's way."""


def attend(rng: np.random.Generator, spots: Sequence[Spot], *, indoor: bool) -> list[Prop]:
    """Chairs and tables of those who sit; things between somebody and the camera."""
    hiding = HIDING_INDOORS if indoor else HIDING_OUTDOORS
    props = []
    for spot in spots:
        (x, y), turn = spot.ground_m, spot.heading_rad
        others = [other for other in spots if other is not spot]
        if spot.pose is Pose.SIT:
            props.append(draw_prop(rng, chair, spot.ground_m, turn))
            desk = draw_prop(rng, table, (x + 0.62 * cos(turn), y + 0.62 * sin(turn)), turn)
            if rng.random() < TABLE_SHARE and _is_clear(desk, others):
                props.append(desk)
        elif rng.random() < HIDDEN_SHARE:
            maker = hiding[int(rng.integers(len(hiding)))]
            props += _before(rng, maker, spot, spots)
    return props


def furnish(rng: np.random.Generator, kind: Kind, scenery: Scenery, spots: Sequence[Spot]) -> list[Prop]:
    """A few kinds of things, several of each, along and across the walls."""
    rows, columns = np.nonzero(scenery.floor[::6, ::6])
    stock = [STOCK[kind][i] for i in rng.integers(len(STOCK[kind]), size=int(rng.integers(1, 6)))]
    props = []
    for _ in range(int(rng.integers(0, 18)) if len(rows) else 0):
        index = int(rng.integers(len(rows)))
        at = scenery.floor_point(int(rows[index]) * 6, int(columns[index]) * 6)
        turn = scenery.heading_rad + float(rng.choice([0.0, pi / 2])) + float(rng.normal(0, 0.05))
        prop = draw_prop(rng, stock[int(rng.integers(len(stock)))], at, turn)
        nearest = float(np.hypot(prop.mesh.points_m[:, 0], prop.mesh.points_m[:, 1]).min())
        if nearest > NEAREST_M and _is_clear(prop, spots):
            props.append(prop)
    return props


def _before(rng: np.random.Generator, maker: Maker, spot: Spot, spots: Sequence[Spot]) -> list[Prop]:
    """A thing between somebody and the camera, as near as it fits; none where it does not."""
    x, y = spot.ground_m
    turn = atan2(-y, -x)
    thing = draw_prop(rng, maker, (0.0, 0.0), turn + float(rng.normal(0, 0.2)))
    for away in (0.5, 0.7, 0.95, 1.3):
        placed = thing.moved((x + away * cos(turn), y + away * sin(turn)))
        if _is_clear(placed, spots):
            return [placed]
    return []


def _is_clear(prop: Prop, spots: Sequence[Spot]) -> bool:
    """Whether nobody stands in it."""
    low = prop.mesh.points_m[prop.mesh.points_m[:, 2] < TALLEST_M]
    if not len(low):
        return True
    turn = np.array([[cos(prop.heading_rad), -sin(prop.heading_rad)], [sin(prop.heading_rad), cos(prop.heading_rad)]])
    flat = low[:, :2] @ turn
    start, end = flat.min(axis=0) - GAP_M, flat.max(axis=0) + GAP_M
    return not any(((p := np.array(spot.ground_m) @ turn) > start).all() and (p < end).all() for spot in spots)
