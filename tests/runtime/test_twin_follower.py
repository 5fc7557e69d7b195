"""A twin without its hub: what can run runs, what cannot is refused, and tried again where that may help."""

from __future__ import annotations

import logging
import socket
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.config.environment import Settings
from footfall.config.plan import Plan
from footfall.edge.messages import Twin
from footfall.edge.patch import merged
from footfall.runtime.module_plan import Outside
from footfall.runtime.module_report import Seen
from footfall.runtime.options import Options
from footfall.runtime.runtime import Runtime
from footfall.runtime.twin_follower import AGAIN_S, NODES, TwinFollower, set_levels
from servers.clock import SetClock
from servers.mosquitto import free_port
from servers.spatial_module import serving

SETTINGS = Settings(model="motion")


class Stage:
    """A module whose hub is the test."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.reported, self.version = SetClock(), {}, 0
        runtime = Runtime(Plan((), (f"jsonl:{folder}/events.jsonl",)), Options(folder, folder / "outbox"))
        self.runtime = runtime
        self.follower = TwinFollower(SETTINGS, Outside(), runtime, defaultdict(Seen), self.report, self.clock)

    def report(self, patch: dict[str, object]) -> None:
        self.reported = merged(self.reported, patch)

    def desire(self, **graphs: object) -> None:
        self.version += 1
        self.follower.take(Twin({"graphs": graphs, "$version": self.version}, {}))
        self.step(1.0)

    def step(self, seconds: float) -> None:
        self.clock.t_s += seconds
        self.follower.step()

    @property
    def states(self) -> dict[str, str]:
        return {name: about[name]["state"] for name, about in self.reported["graphs"].items()}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    before = {name: logging.getLogger(name).level for name in ("footfall", *NODES)}
    stage = Stage(tmp_path)
    yield stage
    stage.follower.close()
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def test_an_address_that_is_taken_refuses_the_twin_until_it_is_free(stage: Stage) -> None:
    first, second = free_port(), free_port()
    stage.desire(a=serving(first))
    assert stage.states == {"a": "running"}
    [before] = stage.runtime.supervisor.runners
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", second))
        taken.listen()
        stage.desire(a=serving(first), b=serving(second))
        assert stage.states == {"a": "running"}
        assert stage.runtime.supervisor.runners == (before,)
        assert stage.reported["applied"]["version"] == 1
        assert "cannot be listened on" in stage.reported["applied"]["refused"]["problems"][0]
    stage.step(AGAIN_S / 2)
    assert stage.states == {"a": "running"}
    stage.step(AGAIN_S)
    assert stage.states == {"a": "running", "b": "running"}
    assert stage.reported["applied"] == {"version": 2}
    assert before in stage.runtime.supervisor.runners


def test_what_had_to_end_for_a_twin_that_is_refused_starts_again(stage: Stage) -> None:
    first, second = free_port(), free_port()
    stage.desire(a=serving(first))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", second))
        taken.listen()
        stage.desire(a=serving(second))
        assert stage.states == {"a": "running"}
        with socket.socket() as caller:
            assert caller.connect_ex(("127.0.0.1", first)) == 0
        stage.desire(a=serving(first))
    assert stage.reported["applied"] == {"version": 3}


def test_a_model_that_is_missing_refuses_the_twin(stage: Stage) -> None:
    stage.desire(a=serving(free_port()))
    stage.follower._settings = Settings(model="no-such-model")
    stage.desire(a=serving(free_port()))
    assert stage.states == {"a": "running"}
    assert "no-such-model" in stage.reported["applied"]["refused"]["problems"][0]


def test_a_twin_that_cannot_be_read_is_not_tried_again(stage: Stage) -> None:
    stage.desire(a={"operationId": "nonsense"})
    stage.step(10 * AGAIN_S)
    assert stage.reported["applied"]["refused"]["version"] == 1
    stage.desire()
    assert stage.reported == {"applied": {"version": 2}, "graphs": {}}


@pytest.mark.parametrize(
    ("levels", "platform", "nodes"),
    [
        pytest.param([{}], logging.INFO, logging.INFO, id="none is named"),
        pytest.param([{"platformLogLevel": "error"}], logging.ERROR, logging.INFO, id="one for the platform"),
        pytest.param([{"nodesLogLevel": "none"}], logging.INFO, logging.CRITICAL + 1, id="one for the nodes"),
        pytest.param(
            [{"platformLogLevel": "warning"}, {"platformLogLevel": "verbose", "nodesLogLevel": "error"}],
            logging.DEBUG,
            logging.INFO,
            id="the most talkative graph counts",
        ),
    ],
)
def test_a_twin_sets_how_much_is_logged(stage: Stage, levels: list[dict[str, str]], platform: int, nodes: int) -> None:
    graphs = {
        f"g{n}": serving(free_port(), platformloglevel="", nodesloglevel="") | level for n, level in enumerate(levels)
    }
    for graph in graphs.values():
        for name in ("platformloglevel", "nodesloglevel"):
            del graph[name]
    stage.desire(**graphs)
    assert logging.getLogger("footfall").level == platform
    assert logging.getLogger("footfall.detect").level == nodes
    set_levels(Plan(()), Settings())
    assert logging.getLogger("footfall").level == logging.INFO
