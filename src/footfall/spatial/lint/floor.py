"""What the calibrated floor says about lines, zones, distance rules and itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi

import numpy as np

from footfall.core.geometry import Point
from footfall.spatial.ground import Camera
from footfall.spatial.lint.findings import Finding, Place
from footfall.spatial.lint.recording import Floats
from footfall.spatial.lint.settings import distance_rules
from footfall.spatial.lint.walks import Walks
from footfall.spatial.regions import SpatialSpec

PERSON_M = 1.7
SMALLEST_PX = 20.0
"""Detectors miss most people who are less high than this."""
ASSUMED_WIDTH_PX = 640
HEIGHTS_M = 1.3, 2.2
"""Between these lies the middle height of people, children and jitter included."""
ENOUGH_SIGHTS = 20


@dataclass(frozen=True, slots=True)
class Floor:
    """What is known of the camera."""

    camera: Camera | None = None
    calibrates: bool = True
    """Whether it will measure itself where it is not known."""


def on_floor(spec: SpatialSpec, floor: Floor, aspect: float) -> Iterator[Finding]:
    """Every finding about the floor that needs no recording."""
    for number, zone in enumerate(spec.zones):
        if distance_rules(zone.rules) and floor.camera is None and not floor.calibrates:
            what = "its distance rule needs the floor, and the camera is neither known nor calibrates itself"
            yield Place(zone, number).found("distance-without-floor", what, "give the camera, or switch calibration on")
    if floor.camera is None:
        return
    if trouble := _implausible(floor.camera, aspect):
        yield Finding("camera-implausible", trouble, "measure height and tilt again, or let it calibrate itself")
        return
    places = [Place(zone, number) for number, zone in enumerate(spec.zones)]
    for place in (*places, *(Place(line, number) for number, line in enumerate(spec.lines))):
        yield from _in_reach(place, floor.camera, aspect)


def _implausible(camera: Camera, aspect: float) -> str:
    """Why no real camera is like this one; empty for a plausible one."""
    if not 1.0 <= camera.height_m <= 50.0:
        return f"the camera hangs {camera.height_m:g} m high"
    if not 0.2 <= camera.focal_w <= 10.0:
        return f"the focal length is {camera.focal_w:.2f} picture widths, and lenses have 0.2 to 10"
    if camera.to_ground((0.5, 1.0), aspect) is None:
        return f"tilted by {camera.tilt_rad * 180 / pi:.0f} degrees, the camera sees no floor at all"
    return ""


def _in_reach(place: Place, camera: Camera, aspect: float) -> Iterator[Finding]:
    kind = place.kind
    grounds = [camera.to_ground(point, aspect) for point in place.points_n]
    seen = [ground for ground in grounds if ground is not None]
    if not seen:
        what = "all of it lies above the horizon of the calibrated camera, where there is no floor"
        yield place.found(f"{kind}-beyond-horizon", what, "draw it on the floor, or calibrate the camera anew")
        return
    nearest = min(seen, key=lambda ground: ground[1])
    height_px = _height_n(camera, nearest, aspect) * ASSUMED_WIDTH_PX * aspect
    if height_px < SMALLEST_PX:
        what = f"even its nearest point lies {nearest[1]:.0f} m away, where people look {height_px:.0f} pixels high"
        yield place.found(f"{kind}-too-far", what, "draw it nearer to the camera, or use a longer lens")


def _height_n(camera: Camera, ground_m: Point, aspect: float) -> float:
    """How high a person there looks, as a share of the picture's height."""
    foot, head = camera.to_image(ground_m, aspect), camera.to_image(ground_m, aspect, up_m=PERSON_M)
    return 1.0 if foot is None or head is None else abs(foot[1] - head[1])


def measured(walks: Walks, camera: Camera) -> Iterator[Finding]:
    """Whether people have human heights by this calibration."""
    heights_m = heights(walks, camera)
    if len(heights_m) < ENOUGH_SIGHTS:
        return
    middle = float(np.median(heights_m))
    if not HEIGHTS_M[0] <= middle <= HEIGHTS_M[1]:
        what = f"by this calibration the people of the recording are {middle:.2f} m tall"
        yield Finding("scale-implausible", what, "calibrate the camera anew: every distance and speed is wrong")


def heights(walks: Walks, camera: Camera) -> Floats:
    """Metres, of every sight of a whole person on the floor."""
    rows = ~walks.cut.any(axis=1)
    foot_y, top_y = walks.recording.foot_n[rows, 1], walks.recording.box_n[rows, 1]
    aspect, level = walks.recording.aspect, pi / 2 - camera.tilt_rad
    down = [level + np.arctan((y - 0.5) * aspect / camera.focal_w) for y in (foot_y, top_y)]
    seen = (down[0] > 0.01) & (down[0] < 1.5) & (down[1] < 1.5) & (down[1] > -1.5)
    forward_m = camera.height_m / np.tan(down[0][seen])
    return np.asarray(camera.height_m - forward_m * np.tan(down[1][seen]))
