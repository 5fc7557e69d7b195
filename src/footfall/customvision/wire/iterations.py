"""Over the wire: trainings, and models to take away."""

from __future__ import annotations

from datetime import datetime

from footfall.customvision.wire.words import ClassificationType, ExportStatus, IterationStatus, TrainingType, Wire


class CustomBaseModelInfo(Wire, frozen=True, kw_only=True):
    """Also sent by clients."""

    project_id: str
    iteration_id: str


class Iteration(Wire, frozen=True, kw_only=True):
    """One training and what came of it."""

    id: str
    name: str
    status: IterationStatus
    created: datetime
    last_modified: datetime
    trained_at: datetime | None
    project_id: str
    exportable: bool
    exportable_to: list[str]
    domain_id: str | None
    classification_type: ClassificationType | None
    training_type: TrainingType
    reserved_budget_in_hours: int
    training_time_in_minutes: int
    publish_name: str
    original_publish_resource_id: str | None
    custom_base_model_info: CustomBaseModelInfo | None
    training_error_details: str | None


class Export(Wire, frozen=True, kw_only=True):
    """A model to take away."""

    platform: str
    status: ExportStatus
    download_uri: str
    flavor: str | None
    newer_version_available: bool
