"""Over the wire: tags and boxes that are put on images."""

from __future__ import annotations

from datetime import datetime

from footfall.customvision.wire.words import Wire


class ImageRegionCreateEntry(Wire, frozen=True, kw_only=True):
    """Also sent by clients."""

    image_id: str
    tag_id: str
    left: float
    top: float
    width: float
    height: float


class ImageRegionCreateResult(Wire, frozen=True, kw_only=True):
    """A box that was made."""

    image_id: str
    region_id: str
    tag_name: str
    created: datetime
    tag_id: str
    left: float
    top: float
    width: float
    height: float


class ImageRegionCreateSummary(Wire, frozen=True, kw_only=True):
    """Of a batch of boxes."""

    created: list[ImageRegionCreateResult]
    duplicated: list[ImageRegionCreateEntry]
    exceeded: list[ImageRegionCreateEntry]


class ImageTagCreateEntry(Wire, frozen=True, kw_only=True):
    """Also sent by clients."""

    image_id: str
    tag_id: str


class ImageTagCreateSummary(Wire, frozen=True, kw_only=True):
    """Of a batch of tags on pictures."""

    created: list[ImageTagCreateEntry]
    duplicated: list[ImageTagCreateEntry]
    exceeded: list[ImageTagCreateEntry]
