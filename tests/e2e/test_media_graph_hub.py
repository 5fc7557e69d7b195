"""The seed's graph with every process there is: hub, media graph, camera, and what people do to them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import pytest

from footfall.simulator.rtsp import RtspCamera
from servers.edge_hub import HubProcess, event_lines
from servers.extension_model import Model
from servers.hub_service import HubService
from servers.media_graph import extension, node, rtsp_source
from servers.media_module import MediaModule
from servers.mosquitto import free_port
from servers.rtsp import camera_clip, rtsp_ready

__all__ = ["camera_clip", "rtsp_ready"]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("rtsp_ready")]
LVA = "lvaEdge"
TWIN: dict[str, object] = {
    "applicationDataDirectory": "/var/lib/azuremediaservices",
    "azureMediaServicesArmId": "/subscriptions/s/mediaservices/a",
    "diagnosticsEventsOutputName": "AmsDiagnostics",
    "operationalEventsOutputName": "AmsOperational",
    "allowUnsecuredEndpoints": True,
}


@dataclass
class Site:
    """A hub, its media-graph module, and somebody who calls."""

    hub: HubProcess
    module: MediaModule
    service: HubService

    def call(self, method: str, **payload: object) -> tuple[int, Any]:
        return self.service.call(LVA, method, **payload)

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Everything in the hub's log, once for each message id."""
        found = {}
        for line in event_lines(self.hub.folder):
            message = json.loads(line)
            if str(message["properties"].get("eventType", "")).endswith(kind):
                found.setdefault(message["id"], message)
        return list(found.values())

    def wait(self, kind: str, count: int = 1, timeout_s: float = 60.0) -> list[dict[str, Any]]:
        """The same, once there are so many."""
        deadline_s = time.monotonic() + timeout_s
        while len(found := self.events(kind)) < count:
            assert time.monotonic() < deadline_s, f"{len(found)} of {count} {kind}; {self.module.log[-4000:]}"
            time.sleep(0.1)
        return found


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    mqtt, https = free_port(), free_port()
    hub = HubProcess(
        tmp_path / "hub", "127.0.0.1", f"--mqtt-port={mqtt}", f"--https-port={https}", "--device=dev1"
    ).start()
    identity = hub.connection_string(LVA, f"--gateway=127.0.0.1:{mqtt}")
    service = HubService(hub.connection_string(), hub.ca, f"127.0.0.1:{https}", "dev1")
    (tmp_path / "module").mkdir()
    try:
        service.desire(LVA, TWIN)
        with MediaModule(identity, hub.ca, tmp_path / "module") as module:
            module.wait_running()
            yield Site(hub, module, service)
    finally:
        service.close()
        hub.stop()


def topology(camera: str, model: int, **gate: str) -> dict[str, Any]:
    """The seed's: camera, frame-rate filter, model, gate, asset sink, hub sink."""
    rate = node("FrameRateFilterProcessor", "frameRateFilter", "rtspSource", maximumFps="${frameRate}")
    processors = [rate, extension("cvExtension", model, "frameRateFilter")]
    processors.append(node("SignalGateProcessor", "signalGateProcessor", "cvExtension", "rtspSource", **gate))
    cache = {"localMediaCachePath": "/var/lib/azuremediaservices/tmp/", "localMediaCacheMaximumSizeMiB": "200"}
    asset = "sampleAssetFromEVR-CV-LVAEdge-${System.DateTime}"
    sinks = [
        node("AssetSink", "assetSink", "signalGateProcessor", assetNamePattern=asset, segmentLength="PT30S", **cache),
        node("IoTHubMessageSink", "hubSink", "cvExtension", hubOutputName="inferenceOutput"),
    ]
    login = rtsp_source("${rtspUrl}", "${rtspUserName}", "${rtspPassword}")
    parameters = [{"name": "rtspUrl", "type": "String"}, {"name": "frameRate", "type": "String", "default": "2"}]
    for name in ("rtspUserName", "rtspPassword"):
        parameters.append({"name": name, "type": "String", "default": f"dummy-{name}"})
    return {"parameters": parameters, "sources": [login], "processors": processors, "sinks": sinks}


