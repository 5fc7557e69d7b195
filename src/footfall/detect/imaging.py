"""From a picture to the tensor a network wants, and from its boxes back to the picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from footfall.core.types import Image

Tensor = NDArray[np.float32]
"""(3, height, width) float32, contiguous, in the network's colour order and scale."""


SNUG_PX = 32
"""The sides of a snug input are multiples of this: the coarsest stride of the networks that take it."""


class InputSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a network wants to be fed: `(pixel - mean) / std` per channel, pixels 0-255."""

    width_px: int
    height_px: int
    colour: Literal["bgr", "rgb"] = "bgr"
    fit: Literal["letterbox", "stretch", "snug"] = "letterbox"
    """letterbox: keep the aspect, picture at the top left, the rest filled with `pad`; stretch: fill the input.

    snug: a letterbox whose longer side is `width_px`, padded no further than to the next multiple of 32 on either side;
    for networks that take any such size.
    """
    pad: int = 114
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """In the network's colour order."""
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)

    def __post_init__(self) -> None:
        if self.width_px < 1 or self.height_px < 1:
            raise ValueError(f"the input must be at least 1x1 pixel, not {self.width_px}x{self.height_px}")
        if not 0 <= self.pad <= 255:
            raise ValueError(f"pad is a grey value 0-255, not {self.pad}")
        if min(self.std) <= 0.0:
            raise ValueError(f"std must be positive, not {self.std}")
        if self.fit == "snug" and (self.width_px != self.height_px or self.width_px % SNUG_PX):
            raise ValueError(
                f"a snug input is bounded by a square whose side is a multiple of {SNUG_PX}, "
                f"not by {self.width_px}x{self.height_px}"
            )


@lru_cache(maxsize=64)
def fed_at(spec: InputSpec, side_px: int) -> InputSpec:
    """The input with `side_px` as its longer side, where the network takes any; else the input that it is."""
    if spec.fit != "snug":
        return spec
    return msgspec.structs.replace(spec, width_px=side_px, height_px=side_px)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a picture lies in the network's input."""

    scale_x: float
    """Input pixels per picture pixel."""
    scale_y: float
    picture_size: tuple[int, int]
    """(width, height) in pixels."""
    input_size: tuple[int, int]
    """(width, height) in pixels of what the network is fed, padding included."""

    def to_picture(self, xyxy_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes in input pixels, (n, 4) float32 -> boxes in picture pixels, clipped to the picture."""
        width, height = self.picture_size
        scale = np.array([self.scale_x, self.scale_y, self.scale_x, self.scale_y], np.float32)
        corner = np.array([width, height, width, height], np.float32)
        return np.asarray(np.clip(xyxy_px / scale, 0.0, corner), np.float32)

    def to_input(self, xyxy_px: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes in picture pixels -> boxes in input pixels, both (n, 4) float32."""
        scale = np.array([self.scale_x, self.scale_y, self.scale_x, self.scale_y], np.float32)
        return np.asarray(xyxy_px * scale, np.float32)


def place(picture_size: tuple[int, int], spec: InputSpec) -> Placement:
    """Where a picture of (width, height) pixels comes to lie; at least one pixel of it stays."""
    width, height = picture_size
    bound = spec.width_px, spec.height_px
    if spec.fit == "stretch":
        return Placement(bound[0] / width, bound[1] / height, picture_size, bound)
    scale = min(bound[0] / width, bound[1] / height)
    filled = max(1, round(width * scale)), max(1, round(height * scale))
    if spec.fit == "snug":
        bound = _next_multiple(filled[0]), _next_multiple(filled[1])
    return Placement(filled[0] / width, filled[1] / height, picture_size, bound)


def _next_multiple(side_px: int) -> int:
    return -(-side_px // SNUG_PX) * SNUG_PX


def halved(image: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """The picture at half the size, by averaging, as often as that leaves it no smaller than at `scale`.

    What is left can be interpolated without skipping pixels; averaging by other factors takes several times longer.
    """
    while scale <= 0.5 and min(image.shape[:2]) >= 2:
        half = image.shape[1] // 2, image.shape[0] // 2
        image = np.asarray(cv2.resize(image, half, interpolation=cv2.INTER_AREA), np.uint8)
        scale *= 2.0
    return image


def to_tensor(image: Image, spec: InputSpec) -> tuple[Tensor, Placement]:
    """Resize, place, colour-convert and normalise one picture.

    Raises:
        ValueError: the picture is empty or not (height, width, 3) uint8.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.size == 0 or image.dtype != np.uint8:
        raise ValueError(f"expected a (height, width, 3) uint8 picture, got {image.shape} {image.dtype}")
    height, width = image.shape[:2]
    placement = place((width, height), spec)
    size = round(width * placement.scale_x), round(height * placement.scale_y)
    resized = image if size == (width, height) else cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    if size != placement.input_size:
        right, below = placement.input_size[0] - size[0], placement.input_size[1] - size[1]
        resized = cv2.copyMakeBorder(resized, 0, below, 0, right, cv2.BORDER_CONSTANT, value=[spec.pad] * 3)
    if spec.colour == "rgb":
        resized = resized[:, :, ::-1]
    planes = np.ascontiguousarray(resized.transpose(2, 0, 1), dtype=np.float32)
    if any(spec.mean) or spec.std != (1.0, 1.0, 1.0):
        planes -= np.array(spec.mean, np.float32)[:, None, None]
        planes /= np.array(spec.std, np.float32)[:, None, None]
    return planes, placement
