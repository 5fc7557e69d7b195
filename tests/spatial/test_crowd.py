"""A crowd is a sequence of the people seen."""

from __future__ import annotations

from footfall.spatial.crowd import Crowd
from footfall.spatial.footing import Footings
from footfall.spatial.regions import Focus
from footfall.spatial.trace import Trace
from spatial.storyboard import person


def test_a_crowd_is_counted_taken_from_and_gone_through() -> None:
    traces = [Trace(key, 1.0) for key in range(3)]
    for trace in traces:
        trace.see(person("ann", (0.5, 0.5)), 0.0)
    people = Footings(Focus.FOOTPRINT, 1.0).step(traces)
    crowd = Crowd(people, 0.0, [], {}, {})
    assert (len(crowd), crowd[1], crowd[1:], list(crowd)) == (3, people[1], people[1:], people)
