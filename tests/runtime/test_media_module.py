"""The media-graph module as a process of its own: hub, twin, methods, events, and what a kill leaves."""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from footfall.simulator.rtsp import Login, RtspCamera
from servers.certificates import make_certificates
from servers.media_graph import node, rtsp_source
from servers.media_module import MediaModule
from servers.rtsp import camera_clip, rtsp_ready
from servers.stand_in_hub import StandInHub

__all__ = ["camera_clip", "rtsp_ready"]
pytestmark = pytest.mark.usefixtures("rtsp_ready")
KEY = "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="
API = {"@apiVersion": "2.0"}
TWIN = {
    "applicationDataDirectory": "/var/lib/azuremediaservices",
    "azureMediaServicesArmId": "/subscriptions/s/mediaservices/a",
    "diagnosticsEventsOutputName": "AmsDiagnostics",
    "operationalEventsOutputName": "AmsOperational",
    "allowUnsecuredEndpoints": "true",
    "logCategories": "Application,Events",
    "debugLogsDirectory": "/var/lib/debug",
}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def hub(tmp_path: Path, certificates: Path) -> Iterator[StandInHub]:
    hub = StandInHub(tmp_path, certificates)
    hub.start()
    yield hub
    hub.stop()


class Module(MediaModule):
    """The module of a stand-in hub."""

    def __init__(self, hub: StandInHub, folder: Path, certificates: Path, **more: str) -> None:
        self.hub = hub
        gateway = f"GatewayHostName=localhost:{hub.port}"
        text = f"HostName=h.local;DeviceId=dev1;ModuleId=mod1;SharedAccessKey={KEY};{gateway}"
        super().__init__(text, certificates / "ca.pem", folder, **more)

    def call(self, method: str, **payload: object) -> tuple[int, Any]:
        return self.hub.call(method, json.dumps(API | payload))

    def event(self, kind: str, timeout_s: float = 60.0) -> tuple[dict[str, Any], Any]:
        """The next event of this type."""
        deadline_s = time.monotonic() + timeout_s
        while True:
            properties, body = self.hub.messages.get(timeout=max(0.01, deadline_s - time.monotonic()))
            if str(properties["eventType"]).endswith(kind):
                return properties, json.loads(body)


@pytest.fixture
def module(hub: StandInHub, tmp_path: Path, certificates: Path) -> Iterator[Module]:
    with Module(hub, tmp_path, certificates) as module:
        yield module


def topology(url: str, user: str, password: str) -> dict[str, Any]:
    """A camera, a hub source, and a gate to files."""
    processors = [node("SignalGateProcessor", "gate", "rtspSource", "hubSource", minimumActivationTime="PT2S")]
    processors[0] |= {"maximumActivationTime": "PT2S", "activationEvaluationWindow": "PT0S"}
    sink = {"baseDirectoryPath": "/var/media", "fileNamePattern": "c-${System.DateTime}", "maximumSizeMiB": "100"}
    sources = [
        rtsp_source(url, user, password),
        node("IoTHubMessageSource", "hubSource", hubInputName="recordingTrigger"),
    ]
    sinks = [node("FileSink", "fileSink", "gate", **sink)]
    return {"sources": sources, "processors": processors, "sinks": sinks}


def activate(module: Module, url: str, user: str = "", password: str = "") -> None:
    assert module.call("GraphTopologySet", name="T", properties=topology(url, user, password))[0] == 201
    assert module.call("GraphInstanceSet", name="G-1", properties={"topologyName": "T"})[0] == 201
    assert module.call("GraphInstanceActivate", name="G-1") == (200, None)


def test_the_twin_decides_whether_there_is_work(hub: StandInHub, module: Module) -> None:
    module.wait_log("connected to the hub")
    assert module.call("GraphTopologyList")[0] == 403, "no applicationDataDirectory"
    hub.desire(dict(TWIN))
    module.wait_running()
    assert module.call("GraphTopologyList") == (200, {"value": []})
    assert module.call("GraphNothing") == (501, None)
    deadline_s = time.monotonic() + 60.0
    while "state" not in hub.reported and time.monotonic() < deadline_s:
        time.sleep(0.05)
    assert hub.reported["state"] == "running"
    assert (module.folder / "var/lib/azuremediaservices/media-graphs.sqlite").exists()
    assert "<6> 20" in module.log
    assert "Application: Request started: Method name: 'GraphTopologyList'." in module.log


def test_a_payload_is_as_large_as_it_came(hub: StandInHub, module: Module) -> None:
    module.wait_log("connected to the hub")
    hub.desire(dict(TWIN))
    module.wait_running()
    large = json.dumps({**API, "note": "\u00fc" * 60_000}, ensure_ascii=False)
    assert hub.call("GraphTopologyList", large) == (200, {"value": []})
    status, payload = hub.call("GraphTopologyGet", '{"@apiVersion": "2.0", "name": "\\ud800"}')
    assert (status, payload["error"]["code"]) == (400, "BadRequest")


