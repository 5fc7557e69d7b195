"""`camera` and `calibrate` of footfall.yaml: a camera that is told, measured by four points, or learnt."""

from __future__ import annotations

from math import nan, radians

from footfall.config.document import Value
from footfall.config.plan import GroundSpec
from footfall.config.section import Section, as_number
from footfall.spatial.calibration.points import camera_from_points, quadrilateral, rectangle
from footfall.spatial.ground import Camera


def read_floor(camera: Section, width_px: int) -> GroundSpec:
    """What a camera's section says about its floor.

    Args:
        camera: the section of one camera.
        width_px: width of the processing frame, which `focal_px` belongs to unless `frame_width` is there.
    """
    section = camera.section("camera")
    if section is None:
        return GroundSpec(calibrate=camera.boolean("calibrate", default=True))
    known = _measured(section) if "points" in section else _told(section, width_px)
    section.finish()
    return GroundSpec(camera=known, calibrate=camera.boolean("calibrate", default=False))


def _told(section: Section, width_px: int) -> Camera:
    """Height in metres, tilt in degrees from straight down, focal length in pixels."""
    missing = [key for key in ("height_m", "tilt_deg", "focal_px") if key not in section]
    if missing:
        cure = "give height_m, tilt_deg and focal_px, or points and their distances"
        section.document.error(section.path, f"lacks {', '.join(missing)}", cure)
    return Camera(
        height_m=section.number("height_m", default=3.0, low=0.1, high=300),
        focal_w=section.number("focal_px", default=400.0, low=1, high=1e6)
        / section.number("frame_width", default=width_px, low=1, high=1e5),
        tilt_rad=radians(section.number("tilt_deg", default=60.0, low=0, high=180)),
    )


def _measured(section: Section) -> Camera | None:
    """Four points of the floor and how far they lie apart."""
    points = [_numbers(entry.value, 2) for entry in section.items("points")]
    shape = _list(section, "frame_shape", 2) or [16.0, 9.0]
    sides, size = _list(section, "sides_m", 4), _list(section, "rectangle_m", 2)
    diagonal = section.number("diagonal_m", default=nan, low=0.01, high=1e4)
    try:
        if bool(sides) == bool(size) or min(shape) <= 0.0 or not all(points):
            raise ValueError("the figure is not told: points, and rectangle_m or sides_m and diagonal_m")  # noqa: TRY301
        floor = rectangle(size[0], size[1]) if size else quadrilateral(sides or [], diagonal)
        pairs = [(point[0], point[1]) for point in points if point]
        return camera_from_points(pairs, floor, shape[1] / shape[0]).camera
    except ValueError as error:
        cure = "give four points round the figure, [[x, y], ...], and rectangle_m: [first side, second side]"
        section.document.error(section.path, str(error), cure)
        return None


def _list(section: Section, key: str, count: int) -> list[float] | None:
    entry = section.get(key)
    return None if entry is None else _numbers(entry.value, count)


def _numbers(value: Value, count: int) -> list[float] | None:
    """So many finite numbers; None for anything else."""
    if not isinstance(value, list):
        return None
    numbers = [number for part in value if (number := as_number(part)) is not None]
    return numbers if len(numbers) == len(value) == count else None
