"""A crowd with every fault there is, written down: evidence and weights change only on purpose.

`FOOTFALL_GOLDEN=write pytest` rewrites the file; review the diff.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import astuple, replace
from math import hypot, inf, nan
from pathlib import Path
from random import Random

import pytest

from footfall.core.geometry import Point
from footfall.core.types import TrackObservation
from footfall.spatial.certainty import Certainty
from footfall.spatial.insights import Counted, Insight
from footfall.spatial.interval import Estimate
from footfall.spatial.operation import Operation
from footfall.spatial.regions import CountRule, DwellRule, Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule
from footfall.spatial.signs import Sign
from spatial.storyboard import WIDE_PICTURE

GOLDEN = Path(__file__).parent.parent / "golden" / "spatial"
SECONDS, PEOPLE = 90, 26
CROWDS = {"evidence": (20, 8.0), "evidence-slow": (21, 2.5)}
"""Name -> seed and frames a second."""
SPEC = SpatialSpec(
    (
        Zone(
            "hall",
            ((0.45, 0.35), (0.8, 0.3), (0.85, 0.75), (0.5, 0.8)),
            (CountRule(0.01), ZoneCrossingRule(0.01), DwellRule(0.012)),
        ),
        Zone("desk", ((0.1, 0.5), (0.3, 0.5), (0.3, 0.9), (0.1, 0.9)), (ZoneCrossingRule(0.02),)),
    ),
    (
        Line("door", (0.4, 0.2), (0.42, 0.95), (LineCrossingRule(0.005),)),
        Line("aisle", (0.1, 0.62), (0.9, 0.58), (LineCrossingRule(0.01),)),
    ),
)


class Guest:
    """Goes from place to place; faults are drawn by lot."""

    def __init__(self, name: str, lot: Random) -> None:
        self._lot = lot
        self.name = name
        self.born_s = lot.uniform(-5.0, SECONDS - 5.0)
        self.height = lot.uniform(0.12, 0.3)
        self.score = lot.uniform(0.35, 0.95)
        self.misses = lot.choice((0.0, 0.05, 0.3))
        self.pauses = [(lot.uniform(0.0, SECONDS), lot.uniform(0.3, 3.0)) for _ in range(lot.randrange(6))]
        self.switches = sorted(lot.uniform(0.0, SECONDS) for _ in range(lot.choice((0, 0, 1, 2))))
        self.ends_s = self.born_s + lot.uniform(3.0, 60.0)
        self._at = (lot.uniform(0.0, 1.0), lot.uniform(0.25, 0.99))
        self._goal = self._at

    def walk(self, longest: float) -> Point:
        (x, y), (goal_x, goal_y) = self._at, self._goal
        far = hypot(goal_x - x, goal_y - y)
        if far < 0.02:
            self._goal = (self._lot.uniform(-0.05, 1.05), self._lot.uniform(0.2, 1.0))
        else:
            step = min(far, longest)
            self._at = (x + (goal_x - x) / far * step, y + (goal_y - y) / far * step)
        return self._at

    def look(self, t_s: float, frame: int, fps: float) -> TrackObservation | None:
        x, y = self.walk(0.096 / fps)
        hidden = any(start_s <= t_s < start_s + length_s for start_s, length_s in self.pauses)
        if not self.born_s <= t_s < self.ends_s or hidden or self._lot.random() < self.misses:
            return None
        foot = (x + self._lot.gauss(0.0, 0.002), y + self._lot.gauss(0.0, 0.002))
        wide = 0.35 * self.height * WIDE_PICTURE
        box = (foot[0] - wide, foot[1] - self.height, foot[0] + wide, foot[1])
        part = sum(t_s >= switch_s for switch_s in self.switches)
        return TrackObservation(f"{self.name}{part}", t_s, frame, box, foot, self.score * self._lot.uniform(0.8, 1.0))


def frames(lot: Random, fps: float) -> Iterator[tuple[int, float, list[TrackObservation]]]:
    """Frame number, stream time, people; now and then frames do not come, and nonsense does."""
    guests = [Guest(chr(ord("a") + number), lot) for number in range(PEOPLE)]
    dark = [(lot.uniform(5.0, SECONDS), lot.choice((0.3, 0.6, 1.0, 1.3, 4.0))) for _ in range(14)]
    for frame in range(int(SECONDS * fps)):
        t_s = frame / fps + lot.uniform(0.0, 0.02)
        people = [seen for guest in guests if (seen := guest.look(t_s, frame, fps))]
        if people and frame % 7 == 0:
            people.append(replace(people[0], track_id="nowhere", footprint_n=(nan, 0.5)))
            people.append(replace(people[0], track_id="unsure", score=inf))
            people.append(replace(people[-1], track_id="", score=0.5))
        if not any(start_s <= t_s < start_s + length_s for start_s, length_s in dark):
            yield frame, t_s, people


def written(seed: int, fps: float) -> Iterator[str]:
    """Evidence and certainties frame by frame, the ledger at the end."""
    operation, certainty = Operation(SPEC, WIDE_PICTURE), Certainty(SPEC)
    for frame, t_s, people in frames(Random(seed), fps):
        told = certainty.step(people, t_s, WIDE_PICTURE, operation.step(people, t_s, frame))
        yield from lines(certainty, told)
    yield from lines(certainty, certainty.flush(operation.flush()))
    for name, door in certainty.ledger.lines.items():
        yield json.dumps([name, *(in_full(estimate) for estimate in (door.right, door.left))])
    for name, zone in certainty.ledger.zones.items():
        estimates = (zone.now, zone.enters, zone.exits, zone.visits)
        mean_s = zone.mean_dwell_s()
        yield json.dumps([name, *(in_full(one) for one in estimates), mean_s and rounded(*mean_s)])


def lines(certainty: Certainty, told: list[Insight]) -> Iterator[str]:
    """What one step said."""
    for item in certainty.evidence:
        signs = {sign.value: round(item.signs[sign], 6) for sign in Sign if round(item.signs.get(sign, 0.0), 6)}
        yield json.dumps([item.region, item.what.value, round(item.t_s, 3), item.is_told, item.number, signs])
    for insight in told:
        if isinstance(insight, Counted):
            yield json.dumps(["count", insight.zone, insight.count, insight.interval])
        else:
            yield json.dumps([type(insight).__name__, round(getattr(insight, "certainty", 1.0), 6)])


def in_full(estimate: Estimate) -> list[object]:
    """Everything that is known of a total, and what is told of it."""
    return [*rounded(*astuple(estimate)), list(estimate.interval())]


def rounded(*values: float) -> list[float]:
    return [round(value, 6) for value in values]


@pytest.mark.parametrize("name", CROWDS)
def test_every_doubt_of_a_crowd_is_as_it_was(name: str) -> None:
    said = "\n".join(written(*CROWDS[name])) + "\n"
    golden = GOLDEN / f"{name}.jsonl"
    if os.environ.get("FOOTFALL_GOLDEN") == "write":
        golden.write_text(said)
    assert said == golden.read_text()


def test_the_crowds_raise_every_doubt() -> None:
    lines = [json.loads(line) for name in CROWDS for line in (GOLDEN / f"{name}.jsonl").read_text().splitlines()]
    signs = {name for line in lines if isinstance(line[-1], dict) for name in line[-1]}
    assert signs == {sign.value for sign in Sign} - {Sign.NEAR.value, Sign.LOST.value}
