"""Topologies and instances for tests, built up from nodes."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

PREFIX = "#Microsoft.Media.MediaGraph"
Json = dict[str, Any]


def typed(kind: str, **keys: Any) -> Json:
    """An object with an `@type`."""
    return {"@type": PREFIX + kind, **keys}


def unsecured(url: str, **keys: Any) -> Json:
    return typed("UnsecuredEndpoint", url=url, **keys)


def login(user: str = "keeper", password: str = "sesame") -> Json:  # noqa: S107
    return typed("UsernamePasswordCredentials", username=user, password=password)


def inputs(*names: str) -> list[Json]:
    return [{"nodeName": name} for name in names]


def camera(name: str = "camera", url: str = "rtsp://cam.example:554/door") -> Json:
    return typed("RtspSource", name=name, endpoint=unsecured(url))


def button(name: str = "button") -> Json:
    return typed("IoTHubMessageSource", name=name, hubInputName="pressed")


def motion(*before: str, name: str = "motion") -> Json:
    return typed("MotionDetectionProcessor", name=name, sensitivity="medium", inputs=inputs(*before))


def rate(*before: str, name: str = "rate") -> Json:
    return typed("FrameRateFilterProcessor", name=name, maximumFps="2", inputs=inputs(*before))


IMAGE = {
    "scale": {"mode": "pad", "width": "1408", "height": "786"},
    "format": typed("ImageFormatRaw", pixelFormat="bgr24"),
}


def grpc(*before: str, name: str = "grpc") -> Json:
    transfer = {"mode": "sharedMemory", "SharedMemorySizeMiB": "5"}
    endpoint = unsecured("tcp://model:44000")
    return typed(
        "GrpcExtension", name=name, endpoint=endpoint, image=IMAGE, dataTransfer=transfer, inputs=inputs(*before)
    )


def http(*before: str, name: str = "http") -> Json:
    image = {"format": typed("ImageFormatEncoded", encoding="jpeg", quality="90")}
    return typed(
        "HttpExtension", name=name, endpoint=unsecured("http://model/score"), image=image, inputs=inputs(*before)
    )


def vision(*before: str, name: str = "vision") -> Json:
    endpoint = unsecured("tcp://spatial:50051", credentials=login())
    return typed("CognitiveServicesVisionExtension", name=name, endpoint=endpoint, image=IMAGE, inputs=inputs(*before))


def gate(*before: str, name: str = "gate") -> Json:
    times = {
        "activationEvaluationWindow": "PT1S",
        "activationSignalOffset": "-PT5S",
        "minimumActivationTime": "PT30S",
        "maximumActivationTime": "PT0H0M30S",
    }
    return typed("SignalGateProcessor", name=name, **times, inputs=inputs(*before))


def assets(*before: str, name: str = "assets") -> Json:
    return typed(
        "AssetSink", name=name, assetNamePattern="door-${System.DateTime}", segmentLength="PT30S",
        localMediaCachePath="/var/lib/cache/", LocalMediaCacheMaximumSizeMiB="200", inputs=inputs(*before),
    )  # fmt: skip


def files(*before: str, name: str = "files") -> Json:
    return typed(
        "FileSink", name=name, baseDirectoryPath="/var/media", fileNamePattern="door-${System.DateTime}",
        maximumSizeMiB="512", inputs=inputs(*before),
    )  # fmt: skip


def hub(*before: str, name: str = "hub") -> Json:
    return typed("IoTHubMessageSink", name=name, hubOutputName="inferenceOutput", inputs=inputs(*before))


SOURCES = {"RtspSource", "IoTHubMessageSource"}
SINKS = {"AssetSink", "FileSink", "IoTHubMessageSink"}


def topology(*nodes: Json, name: str = "Door", version: str = "2.0", parameters: list[Json] | None = None) -> Json:
    """A whole document; nodes find their section by their type."""
    sections: dict[str, list[Json]] = {"sources": [], "processors": [], "sinks": []}
    for node in nodes:
        kind = node["@type"].removeprefix(PREFIX)
        sections["sources" if kind in SOURCES else "sinks" if kind in SINKS else "processors"].append(node)
    declared = {} if parameters is None else {"parameters": parameters}
    return deepcopy({"@apiVersion": version, "name": name, "properties": {**declared, **sections}})


def parameter(name: str, kind: str = "String", **keys: str) -> Json:
    return {"name": name, "type": kind, **keys}


def instance(of: str = "Door", name: str = "door-1", version: str = "2.0", **values: str) -> Json:
    """A whole document."""
    given = [{"name": key, "value": value} for key, value in values.items()]
    return {"@apiVersion": version, "name": name, "properties": {"topologyName": of, "parameters": given}}


def simple(name: str = "Door") -> Json:
    """A camera, motion, and a hub sink."""
    return topology(camera(), motion("camera"), hub("motion"), name=name)


def payload(document: Any) -> bytes:
    return json.dumps(document).encode()


def ask(name: str | None = None, version: str = "2.0", **more: Any) -> bytes:
    """A request that names one thing, or none."""
    return payload({"@apiVersion": version, **({} if name is None else {"name": name}), **more})
