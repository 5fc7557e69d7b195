"""Pictures on their way in: recipe 10 of the specification of privacy, and what is stripped (C10, X12)."""

from __future__ import annotations

import resource
import struct
import tracemalloc
import zlib
from contextlib import suppress
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageFile, PngImagePlugin

from footfall.customvision.faults import Refused
from footfall.customvision.workspace.bare_jpeg import bare
from footfall.customvision.workspace.intake import prepare, resized_size, upright
from footfall.customvision.workspace.limits import Limits
from vision_shop import drawn, refusal

LIMITS = Limits()
MOST = LIMITS.training_image_bytes
CANARY = b"CANARY-47.3769N-8.5417E-serial-0815"
FORMATS = ("JPEG", "PNG", "BMP", "GIF")


def arrow() -> Image.Image:
    """Red at the top left, green at the top right, blue at the bottom left; wider than high."""
    rgb = np.full((40, 60, 3), 255, np.uint8)
    rgb[:20, :30], rgb[:20, 30:], rgb[20:, :30] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    return Image.fromarray(rgb)


def saved(image: Image.Image, format: str, **options) -> bytes:
    target = BytesIO()
    image.save(target, format, **options)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def corners(rgb: np.ndarray) -> str:
    """First letters of the colours at top left, top right, bottom left, bottom right."""
    height, width, _ = rgb.shape
    names = {(255, 0, 0): "r", (0, 255, 0): "g", (0, 0, 255): "b", (255, 255, 255): "w"}
    at = [(0.25, 0.25), (0.25, 0.75), (0.75, 0.25), (0.75, 0.75)]
    seen = [rgb[int(y * height), int(x * width)] for y, x in at]
    return "".join(min(names.items(), key=lambda item: np.abs(np.array(item[0]) - one).sum())[1] for one in seen)


@pytest.mark.parametrize("format", FORMATS)
def test_a_picture_is_kept_in_three_sizes(format) -> None:
    picture = prepare(saved(arrow().resize((1200, 800)), format), LIMITS, MOST)
    assert (picture.width, picture.height) == (1200, 800)
    sizes = [opened(part).size for part in (picture.original, picture.resized, picture.thumbnail)]
    assert sizes == [(1200, 800), (800, 533), (256, 171)]
    formats = [opened(part).format for part in (picture.original, picture.resized, picture.thumbnail)]
    assert formats == ["JPEG" if format == "JPEG" else "PNG", "JPEG", "JPEG"]
    for part in (picture.original, picture.resized, picture.thumbnail):
        assert corners(np.asarray(opened(part).convert("RGB"))) == "rgbw"


@pytest.mark.parametrize(
    ("size", "resized"),
    [
        pytest.param((4000, 3000), (800, 600), id="large: shrunk"),
        pytest.param((600, 400), (600, 400), id="between: as it is"),
        pytest.param((100, 50), (512, 256), id="small: scaled up"),
        pytest.param((1, 1), (256, 256), id="a dot"),
        pytest.param((2500, 100), (800, 32), id="long"),
        pytest.param((4, 100), (32, 800), id="small and long: as far as it goes"),
    ],
)
def test_sizes_of_the_resized_picture(size, resized) -> None:
    assert resized_size(*size) == resized


HELD = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""What a camera that is held so does to the picture (EXIF 2.3, tag 0112)."""


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", HELD)
def test_pictures_stand_upright_however_the_camera_was_held(format, orientation) -> None:
    taken = arrow() if HELD[orientation] is None else arrow().transpose(HELD[orientation])
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    content = saved(taken, format, exif=exif)
    picture = prepare(content, LIMITS, MOST)
    assert (picture.width, picture.height) == (60, 40)
    for part in (picture.original, picture.resized, picture.thumbnail):
        assert corners(np.asarray(opened(part))) == "rgbw"
        assert not opened(part).getexif()
    assert corners(upright(content, LIMITS, MOST)) == "rgbw"


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_is_none_changes_nothing(orientation) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    assert corners(upright(saved(arrow(), "JPEG", exif=exif), LIMITS, MOST)) == "rgbw"


def secretive(format: str, orientation: int = 1) -> bytes:
    """A picture with a secret in every place for words that the format has."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = CANARY.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSMapDatum] = CANARY.decode()
    options = {"exif": exif, "xmp": b"<x:xmpmeta>" + CANARY, "icc_profile": CANARY * 4, "comment": CANARY}
    if format == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", CANARY.decode())
        words.add_itxt("XML:com.adobe.xmp", CANARY.decode())
        options = {"exif": exif, "pnginfo": words, "icc_profile": CANARY * 4}
    if format == "GIF":
        options = {"comment": CANARY}
    return saved(arrow(), format, **options) + CANARY


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("format", FORMATS)
def test_only_the_picture_is_kept(format, orientation) -> None:
    content = secretive(format, orientation)
    assert CANARY in content
    picture = prepare(content, LIMITS, MOST)
    for part in (picture.original, picture.resized, picture.thumbnail):
        image = opened(part)
        assert CANARY not in part
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_an_upright_jpeg_keeps_its_compressed_data() -> None:
    for options in ({}, {"progressive": True}, {"quality": 100, "subsampling": 0}, {"restart_marker_blocks": 2}):
        content = drawn(size=(99, 67), comment=CANARY, **options)
        kept = prepare(content, LIMITS, MOST).original
        assert CANARY not in kept
        assert kept == bare(content)
        assert np.array_equal(np.asarray(opened(kept)), np.asarray(opened(content)))


