"""From a decoded picture to the pixels that are analysed: one conversion, straight to the size that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from footfall.config.plan import PrivacyMask
from footfall.core.types import Image
from footfall.ingest.masks import Blackout

Size: TypeAlias = tuple[int, int]
"""(width, height) in pixels."""


def upright_size(size: Size, pixel_aspect: Fraction | None, quarter_turns: int) -> Size:
    """Size of the picture as a person sees it: square pixels, turned upright."""
    width, height = size
    if pixel_aspect:
        width = round(width * pixel_aspect)
    return (height, width) if quarter_turns % 2 else (width, height)


def scaled_to_width(size: Size, width_px: int) -> Size:
    """The same picture `width_px` wide, aspect kept, both sides even and at least 2."""
    return _even(width_px), _even(size[1] * width_px / size[0])


class Scaler:
    """Turns decoded pictures into BGR images; keeps one conversion context while the stream keeps its format.

    Args:
        width_px: Width of the images; None: as wide as the source. Never wider than the source.
        masks: What is black in them.
    """

    def __init__(self, width_px: int | None, masks: Sequence[PrivacyMask] = ()) -> None:
        self.width_px = width_px
        self._reformatter = VideoReformatter()
        self._blackout = Blackout(masks)

    def convert(self, picture: VideoFrame, pixel_aspect: Fraction | None) -> Image:
        """The picture, upright and with square pixels."""
        turns = round(picture.rotation / 90) % 4
        upright = upright_size((picture.width, picture.height), pixel_aspect, turns)
        width, height = scaled_to_width(upright, min(self.width_px or upright[0], upright[0]))
        if turns % 2:
            width, height = height, width
        scaled = self._reformatter.reformat(picture, width, height, "bgr24", interpolation="AREA")
        image = scaled.to_ndarray().astype(np.uint8, copy=False)
        if turns:
            image = np.ascontiguousarray(np.rot90(image, turns))
        return self._blackout(image)


def processing_size(picture: VideoFrame, pixel_aspect: Fraction | None, width_px: int) -> Size:
    """Size of the processing frame that events report (RULE 7)."""
    turns = round(picture.rotation / 90) % 4
    return scaled_to_width(upright_size((picture.width, picture.height), pixel_aspect, turns), width_px)


def _even(length: float) -> int:
    return max(2, 2 * int(length / 2 + 0.5))
