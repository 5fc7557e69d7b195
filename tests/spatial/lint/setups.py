"""Bad set-ups, each with the code that must be found, and good ones on which nothing may be found."""

from __future__ import annotations

from math import inf, radians
from typing import Any

import pytest

from footfall.spatial.ground import Camera
from footfall.spatial.lint.floor import Floor
from footfall.spatial.regions import (
    CountRule,
    DistanceRule,
    DwellRule,
    Line,
    LineCrossingRule,
    SpatialSpec,
    Trigger,
    Zone,
    ZoneCrossingRule,
    ZoneRule,
)
from spatial.lint.crowd import Way, chain, passers, square, stand, walk

VISITS = (CountRule(0.01), ZoneCrossingRule(0.01), DwellRule(0.01))
CAMERA = Camera(height_m=3.0, focal_w=0.8, tilt_rad=radians(65.0))
LEVEL = Camera(height_m=3.0, focal_w=0.8, tilt_rad=radians(88.0))


def line(x0: float, y0: float, x1: float, y1: float, name: str = "door", **rule: Any) -> Line:
    return Line(name, (x0, y0), (x1, y1), (LineCrossingRule(**{"threshold_w": 0.01, **rule}),))


def zone(*corners: Any, name: str = "till", rules: tuple[ZoneRule, ...] = VISITS, **more: Any) -> Zone:
    return Zone(name, square(*corners) if len(corners) == 4 else corners[0], rules, **more)


def watch(*regions: Line | Zone, **more: Any) -> SpatialSpec:
    zones = tuple(region for region in regions if isinstance(region, Zone))
    return SpatialSpec(zones, tuple(region for region in regions if isinstance(region, Line)), **more)


HALL = square(0.2, 0.3, 0.8, 0.9)
DRAWN = [
    ("line-without-length", watch(line(0.5, 0.5, 0.5, 0.5))),
    ("line-without-room", watch(line(0.002, 0.1, 0.002, 0.9))),
    ("line-too-short", watch(line(0.5, 0.5, 0.51, 0.5))),
    ("line-outside-picture", watch(line(0.5, 0.4, 0.5, 1.4))),
    ("lines-alike", watch(line(0.5, 0.2, 0.5, 0.9), line(0.5, 0.9, 0.502, 0.2, "again"))),
    ("lines-too-close", watch(line(0.5, 0.2, 0.5, 0.9, threshold_w=0.03), line(0.54, 0.2, 0.54, 0.9, "next"))),
    ("lines-crossed", watch(line(0.5, 0.2, 0.5, 0.9), line(0.2, 0.5, 0.8, 0.5, "across"))),
    ("zone-without-inside", watch(zone(((0.1, 0.1), (0.5, 0.5), (0.9, 0.9))))),
    ("zone-a-sliver", watch(zone(0.3, 0.5, 0.7, 0.506))),
    ("zone-crosses-itself", watch(zone(((0.2, 0.2), (0.8, 0.8), (0.8, 0.2), (0.2, 0.8))))),
    ("zone-outside-picture", watch(zone(0.5, 0.5, 1.3, 0.9))),
    ("zones-alike", watch(zone(HALL), zone(0.2, 0.3, 0.79, 0.9, name="hall"))),
    ("zones-overlap", watch(zone(0.1, 0.3, 0.5, 0.9), zone(0.3, 0.3, 0.7, 0.9, name="hall"))),
    ("name-taken", watch(zone(0.1, 0.3, 0.3, 0.9), zone(0.5, 0.3, 0.7, 0.9))),
    ("target-side-missing", watch(zone(HALL, target_side=5))),
    ("no-rules", watch(zone(HALL, rules=()))),
    ("rule-tells-nothing", watch(zone(HALL, rules=(ZoneCrossingRule(0.01, enter=False, exit=False),)))),
    ("rule-twice", watch(zone(HALL, rules=(CountRule(0.01), CountRule(0.05))))),
    ("threshold-too-large", watch(zone(0.4, 0.4, 0.5, 0.6, rules=(CountRule(0.2),)))),
    ("event-too-rare", watch(zone(HALL, rules=(CountRule(0.01, output_frequency=5000),)))),
    ("event-too-rare", watch(zone(HALL, rules=(CountRule(0.01, trigger=Trigger.INTERVAL, interval_s=9e4),)))),
    ("changes-left-out", watch(zone(HALL, rules=(CountRule(0.01, output_frequency=3),)))),
    ("frequency-ignored", watch(zone(HALL, rules=(DwellRule(0.01, output_frequency=3),)))),
    ("frequency-ignored", watch(line(0.5, 0.2, 0.5, 0.9, output_frequency=3))),
    ("smoothing-too-long", watch(zone(HALL, rules=(CountRule(0.01, smoothing_s=600.0),)))),
    ("smoothing-beyond-tick", watch(zone(HALL, rules=(CountRule(trigger=Trigger.INTERVAL, smoothing_s=9.0),)))),
    ("distance-limits-swapped", watch(zone(HALL, rules=(DistanceRule(minimum_m=3.0, maximum_m=2.0),)))),
    ("distance-never-violated", watch(zone(HALL, rules=(DistanceRule(minimum_m=0.0, maximum_m=inf),)))),
]
FLOORS = [
    ("distance-without-floor", watch(zone(HALL, rules=(DistanceRule(),))), Floor(None, calibrates=False)),
    ("camera-implausible", watch(), Floor(Camera(0.2, 0.8, radians(65.0)))),
    ("camera-implausible", watch(), Floor(Camera(3.0, 80.0, radians(65.0)))),
    ("camera-implausible", watch(), Floor(Camera(3.0, 0.8, radians(130.0)))),
    ("line-beyond-horizon", watch(line(0.2, 0.1, 0.8, 0.1)), Floor(LEVEL)),
    ("zone-beyond-horizon", watch(zone(0.2, 0.05, 0.8, 0.2)), Floor(LEVEL)),
    ("line-too-far", watch(line(0.2, 0.465, 0.8, 0.465)), Floor(LEVEL)),
    ("zone-too-far", watch(zone(0.2, 0.3, 0.8, 0.465)), Floor(LEVEL)),
]

