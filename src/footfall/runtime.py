"""The composition root: a Plan becomes sources, detectors, nodes and sinks. The only file that knows both sides."""

from __future__ import annotations

import logging
import os
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import cv2

from footfall.config.environment import Settings
from footfall.config.load import load_plan
from footfall.config.plan import (
    FACE_WIDTH_PX,
    DetectSpec,
    EventSpec,
    ExtensionSpec,
    FaceMaskSpec,
    GraphPlan,
    GroundSpec,
    LookAt,
    NodeSpec,
    OnEnd,
    Plan,
    SourceSpec,
    TrackSpec,
)
from footfall.core.errors import ConfigError, DetectorError, Problem
from footfall.core.options import InferenceForm
from footfall.core.ports import Clock, Detector, ExpectsPeople, Node, Sink
from footfall.core.types import Observed, Packet
from footfall.detect.build import open_detector
from footfall.detect.card import ModelCard
from footfall.detect.facemask import FaceReader, open_face_reader
from footfall.detect.gate import GatedDetector
from footfall.detect.lookout import InterestDetector, Lookout
from footfall.detect.places import watched_boxes
from footfall.detect.shared import SharedDetector
from footfall.engine.clock import SystemClock
from footfall.engine.delivery import Delivery, RemoteSink
from footfall.engine.door import DoorRunner
from footfall.engine.faces import FaceNode
from footfall.engine.graph import Graph
from footfall.engine.ground import CalibrationNews, GroundNode
from footfall.engine.nodes import DetectNode, EventNode, InferenceNode, MediaTimeNode, SpatialNode, Tap, TrackNode
from footfall.engine.remembered import CalibrationFile
from footfall.engine.supervisor import CameraRunner, Parts, Runner, Supervisor
from footfall.engine.worker import StopSignal
from footfall.events.encode import EventEncoder
from footfall.events.inferences import InferenceWriter
from footfall.extension.contract import ProtoMessage
from footfall.extension.render import Style, published
from footfall.extension.server import ExtensionServer
from footfall.extension.wire import StreamDescriptor
from footfall.faces.sheet import SheetSpec
from footfall.ingest.decode import VideoSource
from footfall.sinks.build import open_sink
from footfall.sinks.forward import Forwarder
from footfall.sinks.outbox import Outbox
from footfall.sinks.spec import RemoteAddress, parse_sink
from footfall.spatial.calibration.calibrator import Settings as CalibrationSettings
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.stationary import StationaryFilter
from footfall.track.settings import TrackerSettings
from footfall.track.tracker import PeopleTracker

log = logging.getLogger(__name__)

Factory: TypeAlias = Callable[[GraphPlan], Node]
"""Builds the node of one kind of spec."""

Look: TypeAlias = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class Taps:
    """Observers of one graph, called from its analyst's thread, or where it is said, from its reader's."""

    on_tracked: Look | None = None
    """Sees every `engine.items.Tracked` as it leaves the tracker, or the mask classifier behind it."""
    on_happened: Look | None = None
    """Sees every `engine.items.Happened`."""
    on_packet: Callable[[Packet], None] | None = None
    """Reader's thread: sees what the camera sent, in the stream time of the present connection."""
    on_life: Callable[[float], None] | None = None
    """Reader's thread: a further connection has begun; by how much its stream time lags behind the camera's."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a run needs beside its plan."""

    models_folder: Path
    outbox_folder: Path
    threads: int = 2
    """CPU threads of a network."""
    media_time: bool = False
    """Date events from 1970-01-01T00:00:00Z plus the media time instead of by the clock."""
    gives_up: bool = False
    """A source that cannot be opened at the start ends the run."""
    picture_width_px: int = 0
    """Frames carry a second picture this wide, for drawings; 0: none. What the detector sees does not change."""
    calibration_folder: Path | None = None
    """Where the calibrations of cameras outlive a restart; None: nowhere."""
    taps: Callable[[GraphPlan], Taps] = field(default=lambda _: Taps(), compare=False)
    """Who else looks at a graph's items: recorders of tracks, drawings, totals."""


