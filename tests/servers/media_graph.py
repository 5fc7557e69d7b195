"""A media graph for tests: topology in, messages out, no hub between."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from footfall.config.media import MediaGraph
from footfall.core.outside import PathMap
from footfall.core.types import Message
from footfall.ingest.camera import spec_of
from footfall.mediagraph.resolve import resolve
from footfall.mediagraph.validator import valid_instance, valid_topology
from footfall.recording.media import Store
from footfall.runtime.media import MediaInstance, MediaServices
from footfall.runtime.media_reports import Outputs

PREFIX = "#Microsoft.Media.MediaGraph"
ACCOUNT = "/local/test"
NOWHERE = PathMap()


@pytest.fixture
def patient_with_cameras(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy computer may keep a camera silent for longer than the 3 s after which it is lost."""
    patient = lambda *said: replace(spec_of(*said), timeout_s=60.0)  # noqa: E731
    monkeypatch.setattr("footfall.runtime.media.spec_of", patient)


def rtsp_source(url: str, user: str = "", password: str = "", **more: object) -> dict[str, object]:
    """A node called `rtspSource`."""
    endpoint: dict[str, object] = {"@type": f"{PREFIX}UnsecuredEndpoint", "url": url}
    if user:
        login = {"@type": f"{PREFIX}UsernamePasswordCredentials", "username": user, "password": password}
        endpoint["credentials"] = login
    return {"@type": f"{PREFIX}RtspSource", "name": "rtspSource", "endpoint": endpoint} | more


def node(kind: str, name: str, *inputs: str, **more: object) -> dict[str, object]:
    """Any other node."""
    feeds = {"inputs": [{"nodeName": each} for each in inputs]} if inputs else {}
    return {"@type": PREFIX + kind, "name": name, **feeds, **more}


def extension(name: str, port: int, *inputs: str, **more: object) -> dict[str, object]:
    """A CognitiveServicesVisionExtension as the seed has it."""
    endpoint = {"@type": f"{PREFIX}UnsecuredEndpoint", "url": f"tcp://127.0.0.1:{port}"}
    image = {
        "scale": {"mode": "Pad", "width": "1408", "height": "786"},
        "format": {"@type": f"{PREFIX}ImageFormatRaw", "pixelFormat": "Bgr24"},
    }
    return node("CognitiveServicesVisionExtension", name, *inputs, endpoint=endpoint, image=image, **more)


def graph(
    sources: Sequence[Mapping[str, object]],
    processors: Sequence[Mapping[str, object]],
    sinks: Sequence[Mapping[str, object]],
    name: str = "Sample-Graph-1",
) -> MediaGraph:
    """One instance of a topology, checked and resolved as the module does it."""
    made: Any = {
        "@apiVersion": "2.0",
        "name": "Topology",
        "properties": {"sources": list(sources), "processors": list(processors), "sinks": list(sinks)},
    }
    topology, _ = valid_topology(made)
    instance, _ = valid_instance({"@apiVersion": "2.0", "name": name, "properties": {"topologyName": "Topology"}})
    return resolve(topology, instance, allows_unsecured=True)


class Outbound:
    """All messages that instances sent."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.RLock())
        self._messages: list[Message] = []

    def __call__(self, messages: Sequence[Message]) -> None:
        """Take messages."""
        with self._changed:
            self._messages += messages
            self._changed.notify_all()

    def of(self, event: str) -> list[Message]:
        """Those whose event type ends so."""
        with self._changed:
            return [message for message in self._messages if message.properties["eventType"].endswith(event)]

    def wait(self, event: str, count: int = 1, timeout_s: float = 60.0) -> list[Message]:
        """The same, once there are enough of them."""
        deadline_s = time.monotonic() + timeout_s
        with self._changed:
            while len(found := self.of(event)) < count:
                left_s = deadline_s - time.monotonic()
                if left_s <= 0.0:
                    raise AssertionError(f"{len(found)} of {count} {event}; {[m.properties for m in self._messages]}")
                self._changed.wait(left_s)
            return found


def body(message: Message) -> dict[str, Any]:
    """What a message says."""
    found: dict[str, Any] = json.loads(message.body)
    return found


@contextmanager
def running(asked: MediaGraph, folder: Path, paths: PathMap = NOWHERE) -> Iterator[tuple[MediaInstance, Outbound]]:
    """The instance at work; stopped at the end."""
    out = Outbound()
    outputs: Callable[[], Outputs] = lambda: Outputs(ACCOUNT, "diagnostics", "operational")  # noqa: E731
    services = MediaServices(out, outputs, Store(folder / "assets", paths))
    instance = MediaInstance(asked, services)
    try:
        yield instance, out
    finally:
        assert instance.stop(60.0)


def shared_memory() -> set[str]:
    """Regions for models that this process still holds open."""
    links = [link.readlink().name for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return set(re.findall(r"inference_client_share_memory_\d+", "\n".join(links)))