def test_what_a_jpeg_is_made_of_when_it_is_bare() -> None:
    kept = bare(secretive("JPEG"))
    assert kept is not None
    assert kept.endswith(b"\xff\xd9")
    assert b"JFIF" in kept
    assert bare(kept) == kept


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(drawn()[:200], id="cut"),
        pytest.param(drawn()[:-2], id="without its end"),
        pytest.param(b"\xff\xd8\xff\xc0\x00\x01" + b"\x00" * 50, id="a segment of no length"),
        pytest.param(b"\xff\xd8\xff\xcf\x00\x02\xff\xd9", id="a way to code that is not usual"),
        pytest.param(b"\xff\xd8\xff\xd9", id="a picture without a frame"),
    ],
)
def test_jpegs_that_have_to_be_encoded_anew(content) -> None:
    assert bare(content) is None


def cmyk() -> bytes:
    return saved(arrow().convert("CMYK"), "JPEG", quality=95)


def deep(mode: str) -> bytes:
    """16 bits a channel: white is 65535."""
    rgb = np.asarray(arrow())
    return saved(Image.fromarray(rgb[:, :, 0].astype(np.uint16) * 257), "PNG") if mode == "L" else _png16(rgb)


def _png16(rgb: np.ndarray) -> bytes:
    height, width, _ = rgb.shape
    rows = b"".join(b"\x00" + (row.astype(">u2") * 257).tobytes() for row in rgb)
    return _png(
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)), _chunk(b"IDAT", zlib.compress(rows))
    )


def _png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def animated(format: str) -> bytes:
    others = [Image.new("RGB", (60, 40), name) for name in ("black", "yellow")]
    return saved(arrow(), format, save_all=True, append_images=others, duration=100)


def see_through() -> Image.Image:
    image = arrow().convert("RGBA")
    image.putpixel((59, 39), (0, 0, 0, 0))
    pixels = np.asarray(image).copy()
    pixels[20:, 30:] = (0, 0, 0, 0)
    return Image.fromarray(pixels)


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        pytest.param(cmyk(), "rgbw", id="CMYK JPEG"),
        pytest.param(saved(arrow().convert("L"), "JPEG"), None, id="grey JPEG"),
        pytest.param(deep("RGB"), "rgbw", id="16 bit PNG in colour"),
        pytest.param(deep("L"), None, id="16 bit PNG in grey"),
        pytest.param(saved(see_through(), "PNG"), "rgbw", id="transparent PNG: white"),
        pytest.param(saved(see_through(), "GIF"), "rgbw", id="transparent GIF: white"),
        pytest.param(saved(arrow().convert("P"), "PNG"), "rgbw", id="palette PNG"),
        pytest.param(saved(arrow().convert("1"), "PNG"), None, id="PNG of one bit"),
        pytest.param(animated("GIF"), "rgbw", id="animated GIF: the first picture"),
        pytest.param(animated("PNG"), "rgbw", id="animated PNG: the first picture"),
        pytest.param(saved(arrow(), "GIF", interlace=True), "rgbw", id="interlaced GIF"),
        pytest.param(saved(arrow(), "JPEG") + b"<script>alert(1)</script>", "rgbw", id="JPEG with a page behind it"),
    ],
)
def test_all_kinds_of_pictures(content, seen) -> None:
    picture = prepare(content, LIMITS, MOST)
    rgb = np.asarray(opened(picture.original).convert("RGB"))
    assert rgb.shape == (40, 60, 3)
    if seen:
        assert corners(rgb) == seen
    assert np.abs(rgb.astype(int) - upright(content, LIMITS, MOST)).mean() < 4
    assert b"script" not in picture.original


def test_sixteen_bits_keep_their_greys() -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None, :].repeat(16, 0)
    rgb = upright(saved(Image.fromarray(ramp), "PNG"), LIMITS, MOST)
    assert np.array_equal(rgb[0, :, 1], np.arange(256))