@pytest.mark.slow
def test_a_message_from_the_hub_opens_the_gate(hub: StandInHub, module: Module, camera_clip: Path) -> None:
    hub.desire(dict(TWIN))
    module.wait_running()
    with RtspCamera(camera_clip, login=Login("viewer", "hush-hush", digest=True)) as camera:
        activate(module, camera.url, "viewer", "hush-hush")
        properties, body = module.event("MediaSessionEstablished")
        assert body["sdp"].startswith("SDP:\nv=0")
        assert properties["$.on"] == "AmsDiagnostics"
        assert properties["topic"] == TWIN["azureMediaServicesArmId"]
        assert properties["subject"] == "/graphInstances/G-1/sources/rtspSource"
        assert (properties["$.ct"], properties["$.ce"]) == ("application/json", "utf-8")
        hub.put_in("recordingTrigger", b"{}", "eventTarget=%2FgraphInstances%2Fanother")
        hub.put_in("recordingTrigger", b"{}", "correlationId=c-1")
        properties, body = module.event("RecordingStarted")
        assert properties["$.on"] == "AmsOperational"
        assert properties["subject"] == "/graphInstances/G-1/sinks/fileSink"
        location = module.event("RecordingAvailable")[1]["outputLocation"]
        assert body == {"outputType": "filePath", "outputLocation": location}
        figures = module.figures()
        assert module.call("GraphInstanceDeactivate", name="G-1") == (200, None)
    assert "hush-hush" not in module.log + (module.folder / "var/lib/debug/media-pipeline.log").read_text()
    assert location.startswith("/var/media/c-")
    assert (module.folder / location.removeprefix("/")).stat().st_size > 1000
    labels = 'iothub="h.local",edge_device="dev1",module_name="mod1",graph_topology="T"'
    assert f"lva_active_graph_instances{{{labels}}} 1\n" in figures
    named = f'{labels},graph_instance="G-1",graph_node="rtspSource",data_kind="video"'
    (received,) = (line for line in figures.splitlines() if line.startswith(f"lva_received_bytes_total{{{named}}}"))
    assert int(received.split()[-1]) > 1000
    assert f"lva_data_dropped_total{{{named}}} " in figures
    assert [one["applicationProperties"]["eventType"].rpartition(".")[2] for one in module.sent][:2] == [
        "MediaSessionEstablished",
        "RecordingStarted",
    ]


@pytest.mark.slow
def test_a_killed_module_goes_on_where_it_was(hub: StandInHub, module: Module, camera_clip: Path) -> None:
    hub.desire(dict(TWIN))
    module.wait_running()
    with RtspCamera(camera_clip) as camera:
        activate(module, camera.url)
        module.event("MediaSessionEstablished")
        module.kill()
        module.start()
        module.event("MediaSessionEstablished")
        assert module.call("GraphInstanceGet", name="G-1")[1]["properties"]["state"] == "Active"


@pytest.mark.slow
def test_events_follow_the_twin_at_once(hub: StandInHub, module: Module, camera_clip: Path) -> None:
    hub.desire(TWIN | {"diagnosticsEventsOutputName": ""})
    module.wait_running()
    with RtspCamera(camera_clip) as camera:
        activate(module, camera.url)
        hub.desire({"operationalEventsOutputName": "Other", "diagnosticsEventsOutputName": "Late"})
        properties = {}
        while not properties:  # nothing is sent before the module has heard
            camera.kill()
            camera.restart()
            with suppress(queue.Empty):
                properties, _ = module.event("MediaSessionEstablished", 10.0)
        assert properties["$.on"] == "Late"


def test_a_folder_is_for_one_module(hub: StandInHub, module: Module, certificates: Path) -> None:
    hub.desire(dict(TWIN))
    module.wait_running()
    (module.folder / "other").mkdir()
    other_hub = StandInHub(module.folder / "other", certificates)
    other_hub.start()
    other_hub.desire(dict(TWIN), tell=False)
    other = Module(other_hub, module.folder / "other", certificates, FOOTFALL_PATHS=f"/var={module.folder}/var")
    other.start()
    try:
        assert other.process.wait(60) == 2
    finally:
        other_hub.stop()
    assert "in use by another module" in other.log
    assert "Traceback" not in other.log


@pytest.mark.parametrize(
    ("variable", "value", "what"),
    [
        pytest.param("EdgeHubConnectionString", "", "this process is no module", id="nobody"),
        pytest.param("FOOTFALL_METRICS", "http", "no port", id="figures nowhere"),
        pytest.param("FOOTFALL_PATHS", "var=x", "/INSIDE=/HERE", id="no path"),
        pytest.param("FOOTFALL_HOSTS", "a=b/c", "HOST", id="no host"),
        pytest.param("FOOTFALL_EVENT_JSON_STYLE", "3.0", "no rendering", id="a rendering of the future"),
        pytest.param("FOOTFALL_RECORDING_DAYS", "0", "no number of days", id="kept for no time"),
    ],
)
def test_an_environment_that_makes_no_sense(
    hub: StandInHub, tmp_path: Path, certificates: Path, variable: str, value: str, what: str
) -> None:
    module = Module(hub, tmp_path, certificates, **{variable: value})
    module.start()
    assert module.process.wait(60) == 2
    assert what in module.log
    assert len(module.log.splitlines()) == 1
