"""Reported properties follow what happens, without saying the same twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from footfall.config.environment import Settings
from footfall.config.plan import Plan
from footfall.core.errors import Problem, SinkRejected, SinkUnavailable
from footfall.edge.patch import merged
from footfall.engine.runner import State
from footfall.runtime.module_plan import Outside, config_hash, plan_of_desired
from footfall.runtime.module_report import Applied, Reporter, Seen
from footfall.telemetry import Metrics
from servers.spatial_module import counting


class Graph:
    """What the supervisor runs, as far as reports go."""

    def __init__(self, plan: Plan, at: int = 0) -> None:
        self.plan, self.state, self.reason, self.metrics = plan.graphs[at], State.STARTING, "", Metrics()


class Twin:
    """A hub that keeps what is reported."""

    def __init__(self) -> None:
        self.reported: dict[str, object] = {}
        self.patches: list[dict[str, object]] = []
        self.version = 0
        self.trouble: Exception | None = None

    def report(self, patch: dict[str, object]) -> int:
        if self.trouble:
            raise self.trouble
        self.version += 1
        self.patches.append(patch)
        self.reported = merged(self.reported, patch)
        return self.version


PLAN = plan_of_desired({"graphs": {"g": {**counting("rtsp://a/b"), "instances": {"cam 1": {}}}}}, Settings(), Outside())


def test_a_graph_is_reported_as_it_was_said_it_would_be() -> None:
    twin, seen, graph = Twin(), Seen(datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC)), Graph(PLAN)
    reporter = Reporter(twin.report, {"g/cam 1": seen})
    reporter.step(PLAN, [graph], Applied(7), 0.0)
    assert twin.reported == {
        "applied": {"version": 7},
        "graphs": {
            "g": {
                "cam_1": {
                    "state": "starting",
                    "fps_in": 0.0,
                    "fps_out": 0.0,
                    "last_frame": "2026-01-02T03:04:05.678Z",
                    "last_error": "",
                    "calibration": "Calibrating",
                    "config_hash": config_hash(PLAN.graphs[0]),
                }
            }
        },
    }
    reporter.step(PLAN, [graph], Applied(7), 1.0)
    assert len(twin.patches) == 1
    graph.state, graph.reason = State.RECONNECTING, "timeout: x" * 1000
    reporter.step(PLAN, [graph], Applied(7), 2.0)
    [about] = twin.patches[1]["graphs"]["g"].values()
    assert about["state"] == "reconnecting"
    assert set(about) == {"state", "last_error"}
    assert len(about["last_error"]) < 4096


def test_figures_are_told_every_few_seconds() -> None:
    twin, graph = Twin(), Graph(PLAN)
    reporter = Reporter(twin.report, {})
    for second in range(31):
        reporter.step(PLAN, [graph], Applied(1), float(second))
        graph.metrics.count("frames_in", 15 if second < 15 else 10)
        graph.metrics.count("frames_analysed", 5)
    figures = [patch["graphs"]["g"]["cam_1"] for patch in twin.patches[1:]]
    assert figures == [{"fps_in": 15.0, "fps_out": 5.0}, {"fps_in": 12.5}, {"fps_in": 10.0}]


def test_what_is_gone_is_taken_back_even_from_an_earlier_run() -> None:
    twin = Twin()
    twin.reported = {"graphs": {"old": {"old": {"state": "running"}}}, "else": 1}
    reporter = Reporter(twin.report, {})
    reporter.begin(twin.reported)
    reporter.step(PLAN, [Graph(PLAN)], Applied(2), 0.0)
    assert set(twin.reported["graphs"]) == {"g"}
    reporter.step(Plan(()), [], Applied(3), 1.0)
    assert twin.reported == {"applied": {"version": 3}, "graphs": {}, "else": 1}


def test_a_graph_that_is_off_is_stopped() -> None:
    twin = Twin()
    Reporter(twin.report, {}).step(PLAN, [], Applied(2), 0.0)
    assert twin.reported["graphs"]["g"]["cam_1"]["state"] == "stopped"


def test_refusals_are_reported_with_what_to_do() -> None:
    twin = Twin()
    problems = tuple(Problem("module twin", f"$.graphs.{n}", "is bad", "mend it") for n in range(30))
    Reporter(twin.report, {}).step(Plan(()), [], Applied(2, 3, problems), 0.0)
    refused = twin.reported["applied"]["refused"]
    assert twin.reported["applied"]["version"] == 2
    assert refused["version"] == 3
    assert refused["problems"][0] == "$.graphs.0: is bad; mend it"
    assert len(refused["problems"]) == 20


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        pytest.param(SinkUnavailable("closed"), 1, id="away: told later"),
        pytest.param(SinkRejected("invalid"), 0, id="refused: never told again"),
    ],
)
def test_a_hub_that_takes_no_report(trouble: Exception, told: int) -> None:
    twin, reporter = Twin(), None
    reporter = Reporter(twin.report, {})
    twin.trouble = trouble
    reporter.step(PLAN, [], Applied(1), 0.0)
    twin.trouble = None
    reporter.step(PLAN, [], Applied(1), 1.0)
    assert len(twin.patches) == told


def test_a_hub_that_has_forgotten_is_told_all_of_it_again() -> None:
    twin, graph = Twin(), Graph(PLAN)
    reporter = Reporter(twin.report, {})
    reporter.step(PLAN, [graph], Applied(1), 0.0)
    twin.reported, twin.version = {}, 40
    graph.state = State.RUNNING
    reporter.step(PLAN, [graph], Applied(1), 1.0)
    reporter.step(PLAN, [graph], Applied(1), 2.0)
    assert twin.reported["graphs"]["g"]["cam_1"]["config_hash"]
    assert twin.reported["applied"] == {"version": 1}
