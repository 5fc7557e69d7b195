"""A camera with a login loses power, or freezes, for several tries to reach it: events go on when it returns."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.config.native import plan_for_target
from footfall.config.plan import Plan
from footfall.engine.runner import State
from footfall.runtime.options import Options
from footfall.runtime.runtime import Runtime
from footfall.simulator.rtsp import Login, RtspCamera
from footfall.simulator.rtsp_faults import Fault
from footfall.simulator.scene import SceneSpec, write_scene
from footfall.spatial.regions import CountRule, SpatialSpec, Trigger, Zone
from servers.serve import until

WHOLE_PICTURE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
SPATIAL = SpatialSpec((Zone("all", WHOLE_PICTURE, (CountRule(trigger=Trigger.INTERVAL, interval_s=0.5),)),))
PASSWORD = "p@ss word"


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspCamera]:
    folder = tmp_path_factory.mktemp("camera")
    write_scene(SceneSpec(duration_s=5.0, size_px=(640, 360), people=3), folder)
    with RtspCamera(folder / "clip.mp4", login=Login("viewer", PASSWORD, digest=True)) as running:
        yield running


class Watch:
    """A run against the camera, and the events it has written so far."""

    def __init__(self, camera: RtspCamera, folder: Path) -> None:
        plan = plan_for_target(camera.login_url, spatial=SPATIAL, source_id="cam")
        self.events = folder / "events.jsonl"
        self.runtime = Runtime(Plan(plan.graphs, (f"jsonl:{self.events}",)), Options(folder, folder / "outbox"))

    def count(self) -> int:
        return len(self.events.read_text().splitlines()) if self.events.exists() else 0

    def wait_for_more(self) -> None:
        before = self.count()
        until(lambda: self.count() > before, "another event")

    def wait_for_losses(self, count: int) -> None:
        """Until the camera was lost, and so many tries to reach it have failed."""
        runner = self.runtime.supervisor.runners[0]
        before = runner.metrics.counts["source_errors"]
        until(lambda: runner.metrics.counts["source_errors"] >= before + count, "the camera is missed")
        assert runner.state is State.RECONNECTING


@pytest.fixture
def watch(camera: RtspCamera, tmp_path: Path) -> Iterator[Watch]:
    camera.fault(Fault.OK)
    watch = Watch(camera, tmp_path)
    watch.runtime.start()
    watch.wait_for_more()
    yield watch
    watch.runtime.close()


@pytest.mark.slow
def test_a_dead_camera_comes_back(camera: RtspCamera, watch: Watch, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "footfall")
    camera.kill()
    watch.wait_for_losses(5)
    camera.restart()
    watch.wait_for_more()
    changes = [record.message for record in caplog.records if record.message.startswith("cam is")]
    assert [message.split()[2] for message in changes] == ["reconnecting", "running"]
    assert PASSWORD not in caplog.text
    assert "p%40ss" not in caplog.text
    times = [json.loads(line)["sourceInfo"]["timestamp"] for line in watch.events.read_text().splitlines()]
    assert times == sorted(times)


@pytest.mark.slow
def test_a_frozen_camera_is_noticed_and_comes_back(camera: RtspCamera, watch: Watch) -> None:
    camera.fault(Fault.FREEZE)
    watch.wait_for_losses(3)
    camera.fault(Fault.OK)
    watch.wait_for_more()


@pytest.mark.slow
def test_a_wrong_password_is_named_and_tried_again(camera: RtspCamera, tmp_path: Path) -> None:
    url = camera.login_url.replace("p%40ss", "wrong")
    plan = plan_for_target(url, spatial=SPATIAL, source_id="cam")
    runtime = Runtime(Plan(plan.graphs, (f"jsonl:{tmp_path}/e.jsonl",)), Options(tmp_path, tmp_path / "outbox"))
    runtime.start()
    runner = runtime.supervisor.runners[0]
    until(lambda: runner.metrics.counts["source_errors"] >= 2, "it is tried again")
    assert runner.state is State.RECONNECTING
    assert runner.reason.startswith("unauthorized")
    assert "wrong" not in runner.reason
    runtime.close()
