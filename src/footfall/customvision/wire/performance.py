"""Over the wire: how well an iteration tells its tags."""

from __future__ import annotations

from datetime import datetime

from footfall.customvision.wire.images import ImageRegion, ImageTag
from footfall.customvision.wire.predictions import Prediction
from footfall.customvision.wire.words import Wire


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
