"""Privacy masks: parts of the picture are black before anything looks at it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from footfall.config.plan import PrivacyMask, SourceSpec
from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Image


class Blackout:
    """Blackens what the masks cover; what they cover is worked out once for each size of picture.

    A pixel that a mask touches is black, and up to two beside it; where masks overlap the picture stays black.
    """

    def __init__(self, masks: Sequence[PrivacyMask]) -> None:
        self._masks = masks
        self._kept: dict[tuple[int, ...], Image] = {}

    def __call__(self, image: Image) -> Image:
        """The (h, w, 3) uint8 picture, upright as zones are drawn on it, without what is hidden."""
        if not self._masks:
            return image
        if image.shape not in self._kept:
            self._kept = {image.shape: kept(self._masks, image.shape[0], image.shape[1])}
        return np.asarray(cv2.bitwise_and(image, self._kept[image.shape]), np.uint8)


def kept(masks: Sequence[PrivacyMask], height: int, width: int) -> Image:
    """(height, width, 3) uint8: 255 where the picture stays, 0 where it is hidden."""
    keep = np.full((height, width), 255, np.uint8)
    for mask in masks:
        corners = np.array(mask.polygon_n) * (width, height) - 0.5
        ring = np.round(corners).astype(np.int32)
        cv2.fillPoly(keep, [ring], 0)
        cv2.polylines(keep, [ring], True, 0, 3)
    return np.repeat(keep[..., None], 3, axis=2)


def check_recordable(source: SourceSpec, asked_by: str = "recording") -> None:
    """A camera's own packets can be kept only as they are.

    Raises:
        ConfigError: the camera has privacy masks.
    """
    if source.masks:
        what = (
            f"{source.source_id} has privacy masks, and the camera's own video cannot be masked without coding it anew"
        )
        cure = "take --save-video, whose pictures are masked, or mask the picture in the camera itself"
        raise ConfigError([Problem(source.source_id, asked_by, what, cure)])
