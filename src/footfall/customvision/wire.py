"""What goes over the wire, key for key: the models of Custom Vision (spec/custom-vision.md 2).

Every key is always sent; JSON names are camelCase. Ids are lower-case UUIDs with dashes. Boxes are fractions of the
picture, origin top left. What a client sends is read leniently elsewhere; these are answers unless a class says so.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Wire(Struct, frozen=True, kw_only=True, rename="camel"):
    """An answer."""


class Task(StrEnum):
    """What a domain is for."""

    CLASSIFICATION = "Classification"
    DETECTION = "ObjectDetection"


class ClassificationType(StrEnum):
    """One tag a picture, or any number."""

    MULTICLASS = "Multiclass"
    MULTILABEL = "Multilabel"


class TagType(StrEnum):
    """Negative: none of the others is in the picture."""

    REGULAR = "Regular"
    NEGATIVE = "Negative"
    GENERAL_PRODUCT = "GeneralProduct"


class TrainingType(StrEnum):
    """How much is tried."""

    REGULAR = "Regular"
    ADVANCED = "Advanced"


class IterationStatus(StrEnum):
    """Clients wait while it is `Training` and know no other words."""

    TRAINING = "Training"
    COMPLETED = "Completed"
    FAILED = "Failed"


class ExportStatus(StrEnum):
    """Of an export."""

    EXPORTING = "Exporting"
    FAILED = "Failed"
    DONE = "Done"


class ImageCreateStatus(StrEnum):
    """What became of one picture of a batch."""

    OK = "OK"
    OK_DUPLICATE = "OKDuplicate"
    ERROR_SOURCE = "ErrorSource"
    ERROR_IMAGE_FORMAT = "ErrorImageFormat"
    ERROR_IMAGE_SIZE = "ErrorImageSize"
    ERROR_STORAGE = "ErrorStorage"
    ERROR_LIMIT_EXCEED = "ErrorLimitExceed"
    ERROR_TAG_LIMIT_EXCEED = "ErrorTagLimitExceed"
    ERROR_REGION_LIMIT_EXCEED = "ErrorRegionLimitExceed"
    ERROR_UNKNOWN = "ErrorUnknown"
    ERROR_NEGATIVE_AND_REGULAR = "ErrorNegativeAndRegularTagOnSameImage"
    ERROR_IMAGE_DIMENSIONS = "ErrorImageDimensions"
    ERROR_INVALID_TAG = "ErrorInvalidTag"


class ImageMetadataUpdateStatus(StrEnum):
    """What became of the metadata of one picture."""

    OK = "OK"
    ERROR_IMAGE_NOT_FOUND = "ErrorImageNotFound"
    ERROR_LIMIT_EXCEED = "ErrorLimitExceed"
    ERROR_UNKNOWN = "ErrorUnknown"


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


class BoundingBox(Wire, frozen=True, kw_only=True):
    """Fractions of the picture. Also sent by clients."""

    left: float
    top: float
    width: float
    height: float


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


class ImageMetadataUpdateEntry(Wire, frozen=True, kw_only=True):
    """Of one picture."""

    image_id: str
    status: ImageMetadataUpdateStatus
    metadata: dict[str, str] | None


class ImageMetadataUpdateSummary(Wire, frozen=True, kw_only=True):
    """Of a batch."""

    is_batch_successful: bool
    images: list[ImageMetadataUpdateEntry]


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


class TagPerformance(Wire, frozen=True, kw_only=True):
    """How well one tag is told."""

    id: str
    name: str
    precision: float
    precision_std_deviation: float
    recall: float
    recall_std_deviation: float
    average_precision: float | None


class IterationPerformance(Wire, frozen=True, kw_only=True):
    """How well an iteration tells its tags, on pictures that were held out."""

    per_tag_performance: list[TagPerformance]
    precision: float
    precision_std_deviation: float
    recall: float
    recall_std_deviation: float
    average_precision: float | None


class Prediction(Wire, frozen=True, kw_only=True):
    """A tag of a picture, or of a box in it."""

    probability: float
    tag_id: str
    tag_name: str | None
    bounding_box: BoundingBox | None
    tag_type: TagType | None


class ImagePerformance(Wire, frozen=True, kw_only=True):
    """What was told about a picture that was held out."""

    predictions: list[Prediction] | None
    id: str
    created: datetime
    width: int
    height: int
    image_uri: str
    thumbnail_uri: str
    tags: list[ImageTag] | None
    regions: list[ImageRegion] | None


class ImagePrediction(Wire, frozen=True, kw_only=True):
    """Answer to a picture, the likeliest first."""

    id: str
    project: str
    iteration: str
    created: datetime
    predictions: list[Prediction]


class StoredImagePrediction(Wire, frozen=True, kw_only=True):
    """An answer that was kept with its picture."""

    id: str
    project: str
    iteration: str
    created: datetime
    predictions: list[Prediction]
    resized_image_uri: str
    thumbnail_uri: str
    original_image_uri: str
    domain: str


class PredictionQueryTag(Wire, frozen=True, kw_only=True):
    """Also sent by clients."""

    id: str
    min_threshold: float | None = None
    max_threshold: float | None = None


class PredictionQueryToken(Wire, frozen=True, kw_only=True):
    """Also sent by clients: what to list, and where to go on."""

    session: str | None = None
    continuation: str | None = None
    max_count: int | None = None
    order_by: str | None = None
    tags: list[PredictionQueryTag] | None = None
    iteration_id: str | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    application: str | None = None


class PredictionQueryResult(Wire, frozen=True, kw_only=True):
    """A page of answers that were kept."""

    token: PredictionQueryToken
    results: list[StoredImagePrediction]


class Export(Wire, frozen=True, kw_only=True):
    """A model to take away."""

    platform: str
    status: ExportStatus
    download_uri: str
    flavor: str | None
    newer_version_available: bool
