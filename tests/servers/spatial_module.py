"""`footfall module spatial-analysis` as a child of a test, and its hub's side of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from footfall.edge.topics import Identity
from footfall.hub.twins import Update
from servers.edge_hub import ThreadedHub

NAME = "spatialAnalysis"
WHOLE = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
EVERYTHING = {"schemaVersion": "1.1", "routes": {"all": "FROM /messages/* INTO $upstream"}}


class SpatialModule:
    """The child; it can be killed and started again."""

    def __init__(self, folder: Path, hub: ThreadedHub, **environ: str) -> None:
        self.folder, self.hub = folder, hub
        self.who = Identity(hub.hub.device, NAME)
        key = hub.key(NAME)
        self._environ = {
            **os.environ,
            "EdgeHubConnectionString": f"HostName={hub.hub.name};DeviceId={self.who.device};ModuleId={NAME};"
            f"SharedAccessKey={key};GatewayHostName={hub.host}:{hub.port}",
            "EdgeModuleCACertificateFile": str(hub.ca),
            "FOOTFALL_DATA": str(folder / "data"),
            "EULA": "accept",
            "PYTHONFAULTHANDLER": "1",
            **environ,
        }
        hub.call(hub.hub.update_twin(Identity(hub.hub.device, "$edgeHub"), Update(desired=EVERYTHING)))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> SpatialModule:
        with (self.folder / "module.stderr").open("ab") as log:
            command = [sys.executable, "-m", "footfall", "module", "spatial-analysis"]
            self.process = subprocess.Popen(command, env=self._environ, stderr=log)
        return self

    def kill(self) -> None:
        """SIGKILL."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(60)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)
            self.process.wait(60)
            raise AssertionError(self.said()) from None

    def desire(self, desired: dict[str, Any], *, whole: bool = False) -> int:
        """Change the desired properties; their version."""
        twin = self.hub.call(self.hub.hub.update_twin(self.who, Update(desired=desired, is_whole=whole)))
        return int(twin.desired.version)

    @property
    def reported(self) -> dict[str, Any]:
        """As a service sees it."""
        twin = self.hub.ask(self.hub.hub.twin, self.who)
        return json.loads(twin.for_client())["reported"]

    def graph(self, name: str, instance: str = "") -> dict[str, Any]:
        """What is reported of a graph; empty: nothing."""
        return self.reported.get("graphs", {}).get(name, {}).get(instance or name, {})

    def call(self, name: str, payload: object) -> tuple[int, Any]:
        reply = self.hub.call(self.hub.hub.invoke(self.who, name, json.dumps(payload).encode(), 20.0, 10.0))
        return reply.status, json.loads(reply.payload)

    def records(self, output: str = "output1") -> list[dict[str, Any]]:
        """Of the hub's event log."""
        return [record for line in self.hub.lines() if (record := json.loads(line))["output"] == output]

    def wait(self, condition: Callable[[], object], timeout_s: float = 60.0) -> Any:
        """What the condition gives as soon as it is true."""
        deadline_s = time.monotonic() + timeout_s
        while not (found := condition()):
            assert self.process is not None
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline_s, (self.reported, self.said())
            time.sleep(0.05)
        return found

    def said(self) -> str:
        return (self.folder / "module.stderr").read_text()


def counting(url: str, *, every_s: float = 1.0, **more: object) -> dict[str, Any]:
    """A graph that counts everybody."""
    events = [{"type": "count", "config": {"trigger": "interval", "output_frequency": every_s, "threshold": 0}}]
    space = {"zones": [{"name": "all", "polygon": WHOLE, "events": events}]}
    parameters = {"VIDEO_URL": url, "VIDEO_SOURCE_ID": "cam", "SPACEANALYTICS_CONFIG": json.dumps(space)}
    return {
        "operationId": "cognitiveservices.vision.spatialanalysis-personcount",
        "version": 1,
        "enabled": True,
        "parameters": {**parameters, **more},
    }


def serving(port: int, **more: object) -> dict[str, Any]:
    """A graph that media graphs bring frames to, as deployments of old have it."""
    events = [{"type": "zonecrossing", "config": {"threshold": 35.0}}]
    space = {"zones": [{"name": "all", "polygon": WHOLE, "events": events}]}
    return {
        "version": 2,
        "enabled": True,
        "platformloglevel": "info",
        "operationId": "cognitiveservices.vision.spatialanalysis-personcrossingpolygon.livevideoanalytics",
        "parameters": {
            "BINDING_ADDRESS": f"127.0.0.1:{port}",
            "DETECTOR_NODE_CONFIG": '{"gpu_index": 0}',
            "SPACEANALYTICS_CONFIG": json.dumps(space),
        },
        "nodesloglevel": "info",
        **more,
    }
