"""Over the wire: training images, and what became of those that were sent."""

from __future__ import annotations

from datetime import datetime

from footfall.customvision.wire.words import ImageCreateStatus, ImageMetadataUpdateStatus, Wire


class ImageTag(Wire, frozen=True, kw_only=True):
    """A tag on a picture."""

    tag_id: str
    tag_name: str
    created: datetime


class ImageRegion(Wire, frozen=True, kw_only=True):
    """A tagged box on a picture."""

    region_id: str
    tag_name: str
    created: datetime
    tag_id: str
    left: float
    top: float
    width: float
    height: float


class Image(Wire, frozen=True, kw_only=True):
    """A training image. URIs are empty where the pixels are gone."""

    id: str
    created: datetime
    width: int
    height: int
    resized_image_uri: str
    thumbnail_uri: str
    original_image_uri: str
    tags: list[ImageTag] | None
    regions: list[ImageRegion] | None
    metadata: dict[str, str] | None


class ImageCreateResult(Wire, frozen=True, kw_only=True):
    """Of one picture of a batch."""

    source_url: str
    status: ImageCreateStatus
    image: Image | None


class ImageCreateSummary(Wire, frozen=True, kw_only=True):
    """Of a batch."""

    is_batch_successful: bool
    images: list[ImageCreateResult]


class ImageMetadataUpdateEntry(Wire, frozen=True, kw_only=True):
    """Of one picture."""

    image_id: str
    status: ImageMetadataUpdateStatus
    metadata: dict[str, str] | None


class ImageMetadataUpdateSummary(Wire, frozen=True, kw_only=True):
    """Of a batch."""

    is_batch_successful: bool
    images: list[ImageMetadataUpdateEntry]
