"""Over the wire: domains, projects, tags."""

from __future__ import annotations

from datetime import datetime

from footfall.customvision.wire.words import ClassificationType, TagType, Task, Wire


class ModelInformation(Wire, frozen=True, kw_only=True):
    """Of an exportable domain."""

    estimated_model_size_in_megabytes: int | None
    description: str


class Domain(Wire, frozen=True, kw_only=True):
    """A kind of model."""

    id: str
    name: str
    type: Task
    exportable: bool
    enabled: bool
    exportable_platforms: list[str]
    model_information: ModelInformation | None


class ImageProcessingSettings(Wire, frozen=True, kw_only=True):
    """Also sent by clients."""

    augmentation_methods: dict[str, bool] | None = None


class ProjectSettings(Wire, frozen=True, kw_only=True):
    """Of a project."""

    domain_id: str
    classification_type: ClassificationType | None
    target_export_platforms: list[str]
    use_negative_set: bool | None
    detection_parameters: str | None
    image_processing_settings: ImageProcessingSettings | None
    export_model_container_uri: str | None
    notification_queue_uri: str | None


class Project(Wire, frozen=True, kw_only=True):
    """Tags, images and iterations hang on it."""

    id: str
    name: str
    description: str
    settings: ProjectSettings
    created: datetime
    last_modified: datetime
    thumbnail_uri: str
    dr_mode_enabled: bool | None
    status: str


class Tag(Wire, frozen=True, kw_only=True):
    """A word for pictures or boxes."""

    id: str
    name: str
    description: str
    type: TagType
    image_count: int
