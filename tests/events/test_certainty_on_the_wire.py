"""How sure an event is: two properties of our own, by option, and nothing without it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from events.stage import STORIES, body, encode
from footfall.core.options import EventSpec
from footfall.spatial.insights import Counted, DistanceMeasured, Insight
from footfall.spatial.interval import Interval

SURE = EventSpec(intervals=True)


def marked(insight: Insight) -> Insight:
    """The same, as it comes from the rules of a running camera."""
    if isinstance(insight, Counted):
        return replace(insight, interval=Interval(1, 4))
    return insight if isinstance(insight, DistanceMeasured) else replace(insight, certainty=0.98765)


def properties(insight: Insight, spec: EventSpec) -> dict[str, Any]:
    found: dict[str, Any] = body(insight, spec=spec)["events"][0]["properties"]
    return found


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("schema", ["2.0", "1.0"])
def test_without_the_option_not_a_byte_changes(story: str, schema: str) -> None:
    plain, spec = STORIES[story], EventSpec(schema=schema)
    assert [m.body for m in encode(marked(plain), spec=spec)] == [m.body for m in encode(plain, spec=spec)]
    assert [m.body for m in encode(plain, spec=replace(spec, intervals=True))] == [
        m.body for m in encode(plain, spec=spec)
    ]


@pytest.mark.parametrize(
    ("story", "more"),
    [
        ("count", {"interval": [1, 4]}),
        ("line", {"certainty": 0.9877}),
        ("enter", {"certainty": 0.9877}),
        ("exit", {"certainty": 0.9877}),
        ("dwell", {"certainty": 0.9877}),
        ("distance", {}),
    ],
)
def test_with_it_one_property_comes_at_the_end(story: str, more: dict[str, Any]) -> None:
    plain = properties(STORIES[story], EventSpec())
    sure = properties(marked(STORIES[story]), SURE)
    assert sure == plain | more
    assert list(sure) == [*plain, *more]
