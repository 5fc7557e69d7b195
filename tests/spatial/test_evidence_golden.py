"""A crowd with every fault there is, written down: evidence and weights change only on purpose."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import astuple
from random import Random

import pytest

from footfall.spatial.certainty import Certainty
from footfall.spatial.insights import Counted, Insight
from footfall.spatial.interval import Estimate
from footfall.spatial.operation import Operation
from footfall.spatial.regions import CountRule, DwellRule, Line, LineCrossingRule, SpatialSpec, Zone, ZoneCrossingRule
from footfall.spatial.signs import Sign
from spatial.faults import frames
from spatial.storyboard import WIDE_PICTURE
from written import GOLDEN, assert_as_written

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
    assert_as_written(f"spatial/{name}", written(*CROWDS[name]))


def test_the_crowds_raise_every_doubt() -> None:
    lines = [
        json.loads(line) for name in CROWDS for line in (GOLDEN / "spatial" / f"{name}.jsonl").read_text().splitlines()
    ]
    signs = {name for line in lines if isinstance(line[-1], dict) for name in line[-1]}
    assert signs == {sign.value for sign in Sign} - {Sign.NEAR.value, Sign.LOST.value}
