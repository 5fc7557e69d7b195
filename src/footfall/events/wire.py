"""The allow-list: every field an event can carry, in wire order. Nothing else is ever serialised.

Field names are the camel-case of the Python names. Numbers are ready-made text (`figures.figure`).
Schema: spec/events.md sections 2 to 7, `schema-2.0.json` beside this file.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import UNSET, Raw, Struct, UnsetType


class Wire(Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of all: frozen, keyword-only, wire names in camel case."""


class Point(Wire, frozen=True, kw_only=True):
    """A point in fractions of the frame, or on the floor in feet."""

    x: Raw
    y: Raw


class Rectangle(Wire, frozen=True, kw_only=True):
    """Top-left and bottom-right corner."""

    type: str = "RECTANGLE"
    points: tuple[Point, Point]


class NamedPolygon(Wire, frozen=True, kw_only=True):
    """A region of the calibration event."""

    type: str = "POLYGON"
    points: tuple[Point, ...]
    name: str


class Attribute(Wire, frozen=True, kw_only=True):
    """A mask result, or a class of a customer's model, in schema 2.0."""

    label: str
    confidence: Raw
    task: str = ""


class Detection(Wire, frozen=True, kw_only=True):
    """One person. The upper optional fields belong to schema 1.0, `attributes` to 2.0."""

    type: str = "person"
    id: str
    region: Rectangle
    confidence: Raw
    center_ground_point: Point | UnsetType = UNSET
    metadata_type: str | UnsetType = UNSET
    metadata: dict[str, str | Raw | dict[str, Raw]]
    attributes: tuple[Attribute, ...] | UnsetType = UNSET


class CountProperties(Wire, frozen=True, kw_only=True):
    """Of `personCountEvent`."""

    person_count: int
    interval: tuple[int, int] | UnsetType = UNSET
    """Ours, by option: lowest and highest credible count."""


class LineProperties(Wire, frozen=True, kw_only=True):
    """Of `personLineEvent`."""

    tracking_id: str
    status: str
    orientation_direction: str | UnsetType = UNSET
    certainty: Raw | UnsetType = UNSET


class ZoneProperties(Wire, frozen=True, kw_only=True):
    """Of `personZoneEnterExitEvent`."""

    tracking_id: str
    status: str
    side: str
    certainty: Raw | UnsetType = UNSET


class DwellProperties(Wire, frozen=True, kw_only=True):
    """Of `personZoneDwellTimeEvent`."""

    tracking_id: str
    status: str = "Exit"
    side: str
    dwell_time: Raw
    dwell_frames: int
    dwell_time_for_target_side: Raw | UnsetType = UNSET
    avg_speed: Raw | UnsetType = UNSET
    min_speed: Raw | UnsetType = UNSET
    certainty: Raw | UnsetType = UNSET


class DistanceProperties(Wire, frozen=True, kw_only=True):
    """Of `personDistanceEvent`."""

    person_count: int
    average_distance: Raw
    minimum_distance_threshold: Raw
    maximum_distance_threshold: Raw | str
    event_name: str
    distance_violation_person_count: int


Properties: TypeAlias = CountProperties | LineProperties | ZoneProperties | DwellProperties | DistanceProperties


class Event(Wire, frozen=True, kw_only=True):
    """One element of `events`."""

    id: str
    type: str
    detection_ids: tuple[str, ...]
    properties: Properties
    zone: str
    trigger: str | UnsetType = UNSET


class CameraCalibrationInfo(Wire, frozen=True, kw_only=True):
    """What is known about the camera: feet, pixels, radians."""

    status: str
    camera_height: Raw
    focal_length: Raw
    tiltup_angle: Raw
    last_calibrated_time: str | UnsetType = UNSET


class SourceInfo(Wire, frozen=True, kw_only=True):
    """Which camera and which frame; `frameId` is text in events and a number in the calibration event."""

    id: str
    timestamp: str
    width: int
    height: int
    frame_id: str | int
    camera_calibration_info: CameraCalibrationInfo | UnsetType = UNSET
    image_path: str | UnsetType = UNSET


class EventMessage(Wire, frozen=True, kw_only=True):
    """The common envelope."""

    events: tuple[Event, ...]
    source_info: SourceInfo
    detections: tuple[Detection, ...]
    schema_version: str


class ZonePlacementInfo(Wire, frozen=True, kw_only=True):
    """Where lines and zones work best."""

    optimal_zone_region: NamedPolygon
    fair_zone_region: NamedPolygon
    uniformly_spaced_person_bounding_boxes: tuple[Rectangle, ...]
    person_bounding_box_ground_points: tuple[Point, ...]


class CalibrationMessage(Wire, frozen=True, kw_only=True):
    """The calibration event has a shape of its own."""

    type: str = "cameraCalibrationEvent"
    source_info: SourceInfo
    zone_placement_info: ZonePlacementInfo | UnsetType = UNSET
