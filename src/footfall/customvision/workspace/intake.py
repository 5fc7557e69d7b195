"""Pictures on their way in: looked at before they are decoded, turned upright, freed of all that is not picture.

Everything happens in memory; nothing here writes. Colours are taken as sRGB whatever a profile says, here as in
predictions.
"""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import ExifTags, Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from footfall.customvision.faults import Refused
from footfall.customvision.workspace.bare_jpeg import bare
from footfall.learning.lesson import Rgb

if TYPE_CHECKING:
    from footfall.customvision.workspace.limits import Limits

RESIZED_PX: Final = 800
"""Longer side, where the picture is larger."""
RESIZED_LEAST_PX: Final = 256
"""Shorter side, where the picture is smaller, as far as the longer one allows."""
THUMBNAIL_PX: Final = 256
_LARGE_PX: Final = 25_000_000
"""Pixels of pictures that are decoded one at a time: one takes hundreds of megabytes."""
_MOST_SCANS: Final = 100
"""Of a progressive JPEG: usual are ten, and each goes over the whole picture."""
_OPENERS: Final[tuple[tuple[bytes, Callable[[BytesIO], ImageFile]], ...]] = (
    (b"\xff\xd8\xff", JpegImageFile),
    (b"\x89PNG\r\n\x1a\n", PngImageFile),
    (b"BM", BmpImageFile),
    (b"GIF87a", GifImageFile),
    (b"GIF89a", GifImageFile),
)
_FAULTS: Final = (
    SyntaxError,
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Warning,
)
"""What Pillow's readers raise for files that are broken or made to break them; warnings, where those are errors."""
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each orientation of EXIF."""
_one_large = threading.Lock()


@dataclass(frozen=True, slots=True)
class Box:
    """A tagged box: fractions of the picture, origin top left."""

    tag_id: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Upload:
    """One picture of a batch, as it came."""

    name: str
    """Given back as `sourceUrl`, as it is."""
    content: bytes | None
    """JPEG, PNG, BMP or GIF. None: it could not be fetched (`ErrorSource`)."""
    tag_ids: tuple[str, ...] = ()
    regions: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: three encoded sizes, upright, without any metadata."""

    width: int
    height: int
    original: bytes
    """A JPEG where it came as one, its compressed data untouched where it stood upright; else a PNG."""
    resized: bytes
    thumbnail: bytes


def upright(content: bytes, limits: Limits, most_bytes: int) -> Rgb:
    """Decode for the eye of a model: [height, width, 3], orientation applied, of a GIF the first picture.

    Raises:
        Refused: BadRequestImageFormat, BadRequestImageSizeBytes, BadRequestImageDimensions,
            BadRequestImageAspectRatio, or BadRequestImageStream where there is none.
    """
    with _checked(content, limits, most_bytes) as image:
        orientation = _orientation(image)
        return np.asarray(_turned(_flat(image), orientation))


def prepare(content: bytes, limits: Limits, most_bytes: int) -> Picture:
    """Make what is kept of it.

    Raises:
        Refused: as `upright`.
    """
    with _checked(content, limits, most_bytes) as image:
        orientation, is_jpeg = _orientation(image), isinstance(image, JpegImageFile)
        width, height = image.size
        if orientation >= 5:
            width, height = height, width
        plain = bare(content) if is_jpeg and orientation == 1 and image.mode in {"RGB", "L"} else None
        picture = _turned(_flat(image if plain is None else _reduced(plain)), orientation)
        return Picture(
            width,
            height,
            plain or (_jpeg(picture, 95) if is_jpeg else _png(picture)),
            _jpeg(picture.resize(resized_size(width, height), Image.Resampling.LANCZOS, reducing_gap=3.0), 90),
            _jpeg(picture.resize(_within(width, height, THUMBNAIL_PX), reducing_gap=3.0), 85),
        )


def resized_size(width: int, height: int) -> tuple[int, int]:
    """Size of the resized picture: shrunk where it is large, scaled up where it is small."""
    longest, shortest = max(width, height), min(width, height)
    longer_px = min(RESIZED_PX, max(longest, round(longest * RESIZED_LEAST_PX / shortest)))
    return _scaled(width, height, longer_px / longest)


def _within(width: int, height: int, longest_px: int) -> tuple[int, int]:
    return _scaled(width, height, min(1.0, longest_px / max(width, height)))


def _scaled(width: int, height: int, scale: float) -> tuple[int, int]:
    return max(1, round(width * scale)), max(1, round(height * scale))


@contextmanager
def _checked(content: bytes, limits: Limits, most_bytes: int) -> Iterator[ImageFile]:
    """The picture, its header read and nothing decoded; what goes wrong with it inside leaves as a refusal."""
    if not content:
        raise Refused("BadRequestImageStream", "there is no picture in it")
    if len(content) > most_bytes:
        raise Refused("BadRequestImageSizeBytes", f"the picture has {len(content)} bytes, more than {most_bytes}")
    opener = next((opener for magic, opener in _OPENERS if content.startswith(magic)), None)
    if opener is None or (opener is JpegImageFile and content.count(b"\xff\xda") > _MOST_SCANS):
        raise _no_picture()
    try:
        image = opener(BytesIO(content))
        _check_size(*image.size, limits)
        if image.width * image.height <= _LARGE_PX:
            yield image
        else:
            with _one_large:
                yield image
    except _FAULTS as error:
        raise _no_picture() from error


def _check_size(width: int, height: int, limits: Limits) -> None:
    longest, shortest = max(width, height), min(width, height)
    if longest > limits.longest_side_px or shortest < 1:
        what = f"the picture is {width} x {height} pixels; the longest side may be {limits.longest_side_px}"
        raise Refused("BadRequestImageDimensions", what)
    if longest > limits.aspect * shortest:
        what = f"the picture is {width} x {height} pixels; the aspect ratio may be {limits.aspect:g}:1"
        raise Refused("BadRequestImageAspectRatio", what)


def _no_picture() -> Refused:
    return Refused("BadRequestImageFormat", "this is no whole picture in JPEG, PNG, BMP or GIF")


def _orientation(image: ImageFile) -> int:
    """As EXIF says; 1, upright, where it says nothing that can be read."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _FAULTS:
        return 1
    return orientation if orientation in _UPRIGHT else 1


def _reduced(plain: bytes) -> ImageFile:
    """A JPEG that decodes to fewer pixels, if it is large, but to no fewer than the resized picture wants."""
    image = JpegImageFile(BytesIO(plain))
    image.draft(None, (2 * RESIZED_PX, 2 * RESIZED_PX))
    return image


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image


def _flat(image: Image.Image) -> Image.Image:
    """RGB, 8 bits, and not a word with it; what is transparent becomes white."""
    image.load()
    if image.mode.startswith("I"):
        deep = np.asarray(image).astype(np.uint32)
        flat = Image.fromarray((np.minimum(deep, 65535) // 257).astype(np.uint8)).convert("RGB")
    elif image.has_transparency_data:
        clear = image.convert("RGBA")
        flat = Image.new("RGB", clear.size, "white")
        flat.paste(clear, mask=clear.getchannel("A"))
    else:
        flat = image if image.mode == "RGB" else image.convert("RGB")
    flat.info.clear()  # Pillow writes it into what it saves
    return flat


def _jpeg(image: Image.Image, quality: int) -> bytes:
    target = BytesIO()
    image.save(target, "JPEG", quality=quality)
    return target.getvalue()


def _png(image: Image.Image) -> bytes:
    target = BytesIO()
    image.save(target, "PNG", compress_level=4)
    return target.getvalue()
