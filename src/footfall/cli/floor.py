"""A floor grid of one metre on a picture: the eye sees at once whether a calibration is right."""

from __future__ import annotations

from math import ceil

import cv2
import numpy as np

from footfall.core.geometry import Point
from footfall.core.types import Image
from footfall.spatial.ground import Camera

FARTHEST_M = 40
FLATTEST_W = 0.006
"""Squares that are lower than this in the picture are not drawn."""
FINE, BOLD, INK = (200, 200, 90), (60, 225, 255), (28, 24, 20)
FONT = cv2.FONT_HERSHEY_SIMPLEX


def draw_floor(picture: Image, camera: Camera) -> Image:
    """A copy of the (h, w, 3) uint8 BGR picture with a square metre grid; every fifth line is bold and has its metres.

    Lines count metres to the right and ahead of the point on the floor below the camera.
    """
    image = picture.copy()
    height, width = image.shape[:2]
    aspect = height / width
    near, far = _reach(camera, aspect)
    side = ceil(far * 0.5 / camera.focal_w + 1)
    for ahead in range(near, far + 1):
        path = [camera.to_image((x / 2, float(ahead)), aspect) for x in range(-2 * side, 2 * side + 1)]
        _stroke(image, path, is_bold=ahead % 5 == 0)
    for right in range(-side, side + 1):
        path = [camera.to_image((float(right), y / 4), aspect) for y in range(4 * near, 4 * far + 1)]
        _stroke(image, path, is_bold=right % 5 == 0)
    for ahead in range(near, far + 1):
        if ahead % 5 == 0:
            _label(image, camera.to_image((0.0, float(ahead)), aspect), f"{ahead} m")
    return image


def _reach(camera: Camera, aspect: float) -> tuple[int, int]:
    """First and last metre ahead that the picture shows well enough."""
    shown = []
    for ahead in range(-5, FARTHEST_M + 1):
        here, next_one = camera.to_image((0.0, float(ahead)), aspect), camera.to_image((0.0, ahead + 1.0), aspect)
        if here is None or next_one is None:
            continue
        is_seen = next_one[1] < 1.0 and here[1] > 0.0
        if is_seen and (here[1] - next_one[1]) * aspect >= FLATTEST_W:
            shown.append(ahead)
    return (min(shown), max(shown) + 1) if shown else (0, 0)


def _stroke(image: Image, path: list[Point | None], *, is_bold: bool) -> None:
    height, width = image.shape[:2]
    points = [
        (round(x * width), round(y * height))
        for x, y in (point for point in path if point is not None)
        if -1.0 < x < 2.0 and -1.0 < y < 2.0
    ]
    if len(points) > 1:
        ring = [np.array(points, np.int32)]
        cv2.polylines(image, ring, False, BOLD if is_bold else FINE, 2 if is_bold else 1, cv2.LINE_AA)


def _label(image: Image, point: Point | None, text: str) -> None:
    height, width = image.shape[:2]
    if point is None or not (0.0 <= point[0] < 1.0 and 0.02 <= point[1] < 0.99):
        return
    at, size = (round(point[0] * width) + 5, round(point[1] * height) - 5), max(0.4, width / 1600)
    cv2.putText(image, text, at, FONT, size, INK, 3, cv2.LINE_AA)
    cv2.putText(image, text, at, FONT, size, BOLD, 1, cv2.LINE_AA)
