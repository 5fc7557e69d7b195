"""Health events: which, when, and by which names."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from footfall.config.plan import GraphPlan
from footfall.core.errors import SourceUnavailable
from footfall.engine.runner import State
from footfall.runtime.module_health import Health, HealthEvent
from footfall.telemetry import Metrics


@dataclass(eq=False)
class Graph:
    """What the supervisor runs, as far as health goes."""

    plan: GraphPlan
    state: State = State.STARTING
    reason: str = ""
    failure: Exception | None = None
    metrics: Metrics = field(default_factory=Metrics)


def graph(name: str) -> Graph:
    return Graph(GraphPlan(name, "", ()))


def names(events: list[HealthEvent]) -> list[str]:
    return [f"{event.name} {event.graph}".strip() for event in events]


def test_a_graph_comes_and_goes() -> None:
    health, a, b = Health(), graph("g/a"), graph("g/b")
    assert names(health.follow([a, b], 0.0)) == ["archon_graphCreationSuccess g/a", "archon_graphCreationSuccess g/b"]
    assert health.step(1.0) == []
    a.state = State.RUNNING
    assert names(health.step(2.0)) == ["VideoIngesterState g/a"]
    b.state = State.RUNNING
    assert names(health.step(3.0)) == ["VideoIngesterState g/b", "archon_allGraphsStarted"]
    b.state = State.RECONNECTING
    [lost] = health.step(4.0)
    assert lost.document == {"name": "VideoIngesterState", "graphId": "g", "instanceId": "b", "state": "Stopped"}
    c = graph("g/a")
    assert names(health.follow([c, b], 5.0)) == [
        "VideoIngesterState g/a", "archon_graphCleanup g/a", "archon_graphCreationSuccess g/a",
    ]  # fmt: skip
    assert names(health.ended()) == ["archon_graphCleanup g/b", "archon_graphCleanup g/a", "archon_exit"]


def test_without_graphs_nothing_has_started() -> None:
    health = Health()
    assert health.follow([], 0.0) == health.step(1.0) == []
    assert names(health.ended()) == ["archon_exit"]


def test_beats_and_rates() -> None:
    health, a = Health(), graph("g/a")
    health.follow([a], 0.0)
    a.metrics.counts.update(frames_in=3000, frames_analysed=1500, source_errors=2)
    told = [(t_s, name) for t_s in range(0, 3661, 10) for name in names(health.step(float(t_s)))]
    beats = [t_s for t_s, name in told if name.startswith("archon_graphHeartbeat")]
    assert beats == list(range(60, 3661, 60))
    assert [t_s for t_s, name in told if name.startswith("InputRate")] == list(range(300, 3661, 300))
    assert [t_s for t_s, name in told if name.startswith("VideoIngesterHeartbeat")] == [3600]
    again = Health()
    again.follow([a], 0.0)
    rates = {event.name: event.details for event in again.step(3600.0)}
    assert rates["InputRate"] == {"rate": 10.0}
    assert rates["OutputRate"] == {"rate": 5.0}
    assert rates["VideoIngesterHeartbeat"] == {"errors": 2}


def test_a_crash_is_told_once_and_is_not_a_camera_that_is_away() -> None:
    health, a, b = Health(), graph("g/a"), graph("g/b")
    health.follow([a, b], 0.0)
    a.state, a.failure, a.reason = State.FAILED, RuntimeError("x"), "a mistake in the program: RuntimeError"
    b.state, b.failure = State.FAILED, SourceUnavailable("not-found", "x")
    [crash, missing] = health.step(1.0)
    assert crash.name == "archon_error"
    assert crash.details == {"reason": "a mistake in the program: RuntimeError"}
    assert missing.name == "archon_graphCreationFailed"
    assert health.step(2.0) == []
    assert names(health.refused(["g/c"])) == ["archon_graphCreationFailed g/c"]


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        pytest.param("shop/door", ("shop", "door"), id="an instance"),
        pytest.param("shop/a/b", ("shop", "a/b"), id="a slash in the instance"),
        pytest.param("Hall 1/2/Hall 1/2", ("Hall 1/2", "Hall 1/2"), id="a camera"),
    ],
)
def test_a_camera_with_a_slash_in_its_name_is_named_whole(graph: str, expected: tuple[str, str]) -> None:
    event = HealthEvent("archon_graphHeartbeat", graph).document
    assert (event["graphId"], event["instanceId"]) == expected
