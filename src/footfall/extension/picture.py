"""Bytes of a sample -> picture. Pure (spec/grpc-extension.md sections 3, 8 and 11)."""

from __future__ import annotations

import struct
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from footfall.core.types import Image
from footfall.extension.refusal import Refused
from footfall.extension.wire import Encoding, PictureFormat, PixelFormat

Bytes = NDArray[np.uint8]
MOST_PIXELS = 100_000_000
"""Larger pictures are refused before they are unpacked."""
LARGEST_SIDE_PX = 32_768

_BYTES_A_PIXEL = {
    PixelFormat.RGB565BE: 2, PixelFormat.RGB565LE: 2, PixelFormat.RGB555BE: 2, PixelFormat.RGB555LE: 2,
    PixelFormat.RGB24: 3, PixelFormat.BGR24: 3,
    PixelFormat.ARGB: 4, PixelFormat.RGBA: 4, PixelFormat.ABGR: 4, PixelFormat.BGRA: 4,
}  # fmt: skip

_TO_BGR: dict[int, Callable[[Bytes], NDArray[np.integer | np.floating]]] = {
    PixelFormat.RGB565BE: lambda rows: cv2.cvtColor(_swapped(rows), cv2.COLOR_BGR5652BGR),
    PixelFormat.RGB565LE: lambda rows: cv2.cvtColor(np.ascontiguousarray(rows), cv2.COLOR_BGR5652BGR),
    PixelFormat.RGB555BE: lambda rows: cv2.cvtColor(_swapped(rows), cv2.COLOR_BGR5552BGR),
    PixelFormat.RGB555LE: lambda rows: cv2.cvtColor(np.ascontiguousarray(rows), cv2.COLOR_BGR5552BGR),
    PixelFormat.RGB24: lambda rows: rows[:, :, ::-1],
    PixelFormat.BGR24: lambda rows: rows,
    PixelFormat.ARGB: lambda rows: rows[:, :, 3:0:-1],
    PixelFormat.RGBA: lambda rows: rows[:, :, 2::-1],
    PixelFormat.ABGR: lambda rows: rows[:, :, 1:],
    PixelFormat.BGRA: lambda rows: rows[:, :, :3],
}


def check_format(spec: PictureFormat | None) -> PictureFormat:
    """Refuse what no sample of this format could be read with.

    Raises:
        Refused: no format, an unknown one, or sides that no picture has.
    """
    if spec is None:
        raise Refused("the descriptor has no video_frame_sample_format: say how the pictures are encoded")
    if spec.encoding not in set(Encoding):
        raise Refused(f"encoding {spec.encoding} is unknown: send BMP, JPG, PNG or RAW")
    if spec.encoding != Encoding.RAW:
        return spec
    if spec.pixel_format not in {*_BYTES_A_PIXEL, PixelFormat.YUV420P}:
        raise Refused(f"pixel format {spec.pixel_format} is unknown: send bgr24")
    if not (0 < spec.width <= LARGEST_SIDE_PX and 0 < spec.height <= LARGEST_SIDE_PX):
        raise Refused(f"{spec.width}x{spec.height} is no size of a raw picture")
    _check_pixels(spec.width, spec.height)
    if spec.pixel_format == PixelFormat.YUV420P:
        if spec.width % 2 or spec.height % 2:
            raise Refused(f"yuv420p of {spec.width}x{spec.height}: both sides must be even")
        least = spec.width
    else:
        least = spec.width * _BYTES_A_PIXEL[PixelFormat(spec.pixel_format)]
    if 0 < spec.stride_bytes < least:
        raise Refused(f"stride_bytes is {spec.stride_bytes}: a row has {least} bytes")
    return spec


def unpack(content: Bytes, spec: PictureFormat) -> Image:
    """One picture, BGR.

    Args:
        content: (n,) uint8, as sent.
        spec: checked by `check_format`.

    Returns:
        (height, width, 3) uint8; may share its memory with `content`.

    Raises:
        Refused: the bytes hold no such picture.
    """
    if spec.encoding != Encoding.RAW:
        return _decoded(content)
    if spec.pixel_format == PixelFormat.YUV420P:
        return _from_planes(content, spec)
    a_pixel = _BYTES_A_PIXEL[PixelFormat(spec.pixel_format)]
    rows = _rows(content, spec.height, spec.width * a_pixel, spec.stride_bytes)
    return np.asarray(_TO_BGR[spec.pixel_format](rows.reshape(spec.height, spec.width, a_pixel)), np.uint8)


def _rows(content: Bytes, height: int, row_bytes: int, stride_bytes: int) -> Bytes:
    """(height, row_bytes); the last row may lack its padding."""
    stride = stride_bytes or row_bytes
    least, most = stride * (height - 1) + row_bytes, stride * height
    if not least <= len(content) <= most:
        raise Refused(f"a sample of {len(content)} bytes: {height} rows of {stride} have {most}")
    if stride == row_bytes:
        return content.reshape(height, row_bytes)
    padded = content if len(content) == most else np.concatenate([content, np.zeros(most - len(content), np.uint8)])
    return padded.reshape(height, stride)[:, :row_bytes]


def _from_planes(content: Bytes, spec: PictureFormat) -> Image:
    stride = spec.stride_bytes or spec.width
    luma_bytes, chroma_bytes = stride * spec.height, stride // 2 * (spec.height // 2)
    if len(content) != luma_bytes + 2 * chroma_bytes:
        raise Refused(f"a sample of {len(content)} bytes: yuv420p here has {luma_bytes + 2 * chroma_bytes}")
    luma = content[:luma_bytes].reshape(spec.height, stride)[:, : spec.width]
    planes = content[luma_bytes:].reshape(2, spec.height // 2, stride // 2)[:, :, : spec.width // 2]
    packed = np.concatenate([luma.ravel(), planes.ravel()]).reshape(spec.height * 3 // 2, spec.width)
    return np.asarray(cv2.cvtColor(packed, cv2.COLOR_YUV2BGR_I420), np.uint8)


def _swapped(rows: Bytes) -> Bytes:
    return np.ascontiguousarray(rows[:, :, ::-1])


def _decoded(content: Bytes) -> Image:
    width, height = _size_px(content.tobytes())
    _check_pixels(width, height)
    try:
        picture = cv2.imdecode(content, cv2.IMREAD_COLOR)
    except cv2.error:
        picture = None
    if picture is None:
        raise Refused("a sample is no whole picture")
    return np.asarray(picture, np.uint8)


def _check_pixels(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise Refused(f"a picture of {width}x{height} is too large: at most {MOST_PIXELS} pixels")


def _size_px(data: bytes) -> tuple[int, int]:
    """Width and height as the head of a PNG, BMP or JPEG says, before anything is unpacked."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return struct.unpack_from(">II", data, 16)
        if data.startswith(b"BM"):
            width, height = struct.unpack_from("<ii", data, 18)
            return abs(width), abs(height)
        if data.startswith(b"\xff\xd8"):
            return _jpeg_size_px(data)
    except struct.error:
        pass
    raise Refused("a sample is neither a JPEG, nor a PNG, nor a BMP picture")


def _jpeg_size_px(data: bytes) -> tuple[int, int]:
    """From the first start-of-frame segment (ITU-T T.81, annex B)."""
    at = 2
    while True:
        marker, length = struct.unpack_from(">HH", data, at)
        if 0xFFC0 <= marker <= 0xFFCF and marker not in {0xFFC4, 0xFFC8, 0xFFCC}:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if marker < 0xFF00:
            raise Refused("a sample is no whole picture")
        at += 2 + length