class Runtime:
    """Everything a plan needs, built and wired.

    Raises:
        ConfigError: a sink or model of the plan cannot be opened; nothing was started.
        DetectorError: a model file is broken; nothing was started.
    """

    def __init__(self, plan: Plan, options: Options, environ: Mapping[str, str] = os.environ) -> None:
        self._plan = plan
        self._options = options
        self._clock: Clock = SystemClock()
        cv2.setNumThreads(1)  # cameras run side by side already: a second pool only costs
        self._detectors = Detectors(options)
        for graph in plan.graphs:
            if graph.enabled:
                self._detectors.open(graph)
                self._detectors.open_faces(graph)
        self.delivery = open_delivery(plan.sinks or ("-",), options.outbox_folder, environ, self._clock)
        self.supervisor = Supervisor(self._runner)

    @property
    def served(self) -> Mapping[str, str]:
        """Graph id -> the detector that serves it, in words."""
        return self._detectors.served

    def start(self) -> None:
        """Start every enabled graph."""
        self.supervisor.apply(self._plan)

    def close(self) -> int:
        """Stop everything; how many events wait on disk. Safe to call twice."""
        if not self.supervisor.stop():
            log.warning("not every camera has ended in time: its last events may be missing")
        return self.delivery.close()

    @property
    def failure(self) -> BaseException | None:
        """What ended a camera or a sink before its time; the first that there is."""
        failures = (runner.failure for runner in self.supervisor.runners)
        return next((failure for failure in failures if failure), self.delivery.failure)

    def _runner(self, plan: GraphPlan) -> Runner:
        return self._camera(plan) if plan.extension is None else self._door(plan, plan.extension)

    def _door(self, plan: GraphPlan, spec: ExtensionSpec) -> DoorRunner:
        """A graph whose frames come in over gRPC; what goes out is told to the plan's sinks as a hub would hear it."""
        style = Style.FIRST if spec.form is InferenceForm.LVA else Style.SECOND

        def publish(stream: StreamDescriptor, sample: ProtoMessage) -> None:
            self.delivery([published(stream, sample, style)])

        def open_door(runner: DoorRunner) -> ExtensionServer:
            return ExtensionServer(
                spec.address, lambda stream: runner.admit(self._visitors_graph(plan, stream)), publish
            )

        return DoorRunner(plan, open_door, self._clock)

    def _visitors_graph(self, plan: GraphPlan, stream: StreamDescriptor) -> Graph:
        own = configured(plan, stream.configuration)
        detector, _ = self._detectors.open(own)
        return run_graph(own, detector, self._detectors.open_faces(own), self._options, self._clock)

    def _camera(self, plan: GraphPlan) -> CameraRunner:
        source = plan.spec(SourceSpec)
        detector, wanted_px = self._detectors.open(plan)
        faces = self._detectors.open_faces(plan)
        graph = run_graph(plan, detector, faces, self._options, self._clock)
        picture_px = max(self._options.picture_width_px, FACE_WIDTH_PX if faces else 0)
        stop = StopSignal()
        taps = self._options.taps(plan)

        def open_source() -> VideoSource:
            return VideoSource(
                source,
                image_width_px=wanted_px,
                picture_width_px=picture_px,
                clock=self._clock,
                wait=stop.wait,
                on_packet=taps.on_packet,
            )

        parts = Parts(plan, open_source, graph, stop, taps.on_life or (lambda _base_s: None))
        return CameraRunner(parts, self.delivery, self._clock, uniform, gives_up=self._options.gives_up)


