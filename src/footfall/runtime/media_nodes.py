"""The nodes of a media graph, wired: which sees pictures, which says something, which keeps video."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf

from footfall.config.media import (
    AssetSink,
    Extension,
    FileSink,
    FrameRateFilter,
    HubSink,
    HubSource,
    MediaGraph,
    MediaInput,
    MediaNode,
    MotionDetection,
    RtspSource,
    SignalGate,
)
from footfall.core.ports import Node
from footfall.detect.regions import LEAST_AREA, SIDE_PX, MotionRegions, RegionSettings
from footfall.engine.media import (
    AskNode,
    CameraNode,
    DoorNode,
    MotionNode,
    Offer,
    OpenGraph,
    PublishNode,
    RateNode,
    ReachNode,
    TriggerNode,
)
from footfall.ingest.rate import RateFilter
from footfall.recording.media import Recording
from footfall.runtime.media_reports import Reporter

NATIVE_PX = 16_384
"""Wider than any camera: pictures at the camera's own size."""
FASTEST_FPS = 1000.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a graph needs of its camera."""

    decodes: bool
    """Whether anybody looks at pictures."""
    image_width_px: int | None
    """None: as wide as the camera's."""
    picture_width_px: int | None
    """None: no second picture."""
    max_fps: float


def wishes(graph: MediaGraph) -> Wishes:
    """What the nodes of a graph want, all together."""
    asks = bool(extensions(graph))
    looks = any(isinstance(node.spec, MotionDetection) for node in graph.nodes)
    camera = camera_of(graph).name
    rates = [_rate(node) for node in graph.nodes if any(wire.node == camera for wire in node.inputs)]
    return Wishes(
        decodes=asks or looks,
        image_width_px=SIDE_PX if looks else None,
        picture_width_px=NATIVE_PX if asks and looks else None,
        max_fps=min(FASTEST_FPS, max((rate for rate in rates if rate), default=FASTEST_FPS)),
    )


def camera_of(graph: MediaGraph) -> MediaNode:
    """The graph's only RTSP source."""
    return next(node for node in graph.nodes if isinstance(node.spec, RtspSource))


def extensions(graph: MediaGraph) -> list[MediaNode]:
    """The nodes that ask models of other people."""
    return [node for node in graph.nodes if isinstance(node.spec, Extension)]


def recorders(graph: MediaGraph) -> Iterator[tuple[MediaNode | None, list[MediaNode]]]:
    """The sinks that keep video, each gate's together; None: those directly behind the camera."""
    named = {node.name: node for node in graph.nodes}
    groups: dict[str, list[MediaNode]] = {}
    for node in graph.nodes:
        if isinstance(node.spec, AssetSink | FileSink) and takes(node.inputs[0], VIDEO):
            groups.setdefault(node.inputs[0].node, []).append(node)
    for name, sinks in groups.items():
        yield (named[name] if isinstance(named[name].spec, SignalGate) else None), sinks


class Wiring:
    """Builds the graph of nodes.

    Args:
        graph: what is asked for.
        offers: who is asked, by the name of the extension node.
        recordings: what keeps video, by the name of the gate before it.
        reporter: words what goes to the hub.
    """

    def __init__(
        self, graph: MediaGraph, offers: Mapping[str, Offer], recordings: Mapping[str, Recording], reporter: Reporter
    ) -> None:
        self._graph = graph
        self._offers = offers
        self._recordings = recordings
        self._reporter = reporter
        self._nodes: dict[str, Node] = {}
        self._inputs: dict[str, list[str]] = {}
        self.models: dict[str, AskNode] = {}
        """The extension nodes, by name."""

    def build(self) -> OpenGraph:
        """All nodes, in order."""
        for node in self._graph.nodes:
            self._add(node)
        for name, recording in self._recordings.items():
            self._add_reach(name, recording)
        return OpenGraph(self._nodes, self._inputs)

    def _add(self, node: MediaNode) -> None:
        match node.spec:
            case RtspSource():
                self._put(node, CameraNode(), "")
            case HubSource():
                self._put(node, DoorNode(), "")
            case FrameRateFilter(max_fps=max_fps):
                self._put(node, RateNode(RateFilter(max_fps).passes), VIDEO)
            case MotionDetection():
                self._put(node, _motion(node.spec), VIDEO)
            case Extension():
                self.models[node.name] = _ask(node.spec, self._offers[node.name])
                self._put(node, self.models[node.name], VIDEO)
            case SignalGate() if node.name in self._recordings:
                self._put(node, TriggerNode(self._recordings[node.name].trigger_at), APPLICATION)
            case HubSink(output_name=output):
                for wire in node.inputs:
                    publish = PublishNode(self._reporter.inference(wire.node, output))
                    self._put(replace(node, name=f"{node.name} < {wire.node}", inputs=(wire,)), publish, APPLICATION)

    def _put(self, node: MediaNode, built: Node, media: str) -> None:
        """A node and the one kind of media that it takes; one that nobody gives any of it does nothing."""
        feeds = [wire.node for wire in node.inputs if takes(wire, media) and self._gives(wire.node, media)]
        if media and not feeds:
            built = DoorNode()
        self._nodes[node.name] = built
        self._inputs[node.name] = feeds

    def _gives(self, name: str, media: str) -> bool:
        """Whether a node gives this kind of media: a camera has nothing to say."""
        return name in self._nodes and not (media == APPLICATION and isinstance(self._nodes[name], CameraNode))

    def _add_reach(self, gate: str, recording: Recording) -> None:
        """A gate whose events come from pictures hears how far they have been looked at."""
        before = set(self._ancestors(gate))
        models = [model for name, model in self.models.items() if name in before]
        if models or any(isinstance(self._nodes[name], MotionNode) for name in before):
            self._nodes[f"{gate} reach"] = ReachNode(models, recording.advance)

    def _ancestors(self, name: str) -> Iterator[str]:
        for feed in self._inputs.get(name, ()):
            yield feed
            yield from self._ancestors(feed)


def takes(wire: MediaInput, media: str) -> bool:
    """Whether an input's selectors let this kind of media pass."""
    return all((selector.media == media) is selector.is_wanted for selector in wire.selectors)


def _rate(node: MediaNode) -> float:
    """How many pictures a second a node behind the camera wants."""
    match node.spec:
        case FrameRateFilter(max_fps=max_fps):
            return max_fps
        case Extension(max_fps=float(max_fps)):
            return max_fps
        case Extension() | MotionDetection():
            return inf
    return 0.0


def _motion(spec: MotionDetection) -> MotionNode:
    regions = MotionRegions(RegionSettings(LEAST_AREA[spec.sensitivity]))
    return MotionNode(regions.find, outputs_regions=spec.outputs_regions, aggregation_s=spec.aggregation_s)


def _ask(spec: Extension, offer: Offer) -> AskNode:
    passes = RateFilter(spec.max_fps).passes if spec.max_fps is not None else None
    return AskNode(offer, only_annotated=spec.only_annotated, passes=passes)


VIDEO, APPLICATION = "video", "application"
