"""The live-video tutorial with SIGKILLs: whoever is killed comes back, the tutorial ends, nothing is lost or half done.

One round kills each process once, at moments drawn by lot. `FOOTFALL_KILL_ROUNDS=10` does it ten times (a quarter of an
hour); `FOOTFALL_KILL_SEED` begins with another lot.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av
import pytest

from footfall.deploy.hub_access import device_of, service_of
from footfall.deploy.launch import HubPlace
from footfall.edge.service import ServiceError
from footfall.engine.clock import SystemClock
from servers.live_video import Reader, commands, reader, says_running, until
from servers.rtsp import rtsp_ready

__all__ = ["reader", "rtsp_ready"]

pytestmark = [pytest.mark.usefixtures("rtsp_ready"), pytest.mark.slow]

AGENT = "agent"
PARTS = {
    "edgeHub": "footfall hub",
    "lvaEdge": "footfall module media-graph",
    "rtspsim": "footfall simulate rtsp",
    "spatialAnalysis": "footfall module spatial-analysis",
}
ROUNDS = int(os.environ.get("FOOTFALL_KILL_ROUNDS", "1"))
SEED = int(os.environ.get("FOOTFALL_KILL_SEED", "1"))
LONGEST_S = 6.0
"""Between two kills."""
INSTANCE = {"@apiVersion": "1.0", "name": "Sample-Graph-1"}


class Stage:
    """The tutorial's deployment, and the ways to hurt it."""

    def __init__(self, reader: Reader) -> None:
        steps = iter(commands())
        self.reader = reader
        self.deploy = reader.prepare(steps)
        self.status = next(steps)
        self.folder = reader.folder / "live-video"
        self.hub = HubPlace(self.folder / "edge" / "hub")
        reader.start(self.deploy)
        self.await_all()

    def await_all(self) -> None:
        until(lambda: says_running(self.reader, self.status), self.reader, "all modules run")

    def call(self, method: str, payload: Mapping[str, Any]) -> tuple[int, Any]:
        """Ask until somebody answers: the module may just be starting."""

        def ask() -> tuple[int, Any] | None:
            try:
                with service_of(self.hub, SystemClock()) as service:
                    return service.invoke(device_of(self.hub), "lvaEdge", method, payload)
            except ServiceError:
                return None

        answer = until(ask, self.reader, method)
        assert isinstance(answer, tuple)
        return answer

    def kill(self, victim: str) -> None:
        """SIGKILL; the agent is started again by hand, as it would be by systemd."""
        agent = self.reader.newest_pid
        if victim == AGENT:
            os.kill(agent, signal.SIGKILL)
            self.reader.forget_newest()
            self.reader.start("footfall deploy --data edge")
            return
        pid = until(lambda: child_of(agent, PARTS[victim]), self.reader, f"{victim} runs")
        os.kill(pid, signal.SIGKILL)

    def events(self) -> list[dict[str, Any]]:
        """Everything in the hub's log: one JSON document a line, all of them whole."""
        files = sorted((self.hub.folder / "events").glob("events-*.jsonl"))
        lines = b"".join(file.read_bytes() for file in files).split(b"\n")
        return [json.loads(line) for line in lines if line]

    def told(self) -> Counter[str]:
        """Everything that the media graph has handed to its outbox, as it says itself."""
        text = (self.folder / "edge" / "logs" / "lvaEdge.log").read_text()
        return Counter(identity(json.loads(found)) for found in re.findall(r"Events: (\{.*\})$", text, flags=re.M))


def identity(message: Mapping[str, Any]) -> str:
    properties = message.get("applicationProperties") or message["properties"]
    return json.dumps([message["body"], properties], sort_keys=True)


def child_of(parent: int, command: str) -> int:
    """The process id of an agent's child; 0 if there is none."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            of = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if of == parent and command in line:
            return int(folder.name)
    return 0


def clips(folder: Path) -> int:
    """How many recordings there are; every finished piece of each plays."""
    playlists = list((folder / "appdata" / "assets").glob("*/*.m3u8"))
    for playlist in playlists:
        with av.open(str(playlist)) as container:
            assert sum(1 for _ in container.decode(container.streams.video[0])) > 0, playlist
    return len(playlists)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_the_tutorial_survives(reader: Reader, number: int) -> None:
    lot = random.Random(SEED + number)
    stage = Stage(reader)
    topology = json.loads((stage.folder / "topology.json").read_text())
    operations = json.loads((stage.folder / "operations.json").read_text())["operations"]
    instance = next(step["opParams"] for step in operations if step["opName"] == "GraphInstanceSet")
    assert stage.call("GraphTopologySet", topology)[0] == 201
    assert stage.call("GraphInstanceSet", {"@apiVersion": "1.0", **instance})[0] == 201
    assert stage.call("GraphInstanceActivate", INSTANCE)[0] == 200

    for victim in lot.sample([*PARTS, AGENT], len(PARTS) + 1):
        time.sleep(lot.uniform(0.5, LONGEST_S))
        stage.kill(victim)
    stage.await_all()

    before = len(stage.events())
    until(lambda: any('"Enter"' in json.dumps(event) for event in stage.events()[before:]), reader, "a further event")
    until(lambda: clips(stage.folder) > 0, reader, "a clip")
    assert stage.call("GraphInstanceDeactivate", INSTANCE)[0] == 200
    assert stage.call("GraphInstanceDelete", INSTANCE)[0] == 200
    assert stage.call("GraphTopologyDelete", {"@apiVersion": "1.0", "name": topology["name"]})[0] == 200
    assert stage.call("GraphTopologyList", {"@apiVersion": "1.0"}) == (200, {"value": []})

    told = stage.told()
    until(lambda: not told - Counter(map(identity, stage.events())), reader, "every event in the hub's log")
    assert clips(stage.folder) > 0
    assert not list(stage.folder.glob("appdata/**/*.part"))