class Detectors:
    """Opens each model once: networks are shared by all cameras, motion has one instance a camera."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._shared: dict[tuple[str, float | None], tuple[SharedDetector, ModelCard]] = {}
        self._faces: dict[str, FaceReader | None] = {}
        self.served: dict[str, str] = {}
        """Graph id -> the detector that serves it, in words."""

    def open(self, plan: GraphPlan) -> tuple[Detector, int]:
        """The graph's detector and the image width in pixels that it wants.

        Raises:
            ConfigError: no such model, or it finds no people.
            DetectorError: the model is not there or broken.
        """
        spec = plan.spec(DetectSpec)
        key = (spec.model, spec.min_score)
        if key in self._shared:
            self.served[plan.id] = in_words(self._shared[key][1])
            return network_of(plan, *self._shared[key])
        detector, card = open_detector(
            spec.model, folder=self._options.models_folder, min_score=spec.min_score, threads=self._options.threads
        )
        if PERSON not in card.labels:
            what, cure = f"finds {', '.join(card.labels)}, no people", "take one that does: footfall models list"
            raise ConfigError([Problem(plan.id, spec.model, what, cure)])
        self.served[plan.id] = in_words(card)
        if card.decoder == MOTION:
            return detector, card.input.width_px
        self._shared[key] = SharedDetector(detector), card
        return network_of(plan, *self._shared[key])

    def open_faces(self, plan: GraphPlan) -> FaceReader | None:
        """The network that tells masks, shared by all graphs; None where nobody asked, or the built-in one is missing.

        Raises:
            ConfigError: no such model, or one that tells no masks.
            DetectorError: a model file is broken.
        """
        spec = plan.face_mask
        if spec is None:
            return None
        if spec.model not in self._faces:
            self._faces[spec.model] = self._open_faces(spec)
        return self._faces[spec.model]

    def _open_faces(self, spec: FaceMaskSpec) -> FaceReader | None:
        folder, threads = self._options.models_folder, self._options.threads
        try:
            reader = open_face_reader(spec.model, folder=folder, threads=threads)
        except (ConfigError, DetectorError) as error:
            if spec != FaceMaskSpec():
                raise
            log.warning("the mask classifier does not start, the rest runs: %s", error)
            return None
        log.info("face masks are told by %s (%s)", reader.card.name, reader.card.licence)
        return reader


def in_words(card: ModelCard) -> str:
    """Which model, under which licence."""
    return f"{card.name} ({card.licence})"


def network_of(plan: GraphPlan, shared: SharedDetector, card: ModelCard) -> tuple[Detector, int]:
    """What stands between a camera and the network of all, and the image width in pixels that it wants."""
    if plan.spec(DetectSpec).look is LookAt.WHOLE:
        return GatedDetector(shared), card.input.width_px
    lookout = Lookout(card.input, watched_boxes(plan.spec(SpatialSpec)), card.confident_score)
    return InterestDetector(shared, lookout), max(INTEREST_WIDTH_PX, card.input.width_px)


def run_graph(plan: GraphPlan, detector: Detector, faces: FaceReader | None, options: Options, clock: Clock) -> Graph:
    """The whole path of a frame: detect, track, faces, ground, rules, events, and the taps somebody asked for."""
    factories: dict[type[NodeSpec], Factory] = {
        DetectSpec: lambda _: DetectNode(detector),
        TrackSpec: lambda plan: track_node(plan, detector),
        **({FaceMaskSpec: lambda plan: face_node(plan, faces)} if faces else {}),
        **rules_factories(
            random_id, media_now if options.media_time else lambda _: clock.now(), options.calibration_folder
        ),
    }
    if plan.extension is not None:
        writer = InferenceWriter(plan.extension.form, raw=plan.extension.raw, new_id=random_id)
        factories[EventSpec] = lambda _: InferenceNode(writer)
    return wire(plan, factories, options.taps(plan), MediaTimeNode() if options.media_time else None)


def replay_graph(plan: GraphPlan, new_id: Callable[[], str], taps: Taps) -> Graph:
    """Ground, rules and events over recorded tracks: pure, no clock."""
    return wire(plan, rules_factories(new_id, media_now), taps)


def wire(
    plan: GraphPlan,
    factories: Mapping[type[NodeSpec], Factory],
    taps: Taps,
    entry: Node | None = None,
) -> Graph:
    """Build the plan's nodes for which there is a factory; `entry` stands before those without inputs.

    What a node that is not built would have been fed goes to those behind it.
    """
    nodes: dict[str, Node] = {ENTRY: entry} if entry else {}
    inputs: dict[str, Sequence[str]] = {}
    gives: dict[str, list[str]] = {}
    for node in plan.nodes:
        feeds = [feed for name in node.inputs for feed in gives[name]]
        gives[node.name] = feeds
        if type(node.spec) in factories:
            inputs[node.name] = feeds or ([ENTRY] if entry else [])
            nodes[node.name] = factories[type(node.spec)](plan)
            gives[node.name] = [node.name]
    seen = "facemask" if "facemask" in nodes else "tracker"
    for name, look in ((seen, taps.on_tracked), ("spatialanalysis", taps.on_happened)):
        if look is not None:
            nodes[f"{name} tap"] = Tap(look)
            inputs[f"{name} tap"] = [name]
    return Graph(nodes, inputs)


def track_node(plan: GraphPlan, detector: Detector) -> Node:
    """Tracker and remover of mannequins."""
    spec, still, remover = plan.spec(TrackSpec), plan.spec(TrackSpec).stationary, None
    if still is not None:
        remover = StationaryFilter(still.distance_px, still.window_s, still.ratio)
    tell = detector.observe if isinstance(detector, ExpectsPeople) else None
    return TrackNode(PeopleTracker(TrackerSettings(memory_s=spec.memory_s), random_id), remover, tell)


def face_node(plan: GraphPlan, faces: FaceReader) -> Node:
    """The mask classifier of one camera, on sheets that the network takes as they are."""
    wanted = faces.card.input
    return FaceNode(
        faces.detector,
        faces.card.labels,
        SheetSpec(wanted.width_px, wanted.height_px, is_fixed=wanted.fit == "stretch"),
        least_score=faces.card.confident_score,
        forget_after_s=plan.spec(TrackSpec).memory_s,
    )


def rules_factories(
    new_id: Callable[[], str], now: Callable[[Observed], datetime], calibrations: Path | None = None
) -> dict[type[NodeSpec], Factory]:
    """What a run and a replay have in common; `calibrations`: where those of cameras are kept."""
    return {
        GroundSpec: lambda plan: ground_node(plan, calibrations),
        SpatialSpec: lambda plan: SpatialNode(plan.spec(SpatialSpec)),
        EventSpec: lambda plan: EventNode(
            EventEncoder(plan.spec(SourceSpec).source_id, plan.spec(EventSpec), new_id), news_of(plan), now
        ),
    }


def ground_node(plan: GraphPlan, calibrations: Path | None) -> Node:
    """From picture to floor. What is learnt of a camera is kept; a file is not the same camera the next time."""
    spec, source = plan.spec(GroundSpec), plan.spec(SourceSpec)
    is_camera = source.on_end is OnEnd.RECONNECT
    memory = CalibrationFile(calibrations, source.source_id) if calibrations is not None and is_camera else None
    return GroundNode(
        spec.camera,
        speed=plan.spec(TrackSpec).speed,
        orientation=spec.orientation,
        learn=calibration_settings(spec) if spec.calibrate else None,
        memory=memory,
    )


def calibration_settings(spec: GroundSpec) -> CalibrationSettings:
    """How a camera is learnt and checked."""
    return CalibrationSettings(
        recalibrate=spec.recalibrate,
        check_every_s=spec.quality_check_frequency_s,
        collect_every_s=spec.quality_check_sample_frequency_s,
        collect=spec.quality_check_samples,
        queue_size=spec.quality_check_queue,
    )


def news_of(plan: GraphPlan) -> CalibrationNews:
    """When receivers hear of the calibration."""
    spec = plan.spec(GroundSpec)
    return CalibrationNews(spec.event_frequency_s, zones=spec.zone_placement)


def open_delivery(sinks: Sequence[str], outbox_folder: Path, environ: Mapping[str, str], clock: Clock) -> Delivery:
    """Open all sinks; remote ones behind an outbox, found again at the next start by the sink's address.

    Raises:
        ConfigError: a spec is wrong, or a file cannot be written.
    """
    addresses = dict.fromkeys(parse_sink(text) for text in sinks)
    with ExitStack() as opened:
        immediate: dict[str, Sink] = {}
        remote = []
        for address in addresses:
            if isinstance(address, RemoteAddress):
                remote.append(remote_sink(address, outbox_folder, environ, clock))
                opened.callback(remote[-1].close, 0.0)
            else:
                sink = immediate[address.redacted] = open_sink(address, environ=environ, clock=clock)
                opened.callback(sink.close)
        opened.pop_all()
    return Delivery(immediate, [sink.start() for sink in remote])


def remote_sink(address: RemoteAddress, folder: Path, environ: Mapping[str, str], clock: Clock) -> RemoteSink:
    """A remote sink behind its outbox.

    Raises:
        ConfigError: the outbox cannot be made, or is in use.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what, cure = f"cannot be made: {error.strerror}", "set FOOTFALL_DATA to a folder you may write to"
        raise ConfigError([Problem(str(folder), "outbox", what, cure)]) from error
    sink = open_sink(address, environ=environ, clock=clock)
    outbox = Outbox(folder / f"{sha256(address.receiver.encode()).hexdigest()[:16]}.sqlite")
    return RemoteSink(address.redacted, outbox, Forwarder(outbox, sink, address.redacted), sink, uniform)


def configured(plan: GraphPlan, configuration: str) -> GraphPlan:
    """The graph a stream asks for by its `extension_configuration` (spec/operations.md 12.3), or the plan's own.

    Raises:
        ConfigError: it asks for a graph that cannot run.
    """
    if not configuration.strip():
        return plan
    own = load_plan(configuration, file="extension_configuration", settings=Settings())
    return replace(own.graphs[0], id=plan.id, extension=own.graphs[0].extension or plan.extension)


def random_id() -> str:
    """32 random lower-case hex digits."""
    return uuid.uuid4().hex


def media_now(observed: Observed) -> datetime:
    """Time of emission when the media time drives everything."""
    return observed.utc


uniform = random.SystemRandom().random
ENTRY = "clock"
MOTION = "motion"
PERSON = "person"
INTEREST_WIDTH_PX = 1920
"""Crops are taken from a picture at most this wide; a 1920 wide one costs no more than to scale it down would."""