def header_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """About 1 kB of PNG that says it is huge."""
    size = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return _png(size, _chunk(b"IDAT", zlib.compress(b"\x00" * 500_000)))


def word_bomb() -> bytes:
    """Metadata that unpack to a gigabyte, if anybody unpacks them."""
    small = opened(drawn(format="PNG"))
    bomb = _chunk(b"zTXt", b"c\x00\x00" + zlib.compress(b"\x00" * 50_000_000, 9))
    content = saved(small, "PNG")
    return content[:33] + bomb * 20 + content[33:]


def scan_bomb() -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    content = drawn(size=(64, 48), progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * 500 + b"\xff\xd9"


WRONG = [
    pytest.param(b"", "BadRequestImageStream", id="nothing"),
    pytest.param(b"\xff\xd8\xff" + b"x" * MOST, "BadRequestImageSizeBytes", id="too many bytes"),
    pytest.param(b"GIF89", "BadRequestImageFormat", id="not even a header"),
    pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "BadRequestImageFormat", id="SVG"),
    pytest.param(saved(arrow(), "TIFF"), "BadRequestImageFormat", id="TIFF"),
    pytest.param(saved(arrow(), "WEBP"), "BadRequestImageFormat", id="WebP"),
    pytest.param(b"%PDF-1.7\n" + drawn(), "BadRequestImageFormat", id="a document that hides a JPEG"),
    pytest.param(b"\xff\xd8\xff" + b"x" * 100, "BadRequestImageFormat", id="only the first bytes of a JPEG"),
    pytest.param(drawn()[:-100], "BadRequestImageFormat", id="cut JPEG"),
    pytest.param(drawn(format="PNG")[:-100], "BadRequestImageFormat", id="cut PNG"),
    pytest.param(drawn(format="BMP")[:-100], "BadRequestImageFormat", id="cut BMP"),
    pytest.param(drawn(format="GIF")[:-100], "BadRequestImageFormat", id="cut GIF"),
    pytest.param(header_bomb(), "BadRequestImageDimensions", id="a PNG that says it is huge"),
    pytest.param(header_bomb(10_241, 5000), "BadRequestImageDimensions", id="one pixel too wide"),
    pytest.param(header_bomb(10_240, 5000), "BadRequestImageFormat", id="as wide as may be, but empty"),
    pytest.param(saved(Image.new("RGB", (260, 10)), "PNG"), "BadRequestImageAspectRatio", id="26:1"),
    pytest.param(saved(Image.new("RGB", (10, 251)), "JPEG"), "BadRequestImageAspectRatio", id="1:25.1"),
    pytest.param(scan_bomb(), "BadRequestImageFormat", id="a JPEG of 500 scans"),
]


@pytest.mark.parametrize(("content", "code"), WRONG)
@pytest.mark.parametrize("read", [prepare, upright])
def test_what_is_refused(read, content, code) -> None:
    assert refusal(read, content, LIMITS, MOST) == code


def test_a_ratio_of_25_to_1_is_fine() -> None:
    assert prepare(saved(Image.new("RGB", (250, 10)), "PNG"), LIMITS, MOST).width == 250


@pytest.mark.parametrize("bomb", [pytest.param(header_bomb(), id="pixels"), pytest.param(scan_bomb(), id="scans")])
def test_bombs_cost_nothing(bomb, monkeypatch) -> None:
    refusal(prepare, bomb, LIMITS, MOST)
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _: pytest.fail("its pixels are decoded"))
    tracemalloc.start()
    refusal(prepare, bomb, LIMITS, MOST)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 5 * 2**20


def test_metadata_that_unpack_to_a_gigabyte_are_not_unpacked() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(prepare, word_bomb(), LIMITS, MOST) == "BadRequestImageFormat"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024


_SEEDS = [drawn(size=(40, 30), format=format) for format in FORMATS] + [secretive("JPEG", 6), secretive("PNG")]
_SEEDS += [drawn(size=(40, 30), progressive=True), deep("L"), cmyk(), animated("GIF")]


@given(
    st.sampled_from(_SEEDS),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), max_size=6),
    st.floats(0, 1),
)
@settings(max_examples=300)
def test_whatever_comes_is_kept_or_refused(seed, changes, cut) -> None:
    content = bytearray(seed)
    for where, replacement in changes:
        at = int(where * (len(content) - 1))
        content[at : at + len(replacement)] = replacement
    content = bytes(content[: max(1, int((1 - cut**6) * len(content)))])
    for read in (prepare, upright):
        with suppress(Refused):
            read(content, LIMITS, MOST)
