"""Detections in still pictures, as a COCO result list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

import cv2
import numpy as np

from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Detector
from footfall.core.types import Detections, Frame, Image
from footfall.detect.card import ModelCard

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})


class CocoResult(TypedDict):
    """One detection of a COCO result list."""

    image: str
    category: str
    bbox: list[float]
    """x, y, width, height in pixels of the picture, origin top left."""
    score: float


def find_pictures(targets: Sequence[Path]) -> list[Path]:
    """Pictures named by files and folders (with their sub-folders), in the order given, folders sorted by name.

    Raises:
        ConfigError: lists every target that does not exist or holds no picture.
    """
    found: list[Path] = []
    problems: list[Problem] = []
    for target in targets:
        if target.is_dir():
            inside = sorted(p for p in target.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            found += inside
            if not inside:
                cure = f"give a folder with {', '.join(sorted(SUFFIXES))} files"
                problems.append(Problem(str(target), "$", "holds no picture", cure))
        elif target.is_file():
            found.append(target)
        else:
            problems.append(Problem(str(target), "$", "does not exist", "check the path"))
    if problems:
        raise ConfigError(problems)
    return found


def read_picture(path: Path) -> Image:
    """The pixels of a picture file, (height, width, 3) uint8 BGR.

    Upright, as its EXIF says; grey, 16 bits and palettes are converted, transparency is ignored, of an animation the
    first picture counts.

    Raises:
        ConfigError: unreadable, or not a picture.
    """
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise ConfigError([Problem(str(path), "$", what, "check the file's permissions")]) from error
    try:
        image = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    except cv2.error as error:
        what = "is too large, or not a whole picture"
        raise ConfigError([Problem(str(path), "$", what, "give it smaller, as JPEG or PNG")]) from error
    if image is None:
        raise ConfigError(
            [Problem(str(path), "$", "is not a whole picture", "give a JPEG, PNG, BMP, WebP or TIFF file")]
        )
    return np.asarray(image, np.uint8)


def detect_pictures(
    pictures: Iterable[Path], detector: Detector, card: ModelCard, problems: list[Problem]
) -> Iterator[CocoResult]:
    """Detect in one picture after the other, at its full size; what is no picture goes to `problems`.

    Raises:
        DetectorError: the model failed.
    """
    for index, path in enumerate(pictures):
        try:
            image = read_picture(path)
        except ConfigError as error:
            problems += error.problems
            continue
        size = (image.shape[1], image.shape[0])
        frame = Frame(str(path), index, float(index), datetime.fromtimestamp(index, UTC), image, size)
        for detections in detector.detect([frame]):
            yield from to_results(str(path), detections, card)


def to_results(image: str, detections: Detections, card: ModelCard) -> list[CocoResult]:
    """COCO results of one picture, best first."""
    order = np.argsort(-detections.score, kind="stable")
    return [
        CocoResult(
            image=image,
            category=card.labels[int(label)],
            bbox=[round(float(v), 2) for v in (x0, y0, x1 - x0, y1 - y0)],
            score=round(float(score), 4),
        )
        for (x0, y0, x1, y1), score, label in zip(
            detections.xyxy_px[order].tolist(), detections.score[order], detections.label[order], strict=True
        )
    ]
