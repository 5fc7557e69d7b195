"""Graphs of the kinds that people published: every edge they use, under both versions, down to a graph that can run."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from footfall.config.document import Document, decode
from footfall.config.media import Extension, FrameRateFilter, MediaGraph, MediaNode, RtspSource, SignalGate
from footfall.mediagraph.nodes import NodeKind
from footfall.mediagraph.resolve import resolve
from footfall.mediagraph.validator import valid_instance, valid_topology
from media_documents import (
    assets,
    button,
    camera,
    files,
    gate,
    grpc,
    http,
    hub,
    instance,
    motion,
    parameter,
    rate,
    topology,
    vision,
)

REFERENCE = Path(__file__).resolve().parents[2] / "docs/reference/media-graph.md"
FILES = Path(__file__).resolve().parent.parent / "golden/mediagraph"
K = NodeKind
USED = {
    (K.RTSP_SOURCE, K.GATE), (K.RTSP_SOURCE, K.MOTION), (K.RTSP_SOURCE, K.RATE), (K.RTSP_SOURCE, K.ASSET_SINK),
    (K.RTSP_SOURCE, K.HTTP), (K.RTSP_SOURCE, K.GRPC), (K.RTSP_SOURCE, K.COGNITIVE), (K.GATE, K.ASSET_SINK),
    (K.RATE, K.HTTP), (K.GATE, K.FILE_SINK), (K.RATE, K.GRPC), (K.RATE, K.COGNITIVE), (K.HTTP, K.HUB_SINK),
    (K.MOTION, K.GATE), (K.GRPC, K.HUB_SINK), (K.MOTION, K.HUB_SINK), (K.HUB_SOURCE, K.GATE), (K.MOTION, K.RATE),
    (K.MOTION, K.GRPC), (K.GRPC, K.GATE), (K.HTTP, K.GATE), (K.COGNITIVE, K.GATE), (K.COGNITIVE, K.HUB_SINK),
    (K.GRPC, K.GRPC),
}  # fmt: skip
"""Edges of spec/media-graph.md section 5.2."""
SHAPES = {
    "all day": [camera(), assets("camera")],
    "all day, and motion": [camera(), assets("camera"), motion("camera"), hub("motion")],
    "motion to assets": [camera(), motion("camera"), gate("camera", "motion"), assets("gate"), hub("motion")],
    "motion to files": [camera(), motion("camera"), gate("camera", "motion"), files("gate")],
    "motion to both": [camera(), motion("camera"), gate("camera", "motion"), files("gate"), assets("gate")],
    "another module's message to assets": [camera(), button(), gate("camera", "button"), assets("gate")],
    "another module and a model": [
        camera(),
        button(),
        rate("camera"),
        http("rate"),
        hub("http"),
        gate("camera", "button"),
        files("gate"),
    ],
    "pictures to a model": [camera(), rate("camera"), http("rate"), hub("http")],
    "all pictures to a model": [camera(), http("camera"), hub("http")],
    "pictures that move to a model": [camera(), motion("camera"), rate("motion"), http("rate"), hub("http")],
    "model over gRPC": [camera(), rate("camera"), grpc("rate"), hub("grpc")],
    "model over gRPC of what moves": [camera(), motion("camera"), grpc("motion"), hub("grpc")],
    "all pictures over gRPC": [camera(), grpc("camera"), hub("grpc")],
    "what a model says to assets": [camera(), grpc("camera"), gate("camera", "grpc"), assets("gate"), hub("grpc")],
    "what another says to files": [camera(), http("camera"), gate("camera", "http"), files("gate")],
    "spatial analysis": [
        camera(),
        rate("camera"),
        vision("rate"),
        gate("camera", "vision"),
        assets("gate"),
        hub("vision"),
    ],
    "spatial analysis of all": [camera(), vision("camera"), hub("vision")],
}
CHAIN = [camera(), grpc("camera"), grpc("grpc", name="second"), hub("second")]


def resolved(document: dict[str, Any], **values: str) -> MediaGraph:
    found, warnings = valid_topology(document)
    assert warnings == ()
    there, _ = valid_instance(instance(document["name"], **values))
    return resolve(found, there, allows_unsecured=True)


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("name", SHAPES)
def test_each_shape_runs(name: str, version: str) -> None:
    graph = resolved(topology(*SHAPES[name], version=version))

    assert len(graph.nodes) == len(SHAPES[name])


def test_the_shapes_use_every_edge() -> None:
    used = set()
    for nodes in [*SHAPES.values(), CHAIN]:
        found, _ = valid_topology(topology(*nodes))
        kinds = {node.name: node.kind for node in found.nodes}
        used |= {(kinds[before], node.kind) for node in found.nodes for before in node.inputs}

    assert used >= USED


@pytest.mark.parametrize("name", SHAPES)
def test_every_value_may_be_a_parameter(name: str) -> None:
    """As `${p1}`, `${p2}` ... with the value as default, a shape becomes the same graph."""
    plain = topology(*SHAPES[name])
    held = deepcopy(plain)
    parameters: list[dict[str, Any]] = []

    def hide(place: Any) -> None:
        for key, value in place.items() if isinstance(place, dict) else enumerate(place):
            if isinstance(value, dict | list):
                hide(value)
            elif key not in {"@type", "name", "nodeName"}:
                parameters.append(parameter(f"p{len(parameters)}", default=value))
                place[key] = f"${{p{len(parameters) - 1}}}"

    hide(held["properties"])
    held["properties"]["parameters"] = parameters

    assert resolved(held) == resolved(plain)


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_the_tutorials_graph(version: str) -> None:
    text = decode((FILES / f"tutorial-{version}.json").read_bytes(), Document("tutorial"))
    graph = resolved(
        json.loads(text), rtspUrl=" rtsp://rtspsim:554/media/lorry.mkv", rtspPassword="x", rtspUserName="y"
    )
    nodes: dict[str, MediaNode] = {node.name: node for node in graph.nodes}

    source, model, gate_ = nodes["rtspSource"].spec, nodes["cvExtension"].spec, nodes["signalGateProcessor"].spec
    assert isinstance(source, RtspSource)
    assert source.endpoint.url == "rtsp://rtspsim:554/media/lorry.mkv"
    assert isinstance(model, Extension)
    assert (model.endpoint.url, model.image.width_px, model.image.height_px) == (
        "tcp://spatialAnalysis:50051",
        1408,
        786,
    )
    assert model.shared_memory_bytes == 20 * 1024 * 1024
    assert gate_ == SignalGate(1.0, 0.0, 30.0, 30.0)
    if version == "1.0":
        assert nodes["frameRateFilter"].spec == FrameRateFilter(2.0)
    else:
        assert model.max_fps == 20.0
        assert [each.media for each in nodes["cvExtension"].inputs[0].selectors] == ["video"]


def test_the_example_of_the_reference() -> None:
    found, there = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", REFERENCE.read_text(), re.S))
    topology_, warnings = valid_topology(found)
    instance_, _ = valid_instance(there)

    assert warnings == ()
    assert [node.name for node in resolve(topology_, instance_, allows_unsecured=True).nodes][-1] == "clips"
