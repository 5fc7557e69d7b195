"""The same clip from far away: real people, small, with the truth that belongs to them."""

from __future__ import annotations

from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

SIZE_PX = (1920, 1080)


def filmed_from_afar(clip: Path, truth: dict[str, Any], times: float, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Write the clip `times` smaller into the middle of a still picture; its path and its truth."""
    target = folder / f"{clip.parent.name}.mp4"
    with av.open(str(clip)) as source, av.open(str(target), "w") as container:
        rate = Fraction(truth["fps"]).limit_denominator(1000)
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height = SIZE_PX
        stream.pix_fmt, stream.options = "yuv420p", {"preset": "ultrafast", "crf": "16"}
        still = None
        for picture in source.decode(video=0):
            image = picture.to_ndarray(format="bgr24")
            inset = place_of(image.shape[1] / image.shape[0], times)
            if still is None:
                still = surroundings(image)
            x0, y0, x1, y1 = (round(n * side) for n, side in zip(inset, SIZE_PX * 2, strict=True))
            still[y0:y1, x0:x1] = cv2.resize(image, (x1 - x0, y1 - y0), interpolation=cv2.INTER_AREA)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(still, format="bgr24")))
        container.mux(stream.encode(None))
    return target, moved_truth(truth, inset)


def place_of(aspect: float, times: float) -> tuple[float, float, float, float]:
    """Normalised box in the middle, `times` narrower than the picture."""
    width = 1.0 / times
    height = width / aspect * SIZE_PX[0] / SIZE_PX[1]
    return (1 - width) / 2, (1 - height) / 2, (1 + width) / 2, (1 + height) / 2


def surroundings(image: np.ndarray) -> np.ndarray:
    """A still scene without people: the picture's own colours, blurred beyond recognition."""
    return cv2.resize(cv2.resize(image, (6, 4), interpolation=cv2.INTER_AREA), SIZE_PX, interpolation=cv2.INTER_CUBIC)


def moved_truth(truth: dict[str, Any], inset: tuple[float, float, float, float]) -> dict[str, Any]:
    """The truth with its regions in the inset."""
    moved, (x0, y0, x1, y1) = deepcopy(truth), inset

    def there(x: float, y: float) -> list[float]:
        return [x0 + x * (x1 - x0), y0 + y * (y1 - y0)]

    for line in moved.get("lines", {}).values():
        ax, ay, bx, by = line["segment"]
        line["segment"] = [*there(ax, ay), *there(bx, by)]
    for zone in moved.get("zones", {}).values():
        zone["polygon"] = [there(x, y) for x, y in zone["polygon"]]
    if "occupancy_whole_frame" in moved:
        moved["occupancy_whole_frame"]["polygon"] = [there(*corner) for corner in ((0, 0), (1, 0), (1, 1), (0, 1))]
    return moved
