"""Every pair of node kinds, and how many of each there may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from footfall.mediagraph.flaws import Check, Flaw, earliest
from footfall.mediagraph.validator import all_of_topology
from media_documents import (
    assets,
    button,
    camera,
    files,
    gate,
    grpc,
    http,
    hub,
    motion,
    rate,
    topology,
    vision,
)

Make = Callable[..., dict[str, Any]]
BEFORE: dict[str, tuple[list[dict[str, Any]], str]] = {
    "RtspSource": ([], "camera"),
    "IoTHubMessageSource": ([button()], "button"),
    "MotionDetection": ([motion("camera")], "motion"),
    "FrameRateFilter": ([rate("camera")], "rate"),
    "HttpExtension": ([http("camera")], "http"),
    "GrpcExtension": ([grpc("camera")], "grpc"),
    "CognitiveServicesVision": ([vision("camera")], "vision"),
    "SignalGate": ([motion("camera"), gate("camera", "motion"), assets("gate")], "gate"),
}
AFTER: dict[str, Make] = {
    "MotionDetection": motion,
    "FrameRateFilter": rate,
    "HttpExtension": http,
    "GrpcExtension": grpc,
    "CognitiveServicesVision": vision,
    "SignalGate": gate,
    "AssetSink": assets,
    "FileSink": files,
    "IoTHubMessageSink": hub,
}
EXTENSIONS = {"HttpExtension", "GrpcExtension", "CognitiveServicesVision"}
PICTURES = {"RtspSource", "MotionDetection", "FrameRateFilter"}
ALLOWED = {
    ("RtspSource", "MotionDetection"),
    *((one, "FrameRateFilter") for one in PICTURES),
    *((one, other) for one in PICTURES | EXTENSIONS for other in EXTENSIONS),
    *((one, "SignalGate") for one in {"RtspSource", "MotionDetection", "IoTHubMessageSource"} | EXTENSIONS),
    ("RtspSource", "AssetSink"),
    ("SignalGate", "AssetSink"),
    ("SignalGate", "FileSink"),
    *((one, "IoTHubMessageSink") for one in {"MotionDetection"} | EXTENSIONS),
    ("RtspSource", "IoTHubMessageSink"),  # told as a warning
}


def flaws(*nodes: dict[str, Any], version: str = "2.0") -> list[Flaw]:
    return list(all_of_topology(topology(*nodes, version=version))[1])


def first(found: list[Flaw]) -> Check | None:
    return next((flaw.check for flaw in earliest(found)), None)


@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize("before", BEFORE)
def test_each_pair_of_nodes(before: str, after: str) -> None:
    nodes, name = BEFORE[before]
    successor = AFTER[after](name, name="successor")
    if after == "SignalGate":  # whatever it is given, the rest of a sound gate is there too
        others = {"RtspSource": ["opener"], "SignalGate": ["camera", "opener"]}.get(before, ["camera"])
        successor = gate(name, *others, name="successor")
        nodes = [
            *nodes,
            motion("camera", name="opener") if "motion" not in [n["name"] for n in nodes] else button("opener"),
        ]
        nodes = [*nodes, files("successor", name="clips")]
    kinds = [flaw for flaw in flaws(camera(), *nodes, successor) if flaw.check is Check.PREDECESSORS]

    refused = [flaw for flaw in kinds if not flaw.is_warning]
    assert bool(refused) is ((before, after) not in ALLOWED)
    assert {flaw.code for flaw in refused} <= {"GraphValidationError"}


def test_a_refused_pair_names_the_node_by_its_path() -> None:
    (refused,) = earliest(flaws(camera(), motion("camera"), files("motion")))

    assert refused.target == "$.Properties.Sinks[0]"
    assert "FileSink cannot follow one of type MotionDetectionProcessor" in refused.what
    assert refused.cure == "let it follow one of type SignalGateProcessor"


def test_a_hub_sink_behind_a_camera_is_told_as_a_warning() -> None:
    (flaw,) = flaws(camera(), hub("camera"))

    assert flaw.is_warning
    assert flaw.target == "$.Properties.Sinks[0]"


def test_a_processor_that_nobody_listens_to_is_told_as_a_warning() -> None:
    (flaw,) = flaws(camera(), motion("camera"), assets("camera"))

    assert flaw.is_warning
    assert flaw.what == "nobody takes what it gives"


SOUND = [
    pytest.param([camera(), assets("camera")], id="a camera recorded all day"),
    pytest.param([camera(), motion("camera"), hub("motion")], id="motion told to the hub"),
    pytest.param(
        [camera(), motion("camera"), gate("camera", "motion"), assets("gate")], id="motion recorded as assets"
    ),
    pytest.param([camera(), motion("camera"), gate("camera", "motion"), files("gate")], id="motion recorded as files"),
    pytest.param(
        [camera(), motion("camera"), gate("camera", "motion"), files("gate"), assets("gate")], id="both behind one gate"
    ),
    pytest.param(
        [camera(), button(), gate("camera", "button"), assets("gate")], id="recorded when another module says"
    ),
    pytest.param([camera(), rate("camera"), http("rate"), hub("http")], id="two pictures a second to a model"),
    pytest.param(
        [camera(), motion("camera"), rate("motion"), http("rate"), hub("http", "motion")], id="moving pictures"
    ),
    pytest.param(
        [camera(), rate("camera"), rate("rate", name="slower"), http("slower"), hub("http")], id="chained filters"
    ),
    pytest.param([camera(), grpc("camera"), vision("grpc"), hub("vision")], id="one model after another"),
    pytest.param(
        [camera(), vision("camera"), gate("camera", "vision"), assets("gate"), hub("vision")], id="the tutorial's graph"
    ),
    pytest.param(
        [camera(), motion("camera"), button(), gate("camera", "motion", "button"), files("gate"), assets("camera")],
        id="all day and by event",
    ),
]


@pytest.mark.parametrize("nodes", SOUND)
def test_sound_graphs(nodes: list[dict[str, Any]]) -> None:
    assert flaws(*nodes) == []


UNSOUND = [
    pytest.param([], Check.COUNTS, "$.Properties.Sources", id="no camera at all"),
    pytest.param([camera(), camera("other"), assets("camera")], Check.COUNTS, "$.Properties.Sources", id="two cameras"),
    pytest.param(
        [camera(), motion("camera"), motion("camera", name="again"), hub("motion", "again")],
        Check.COUNTS,
        "$.Properties.Processors[0]",
        id="two motion detectors",
    ),
    pytest.param(
        [camera(), assets("camera"), assets("camera", name="again")],
        Check.COUNTS,
        "$.Properties.Sinks[0]",
        id="two asset sinks",
    ),
    pytest.param(
        [camera(), button(), gate("camera", "button"), files("gate"), files("gate", name="again")],
        Check.COUNTS,
        "$.Properties.Sinks[0]",
        id="two file sinks",
    ),
    pytest.param(
        [camera(), button(), gate("camera", "button")],
        Check.COUNTS,
        "$.Properties.Processors[0]",
        id="a gate with nothing behind it",
    ),
    pytest.param(
        [camera(), gate("camera"), assets("gate")],
        Check.PREDECESSORS,
        "$.Properties.Processors[0]",
        id="a gate that nothing opens",
    ),
    pytest.param(
        [camera(), button(), gate("button"), assets("gate")],
        Check.PREDECESSORS,
        "$.Properties.Processors[0]",
        id="a gate without media",
    ),
    pytest.param(
        [camera(), button(), gate("camera", "camera", "button"), assets("gate")],
        Check.PREDECESSORS,
        "$.Properties.Processors[0]",
        id="a gate with media twice",
    ),
    pytest.param(
        [camera(), assets("camera", name="camera")], Check.UNIQUE, "$.Properties.Sinks[0]", id="two nodes of one name"
    ),
    pytest.param(
        [camera(), assets("nobody")], Check.INPUTS, "$.Properties.Sinks[0].Inputs[0].NodeName", id="input from nobody"
    ),
    pytest.param(
        [camera(), assets("Camera")], Check.INPUTS, "$.Properties.Sinks[0].Inputs[0].NodeName", id="names have case"
    ),
    pytest.param(
        [camera(), rate("slower"), rate("rate", name="slower"), http("slower"), hub("http")],
        Check.CYCLE,
        "$.Properties.Processors[0]",
        id="two nodes in a circle",
    ),
    pytest.param(
        [camera(), grpc("camera", "grpc"), hub("grpc")],
        Check.CYCLE,
        "$.Properties.Processors[0]",
        id="a node that feeds itself",
    ),
]


@pytest.mark.parametrize(("nodes", "check", "target"), UNSOUND)
def test_unsound_graphs(nodes: list[dict[str, Any]], check: Check, target: str) -> None:
    found = earliest(flaws(*nodes))

    assert first(list(found)) is check
    assert target in {flaw.target for flaw in found}
    assert {flaw.code for flaw in found} == {"GraphValidationError"}


def test_a_gate_without_a_recording_is_told_once() -> None:
    (flaw,) = flaws(camera(), button(), gate("camera", "button"))

    assert flaw.what == "is followed by no recording"


@pytest.mark.parametrize(("version", "refused"), [("1.0", Check.COUNTS), ("2.0", None)])
def test_only_api_2_has_several_extensions(version: str, refused: Check | None) -> None:
    assert first(flaws(camera(), grpc("camera"), http("grpc"), hub("http"), version=version)) is refused
