"""A graph's plan becomes its nodes, wired."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from footfall.config.plan import (
    AttributesSpec,
    DetectSpec,
    EventSpec,
    FaceMaskSpec,
    GraphPlan,
    GroundSpec,
    NodeSpec,
    OnEnd,
    SourceSpec,
    TrackSpec,
)
from footfall.core.ports import Clock, Detector, ExpectsPeople, Node
from footfall.core.types import Observed
from footfall.detect.facemask import FaceReader
from footfall.engine.attributes import Asking, AttributeNode
from footfall.engine.faces import FaceNode
from footfall.engine.graph import Graph
from footfall.engine.ground import CalibrationNews, GroundNode
from footfall.engine.nodes import DetectNode, EventNode, InferenceNode, MediaTimeNode, Tap, TrackNode
from footfall.engine.remembered import CalibrationFile
from footfall.engine.rules import SpatialNode
from footfall.engine.visits import VisitsFile
from footfall.events.encode import EventEncoder
from footfall.events.inferences import InferenceWriter
from footfall.faces.sheet import SheetSpec
from footfall.runtime.options import Options, Taps
from footfall.spatial.calibration.calibrator import CalibrationSettings
from footfall.spatial.regions import SpatialSpec
from footfall.spatial.stationary import StationaryFilter
from footfall.track.settings import TrackerSettings
from footfall.track.tracker import PeopleTracker

Factory: TypeAlias = Callable[[GraphPlan], Node]
"""Builds the node of one kind of spec."""


@dataclass(frozen=True, slots=True)
class Models:
    """The networks that one graph asks."""

    detector: Detector
    faces: FaceReader | None = None
    asking: Asking | None = None
    """A customer's classifier of people."""


def run_graph(plan: GraphPlan, models: Models, options: Options, clock: Clock) -> Graph:
    """The whole path of a frame: detect, track, faces, ground, rules, events, and the taps somebody asked for."""
    faces, asking = models.faces, models.asking
    factories: dict[type[NodeSpec], Factory] = {
        DetectSpec: lambda _: DetectNode(models.detector),
        TrackSpec: lambda plan: track_node(plan, models.detector),
        **({FaceMaskSpec: lambda plan: face_node(plan, faces)} if faces else {}),
        **({AttributesSpec: lambda plan: attribute_node(plan, asking)} if asking else {}),
        **_live_rules(options, clock),
    }
    if plan.extension is not None:
        writer = InferenceWriter(plan.extension.form, raw=plan.extension.raw, new_id=random_id)
        factories[EventSpec] = lambda _: InferenceNode(writer)
    return wire(plan, factories, options.taps(plan), MediaTimeNode() if options.media_time else None)


def rules_nodes(plan: GraphPlan, options: Options, clock: Clock) -> dict[str, Node]:
    """What stands behind the tracker and the mask classifier of such a graph, by name."""
    factories = _live_rules(options, clock)
    nodes = {node.name: factories[type(node.spec)](plan) for node in plan.nodes if type(node.spec) in factories}
    taps = options.taps(plan)
    if taps.on_happened is not None:
        nodes["spatialanalysis tap"] = Tap(taps.on_happened)
    if taps.keeper is not None:
        nodes[KEEPER] = taps.keeper
    return nodes


def _live_rules(options: Options, clock: Clock) -> dict[type[NodeSpec], Factory]:
    now: Callable[[Observed], datetime] = media_now if options.media_time else lambda _: clock.now()
    return rules_factories(random_id, now, options.calibration_folder, options.visits_folder)


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
    seen = next(name for name in (*CLASSIFIERS, "tracker") if name in nodes or name == "tracker")
    for name, look in ((seen, taps.on_tracked), ("spatialanalysis", taps.on_happened)):
        if look is not None:
            nodes[f"{name} tap"] = Tap(look)
            inputs[f"{name} tap"] = [name]
    if taps.keeper is not None:
        nodes[KEEPER], inputs[KEEPER] = taps.keeper, ["spatialanalysis"]
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


def attribute_node(plan: GraphPlan, asking: Asking) -> Node:
    """The customer's classifier of one camera."""
    spec = next(node.spec for node in plan.nodes if isinstance(node.spec, AttributesSpec))
    return AttributeNode(asking, every_s=spec.every_s, forget_after_s=plan.spec(TrackSpec).memory_s)


def rules_factories(
    new_id: Callable[[], str],
    now: Callable[[Observed], datetime],
    calibrations: Path | None = None,
    visits: Path | None = None,
) -> dict[type[NodeSpec], Factory]:
    """What a run and a replay have in common; `calibrations`, `visits`: where those of cameras are kept."""
    return {
        GroundSpec: lambda plan: ground_node(plan, calibrations),
        SpatialSpec: lambda plan: spatial_node(plan, visits),
        EventSpec: lambda plan: EventNode(
            EventEncoder(plan.spec(SourceSpec).source_id, plan.spec(EventSpec), new_id), news_of(plan), now
        ),
    }


def spatial_node(plan: GraphPlan, visits: Path | None) -> SpatialNode:
    """The rules. Who is in front of a camera is still there after a crash; a file begins where it began."""
    source = plan.spec(SourceSpec)
    is_camera = source.on_end is OnEnd.RECONNECT
    memory = VisitsFile(visits, plan.id) if visits is not None and is_camera else None
    return SpatialNode(plan.spec(SpatialSpec), memory)


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


def random_id() -> str:
    """32 random lower-case hex digits."""
    return uuid.uuid4().hex


def media_now(observed: Observed) -> datetime:
    """Time of emission when the media time drives everything."""
    return observed.utc


ENTRY = "clock"
KEEPER = "keeper"
CLASSIFIERS = ("personattributes", "facemask")
"""What stands behind the tracker, the last one first."""
