"""Over the wire: answers to pictures, and those that were kept."""

from __future__ import annotations

from datetime import datetime

from footfall.customvision.wire.words import TagType, Wire


class BoundingBox(Wire, frozen=True, kw_only=True):
    """Fractions of the picture. Also sent by clients."""

    left: float
    top: float
    width: float
    height: float


class Prediction(Wire, frozen=True, kw_only=True):
    """A tag of a picture, or of a box in it."""

    probability: float
    tag_id: str
    tag_name: str | None
    bounding_box: BoundingBox | None
    tag_type: TagType | None


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
