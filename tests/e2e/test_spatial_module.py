"""Spatial analysis as a module of a real hub: its twin is followed while it runs, and nothing is lost when it dies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.simulator.rtsp import Login, RtspCamera
from footfall.simulator.scene import SceneSpec, write_scene
from servers.edge_hub import HubProcess, ThreadedHub
from servers.extension_peer import EPOCH_TICKS, Peer, descriptor, embedded
from servers.mosquitto import free_port
from servers.spatial_module import SpatialModule, counting, serving


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RtspCamera]:
    folder = tmp_path_factory.mktemp("camera")
    write_scene(SceneSpec(duration_s=5.0, size_px=(320, 180), people=3), folder)
    with RtspCamera(folder / "clip.mp4", login=Login("viewer", "sesame")) as running:
        yield running


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreadedHub]:
    with ThreadedHub(tmp_path_factory.mktemp("hub")) as hub:
        yield hub


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory, hub: ThreadedHub, camera: RtspCamera) -> Iterator[SpatialModule]:
    environ = {"FOOTFALL_HOSTS": f"rtspsim:554=127.0.0.1:{camera.port}", "ARCHON_TELEMETRY_IOTHUB": "true"}
    module = SpatialModule(tmp_path_factory.mktemp("module"), hub, **environ)
    module.desire({"graphs": {"counting": counting("rtsp://viewer:sesame@rtspsim/live")}}, whole=True)
    yield module.start()
    assert module.process is not None
    if module.process.poll() is None:
        assert module.stop() == 0


def health(module: SpatialModule) -> list[str]:
    """What was told of it so far."""
    return [record["body"]["name"] for record in module.records("health")]


@pytest.mark.slow
def test_a_twin_runs_and_follows_its_changes(module: SpatialModule) -> None:
    module.wait(lambda: module.graph("counting").get("state") == "running")
    record = module.wait(module.records)[0]
    assert record["body"]["events"][0]["type"] == "personCountEvent"
    assert record["id"] == record["body"]["events"][0]["id"]
    assert record["system"]["$.ct"] == "application/json"
    before = module.graph("counting")
    assert set(before) == {"state", "fps_in", "fps_out", "last_frame", "last_error", "calibration", "config_hash"}

    version = module.desire({"graphs": {"second": counting("rtsp://viewer:sesame@rtspsim/live")}})
    module.wait(lambda: module.graph("second").get("state") == "running")
    assert module.reported["applied"] == {"version": version}
    module.wait(lambda: health(module).count("archon_graphCreationSuccess") > 1)

    module.desire({"graphs": {"second": {"enabled": False}}})
    module.wait(lambda: module.graph("second").get("state") == "stopped")
    module.desire({"graphs": {"second": None}})
    module.wait(lambda: not module.graph("second"))
    assert module.graph("counting")["config_hash"] == before["config_hash"]
    module.wait(lambda: "archon_graphCleanup" in health(module))
    assert health(module).count("archon_graphCreationSuccess") == 2, "the graph that did not change was started again"
    assert "sesame" not in module.said() + json.dumps(module.reported)


@pytest.mark.slow
def test_a_recorder_is_switched_by_the_twin(module: SpatialModule) -> None:
    devices = json.dumps({"devices": {"hall": {"url": "rtsp://viewer:sesame@rtspsim/live"}}})
    parameters = {"DEVICES_PATH_PARAM": devices, "DURATION_TIME_PARAM": 2, "SAFE_TIME_PARAM": 0}
    recorder = {"skillId": "Microsoft.ComputerVision.VideoRecorder", "enabled": True, "parameters": parameters}
    module.desire({"graphs": {"rec": recorder}})
    module.wait(lambda: "hall: clip " in module.said())
    assert "hall: records video" in module.said()

    def state() -> object:
        return module.reported["graphs"].get("rec", {}).get("hall", {}).get("state")

    module.wait(lambda: state() == "running")
    module.desire({"graphs": {"rec": {"enabled": False}}})
    module.wait(lambda: state() == "stopped")
    module.desire({"graphs": {"rec": None}})
    module.wait(lambda: state() is None)


@pytest.mark.slow
def test_what_cannot_run_is_refused_as_a_whole(module: SpatialModule) -> None:
    module.wait(lambda: module.graph("counting").get("state") == "running")
    applied = module.reported["applied"]["version"]
    more = {"good": counting("rtsp://rtspsim/other"), "bad": {"operationId": "cognitiveservices.vision.nonsense"}}
    version = module.desire({"graphs": more})
    refused = module.wait(lambda: module.reported["applied"].get("refused"))
    assert module.reported["applied"]["version"] == applied
    assert refused["version"] == version
    assert "$.graphs.bad.operationId: there is no operation" in refused["problems"][0]
    assert not module.graph("good")
    assert module.graph("counting")["state"] == "running"
    events = len(module.records())
    module.wait(lambda: len(module.records()) > events)
    version = module.desire({"graphs": {"good": None, "bad": None}})
    module.wait(lambda: module.reported["applied"] == {"version": version})


@pytest.mark.slow
def test_the_log_is_told(module: SpatialModule) -> None:
    module.wait(lambda: module.graph("counting").get("state") == "running")
    assert module.call("getRtcvLogs", {})[0] == 501
    status, listed = module.call("getRTCVLogs", {})
    assert (status, listed["Containers"][0]["Name"]) == (200, "spatialAnalysis")
    container = listed["Containers"][0]["Id"]
    always = {"StartTime": 0, "EndTime": 10**13}  # what is logged while the log is read is of that time, too
    status, found = module.call("getRTCVLogs", {"ContainerId": container, "Filters": {"CLASS": ["health"]}, **always})
    assert status == 200
    metas = found["Metas"]
    assert 0 < metas["FilterCount"] < metas["MatchCounter"] == metas["FetchCounter"]
    status, found = module.call("getRTCVLogs", {"ContainerId": container, "DoPost": True})
    folder = module.folder / "data" / "rtcvlogs" / "spatialAnalysis"
    [file] = module.wait(lambda: list(folder.glob("*.log")))
    assert json.loads(file.read_text().splitlines()[0])["CLASS"].startswith("footfall.")


@pytest.mark.slow
def test_health_is_told(module: SpatialModule) -> None:
    module.wait(lambda: module.graph("counting").get("state") == "running")
    names = module.wait(lambda: health(module))
    module.wait(lambda: "archon_allGraphsStarted" in health(module))
    assert names[0] == "archon_graphCreationSuccess"


@pytest.mark.slow
def test_graphs_that_are_brought_frames_are_served(module: SpatialModule) -> None:
    module.wait(lambda: module.graph("counting").get("state") == "running")
    port = free_port()
    module.desire({"graphs": {"polygonCross": serving(port), "personCount": serving(port, enabled=False)}})
    module.wait(lambda: module.graph("polygonCross").get("state") == "running")
    assert module.graph("personCount")["state"] == "stopped"
    before = len(module.records())
    with Peer(f"127.0.0.1:{port}") as peer:
        peer.ask(descriptor(320, 180))
        for number in range(3):
            answer = peer.ask(embedded(number + 2, EPOCH_TICKS + number * 9000, bytes(320 * 180 * 3)))
            assert answer.acknowledged == number + 2
        peer.end()
    module.wait(lambda: module.graph("polygonCross").get("last_frame"))
    module.wait(lambda: len(module.records()) > before)
    assert all("events" in record["body"] for record in module.records()), "the media graph tells the hub, not we"
    module.desire({"graphs": {"personCount": {"enabled": True}}})
    refused = module.wait(lambda: module.reported["applied"].get("refused"))
    assert "all listen on" in refused["problems"][0]
    module.desire({"graphs": {"personCount": None, "polygonCross": None}})
    module.wait(lambda: not module.graph("polygonCross"))


@pytest.mark.slow
def test_a_module_ends_when_it_is_asked_to(module: SpatialModule) -> None:
    module.wait(lambda: module.graph("counting").get("state") == "running")
    assert module.stop() == 0
    assert module.graph("counting")["state"] == "stopped"
    assert health(module)[-2:] == ["archon_graphCleanup", "archon_exit"]


def seen_beside(file: Path) -> list[str]:
    """Ids of the events that a module has also written to a file, after they were safe for the hub."""
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    return [json.loads(line)["events"][0]["id"] for line in lines if line.endswith("\n")]


@pytest.mark.slow
def test_no_event_is_lost_when_module_and_hub_are_killed(tmp_path: Path, camera: RtspCamera) -> None:
    folder, beside, port = tmp_path / "hub", tmp_path / "events.jsonl", free_port()
    with ThreadedHub(folder, port=port) as prepared:
        module = SpatialModule(tmp_path, prepared, FOOTFALL_SINKS=f"jsonl:{beside}")
        module.desire({"graphs": {"counting": counting(f"rtsp://viewer:sesame@127.0.0.1:{camera.port}/live")}})
    hub = HubProcess(folder, prepared.host, f"--mqtt-port={port}", "--https-port=0").start()
    module.start()
    try:
        for victim in (hub, module):
            before = len(module.records())
            module.wait(lambda n=before: len(module.records()) > n)
            victim.kill()
            before = len(seen_beside(beside))
            if victim is hub:
                module.wait(lambda n=before: len(seen_beside(beside)) > n)
            victim.start()
        before = len(module.records())
        module.wait(lambda: len(module.records()) > before)
        assert module.stop() == 0
        told = list(dict.fromkeys(record["id"] for record in module.records()))  # a batch may come twice
        events = set(seen_beside(beside))
        assert set(told) >= events
        assert [one for one in told if one in events] == list(dict.fromkeys(seen_beside(beside)))
    finally:
        hub.kill()
        module.kill()
