"""How a camera's picture comes to the size that an extension is sent, and boxes there and back. Pure.

(spec/grpc-extension.md section 8, spec/media-graph.md section 4.3)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from footfall.config.media import Encoding, ImageForm, ScaleMode
from footfall.core.geometry import Box
from footfall.extension.render import Json, number

Size: TypeAlias = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where the camera's picture lies in the one that is sent; pixels, origin top left."""

    sent_px: Size
    scaled_px: Size
    """The camera's picture, scaled; smaller than `sent_px` where it is padded."""
    left_px: int = 0
    top_px: int = 0

    @property
    def is_padded(self) -> bool:
        """Whether boxes differ there and here."""
        return self.sent_px != self.scaled_px

    def from_sent(self, box_n: Box) -> Box:
        """A box of the sent picture -> of the camera's, cut off at its edges; x0 y0 x1 y1 in fractions."""
        (width, height), (inner_width, inner_height) = self.sent_px, self.scaled_px
        x0, x1 = ((x * width - self.left_px) / inner_width for x in box_n[::2])
        y0, y1 = ((y * height - self.top_px) / inner_height for y in box_n[1::2])
        return _clamped((x0, y0, x1, y1))

    def to_sent(self, box_n: Box) -> Box:
        """A box of the camera's picture, cut off at its edges -> of the sent one; x0 y0 x1 y1 in fractions."""
        (width, height), (inner_width, inner_height) = self.sent_px, self.scaled_px
        x0, y0, x1, y1 = _clamped(box_n)
        return (
            (x0 * inner_width + self.left_px) / width,
            (y0 * inner_height + self.top_px) / height,
            (x1 * inner_width + self.left_px) / width,
            (y1 * inner_height + self.top_px) / height,
        )


def place(camera_px: Size, form: ImageForm) -> Placing:
    """How a picture of this size is sent.

    Raises:
        ValueError: `Pad` and `Stretch` need both sides; raw yuv420p needs even ones.
    """
    wanted = _wanted(camera_px, form)
    is_yuv = form.encoding is Encoding.RAW and form.pixel_format.lower() == "yuv420p"
    if form.mode not in (ScaleMode.PAD, ScaleMode.STRETCH):
        if is_yuv:
            wanted = (max(2, wanted[0] & ~1), max(2, wanted[1] & ~1))
        return Placing(wanted, wanted)
    if is_yuv and (wanted[0] % 2 or wanted[1] % 2):
        raise ValueError(f"Yuv420p of {wanted[0]}x{wanted[1]}: both sides must be even")
    if form.mode is ScaleMode.STRETCH:
        return Placing(wanted, wanted)
    inner = _fitted(camera_px, *wanted)
    return Placing(wanted, inner, (wanted[0] - inner[0]) // 2, (wanted[1] - inner[1]) // 2)


def fixed_size(form: ImageForm) -> Size | None:
    """The size of what is sent where it does not depend on the camera.

    Raises:
        ValueError: as `place`.
    """
    if form.mode not in (ScaleMode.PAD, ScaleMode.STRETCH):
        return None
    return place(_wanted((1, 1), form), form).sent_px


def boxes_from_sent(inference: Json, placing: Placing) -> Json:
    """An inference about the sent picture -> about the camera's."""
    return _boxes_moved(inference, placing.from_sent) if placing.is_padded else inference


def boxes_to_sent(inference: Json, placing: Placing) -> Json:
    """An inference about the camera's picture -> about the sent one."""
    return _boxes_moved(inference, placing.to_sent) if placing.is_padded else inference


def _wanted(camera_px: Size, form: ImageForm) -> Size:
    """The picture's sides, or for `Pad` those of the whole."""
    if form.mode is None:
        return camera_px
    if form.mode is ScaleMode.KEEP:
        return _fitted(camera_px, form.width_px, form.height_px)
    if not form.width_px or not form.height_px:
        raise ValueError(f"{form.mode.value} needs width and height")
    return form.width_px, form.height_px


def _fitted(camera_px: Size, width: int | None, height: int | None) -> Size:
    """The largest size of the camera's shape in a box of which one side may be missing."""
    scales = [most / side for most, side in zip((width, height), camera_px, strict=True) if most]
    scale = min(scales, default=1.0)
    return max(1, round(camera_px[0] * scale)), max(1, round(camera_px[1] * scale))


def _clamped(box_n: Box) -> Box:
    x0, y0, x1, y1 = (min(max(side, 0.0), 1.0) for side in box_n)
    return x0, y0, x1, y1


def _boxes_moved(inference: Json, move: Callable[[Box], Box]) -> Json:
    moved = dict(inference)
    for kind in ("entity", "motion"):
        value = inference.get(kind)
        if isinstance(value, Mapping) and isinstance(value.get("box"), Mapping):
            moved[kind] = {**value, "box": _box_moved(value["box"], move)}
    return moved


def _box_moved(box: Mapping[str, object], move: Callable[[Box], Box]) -> Json:
    left, top, width, height = (float(cast(float, box.get(side, 0.0))) for side in "ltwh")
    x0, y0, x1, y1 = move((left, top, left + width, top + height))
    sides = zip("ltwh", (x0, y0, x1 - x0, y1 - y0), strict=True)
    return {**box, **{side: number(value) for side, value in sides}}
