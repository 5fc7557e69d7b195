"""The Plan: the one description of what must run. Every dialect compiles to it, only `runtime` builds from it.

Frozen, hashable and comparable: two plans are diffed graph by graph, node by node.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias, TypeVar

from footfall.core import options
from footfall.core.errors import Problem
from footfall.core.geometry import Polygon
from footfall.spatial.ground import Camera
from footfall.spatial.occupancy import Place
from footfall.spatial.regions import SpatialSpec


class OnEnd(Enum):
    """What a source does when its stream ends."""

    RECONNECT = "reconnect"
    """A camera: an end is a fault."""
    LOOP = "loop"
    """A file with VIDEO_IS_LIVE false: replayed for ever, tracks reset at each start (RULE C9)."""
    STOP = "stop"
    """A file on the command line: runs once."""


class Pace(Enum):
    """How fast a file is read."""

    REALTIME = "realtime"
    FAST = "fast"


class RtspTransport(Enum):
    """How RTP travels."""

    TCP = "tcp"
    UDP = "udp"
    HTTP = "http"
    """RTSP in an HTTP tunnel."""


@dataclass(frozen=True, slots=True)
class PrivacyMask:
    """A part of the picture that nobody is to see: black before anything looks at it."""

    name: str
    polygon_n: Polygon


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """Where frames come from."""

    source_id: str
    """VIDEO_SOURCE_ID: comes back as `sourceInfo.id`."""
    url: str = field(repr=False)
    """rtsp, rtsps, http, https, file or a bare path; may hold credentials, so it is never printed."""
    on_end: OnEnd = OnEnd.RECONNECT
    pace: Pace = Pace.REALTIME
    """REALTIME for cameras and looped files; FAST on the command line, where no frame is dropped either."""
    transport: RtspTransport = RtspTransport.TCP
    width_px: int = 640
    """Width of the processing frame (RULE 7), aspect kept."""
    max_fps: float = 15.0
    """At most this many frames a second of stream time are analysed."""
    timeout_s: float = 3.0
    """Without a frame for this long the source is broken."""
    ca_file: str = ""
    """rtsps: PEM file of those whose certificates are believed; empty: everybody's."""
    masks: tuple[PrivacyMask, ...] = ()
    """Black in every picture; packets cannot be masked, so nobody may record them."""


class LookAt(Enum):
    """Which parts of a picture a network is shown."""

    WHOLE = "whole"
    """All of each picture in which something may be new."""
    INTEREST = "interest"
    """Where people are expected, what moves near a zone or a line, and all of it once a second."""


@dataclass(frozen=True, slots=True)
class DetectSpec:
    """Which model finds people."""

    model: str = "person"
    """Name of a model card, or the path of a model file."""
    min_score: float | None = None
    """None: the model card's own."""
    look: LookAt = LookAt.WHOLE
    gpu_index: int = 0
    batch_size: int = 1


@dataclass(frozen=True, slots=True)
class StationarySpec:
    """Who stands like a mannequin is one (spec/operations.md 4.4, 4.6, 8.4)."""

    distance_px: float = 5.0
    """Pixels of the processing frame."""
    window_s: float = 3600.0
    ratio: float = 0.2


@dataclass(frozen=True, slots=True)
class TrackSpec:
    """How people keep their identity."""

    memory_s: float = 3.0
    """A lost track may come back for this long (RULE 23); at most 60."""
    speed: bool = True
    stationary: StationarySpec | None = StationarySpec()


FACE_WIDTH_PX = 1920
"""Width of the pictures that faces are looked for in (spec/operations.md section 9, RULE 25)."""


@dataclass(frozen=True, slots=True)
class FaceMaskSpec:
    """Who wears a face mask; a graph without this node does not ask."""

    model: str = "face-mask"
    """Name of a model card, or the path of a model file; it must tell `face_mask` from `face_nomask`."""


ATTRIBUTES_WIDTH_PX = 1280
"""Width of the pictures that people are cut out of for a customer's classifier, where the camera sends that much."""


@dataclass(frozen=True, slots=True)
class AttributesSpec:
    """What a customer's own model tells of each person; a graph without this node does not ask."""

    model: str
    """A classifier that Custom Vision exported: a zip, its folder, or its model file with `labels.txt` beside it."""
    every_s: float = 2.0
    """Stream time between two looks at one person."""


class Cut(Enum):
    """What is kept of a picture to learn from."""

    PEOPLE = "people"
    """One person, cut out."""
    PICTURE = "picture"
    """All of it."""


@dataclass(frozen=True, slots=True)
class SnapshotSpec:
    """Pictures of this camera are kept to learn from; a graph without this node keeps none."""

    project: str
    """Name of a project of Custom Vision at this service."""
    consent: str
    """What was agreed with those who are filmed; goes to the audit log."""
    given_by: str
    """Who says so."""
    cut: Cut = Cut.PEOPLE
    every_s: float = 30.0
    """Stream time between two pictures."""
    a_day: int = 50
    in_all: int = 500
    """When so many were taken it is over, until there is another consent."""
    days: int = 30
    """What nobody has tagged by then is erased."""


