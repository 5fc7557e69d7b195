"""How long a tracker may remember people: spec/operations.md, RULE 23."""

from __future__ import annotations

from math import inf, nan

import pytest

from footfall.track.settings import TrackerSettings


@pytest.mark.parametrize("memory_s", [0.01, 60.0])
def test_memory_within_its_limits(memory_s: float) -> None:
    assert TrackerSettings(memory_s=memory_s).memory_s == memory_s


@pytest.mark.parametrize("memory_s", [0.0, -1.0, 60.01, inf, nan])
def test_memory_beyond_its_limits(memory_s: float) -> None:
    with pytest.raises(ValueError, match=f"memory_s is {memory_s}: must be above 0 and at most 60 seconds"):
        TrackerSettings(memory_s=memory_s)
