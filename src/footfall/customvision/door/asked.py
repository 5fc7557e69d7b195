"""What clients send as JSON, read leniently: keys may be missing, be null, or come with others that nobody knows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from footfall.customvision.wire.projects import ImageProcessingSettings


class Asked(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A body."""


class ProjectOptions(Asked, frozen=True, kw_only=True):
    """When a project is made."""

    export_model_container_uri: str | None = None
    notification_queue_uri: str | None = None


class ProjectSettings(Asked, frozen=True, kw_only=True):
    """Of a project that changes."""

    domain_id: UUID | None = None
    classification_type: str | None = None
    target_export_platforms: tuple[str, ...] | None = None
    image_processing_settings: ImageProcessingSettings | None = None


class ProjectChange(Asked, frozen=True, kw_only=True):
    """A project that changes."""

    name: str | None = None
    description: str | None = None
    settings: ProjectSettings | None = None


class TagChange(Asked, frozen=True, kw_only=True):
    """A tag that changes."""

    name: str | None = None
    description: str | None = None
    type: str | None = None


class IterationChange(Asked, frozen=True, kw_only=True):
    """An iteration that changes."""

    name: str


class Region(Asked, frozen=True, kw_only=True):
    """A box on a picture that is uploaded."""

    tag_id: UUID
    left: float
    top: float
    width: float
    height: float


class Entry(Asked, frozen=True, kw_only=True):
    """One picture of a batch, however it comes."""

    tag_ids: tuple[UUID, ...] | None = None
    regions: tuple[Region, ...] | None = None


class FileEntry(Entry, frozen=True, kw_only=True):
    """As base64."""

    name: str | None = None
    contents: str | None = None


class UrlEntry(Entry, frozen=True, kw_only=True):
    """By address."""

    url: str


class IdEntry(Entry, frozen=True, kw_only=True):
    """By the id of a stored prediction."""

    id: UUID


class Batch(Asked, frozen=True, kw_only=True):
    """What is for all pictures of a batch."""

    tag_ids: tuple[UUID, ...] | None = None
    metadata: dict[str, str] | None = None


class FileBatch(Batch, frozen=True, kw_only=True):
    """Files."""

    images: tuple[FileEntry, ...] | None = None


class UrlBatch(Batch, frozen=True, kw_only=True):
    """Addresses."""

    images: tuple[UrlEntry, ...] | None = None


class IdBatch(Batch, frozen=True, kw_only=True):
    """Stored predictions."""

    images: tuple[IdEntry, ...] | None = None


class ImageTag(Asked, frozen=True, kw_only=True):
    """A tag for a picture."""

    image_id: UUID
    tag_id: UUID


class ImageTags(Asked, frozen=True, kw_only=True):
    """Tags for pictures."""

    tags: tuple[ImageTag, ...] | None = None


class ImageRegion(Region, frozen=True, kw_only=True):
    """A box for a picture."""

    image_id: UUID


class ImageRegions(Asked, frozen=True, kw_only=True):
    """Boxes for pictures."""

    regions: tuple[ImageRegion, ...] | None = None


class BaseModel(Asked, frozen=True, kw_only=True):
    """What a training begins from."""

    project_id: UUID
    iteration_id: UUID


class TrainingParameters(Asked, frozen=True, kw_only=True):
    """Of a training."""

    selected_tags: tuple[UUID, ...] | None = None
    custom_base_model_info: BaseModel | None = None


class QueryTag(Asked, frozen=True, kw_only=True):
    """Of stored predictions that are wanted."""

    id: UUID
    min_threshold: float | None = None
    max_threshold: float | None = None


class PredictionQuery(Asked, frozen=True, kw_only=True):
    """Which stored predictions are wanted."""

    session: str | None = None
    continuation: str | None = None
    max_count: int | None = None
    order_by: str | None = None
    tags: tuple[QueryTag, ...] | None = None
    iteration_id: UUID | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    application: str | None = None


class ImageUrl(Asked, frozen=True, kw_only=True):
    """Where a picture is."""

    url: str
