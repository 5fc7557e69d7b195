"""Makes tiny clips with known content: picture n is grey with brightness 2 n, but for a white top left quarter."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np


def make_clip(
    file: Path,
    codec: str = "libx264",
    *,
    count: int = 30,
    size: tuple[int, int] = (160, 90),
    fps: int = 10,
    pts_ms: Sequence[int] | None = None,
    gop: int = 10,
    bframes: int = 0,
    rotation: int | None = None,
    pixel_aspect: Fraction | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """Write `count` pictures; `pts_ms` gives each its own time."""
    with av.open(str(file), "w", options=options or {}) as container:
        stream = container.add_stream(codec, rate=fps)
        stream.width, stream.height = size
        stream.pix_fmt = {"gif": "rgb8", "mjpeg": "yuvj420p"}.get(codec, "yuv420p")
        stream.codec_context.gop_size = gop
        if codec == "libx264":
            stream.options = {"bf": str(bframes), "preset": "ultrafast", "x264-params": "scenecut=0"}
        if codec == "libx265":
            stream.options = {"preset": "ultrafast", "x265-params": "log-level=none"}
        if pts_ms is not None:
            stream.codec_context.time_base = Fraction(1, 1000)
        if pixel_aspect:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        if rotation is not None:
            stream.set_display_rotation(rotation)
        for number in range(count):
            picture = av.VideoFrame.from_ndarray(_picture(number, size), format="rgb24")
            if pts_ms is not None:
                picture.pts, picture.time_base = pts_ms[number], Fraction(1, 1000)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return file


def _picture(number: int, size: tuple[int, int]) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    width, height = size
    picture = np.full((height, width, 3), 2 * number % 200, np.uint8)
    picture[: height // 2, : width // 2] = 255
    return picture