@dataclass(frozen=True, slots=True)
class GroundSpec:
    """From picture to floor."""

    camera: Camera | None = None
    """Known camera (CAMERA_CONFIG); None until calibrated."""
    calibrate: bool = True
    orientation: bool = True
    zone_placement: bool = False
    recalibrate: bool = True
    quality_check_frequency_s: float = 86400.0
    quality_check_sample_frequency_s: float = 300.0
    quality_check_samples: int = 10
    quality_check_queue: int = 1000
    event_frequency_s: float = -1.0
    """-1: a cameraCalibrationEvent only when the calibration changed."""


EventSpec = options.EventSpec
"""How events are worded; defined in `core`, because `events` reads it too."""
ExtensionSpec = options.ExtensionSpec
"""Where frames come in over gRPC; in `core` for the same reason."""

NodeSpec: TypeAlias = (
    SourceSpec
    | DetectSpec
    | TrackSpec
    | FaceMaskSpec
    | AttributesSpec
    | SnapshotSpec
    | GroundSpec
    | SpatialSpec
    | EventSpec
)
SpecT = TypeVar("SpecT", SourceSpec, DetectSpec, TrackSpec, FaceMaskSpec, GroundSpec, SpatialSpec, EventSpec)


@dataclass(frozen=True, slots=True)
class NodePlan:
    """One node of a graph."""

    name: str
    spec: NodeSpec
    inputs: tuple[str, ...] = ()
    shared: str = ""
    """Graphs whose nodes carry the same non-empty name use one and the same node (`sharedNodes`)."""


@dataclass(frozen=True, slots=True)
class GraphPlan:
    """One camera's graph: one instance of one operation."""

    id: str
    """`<graph>/<instance>`; without instances `<graph>/<graph>`."""
    operation: str
    """`personcount`, `personcrossingline`, `personcrossingpolygon`, `persondistance`, or `` for the generic one."""
    nodes: tuple[NodePlan, ...]
    enabled: bool = True
    debug: bool = False
    extension: ExtensionSpec | None = None
    """Set for `.livevideoanalytics` and `.azurevideoanalyzer`: there is no camera, frames come in over gRPC."""
    platform_log_level: str = ""
    nodes_log_level: str = ""

    def spec(self, kind: type[SpecT]) -> SpecT:
        """The spec of the graph's only node of this kind.

        Raises:
            KeyError: the graph has no such node.
        """
        for node in self.nodes:
            if isinstance(node.spec, kind):
                return node.spec
        raise KeyError(f"{self.id} has no {kind.__name__}")

    @property
    def face_mask(self) -> FaceMaskSpec | None:
        """The spec of the mask classifier; None where it is off."""
        return next((node.spec for node in self.nodes if isinstance(node.spec, FaceMaskSpec)), None)

    @property
    def attributes(self) -> AttributesSpec | None:
        """The spec of the customer's classifier of people; None where there is none."""
        return next((node.spec for node in self.nodes if isinstance(node.spec, AttributesSpec)), None)

    @property
    def snapshots(self) -> SnapshotSpec | None:
        """The spec of pictures to learn from; None where none are taken."""
        return next((node.spec for node in self.nodes if isinstance(node.spec, SnapshotSpec)), None)


@dataclass(frozen=True, slots=True)
class RecorderPlan:
    """One camera that is recorded without a break, whatever happens in it: pictures are stored."""

    id: str
    """`<graph>/<camera>`."""
    source: SourceSpec
    folder: str
    """Clips go to a folder of the camera's own in it; relative to where recordings are kept."""
    duration_s: float = 1200.0
    """Length of a clip."""
    overlap_s: float = 60.0
    """The next clip begins so long before the end of the present one; at most half its length."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that must run."""

    graphs: tuple[GraphPlan, ...]
    sinks: tuple[str, ...] = field(default=(), repr=False)
    """Sink specs as on the command line; may hold credentials."""
    warnings: tuple[Problem, ...] = ()
    places: tuple[Place, ...] = ()
    """Whose people are counted through their doors."""
    recorders: tuple[RecorderPlan, ...] = ()
    """Cameras whose pictures are stored."""

    @property
    def runs(self) -> tuple[GraphPlan | RecorderPlan, ...]:
        """Graphs and recorders, each with an id of its own."""
        return *self.graphs, *self.recorders


def pipeline(specs: Iterable[NodeSpec], shared: dict[type[NodeSpec], str] | None = None) -> tuple[NodePlan, ...]:
    """Nodes in a row, each fed by the one before: source, detect, track, mask, attributes, ground, spatial, event."""
    nodes: list[NodePlan] = []
    for spec in specs:
        inputs = (nodes[-1].name,) if nodes else ()
        nodes.append(NodePlan(NODE_NAMES[type(spec)], spec, inputs, (shared or {}).get(type(spec), "")))
    return tuple(nodes)


NODE_NAMES: dict[type[NodeSpec], str] = {
    SourceSpec: "source",
    DetectSpec: "detector",
    TrackSpec: "tracker",
    FaceMaskSpec: "facemask",
    AttributesSpec: "personattributes",
    SnapshotSpec: "snapshots",
    GroundSpec: "cameracalibrator",
    SpatialSpec: "spatialanalysis",
    EventSpec: "events",
}
