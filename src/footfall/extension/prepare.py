"""A camera's picture -> the bytes that an extension is sent. Pure (spec/media-graph.md section 4.3)."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.config.media import Encoding, ImageForm
from footfall.core.types import Image
from footfall.extension import wire
from footfall.extension.placing import Placing, Size
from footfall.extension.wire import PictureFormat, PixelFormat

Bytes = NDArray[np.uint8]
JPEG_QUALITY = 90
"""Where the node names none."""

_BYTES_A_PIXEL = {"rgb565": 2, "rgb555": 2, "bgr24": 3, "rgb24": 3, "argb": 4, "rgba": 4, "abgr": 4, "bgra": 4}
_FROM_BGR: dict[PixelFormat, Callable[[Image], NDArray[np.generic]]] = {
    PixelFormat.YUV420P: lambda image: cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420),
    PixelFormat.RGB565BE: lambda image: cv2.cvtColor(image, cv2.COLOR_BGR2BGR565)[:, :, ::-1],
    PixelFormat.RGB565LE: lambda image: cv2.cvtColor(image, cv2.COLOR_BGR2BGR565),
    PixelFormat.RGB555BE: lambda image: cv2.cvtColor(image, cv2.COLOR_BGR2BGR555)[:, :, ::-1],
    PixelFormat.RGB555LE: lambda image: cv2.cvtColor(image, cv2.COLOR_BGR2BGR555),
    PixelFormat.RGB24: lambda image: cv2.cvtColor(image, cv2.COLOR_BGR2RGB),
    PixelFormat.BGR24: lambda image: image,
    PixelFormat.ARGB: lambda image: cv2.cvtColor(image, cv2.COLOR_BGR2BGRA)[:, :, ::-1],
    PixelFormat.RGBA: lambda image: cv2.cvtColor(image, cv2.COLOR_BGR2RGBA),
    PixelFormat.ABGR: lambda image: cv2.cvtColor(image, cv2.COLOR_BGR2RGBA)[:, :, ::-1],
    PixelFormat.BGRA: lambda image: cv2.cvtColor(image, cv2.COLOR_BGR2BGRA),
}
_ENCODED = {
    Encoding.JPEG: (wire.Encoding.JPG, ".jpg", "image/jpeg"),
    Encoding.BMP: (wire.Encoding.BMP, ".bmp", "image/bmp"),
    Encoding.PNG: (wire.Encoding.PNG, ".png", "image/png"),
}


def pixel_format(form: ImageForm) -> PixelFormat:
    """Of the pictures of a node.

    Raises:
        ValueError: an unknown one.
    """
    if form.encoding is not Encoding.RAW:
        return PixelFormat.NONE
    try:
        return PixelFormat[form.pixel_format.upper()]
    except KeyError:
        raise ValueError(f"pixelFormat {form.pixel_format!r} is unknown: Bgr24 costs least") from None


def picture_format(sent_px: Size, form: ImageForm) -> PictureFormat:
    """What a descriptor says about the pictures."""
    width, height = sent_px
    if form.encoding is not Encoding.RAW:
        return PictureFormat(_ENCODED[form.encoding][0], PixelFormat.NONE, width, height, 0)
    kind = pixel_format(form)
    a_pixel = 1 if kind is PixelFormat.YUV420P else _a_pixel(kind)
    return PictureFormat(wire.Encoding.RAW, kind, width, height, width * a_pixel)


def raw_bytes(sent_px: Size, form: ImageForm) -> int | None:
    """Bytes of one picture where all have the same; None: it depends on what is seen."""
    if form.encoding is not Encoding.RAW:
        return None
    pixels, kind = sent_px[0] * sent_px[1], pixel_format(form)
    return pixels * 3 // 2 if kind is PixelFormat.YUV420P else pixels * _a_pixel(kind)


def content_type(form: ImageForm) -> str:
    """What an HTTP extension is told (spec/grpc-extension.md section 12)."""
    return "image/x-raw" if form.encoding is Encoding.RAW else _ENCODED[form.encoding][2]


def prepare(image: Image, placing: Placing, form: ImageForm) -> Bytes:
    """The bytes of one picture: scaled, padded with black, in its format.

    Args:
        image: (height, width, 3) uint8, BGR.
        placing: of a picture of this size.
        form: as the node says.

    Returns:
        (n,) uint8; raw rows from the top without gaps. May share its memory with `image`.
    """
    picture = _padded(_scaled(image, placing.scaled_px), placing)
    if form.encoding is Encoding.RAW:
        return np.ascontiguousarray(_FROM_BGR[pixel_format(form)](picture)).reshape(-1).view(np.uint8)
    options: list[int] = []
    if form.encoding is Encoding.JPEG:
        options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY if form.quality is None else form.quality]
    _, data = cv2.imencode(_ENCODED[form.encoding][1], picture, options)
    return np.asarray(data, np.uint8).reshape(-1)


def _scaled(image: Image, size_px: Size) -> Image:
    height, width = image.shape[:2]
    if (width, height) == size_px:
        return image
    shrinks = size_px[0] < width and size_px[1] < height
    return np.asarray(cv2.resize(image, size_px, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR))


def _padded(image: Image, placing: Placing) -> Image:
    if not placing.is_padded:
        return image
    (width, height), (inner_width, inner_height) = placing.sent_px, placing.scaled_px
    left, top = placing.left_px, placing.top_px
    right, bottom = width - inner_width - left, height - inner_height - top
    return np.asarray(cv2.copyMakeBorder(image, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(0, 0, 0)))


def _a_pixel(kind: PixelFormat) -> int:
    return _BYTES_A_PIXEL[kind.name.lower().removesuffix("be").removesuffix("le")]
