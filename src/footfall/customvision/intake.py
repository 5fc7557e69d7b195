"""Pictures on their way in: looked at before they are decoded, turned upright, freed of all that is not picture.

Everything happens in memory; nothing here writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from footfall.learning.lesson import Rgb

if TYPE_CHECKING:
    from footfall.customvision.limits import Limits


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
    resized: bytes
    thumbnail: bytes


def upright(content: bytes, limits: Limits, most_bytes: int) -> Rgb:
    """Decode for the eye of a model: [height, width, 3], orientation applied.

    Raises:
        Refused: BadRequestImageFormat, BadRequestImageSizeBytes, BadRequestImageDimensions,
            BadRequestImageAspectRatio, or BadRequestImageStream where there is none.
    """
    raise NotImplementedError


def prepare(content: bytes, limits: Limits, most_bytes: int) -> Picture:
    """Make what is kept of it.

    Raises:
        Refused: as `upright`.
    """
    raise NotImplementedError
