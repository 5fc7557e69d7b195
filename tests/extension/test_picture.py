"""Bytes of a sample become the picture that was sent, or a clear refusal."""

from __future__ import annotations

import struct

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from footfall.extension.picture import check_format, unpack
from footfall.extension.refusal import Refused
from footfall.extension.wire import Encoding, PictureFormat, PixelFormat

WIDTH, HEIGHT = 8, 6
Bytes = NDArray[np.uint8]


def scene() -> Bytes:
    """Every channel a ramp of its own, in steps that five bits can tell apart."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.stack([x * 24, y * 40, (x + y) * 16], axis=2).astype(np.uint8)


def packed(bits: tuple[int, int, int], order: str) -> Bytes:
    """16-bit pixels with red in the highest bits."""
    blue, green, red = (scene()[:, :, channel].astype(np.uint16) for channel in range(3))
    r, g, b = bits
    pixels = (red >> (8 - r)) << (g + b) | (green >> (8 - g)) << b | blue >> (8 - b)
    return pixels.astype(f"{order}u2").view(np.uint8)


def with_alpha(order: str) -> Bytes:
    planes = {"B": scene()[:, :, 0], "G": scene()[:, :, 1], "R": scene()[:, :, 2], "A": np.full((HEIGHT, WIDTH), 7)}
    return np.stack([planes[letter] for letter in order], axis=2).astype(np.uint8)


RAW = {
    PixelFormat.BGR24: with_alpha("BGR"),
    PixelFormat.RGB24: with_alpha("RGB"),
    PixelFormat.ARGB: with_alpha("ARGB"),
    PixelFormat.RGBA: with_alpha("RGBA"),
    PixelFormat.ABGR: with_alpha("ABGR"),
    PixelFormat.BGRA: with_alpha("BGRA"),
    PixelFormat.RGB565LE: packed((5, 6, 5), "<"),
    PixelFormat.RGB565BE: packed((5, 6, 5), ">"),
    PixelFormat.RGB555LE: packed((5, 5, 5), "<"),
    PixelFormat.RGB555BE: packed((5, 5, 5), ">"),
    PixelFormat.YUV420P: cv2.cvtColor(scene(), cv2.COLOR_BGR2YUV_I420),
}


def raw(pixel_format: int, stride: int = 0, width: int = WIDTH, height: int = HEIGHT) -> PictureFormat:
    return PictureFormat(Encoding.RAW, pixel_format, width, height, stride)


@pytest.mark.parametrize("pixel_format", list(RAW), ids=lambda kind: kind.name)
def test_every_raw_format_gives_the_same_picture(pixel_format: PixelFormat) -> None:
    picture = unpack(np.ascontiguousarray(RAW[pixel_format]).ravel(), check_format(raw(pixel_format)))
    off = 60 if pixel_format is PixelFormat.YUV420P else 8
    assert picture.shape == (HEIGHT, WIDTH, 3)
    assert np.abs(picture.astype(int) - scene()).max() < off
    assert (picture.astype(int) - scene()).mean() < 6


@pytest.mark.parametrize(
    "pixel_format", [kind for kind in RAW if kind is not PixelFormat.YUV420P], ids=lambda k: k.name
)
@pytest.mark.parametrize("is_cut", [False, True], ids=["whole rows", "last row without padding"])
def test_padded_rows(pixel_format: PixelFormat, is_cut: bool) -> None:
    rows = np.ascontiguousarray(RAW[pixel_format]).reshape(HEIGHT, -1)
    stride = rows.shape[1] + 5
    content = np.full((HEIGHT, stride), 99, np.uint8)
    content[:, : rows.shape[1]] = rows
    sent = content.ravel()[: -5 if is_cut else None]
    plain = unpack(rows.ravel(), raw(pixel_format))
    assert (unpack(sent, check_format(raw(pixel_format, stride))) == plain).all()


def test_planes_with_padding() -> None:
    planes = RAW[PixelFormat.YUV420P].ravel()
    luma, chroma = planes[: WIDTH * HEIGHT].reshape(HEIGHT, WIDTH), planes[WIDTH * HEIGHT :].reshape(HEIGHT, WIDTH // 2)
    padded = np.concatenate([np.pad(luma, ((0, 0), (0, 4))).ravel(), np.pad(chroma, ((0, 0), (0, 2))).ravel()])
    spec = check_format(raw(PixelFormat.YUV420P, WIDTH + 4))
    assert (unpack(padded, spec) == unpack(planes, raw(PixelFormat.YUV420P))).all()


@pytest.mark.parametrize("suffix", [".bmp", ".png", ".jpg"])
def test_encoded_pictures(suffix: str) -> None:
    large = cv2.resize(scene(), (64, 48))
    _, data = cv2.imencode(suffix, large)
    encoding = {".bmp": Encoding.BMP, ".png": Encoding.PNG, ".jpg": Encoding.JPG}[suffix]
    picture = unpack(data.ravel(), check_format(PictureFormat(encoding, 0, 0, 0, 0)))
    assert np.abs(picture.astype(int) - large).mean() < 6


def test_grey_and_transparent_pictures_become_bgr() -> None:
    for image in (scene()[:, :, 0], with_alpha("BGRA")):
        _, data = cv2.imencode(".png", image)
        assert unpack(data.ravel(), PictureFormat(Encoding.PNG, 0, 0, 0, 0)).shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize(
    ("spec", "word"),
    [
        pytest.param(None, "video_frame_sample_format", id="no format"),
        pytest.param(PictureFormat(9, 0, 8, 6, 0), "encoding 9", id="unknown encoding"),
        pytest.param(raw(0), "pixel format 0", id="raw without a pixel format"),
        pytest.param(raw(77), "pixel format 77", id="unknown pixel format"),
        pytest.param(raw(PixelFormat.BGR24, width=0), "0x6", id="no width"),
        pytest.param(raw(PixelFormat.BGR24, width=40_000), "40000x6", id="too wide"),
        pytest.param(raw(PixelFormat.BGR24, width=32_000, height=32_000), "too large", id="too many pixels"),
        pytest.param(raw(PixelFormat.BGR24, stride=23), "a row has 24", id="stride shorter than a row"),
        pytest.param(raw(PixelFormat.YUV420P, height=5), "even", id="odd planes"),
    ],
)
def test_formats_that_are_refused(spec: PictureFormat | None, word: str) -> None:
    with pytest.raises(Refused, match=word):
        check_format(spec)


def bomb(kind: str) -> bytes:
    """The head of a picture of 30,000 x 30,000."""
    if kind == "png":
        return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 30_000, 30_000) + bytes(20)
    if kind == "bmp":
        return b"BM" + bytes(16) + struct.pack("<ii", 30_000, -30_000) + bytes(20)
    return b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc0" + struct.pack(">HBHH", 11, 8, 30_000, 30_000) + bytes(20)


@pytest.mark.parametrize(
    ("content", "encoding", "word"),
    [
        pytest.param(b"", Encoding.JPG, "neither", id="nothing"),
        pytest.param(b"GIF89a", Encoding.JPG, "neither", id="a GIF"),
        pytest.param(b"\xff\xd8\xff", Encoding.JPG, "neither", id="a cut JPEG"),
        pytest.param(b"\xff\xd8\x00\x00\x00\x00\x00", Encoding.JPG, "no whole", id="a broken JPEG"),
        pytest.param(
            b"\x89PNG\r\n\x1a\n" + bytes(8) + struct.pack(">II", 4, 4), Encoding.PNG, "no whole", id="cut PNG"
        ),
        pytest.param(bomb("png"), Encoding.PNG, "too large", id="a PNG bomb"),
        pytest.param(bomb("bmp"), Encoding.BMP, "too large", id="a BMP bomb"),
        pytest.param(bomb("jpg"), Encoding.JPG, "too large", id="a JPEG bomb"),
    ],
)
def test_pictures_that_are_refused(content: bytes, encoding: Encoding, word: str) -> None:
    with pytest.raises(Refused, match=word):
        unpack(np.frombuffer(content, np.uint8), PictureFormat(encoding, 0, 0, 0, 0))


@pytest.mark.parametrize("count", [0, 1, WIDTH * HEIGHT * 3 - 1, WIDTH * HEIGHT * 3 + 1])
def test_raw_pictures_of_another_size_are_refused(count: int) -> None:
    with pytest.raises(Refused, match=f"a sample of {count} bytes"):
        unpack(np.zeros(count, np.uint8), raw(PixelFormat.BGR24))


@given(st.binary(max_size=200), st.sampled_from([b"", b"BM", b"\xff\xd8", b"\x89PNG\r\n\x1a\n"]))
def test_any_bytes_are_a_picture_or_refused(tail: bytes, head: bytes) -> None:
    content = np.frombuffer(head + tail, np.uint8)
    try:
        picture = unpack(content, PictureFormat(Encoding.JPG, 0, 0, 0, 0))
    except Refused:
        return
    assert picture.ndim == 3
