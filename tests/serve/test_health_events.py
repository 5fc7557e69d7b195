"""Azure's health events of the service, and the reasons that clocks of cameras give."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from footfall.core.errors import SinkUnavailable
from footfall.core.types import Message
from footfall.engine.runner import State
from footfall.serve.filling import Filling
from footfall.serve.health import Watchman
from footfall.serve.health_events import HealthTeller
from footfall.store.database import connect
from footfall.telemetry import Metrics
from footfall.web.desk import CameraState
from servers.clock import SetClock
from servers.told_desk import START, camera_state, graph_of


def runner(name: str, state: State) -> Any:
    return SimpleNamespace(plan=graph_of(name), state=state, reason="", failure=None, metrics=Metrics())


def test_events_are_logged_as_json_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "footfall.health")
    clock, running = SetClock(), [runner("front", State.RUNNING)]
    teller = HealthTeller(lambda: running, clock)
    teller.tick()
    clock.t_s = 61.0
    teller.tick()
    running.append(runner("back", State.STARTING))
    teller.tick()
    teller.close()
    told = [json.loads(record.message) for record in caplog.records if record.name == "footfall.health"]
    names = [event["name"] for event in told]
    assert names[:3] == ["archon_graphCreationSuccess", "VideoIngesterState", "archon_allGraphsStarted"]
    assert {"archon_graphHeartbeat", "archon_configchange", "archon_exit"} <= set(names)
    assert told[0]["timestamp"] == "2026-01-01T00:00:00.000Z"
    assert 'archon_graph_heartbeat{graph="front",instance="front"} 1' in teller.figures.render()


class Cameras:
    """What the watchman looks at."""

    def __init__(self, *states: CameraState) -> None:
        self._states = states
        self.delivery: Any = SimpleNamespace(waiting=0, lost=0, unwritten=0, failure=None)

    def states(self) -> Sequence[CameraState]:
        return self._states


@pytest.fixture
def filling(tmp_path: Path) -> Filling:
    return Filling(connect(tmp_path / "store.sqlite", "store"))


@pytest.mark.parametrize(("offset_s", "is_told"), [(None, False), (2.9, False), (3.1, True), (-90.0, True)])
def test_a_clock_that_is_off_is_told_and_does_no_harm(
    offset_s: float | None, is_told: bool, tmp_path: Path, filling: Filling
) -> None:
    watchman = Watchman(tmp_path, filling, SetClock(), free_bytes=lambda _: 1 << 40)
    health = watchman.health(Cameras(camera_state("front", clock_offset_s=offset_s)))
    assert ("camera-clock:front" in health.reasons) is is_told
    assert health.is_ready


def test_the_store_tells_how_far_it_is_behind() -> None:
    away = Filling(connect("postgresql://user@127.0.0.1:9/footfall", "store"))
    assert away.oldest is None
    with pytest.raises(SinkUnavailable):
        away.send([Message("front", b"{}", "key", START)])
    assert away.oldest == START
    away.close()
