"""From light to file: exposure, night, infrared, fog, rain, lens and sensor faults, compression, overlays."""

from __future__ import annotations

from enum import Enum

import cv2
import numpy as np

from footfall.core.types import Image
from footfall.simulator.texture import NOISE_CELLS, white
from footfall.simulator.view import Floats


class Weather(Enum):
    """What the light is like."""

    SUN = "sun"
    CLOUDS = "clouds"
    LAMPS = "lamps"
    NIGHT = "night"
    INFRARED = "infrared"


def finish(rng: np.random.Generator, image: Floats, depth: Floats, weather: Weather, *, outdoor: bool) -> Image:
    """(h, w, 3) light -> the picture that a cheap camera would store."""
    if outdoor and rng.random() < 0.10:
        image = _fog(rng, image, depth)
    if outdoor and rng.random() < 0.06:
        image = _rain(rng, image)
    image = _expose(rng, image, weather)
    if rng.random() < 0.15:
        image = _glow(rng, image)
    image = _optics(rng, image)
    image = _noise(rng, image, weather)
    picture = np.clip(image, 0, 255).astype(np.uint8)
    if rng.random() < 0.03:  # two fields of a frame, taken one after the other
        picture[1::2] = np.roll(picture[1::2], int(rng.integers(1, 3)), axis=1)
    picture = _compress(rng, picture)
    return _overlay(rng, picture)


def _fog(rng: np.random.Generator, image: Floats, depth: Floats) -> Floats:
    share = 1.0 - np.exp(-np.minimum(depth, 300.0) / float(rng.uniform(12, 60)))
    share = share[..., None] * float(rng.uniform(0.5, 1.0))
    return np.asarray(image * (1 - share) + 195.0 * share, np.float32)


def _rain(rng: np.random.Generator, image: Floats) -> Floats:
    height, width = image.shape[:2]
    layer = np.zeros((height, width), np.uint8)
    slope = float(rng.normal(0, 0.2))
    for _ in range(int(rng.integers(60, 260))):
        x, y, long = int(rng.integers(width)), int(rng.integers(height)), int(rng.integers(4, 18))
        cv2.line(layer, (x, y), (x + int(slope * long), y + long), int(rng.integers(30, 110)), 1, cv2.LINE_AA)
    return np.asarray(image + layer[..., None] * np.float32(0.7), np.float32)


def _expose(rng: np.random.Generator, image: Floats, weather: Weather) -> Floats:
    """Colour of the light, saturation, contrast and brightness."""
    grey = image @ np.array([0.114, 0.587, 0.299], np.float32)
    if weather is Weather.INFRARED:
        image = np.repeat(grey[..., None], 3, axis=2)
    else:
        saturation = float(rng.uniform(0.0, 0.25) if rng.random() < 0.12 else rng.uniform(0.45, 1.25))
        image = grey[..., None] + saturation * (image - grey[..., None])
        cast = np.clip(rng.normal(1.0, 0.035, 3), 0.85, 1.15).astype(np.float32)
        image = image * cast
    aim = float(rng.uniform(45, 95) if weather in {Weather.NIGHT, Weather.INFRARED} else rng.uniform(80, 150))
    gain = aim / max(float(grey.mean()), 4.0)
    image = image * np.float32(np.clip(gain, 0.35, 3.0))
    gamma, contrast = float(rng.uniform(0.75, 1.3)), float(rng.uniform(0.65, 1.2))
    curve = 255.0 * np.power(np.linspace(0.0, 1.25, 1276), gamma)
    curve = ((curve - aim) * contrast + aim + float(rng.normal(0, 8))).astype(np.float32)
    return np.asarray(curve[np.clip(image * 4.0, 0, 1275).astype(np.int16)], np.float32)


def _glow(rng: np.random.Generator, image: Floats) -> Floats:
    """Lamps, sky and windows spill over."""
    bright = np.maximum(image - float(rng.uniform(150, 225)), 0.0)
    spill = cv2.GaussianBlur(bright, (0, 0), float(rng.uniform(4, 16)))
    return np.asarray(image + float(rng.uniform(0.5, 1.5)) * spill, np.float32)


def _optics(rng: np.random.Generator, image: Floats) -> Floats:
    height, width = image.shape[:2]
    if rng.random() < 0.4:
        small = float(rng.uniform(0.35, 0.85))
        size = max(8, int(width * small)), max(8, int(height * small))
        low = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        image = np.asarray(cv2.resize(low, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    else:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.3, 1.1))), np.float32)
        if rng.random() < 0.35:  # sharpened in the camera
            soft = cv2.GaussianBlur(image, (0, 0), 1.2)
            image = np.asarray(image + float(rng.uniform(0.3, 1.2)) * (image - soft), np.float32)
    if rng.random() < 0.12:
        long = int(rng.integers(2, 6))
        kernel = np.zeros((long, long), np.float32)
        kernel[long // 2 if rng.random() < 0.6 else range(long), range(long)] = 1.0 / long
        image = np.asarray(cv2.filter2D(image, -1, kernel), np.float32)
    if rng.random() < 0.4:
        x = np.linspace(-1, 1, width, dtype=np.float32)[None]
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        fall = np.float32(rng.uniform(0.05, 0.4)) * (x * x + y * y) / 2
        image = np.asarray(image * (1.0 - fall)[..., None], np.float32)
    return image


def _noise(rng: np.random.Generator, image: Floats, weather: Weather) -> Floats:
    deviation = float(rng.gamma(1.5, 2.0)) * (2.2 if weather in {Weather.NIGHT, Weather.INFRARED} else 1.0)
    height, width = image.shape[:2]
    rows = (np.arange(height) + rng.integers(NOISE_CELLS)) % NOISE_CELLS
    columns = (np.arange(width) * int(rng.choice([1, 3, 5, 7])) + rng.integers(NOISE_CELLS)) % NOISE_CELLS
    field = white()[rows[:, None], columns[None]]
    grain = field[..., :1]
    if rng.random() < 0.4:
        grain = cv2.GaussianBlur(grain, (0, 0), 0.8)[..., None] * 2.0
    if weather is not Weather.INFRARED:
        grain = grain + np.float32(0.5) * field[..., 1:]
    return np.asarray(image + deviation * grain, np.float32)


def _compress(rng: np.random.Generator, picture: Image) -> Image:
    if rng.random() < 0.25:
        return picture
    quality = int(rng.integers(12, 75))
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    if rng.random() < 0.3:  # a decoder that smooths its blocks
        decoded = np.asarray(cv2.bilateralFilter(decoded, 5, 18, 2), np.uint8)
    return decoded


def _overlay(rng: np.random.Generator, picture: Image) -> Image:
    """The time, or the camera's name."""
    if rng.random() > 0.35:
        return picture
    height, width = picture.shape[:2]
    size = float(rng.uniform(0.25, 0.5)) * width / 416
    year, month, day = int(rng.integers(2010, 2027)), int(rng.integers(1, 13)), int(rng.integers(1, 29))
    hour, minute, second = int(rng.integers(24)), int(rng.integers(60)), int(rng.integers(60))
    stamp = f"{year}-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:{second:02d}"
    name = f"CAM {rng.integers(1, 33):02d}"
    for text, at in ((stamp, (4, int(8 + 16 * size))), (name, (int(width * 0.75), height - 6))):
        if rng.random() < 0.7:
            if rng.random() < 0.5:
                cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, (0, 0, 0), 2, cv2.LINE_AA)
            cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, (255, 255, 255), 1, cv2.LINE_AA)
    return picture