def activate(site: Site, camera: RtspCamera, model: Model, rate: str = "2", **gate: str) -> None:
    assert site.call("GraphTopologySet", name="T", properties=topology(camera.url, model.port, **gate))[0] == 201
    values = [{"name": "rtspUrl", "value": f" {camera.url}"}, {"name": "frameRate", "value": rate}]
    instance = {"topologyName": "T", "parameters": values}
    assert site.call("GraphInstanceSet", name="Sample-Graph-1", properties=instance)[0] == 201
    assert site.call("GraphInstanceActivate", name="Sample-Graph-1") == (200, None)


def test_the_whole_life_of_an_instance(site: Site, camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera, Model() as model:
        gate = {"minimumActivationTime": "PT5S", "maximumActivationTime": "PT5S", "activationSignalOffset": "PT0S"}
        activate(site, camera, model, **gate)
        established = site.wait("MediaSessionEstablished")[0]
        inferences = site.wait("Inference", 6)
        site.wait("RecordingAvailable")
        assert site.call("GraphInstanceDeactivate", name="Sample-Graph-1") == (200, None)
    assert established["output"] == "AmsDiagnostics"
    for message in inferences:
        assert message["output"] == "inferenceOutput"
        assert message["properties"]["subject"] == "/graphInstances/Sample-Graph-1/processors/cvExtension"
        assert message["properties"]["topic"] == TWIN["azureMediaServicesArmId"]
        assert message["body"].keys() == {"timestamp", "inferences"}
    stamps = [message["body"]["timestamp"] for message in inferences]
    assert stamps == sorted(stamps)
    started = site.events("RecordingStarted")[0]["body"]["outputLocation"]
    assert (site.module.folder / "var/lib/azuremediaservices/assets" / started / "playlist.m3u8").exists()
    assert site.call("GraphInstanceDelete", name="Sample-Graph-1") == (200, None)
    assert site.call("GraphTopologyDelete", name="T") == (200, None)
    assert site.call("GraphInstanceList") == (200, {"value": []})
    assert site.call("GraphTopologyList") == (200, {"value": []})


def test_no_event_is_lost_when_hub_and_module_are_killed(site: Site, camera_clip: Path) -> None:
    with RtspCamera(camera_clip) as camera, Model() as model:
        activate(site, camera, model, rate="25")
        site.wait("Inference", 10)
        for round_number in range(3):
            site.hub.kill()
            time.sleep(0.5)
            sent = len(site.module.sent)
            deadline_s = time.monotonic() + 60.0
            while len(site.module.sent) < sent + 10:
                assert time.monotonic() < deadline_s, site.module.log[-4000:]
                time.sleep(0.05)
            site.module.kill()
            site.module.start()
            site.hub.start()
            site.module.wait_log("The module is now running.", round_number + 2)
            site.wait("MediaSessionEstablished", round_number + 2)
        assert site.call("GraphInstanceGet", name="Sample-Graph-1")[1]["properties"]["state"] == "Active"
        deadline_s = time.monotonic() + 60.0
        while "RecordingStarted" not in site.module.log.rpartition("now running")[2]:
            assert time.monotonic() < deadline_s, site.module.log[-4000:]
            time.sleep(0.1)
        more = len(site.module.sent) + 20
        while len(site.module.sent) < more:
            assert time.monotonic() < deadline_s, site.module.log[-4000:]
            time.sleep(0.1)
        assert site.call("GraphInstanceDeactivate", name="Sample-Graph-1") == (200, None)
    assets = site.module.folder / "var/lib/azuremediaservices/assets"
    segments = list(assets.glob("*/*.m4s"))
    assert segments
    for segment in segments:
        header = segment.with_name(f"init-{segment.stem.rpartition('-')[2]}.mp4")
        with av.open(BytesIO(header.read_bytes() + segment.read_bytes())) as container:
            assert len(list(container.decode(video=0))) > 5, "every segment that is there plays"
    wanted = {one["body"]["timestamp"] for one in site.module.sent if "timestamp" in one["body"]}
    assert len(wanted) > 40
    deadline_s = time.monotonic() + 60.0
    while missing := wanted - {message["body"]["timestamp"] for message in site.events("Inference")}:
        assert time.monotonic() < deadline_s, f"{len(missing)} of {len(wanted)} are lost"
        time.sleep(0.2)
