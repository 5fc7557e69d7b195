"""What an interval or a certainty adds to an event does not make it another event."""

from __future__ import annotations

from dataclasses import replace

from footfall.spatial.insights import Counted
from footfall.spatial.interval import Interval
from footfall.spatial.regions import Trigger


def test_a_count_is_the_same_however_sure_it_is() -> None:
    counted = Counted("hall", 1.0, 10, Trigger.EVENT, (), 0)
    assert replace(counted, interval=Interval(0, 2)) == counted
