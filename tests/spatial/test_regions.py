"""What holds where nothing is said (spec/operations.md, RULES 13 to 19 and 23)."""

from __future__ import annotations

from dataclasses import asdict
from math import inf

import pytest

from footfall.spatial.regions import (
    Aggregation,
    CountRule,
    DistanceRule,
    DwellRule,
    Focus,
    LineCrossingRule,
    SpatialSpec,
    Trigger,
    Zone,
    ZoneCrossingRule,
)

USUAL = {"threshold_w": 0.025, "focus": Focus.FOOTPRINT, "output_frequency": 1}
TOLD = {"trigger": Trigger.EVENT, "interval_s": 1.0}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(CountRule, {**USUAL, **TOLD, "smoothing_s": 0.5}, id="count"),
        pytest.param(ZoneCrossingRule, {**USUAL, "threshold_w": 0.075, "enter": True, "exit": True}, id="crossing"),
        pytest.param(DwellRule, USUAL, id="dwell"),
        pytest.param(
            DistanceRule,
            {**USUAL, **TOLD, "minimum_m": 1.8288, "maximum_m": inf, "aggregation": Aggregation.AVERAGE},
            id="distance: six feet",
        ),
        pytest.param(LineCrossingRule, USUAL, id="line"),
    ],
)
def test_rules(rule, expected):
    assert asdict(rule()) == pytest.approx(expected)


def test_zones_are_closed_and_people_are_forgotten_after_three_seconds():
    zone = Zone("hall", ((0, 0), (1, 0), (1, 1)), ())
    assert (zone.target_side, zone.is_open) == (None, False)
    assert asdict(SpatialSpec()) == {"zones": (), "lines": (), "forget_after_s": 3.0}