TO_AND_FRO = passers((-0.1, 0.7), (1.05, 0.7))
"""Six people who walk through the whole picture."""
OUT_OF_A_DOOR = [walk((0.5, 0.6), (-0.1, 0.75 + 0.02 * k), 1.0 + 5.0 * k, 5.0) for k in range(6)]
"""A door in the middle of the picture from which people come."""
QUEUE = chain(TO_AND_FRO, [stand((0.5, y), 5.0, 25.0) for y in (0.55, 0.72, 0.89)])


def hidden(begin: float, end: float) -> list[Way]:
    """Four people whose tracks break off at x = begin, and who come into view again at x = end five seconds later."""
    return chain(
        *(
            [walk((-0.1, 0.7), (begin, 0.7), 7.0 * k, 3.0), walk((end, 0.66), (1.05, 0.66), 7.0 * k + 8.0, 3.0)]
            for k in range(4)
        )
    )


FAR_OFF = chain(TO_AND_FRO, passers((0.25, 0.06), (0.25, 0.25), 2, height=0.04))
AT_LINES = [
    ("line-never-crossed", watch(line(0.2, 0.2, 0.8, 0.2)), TO_AND_FRO, True),
    ("line-at-head-height", watch(line(0.5, 0.3, 0.5, 0.6)), TO_AND_FRO, True),
    ("line-near-border", watch(line(0.98, 0.3, 0.98, 1.0)), TO_AND_FRO, True),
    ("line-where-tracks-begin", watch(line(0.497, 0.3, 0.497, 0.9)), OUT_OF_A_DOOR, True),
    ("line-over-broken-tracks", watch(line(0.5, 0.3, 0.5, 0.9)), hidden(0.46, 0.54), True),
    ("line-shorter-than-walk", watch(line(0.5, 0.71, 0.5, 0.76)), TO_AND_FRO, True),
    ("line-along-walk", watch(line(0.1, 0.72, 0.9, 0.73)), TO_AND_FRO, True),
    ("line-through-standing", watch(line(0.5, 0.4, 0.5, 1.0)), QUEUE, True),
    (
        "line-people-too-small",
        watch(line(0.1, 0.15, 0.4, 0.15)),
        FAR_OFF,
        False,
    ),
]
AT_ZONES = [
    ("zone-never-entered", watch(zone(0.3, 0.85, 0.6, 0.98)), TO_AND_FRO, False),
    ("zone-without-feet", watch(zone(0.3, 0.38, 0.7, 0.55)), TO_AND_FRO, True),
    ("zone-stepped-over", watch(zone(0.5, 0.3, 0.522, 1.0)), passers((-0.1, 0.7), (1.05, 0.7), seconds=3.0), True),
    ("zone-smaller-than-person", watch(zone(0.49, 0.68, 0.51, 0.72)), TO_AND_FRO, True),
    ("zone-cut-by-border", watch(zone(0.7, 0.5, 0.99, 0.9)), TO_AND_FRO, True),
    ("zone-where-tracks-break", watch(zone(0.3, 0.4, 0.7, 0.9)), hidden(0.46, 0.54), False),
    ("zone-over-door", watch(zone(0.35, 0.45, 0.65, 0.9)), OUT_OF_A_DOOR, False),
    ("zone-edge-through-standing", watch(zone(0.5, 0.4, 0.9, 0.95)), QUEUE, True),
    (
        "zone-people-too-small",
        watch(zone(0.1, 0.1, 0.4, 0.25)),
        FAR_OFF,
        False,
    ),
    (
        "zone-never-empty",
        watch(zone(0.6, 0.4, 0.9, 0.9)),
        [*TO_AND_FRO, stand((0.75, 0.6), 0.0, 40.0, tremble=0.002)],
        False,
    ),
]
DOOR = watch(line(0.5, 0.3, 0.5, 1.0))
SIDE_BY_SIDE = [walk((0.1 + 0.2 * k, 0.5), (0.15 + 0.2 * k, 0.9), 0.0, 30.0) for k in range(4)]
IN_PIECES = [walk((0.1 + 0.37 * k % 0.8, 0.7), (0.15 + 0.37 * k % 0.8, 0.7), 1.1 * k, 0.7) for k in range(30)]
TICKS = (CountRule(0.01, trigger=Trigger.INTERVAL, interval_s=0.02, smoothing_s=0.0),)
SCENES: list[tuple[str, SpatialSpec, dict[str, Any]]] = [
    ("nobody-seen", DOOR, {"ways": []}),
    ("recording-too-short", DOOR, {"ways": TO_AND_FRO, "seconds": 9.0}),
    ("recording-with-gaps", DOOR, {"ways": TO_AND_FRO, "blank_s": (10.0, 18.0)}),
    ("too-few-frames", DOOR, {"ways": TO_AND_FRO, "fps": 2.0}),
    ("tick-shorter-than-frame", watch(zone(HALL, rules=TICKS)), {"ways": TO_AND_FRO}),
    ("forgotten-too-soon", watch(line(0.5, 0.3, 0.5, 1.0), forget_after_s=0.1), {"ways": TO_AND_FRO}),
    ("people-too-small", DOOR, {"ways": passers((-0.1, 0.7), (1.05, 0.7), height=0.05)}),
    ("people-too-near", DOOR, {"ways": passers((-0.1, 0.99), (1.05, 0.99), height=0.97)}),
    ("people-cut-off", DOOR, {"ways": passers((-0.1, 1.1), (1.05, 1.1), height=0.6)}),
    ("people-hardly-found", DOOR, {"ways": passers((-0.1, 0.7), (1.05, 0.7), score=0.2)}),
    ("people-crowded", watch(), {"ways": chain(*(passers((-0.1, 0.7), (1.05, 0.7), seed) for seed in (6, 6)))}),
    ("tracks-in-pieces", watch(), {"ways": IN_PIECES}),
    ("camera-moved", watch(), {"ways": SIDE_BY_SIDE, "knock": (15.0, (0.08, 0.05))}),
]  # fmt: skip


