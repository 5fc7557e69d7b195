"""The effective parameters of one camera -> the specs of its nodes (spec/operations.md section 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from footfall.config.attributes import read_attributes
from footfall.config.environment import Settings
from footfall.config.nodes import read_detector, read_ground, read_tracker
from footfall.config.operations import Operation
from footfall.config.plan import FACE_WIDTH_PX, ExtensionSpec, NodeSpec, OnEnd, SourceSpec
from footfall.config.rules import RegionStyle
from footfall.config.section import Section
from footfall.config.snapshots import read_snapshots
from footfall.config.spaceanalytics import read_regions, region_confidence
from footfall.config.urls import check_url, clear_url, is_local
from footfall.spatial.regions import SpatialSpec

DEFAULT_ADDRESS = "0.0.0.0:50051"
_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}")
SPACE_NAMES = ("SPACEANALYTICS_CONFIG", "SPACEANALYSIS_CONFIG")
_ELSEWHERE = (
    "VICA_NODE_CONFIG",
    "BINDING_ADDRESS",
    "VISUALIZER_NODE_CONFIG",
    "VIDEO_DECODE_GPU_INDEX",
)
"""Read by others, or accepted and without effect."""
_UNAVAILABLE = (
    "PARKING_REGIONS",
    "EVENT_OUTPUT_MODE",
    "PARKING_SPOT_METHOD",
    "ENABLE_VEHICLEATTRIBUTESCLASSIFICATION",
    "ENABLE_PERSONNEXTVEHICLE",
    "ENABLED_MOVING_VEHICLE",
)


@dataclass(frozen=True, slots=True)
class CameraContext:
    """What the graph around the parameters says."""

    operation: Operation
    instance: str
    only_camera: bool
    settings: Settings


def read_parameters(parameters: Section, context: CameraContext) -> list[NodeSpec]:
    """Source, detector, tracker, classifiers if on, calibrator, regions and events of one camera, in this order."""
    settings = context.settings
    source = read_source(parameters, context)
    detect = read_detector(parameters, settings)
    track = read_tracker(parameters, settings)
    ground = read_ground(parameters, source.source_id, source.width_px, only_camera=context.only_camera)
    spatial, confidence = read_space(parameters, context.operation.name, settings)
    spatial = replace(spatial, forget_after_s=track.memory_s)
    if confidence is not None and detect.min_score is None:
        detect = replace(detect, min_score=confidence)
    cure = f'add "INPUT_VIDEO_WIDTH": {FACE_WIDTH_PX}'
    masks = asks_for_masks(parameters, "ENABLE_FACE_MASK_CLASSIFIER", source.width_px, cure)
    between: list[NodeSpec] = [*([settings.face_mask] if masks else []), *read_attributes(parameters, settings)]
    between += read_snapshots(parameters, settings)
    for name in _UNAVAILABLE:
        if entry := parameters.get(name):
            parameters.document.warn(entry.path, "this version does not have it, ignored", "remove the parameter")
    parameters.finish(*_ELSEWHERE)
    return [source, detect, track, *between, ground, spatial, settings.events]


def region_style(operation: str | None, settings: Settings, *, own: bool = False) -> RegionStyle:
    """How regions are read under these settings."""
    return RegionStyle(
        operation=operation,
        own=own,
        confidence=settings.legacy_threshold == "confidence",
        threshold_w=settings.threshold_w,
        zone_crossing_threshold_w=settings.zone_crossing_threshold_w,
        count_smoothing_s=settings.count_smoothing_s,
        forget_after_s=settings.track_memory_s,
    )


def read_space(parameters: Section, operation: str, settings: Settings) -> tuple[SpatialSpec, float | None]:
    """Regions, and the confidence that a first-preview threshold stands for, if it is to be read so."""
    if parameters.get(*SPACE_NAMES) is None:
        parameters.document.error(
            parameters.path, "SPACEANALYTICS_CONFIG is missing", "say which zones or lines to watch"
        )
        return SpatialSpec(), None
    section = parameters.section(*SPACE_NAMES)
    if section is None:
        return SpatialSpec(), None
    style = region_style(operation, settings)
    spatial = read_regions(section, style)
    section.finish()
    return spatial, region_confidence(section) if style.confidence else None


def read_source(parameters: Section, context: CameraContext) -> SourceSpec:
    """VIDEO_URL, VIDEO_SOURCE_ID, VIDEO_IS_LIVE, INPUT_VIDEO_WIDTH; VIDEO_LOOP is ours."""
    settings = context.settings
    live = parameters.boolean("VIDEO_IS_LIVE", default=True)
    loop = parameters.boolean("VIDEO_LOOP", default=True)
    return SourceSpec(
        source_id=_source_id(parameters, context),
        url=_url(parameters, context, live=live),
        on_end=OnEnd.RECONNECT if live else OnEnd.LOOP if loop else OnEnd.STOP,
        transport=settings.transport,
        width_px=parameters.integer("INPUT_VIDEO_WIDTH", default=settings.width_px, low=64, high=7680),
        max_fps=settings.max_fps,
    )


def _source_id(parameters: Section, context: CameraContext) -> str:
    source_id = parameters.text("VIDEO_SOURCE_ID").strip()
    if source_id or context.operation.grpc:
        return source_id or context.instance
    parameters.document.error(parameters.path, "VIDEO_SOURCE_ID is missing", "give the camera a name; events carry it")
    return context.instance


def _url(parameters: Section, context: CameraContext, *, live: bool) -> str:
    entry = parameters.get("VIDEO_URL")
    if context.operation.grpc:
        return ""
    if entry is None:
        parameters.document.error(parameters.path, "VIDEO_URL is missing", "write rtsp://host/path, or a video file")
        return ""
    url = parameters.text("VIDEO_URL").strip()
    if isinstance(entry.value, str):
        url = clear_url(url, entry.path, context.settings, parameters.document)
        if url or not parameters.text("VIDEO_URL").strip():
            check_url(url, entry.path, parameters.document)
    if live and url and "<" not in url and is_local(url):
        parameters.document.warn(entry.path, "a file, but VIDEO_IS_LIVE is not false", 'add "VIDEO_IS_LIVE": false')
    return url


def asks_for_masks(section: Section, key: str, width_px: int, cure: str) -> bool:
    """Whether the mask classifier is on; on another width it does not start, the rest does (RULE 25)."""
    entry = section.get(key)
    if not section.boolean(key, default=False) or entry is None:
        return False
    if width_px != FACE_WIDTH_PX:
        what = (
            f"the mask classifier does not start: it needs frames {FACE_WIDTH_PX} wide, not {width_px}; the rest runs"
        )
        section.document.warn(entry.path, what, cure)
    return width_px == FACE_WIDTH_PX


def read_extension(parameters: Section, operation: Operation) -> ExtensionSpec | None:
    """BINDING_ADDRESS and SINK_CONFIG of a graph whose frames come in over gRPC; None for the others."""
    entry = parameters.get("BINDING_ADDRESS")
    address = parameters.text("BINDING_ADDRESS", default=DEFAULT_ADDRESS).strip()
    raw = _raw_output(parameters, operation)
    if operation.grpc is None:
        return None
    if entry is not None and not _ADDRESS.fullmatch(address):
        parameters.document.error(entry.path, "is no address to listen on", "write HOST:PORT, such as 0.0.0.0:50051")
    return ExtensionSpec(address, operation.grpc, raw)


def _raw_output(parameters: Section, operation: Operation) -> bool:
    sink = parameters.section("SINK_CONFIG")
    if sink is None:
        return False
    raw = sink.boolean("raw_output", default=False)
    if raw and operation.grpc is None:
        sink.document.warn(sink.path, "raw_output is only for gRPC operations, events are sent", "remove it")
    sink.finish()
    return raw


def read_debug(parameters: Section, operation: Operation) -> bool:
    """The suffix is the switch (RULE C8); VISUALIZER_NODE_CONFIG may switch one instance off."""
    visualizer = parameters.section("VISUALIZER_NODE_CONFIG")
    if visualizer is None:
        return operation.debug
    shows = visualizer.boolean("show_debug_video", default=True)
    visualizer.finish()
    return operation.debug and shows
