"""What events tell about the camera, and the calibration event (spec/events.md sections 2.2 and 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from msgspec import UNSET, UnsetType

from footfall.core.geometry import Polygon
from footfall.events import wire
from footfall.events.figures import feet, figure, without_zone
from footfall.events.shapes import ground_point, image_point, rectangle
from footfall.spatial.calibration.calibrator import CalibrationState
from footfall.spatial.calibration.placement import Placement
from footfall.spatial.ground import Camera


@dataclass(frozen=True, slots=True)
class CalibrationInfo:
    """The camera as known now; while calibrating the last known numbers, if any."""

    state: CalibrationState = CalibrationState.CALIBRATING
    camera: Camera | None = None
    progress: float | None = None
    """0 to 1 while (re)calibrating."""
    calibrated_utc: datetime | None = None

    @property
    def status(self) -> str:
        """`Calibrated`, `Calibrating`, `Calibrating;42%` (RULE E2)."""
        if self.progress is None or self.state is CalibrationState.CALIBRATED:
            return self.state.value
        return f"{self.state.value};{int(self.progress * 100)}%"


def camera_info(info: CalibrationInfo, width_px: int) -> wire.CameraCalibrationInfo:
    """`cameraCalibrationInfo` for a processing frame of this width; 0.0 for what is not known."""
    return _camera_info(info, width_px, UNSET)


def calibration_body(
    source: wire.SourceInfo, info: CalibrationInfo, placement: Placement | None, ground_axes: str
) -> wire.CalibrationMessage:
    """Body of the `cameraCalibrationEvent`; `source` without calibration, its `frame_id` a number."""
    calibrated = UNSET if info.calibrated_utc is None else without_zone(info.calibrated_utc)
    return wire.CalibrationMessage(
        source_info=wire.SourceInfo(
            id=source.id,
            timestamp=source.timestamp,
            width=source.width,
            height=source.height,
            frame_id=source.frame_id,
            camera_calibration_info=_camera_info(info, source.width, calibrated),
        ),
        zone_placement_info=UNSET if placement is None else _placement(placement, ground_axes),
    )


def _camera_info(info: CalibrationInfo, width_px: int, calibrated: str | UnsetType) -> wire.CameraCalibrationInfo:
    camera = info.camera or Camera(0.0, 0.0, 0.0)
    return wire.CameraCalibrationInfo(
        status=info.status,
        camera_height=figure(feet(camera.height_m)),
        focal_length=figure(camera.focal_w * width_px),
        tiltup_angle=figure(camera.tilt_rad),
        last_calibrated_time=calibrated,
    )


def _placement(placement: Placement, ground_axes: str) -> wire.ZonePlacementInfo:
    return wire.ZonePlacementInfo(
        optimal_zone_region=_region("optimal_zone_region", placement.optimal_n),
        fair_zone_region=_region("fair_zone_region", placement.fair_n),
        uniformly_spaced_person_bounding_boxes=tuple(map(rectangle, placement.boxes_n)),
        person_bounding_box_ground_points=tuple(ground_point(point, ground_axes) for point in placement.ground_m),
    )


def _region(name: str, polygon_n: Polygon) -> wire.NamedPolygon:
    return wire.NamedPolygon(points=tuple(map(image_point, polygon_n)), name=name)
