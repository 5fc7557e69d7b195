"""What a graph wants of its camera, and which of its nodes hear what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from footfall.config.media import (
    AssetSink,
    Endpoint,
    Extension,
    FileSink,
    FrameRateFilter,
    HubSink,
    HubSource,
    ImageForm,
    MediaGraph,
    MediaInput,
    MediaNode,
    MediaSpec,
    MotionDetection,
    Protocol,
    RtspSource,
    Selector,
    SignalGate,
)
from footfall.core.types import Frame, Message
from footfall.engine.clock import SystemClock
from footfall.engine.media import Sample, Signal
from footfall.runtime.media_nodes import Wiring, recorders, takes, wishes
from footfall.runtime.media_reports import Outputs, Reporter

UTC_0 = datetime(2026, 1, 5, tzinfo=UTC)
CAMERA = MediaNode("camera", RtspSource(Endpoint("rtsp://x")))
MODEL = Extension(Protocol.GRPC, Endpoint("tcp://x:1"), ImageForm())
CAT = {"type": "entity"}


def after(name: str, spec: MediaSpec, *inputs: str) -> MediaNode:
    return MediaNode(name, spec, tuple(map(MediaInput, inputs)))


def graph(*nodes: MediaNode) -> MediaGraph:
    return MediaGraph("G", "T", (CAMERA, *nodes))


@pytest.mark.parametrize(
    ("nodes", "decodes", "image_px", "picture_px", "fps"),
    [
        pytest.param([after("a", AssetSink("a"), "camera")], False, None, None, 1000.0, id="recorders look at nothing"),
        pytest.param([after("f", FrameRateFilter(2.0), "camera")], False, None, None, 2.0, id="nor does a mere filter"),
        pytest.param([after("m", MotionDetection(), "camera")], True, 384, None, 1000.0, id="motion wants small ones"),
        pytest.param([after("x", MODEL, "camera")], True, None, None, 1000.0, id="a model wants them whole"),
        pytest.param(
            [after("f", FrameRateFilter(2.0), "camera"), after("x", MODEL, "f")],
            True, None, None, 2.0, id="a filter before a model thins at the source",
        ),
        pytest.param(
            [after("f", FrameRateFilter(2.0), "camera"), after("x", replace(MODEL, max_fps=0.5), "camera")],
            True, None, None, 2.0, id="the hungriest node counts",
        ),
        pytest.param(
            [after("m", MotionDetection(), "camera"), after("x", replace(MODEL, max_fps=1.0), "m")],
            True, 384, 16_384, 1000.0, id="both sizes, and every frame for motion",
        ),
    ],
)  # fmt: skip
def test_wishes(
    nodes: list[MediaNode], decodes: bool, image_px: int | None, picture_px: int | None, fps: float
) -> None:
    found = wishes(graph(*nodes))
    assert (found.decodes, found.image_width_px, found.picture_width_px, found.max_fps) == (
        decodes,
        image_px,
        picture_px,
        fps,
    )


def test_sinks_are_recorded_together_where_they_share_a_gate() -> None:
    gate = after("gate", SignalGate(), "camera", "m")
    nodes = [
        after("m", MotionDetection(), "camera"),
        gate,
        after("a", AssetSink("a"), "gate"),
        after("f", FileSink("/f", "f"), "gate"),
        after("all", AssetSink("all"), "camera"),
        MediaNode("sound", AssetSink("s"), (MediaInput("camera", (Selector("audio"),)),)),
    ]
    found = [(node and node.name, [sink.name for sink in sinks]) for node, sinks in recorders(graph(*nodes))]
    assert found == [("gate", ["a", "f"]), (None, ["all"])]


@pytest.mark.parametrize(
    ("selectors", "media", "passes"),
    [
        pytest.param([], "video", True, id="no selector: everything"),
        pytest.param([Selector("video")], "video", True, id="video is wanted"),
        pytest.param([Selector("video")], "application", False, id="nothing but video"),
        pytest.param([Selector("application", is_wanted=False)], "video", True, id="all but inferences"),
        pytest.param([Selector("video"), Selector("video", is_wanted=False)], "video", False, id="all must hold"),
    ],
)
def test_selectors(selectors: list[Selector], media: str, passes: bool) -> None:
    assert takes(MediaInput("camera", tuple(selectors)), media) is passes


class Gate:
    """Stands for a recording."""

    def __init__(self) -> None:
        self.heard: list[datetime | None] = []
        self.reached: list[float] = []

    def trigger_at(self, utc: datetime | None, correlation_id: str = "") -> None:
        del correlation_id
        self.heard.append(utc)

    def advance(self, t_s: float) -> None:
        self.reached.append(t_s)


def frame(t_s: float) -> Frame:
    return Frame("camera", 0, t_s, UTC_0, np.zeros((9, 16, 3), np.uint8))


class Wired:
    """A graph whose models only write down what they are asked."""

    def __init__(self, nodes: Iterable[MediaNode]) -> None:
        self.asked: list[str] = []
        self.gate = Gate()
        asked = graph(*nodes)
        offers = {
            node.name: (lambda _f, _t, _k, name=node.name: self.asked.append(name))
            for node in asked.nodes
            if isinstance(node.spec, Extension)
        }
        gates = {node.name: self.gate for node in asked.nodes if isinstance(node.spec, SignalGate)}
        reporter = Reporter("G", lambda: Outputs("account"), lambda _messages: None, SystemClock())
        self.graph = Wiring(asked, offers, gates, reporter).build()  # type: ignore[arg-type]

    def said(self, node: str) -> list[Message]:
        """What comes out when a node says something."""
        found = self.graph.emit(node, Sample(UTC_0, frame(1.0), (CAT,)))
        return [item for item in found if isinstance(item, Message)]


def test_a_hub_sink_tells_each_of_its_inputs_under_its_own_name() -> None:
    wired = Wired([after("x", MODEL, "camera"), after("y", MODEL, "x"), after("hub", HubSink("out"), "x", "y")])
    list(wired.graph.push(frame(0.0)))
    assert wired.asked == ["x"]
    (first,) = wired.said("x")
    assert wired.asked == ["x", "y"], "the next model is asked about the answer"
    (second,) = wired.said("y")
    assert [first.properties["subject"], second.properties["subject"]] == [
        "/graphInstances/G/processors/x",
        "/graphInstances/G/processors/y",
    ]
    assert first.topic == second.topic == "out"


def test_a_gate_hears_models_and_hub_messages_but_no_pictures() -> None:
    source = MediaNode("in", HubSource("in"))
    nodes = [source, after("x", MODEL, "camera"), after("gate", SignalGate(), "camera", "x", "in")]
    wired = Wired([*nodes, after("a", AssetSink("a"), "gate")])
    list(wired.graph.push(frame(0.0)))
    assert wired.gate.heard == []
    assert wired.gate.reached == [], "the model has not answered"
    wired.said("x")
    wired.graph.emit("in", Signal(UTC_0))
    assert wired.gate.heard == [UTC_0, UTC_0]


def test_a_gate_that_only_the_hub_opens_follows_the_camera() -> None:
    source = MediaNode("in", HubSource("in"))
    wired = Wired([source, after("gate", SignalGate(), "camera", "in"), after("a", AssetSink("a"), "gate")])
    list(wired.graph.push(frame(0.0)))
    assert wired.gate.reached == []


def test_a_gate_behind_motion_hears_how_far_it_was_looked() -> None:
    motion = after("m", MotionDetection(), "camera")
    wired = Wired([motion, after("gate", SignalGate(), "camera", "m"), after("a", AssetSink("a"), "gate")])
    for t_s in (0.0, 0.1):
        list(wired.graph.push(frame(t_s)))
    assert wired.gate.reached == [0.0, 0.1]


def test_selectors_cut_edges() -> None:
    deaf = MediaNode("x", MODEL, (MediaInput("camera", (Selector("audio"),)),))
    hub = MediaNode("hub", HubSink("out"), (MediaInput("y", (Selector("video"),)),))
    wired = Wired([deaf, after("y", MODEL, "camera"), hub])
    list(wired.graph.push(frame(0.0)))
    assert wired.asked == ["y"]
    assert wired.said("y") == [], "inferences are no video"
