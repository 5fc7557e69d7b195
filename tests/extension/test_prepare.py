"""Pictures as they are sent; read back by the server side, which was written from the other end of the table."""

from __future__ import annotations

import numpy as np
import pytest

from footfall.config.media import Encoding, ImageForm, ScaleMode
from footfall.extension.picture import check_format, unpack
from footfall.extension.placing import place
from footfall.extension.prepare import content_type, picture_format, pixel_format, prepare, raw_bytes
from footfall.extension.wire import PictureFormat

RAW_FORMATS = [
    "Yuv420p", "Rgb565be", "Rgb565le", "Rgb555be", "Rgb555le", "Rgb24", "Bgr24", "Argb", "Rgba", "Abgr", "Bgra",
]  # fmt: skip


def flat(colour: tuple[int, int, int], width: int = 64, height: int = 36) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


@pytest.mark.parametrize("pixels", RAW_FORMATS)
def test_every_raw_format_there_and_back(pixels: str) -> None:
    form = ImageForm(encoding=Encoding.RAW, pixel_format=pixels)
    image = np.zeros((36, 64, 3), np.uint8)
    image[:, :32], image[:18, 32:], image[18:, 32:] = (200, 40, 80), (8, 248, 16), (0, 0, 248)
    placing = place((64, 36), form)
    content = prepare(image, placing, form)
    spec = check_format(picture_format(placing.sent_px, form))
    assert len(content) == raw_bytes(placing.sent_px, form)
    off = np.abs(unpack(content, spec).astype(int) - image)
    assert off.max() <= (8 if "5" in pixels else 4 if pixels == "Yuv420p" else 0)


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        pytest.param("Bgr24", b"\x01\x02\x03", id="bgr24"),
        pytest.param("Rgb24", b"\x03\x02\x01", id="rgb24"),
        pytest.param("Argb", b"\xff\x03\x02\x01", id="argb"),
        pytest.param("Rgba", b"\x03\x02\x01\xff", id="rgba"),
        pytest.param("Abgr", b"\xff\x01\x02\x03", id="abgr"),
        pytest.param("Bgra", b"\x01\x02\x03\xff", id="bgra"),
    ],
)
def test_the_order_of_the_bytes(pixels: str, expected: bytes) -> None:
    form = ImageForm(encoding=Encoding.RAW, pixel_format=pixels)
    assert prepare(flat((1, 2, 3), 2, 1), place((2, 1), form), form).tobytes() == 2 * expected


@pytest.mark.parametrize(
    ("pixels", "red"),
    [
        pytest.param("Rgb565be", b"\xf8\x00", id="rgb565be"),
        pytest.param("Rgb565le", b"\x00\xf8", id="rgb565le"),
        pytest.param("Rgb555be", b"\x7c\x00", id="rgb555be"),
        pytest.param("Rgb555le", b"\x00\x7c", id="rgb555le"),
    ],
)
def test_sixteen_bits_a_pixel(pixels: str, red: bytes) -> None:
    form = ImageForm(encoding=Encoding.RAW, pixel_format=pixels)
    assert prepare(flat((0, 0, 255), 3, 1), place((3, 1), form), form).tobytes() == 3 * red


def test_what_the_descriptor_says() -> None:
    bgr = ImageForm(encoding=Encoding.RAW, pixel_format="bgr24")
    assert picture_format((1408, 786), bgr) == PictureFormat(3, 61, 1408, 786, 4224)
    assert raw_bytes((1408, 786), bgr) == 3_320_064
    yuv = ImageForm(encoding=Encoding.RAW, pixel_format="Yuv420p")
    assert picture_format((64, 36), yuv) == PictureFormat(3, 20, 64, 36, 64)
    assert raw_bytes((64, 36), yuv) == 64 * 36 * 3 // 2
    assert picture_format((64, 36), ImageForm()) == PictureFormat(1, 0, 64, 36, 0)
    assert raw_bytes((64, 36), ImageForm()) is None


def test_the_module_s_own_size_has_black_columns_at_both_sides() -> None:
    form = ImageForm(ScaleMode.PAD, 1408, 786, Encoding.RAW, "Bgr24")
    content = prepare(flat((9, 9, 9), 1920, 1080), place((1920, 1080), form), form)
    picture = content.reshape(786, 1408, 3)
    columns = picture.any(axis=(0, 2))
    assert (columns.argmax(), columns[::-1].argmax()) == (5, 6)
    assert (picture[:, 5:-6] == 9).all()


def test_scaling_keeps_places() -> None:
    image = np.zeros((400, 400, 3), np.uint8)
    image[:, 200:] = 255
    for mode, width, height in (
        (ScaleMode.STRETCH, 100, 50),
        (ScaleMode.KEEP, 100, 100),
        (ScaleMode.STRETCH, 800, 800),
    ):
        form = ImageForm(mode, width, height, Encoding.RAW, "Bgr24")
        placing = place((400, 400), form)
        row = prepare(image, placing, form).reshape(placing.sent_px[1], placing.sent_px[0], 3)[0, :, 0]
        assert (row[: width // 2 - 1] == 0).all()
        assert (row[width // 2 + 1 :] == 255).all()


@pytest.mark.parametrize("encoding", [Encoding.JPEG, Encoding.BMP, Encoding.PNG])
def test_encoded_pictures(encoding: Encoding) -> None:
    form = ImageForm(ScaleMode.STRETCH, 40, 30, encoding)
    placing = place((64, 36), form)
    content = prepare(flat((10, 200, 90)), placing, form)
    picture = unpack(content, picture_format(placing.sent_px, form))
    assert picture.shape == (30, 40, 3)
    assert np.abs(picture.astype(int) - (10, 200, 90)).max() <= (3 if encoding is Encoding.JPEG else 0)
    assert content_type(form) == f"image/{encoding.value.lower()}"


def test_quality_of_jpeg() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (100, 100, 3), np.uint8)
    sizes = []
    for quality in (0, 50, None, 100):
        form = ImageForm(quality=quality)
        sizes.append(len(prepare(noise, place((100, 100), form), form)))
    assert sizes == sorted(set(sizes))


def test_an_unknown_pixel_format_is_told() -> None:
    with pytest.raises(ValueError, match="'Cmyk'"):
        pixel_format(ImageForm(encoding=Encoding.RAW, pixel_format="Cmyk"))


def test_content_type_of_raw_pictures() -> None:
    assert content_type(ImageForm(encoding=Encoding.RAW, pixel_format="Bgr24")) == "image/x-raw"