def named(rows: list[tuple[Any, ...]]) -> list[Any]:
    """Rows of a table with their codes for names."""
    return [pytest.param(*row, id=row[0]) for row in rows]


OPEN = watch(zone(0.0, 0.0, 1.0, 1.0, is_open=True))
GOOD = [
    pytest.param(DOOR, TO_AND_FRO, Floor(), id="line across the way, far from the border"),
    pytest.param(watch(line(0.2, 0.7, 0.8, 0.7)), passers((0.45, 1.3), (0.45, 0.35)), Floor(), id="people come nearer"),
    pytest.param(
        watch(line(0.3, 0.3, 0.3, 1.0), line(0.6, 0.3, 0.6, 1.0, "exit")), TO_AND_FRO, Floor(), id="two lines"
    ),
    pytest.param(watch(line(0.6, 0.3, 0.4, 1.0)), TO_AND_FRO, Floor(), id="slanting line"),
    pytest.param(OPEN, TO_AND_FRO, Floor(), id="the whole picture is the zone"),
    pytest.param(watch(zone(0.3, 0.5, 0.7, 0.95)), TO_AND_FRO, Floor(), id="zone in the middle of the way"),
    pytest.param(watch(zone(0.35, 0.5, 0.65, 0.95)), QUEUE, Floor(), id="people stand well inside of the zone"),
    pytest.param(
        watch(zone(0.2, 0.5, 0.45, 0.95), zone(0.45, 0.5, 0.7, 0.95, name="shelf")),
        TO_AND_FRO,
        Floor(),
        id="neighbours",
    ),
    pytest.param(
        watch(zone(0.15, 0.4, 0.85, 0.95), zone(0.4, 0.5, 0.6, 0.9, name="desk")),
        TO_AND_FRO,
        Floor(),
        id="zone in a zone",
    ),
    pytest.param(
        watch(zone(0.3, 0.5, 0.7, 0.95, rules=(CountRule(), ZoneCrossingRule(), DwellRule(), DistanceRule()))),
        TO_AND_FRO,
        Floor(),
        id="thresholds of a manifest",
    ),
    pytest.param(
        watch(zone(0.3, 0.5, 0.7, 0.95, rules=(CountRule(trigger=Trigger.INTERVAL, output_frequency=10),))),
        TO_AND_FRO,
        Floor(),
        id="a count every ten seconds",
    ),
    pytest.param(
        watch(line(0.5, 0.3, 0.5, 1.0), zone(0.6, 0.5, 0.9, 0.95)),
        TO_AND_FRO,
        Floor(),
        id="line and zone",
    ),
    pytest.param(watch(line(0.25, 0.3, 0.25, 1.0)), OUT_OF_A_DOOR, Floor(), id="line well before a door"),
    pytest.param(watch(), TO_AND_FRO, Floor(), id="nothing to watch yet"),
]
