"""Bodies of requests: JSON, read as leniently as clients need it, or pictures (spec/custom-vision.md 2, 7)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from footfall.customvision.door.asked import (
    Asked,
    Batch,
    FileBatch,
    IdBatch,
    IdEntry,
    ImageRegions,
    ImageTags,
    ImageUrl,
    IterationChange,
    PredictionQuery,
    ProjectChange,
    ProjectOptions,
    ProjectSettings,
    Region,
    TagChange,
    TrainingParameters,
    UrlBatch,
)
from footfall.customvision.door.multipart import BadMultipart, pictures
from footfall.customvision.faults import Refused
from footfall.customvision.prediction.predictions import Promotion
from footfall.customvision.wire.iterations import CustomBaseModelInfo
from footfall.customvision.wire.labels import ImageRegionCreateEntry, ImageTagCreateEntry
from footfall.customvision.wire.predictions import PredictionQueryToken
from footfall.customvision.workspace.intake import Box, Upload
from footfall.customvision.workspace.limits import Limits

T = TypeVar("T")
Arguments: TypeAlias = Mapping[str, object]

SMALL_BYTES: Final = 2**20
"""Of JSON without pictures."""
AROUND_BYTES: Final = 64 * 2**10
"""What multipart puts around a picture, at most."""


class Size(Enum):
    """How large a body may be."""

    SMALL = "small"
    PREDICTION = "prediction"
    QUICK_TEST = "quick test"
    BATCH = "batch"

    def largest(self, limits: Limits) -> int:
        """In bytes."""
        return {
            Size.SMALL: SMALL_BYTES,
            Size.PREDICTION: limits.prediction_image_bytes + AROUND_BYTES,
            Size.QUICK_TEST: limits.training_image_bytes + AROUND_BYTES,
            Size.BATCH: limits.body_bytes,
        }[self]

    @property
    def refusal(self) -> str:
        """The code for more than that."""
        if self in (Size.PREDICTION, Size.QUICK_TEST):
            return "BadRequestImageSizeBytes"
        return "BadRequestExceededBatchSize" if self is Size.BATCH else "BadRequest"


@dataclass(frozen=True, slots=True)
class Sent:
    """A body as it came."""

    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """What is done with a body."""

    read: Callable[[Sent], Arguments]
    size: Size = Size.SMALL
    is_by_url: bool = False
    """Pictures stand in it as addresses."""


def project_options(sent: Sent) -> Arguments:
    """Of `create_project`."""
    return msgspec.structs.asdict(_optional(sent, ProjectOptions))


def project_change(sent: Sent) -> Arguments:
    """Of `update_project`."""
    change = _json(sent, ProjectChange)
    settings = change.settings or ProjectSettings()
    processing = settings.image_processing_settings
    return {
        "name": change.name,
        "description": change.description,
        "domain_id": None if settings.domain_id is None else str(settings.domain_id),
        "classification_type": settings.classification_type,
        "target_export_platforms": settings.target_export_platforms,
        "augmentation_methods": processing.augmentation_methods if processing else None,
    }


def tag_change(sent: Sent) -> Arguments:
    """Of `update_tag`."""
    return msgspec.structs.asdict(_json(sent, TagChange))


def iteration_change(sent: Sent) -> Arguments:
    """Of `update_iteration`."""
    return msgspec.structs.asdict(_json(sent, IterationChange))


def one_picture(sent: Sent) -> Arguments:
    """Of predictions and quick tests."""
    found = _parts(sent)
    if not found:
        raise Refused("BadRequestImageStream", "there is no picture in the body")
    return {"image_data": found[0].content}


def one_address(sent: Sent) -> Arguments:
    """The same, by address."""
    return {"image_data": _json(sent, ImageUrl).url}


def picture_batch(sent: Sent) -> Arguments:
    """Of `create_images_from_data`; the tags stand in the query."""
    return {"uploads": tuple(Upload(_quoted(part.file), part.content) for part in _parts(sent))}


def file_batch(sent: Sent) -> Arguments:
    """Of `create_images_from_files`."""
    batch = _json(sent, FileBatch)
    uploads = tuple(
        Upload(_quoted(one.name or ""), _decoded(one.contents), _ids(one.tag_ids), _boxes(one.regions))
        for one in batch.images or ()
    )
    return {"uploads": uploads, **_for_all(batch)}


def _quoted(name: str) -> str:
    """Names of files come back as `sourceUrl` within quotation marks, addresses without (spec 2.2)."""
    return f'"{name}"' if name else ""


def url_batch(sent: Sent) -> Arguments:
    """Of `create_images_from_urls`: the address stands in the name, and the picture is still to come."""
    batch = _json(sent, UrlBatch)
    uploads = tuple(Upload(one.url, None, _ids(one.tag_ids), _boxes(one.regions)) for one in batch.images or ())
    return {"uploads": uploads, **_for_all(batch)}


def prediction_batch(sent: Sent) -> Arguments:
    """Of `create_images_from_predictions`."""
    batch = _json(sent, IdBatch)
    promotions = tuple(Promotion(str(one.id), _ids(one.tag_ids), _entries(one)) for one in batch.images or ())
    return {"promotions": promotions, **_for_all(batch)}


def image_tags(sent: Sent) -> Arguments:
    """Of `create_image_tags`."""
    return {"tags": tuple(_as(ImageTagCreateEntry, one) for one in _json(sent, ImageTags).tags or ())}


def image_regions(sent: Sent) -> Arguments:
    """Of `create_image_regions`."""
    regions = _json(sent, ImageRegions).regions or ()
    return {"regions": tuple(_as(ImageRegionCreateEntry, one) for one in regions)}


def metadata(sent: Sent) -> Arguments:
    """Of `update_image_metadata`: a bare map."""
    return {"metadata": _json(sent, dict[str, str])}


def training(sent: Sent) -> Arguments:
    """Of `train_project`."""
    asked = _optional(sent, TrainingParameters)
    base = asked.custom_base_model_info
    return {
        "selected_tags": None if asked.selected_tags is None else _ids(asked.selected_tags),
        "custom_base_model_info": None if base is None else _as(CustomBaseModelInfo, base),
    }


def prediction_query(sent: Sent) -> Arguments:
    """Of `query_predictions`; times without a zone are UTC."""
    asked = _optional(sent, PredictionQuery)
    asked = msgspec.structs.replace(asked, start_time=_utc(asked.start_time), end_time=_utc(asked.end_time))
    return {"query": _as(PredictionQueryToken, asked)}


def _json(sent: Sent, kind: type[T]) -> T:
    """A body that must be there.

    Raises:
        Refused: it is missing, is no JSON, or not of this kind.
    """
    if not sent.content.strip():
        raise Refused("BadRequestRequiredParamIsNull", "the body is missing")
    media_type = sent.content_type.partition(";")[0].strip().lower()
    if media_type and "json" not in media_type and media_type != "text/plain":
        raise Refused("UnsupportedMediaType", "send application/json")
    try:
        return msgspec.json.decode(sent.content, type=kind, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(_code_of(str(error)), f"the body is not as it should be: {error}") from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise Refused("BadRequestInvalid", "the body is no JSON") from None


def _optional(sent: Sent, kind: type[T]) -> T:
    """A body that may be missing; without it, all is as usual."""
    return _json(sent if sent.content.strip() else Sent("", b"{}"), kind)


def _code_of(message: str) -> str:
    if "Invalid UUID" in message:
        return "BadRequestInvalidIds"
    is_missing = "missing required field" in message or "got `null`" in message
    return "BadRequestRequiredParamIsNull" if is_missing else "BadRequestInvalid"


def _parts(sent: Sent) -> list[Any]:
    if "json" in sent.content_type.partition(";")[0].lower():
        raise Refused("UnsupportedMediaType", "send multipart/form-data or application/octet-stream")
    try:
        return list(pictures(sent.content_type, sent.content))
    except BadMultipart as error:
        raise Refused("BadRequestImageStream", f"the body cannot be taken apart: {error}") from None


def _decoded(contents: str | None) -> bytes:
    """Of base64; what is none is no picture either."""
    try:
        return base64.b64decode(contents or "")
    except (binascii.Error, ValueError):
        return b""


def _ids(ids: tuple[UUID, ...] | None) -> tuple[str, ...]:
    return tuple(str(one) for one in ids or ())


def _boxes(regions: tuple[Region, ...] | None) -> tuple[Box, ...]:
    return tuple(Box(str(one.tag_id), one.left, one.top, one.width, one.height) for one in regions or ())


def _entries(entry: IdEntry) -> tuple[ImageRegionCreateEntry, ...]:
    """Boxes of a prediction; it keeps its id as the image's until there is an image."""
    return tuple(
        ImageRegionCreateEntry(
            image_id=str(entry.id), tag_id=box.tag_id, left=box.left, top=box.top, width=box.width, height=box.height
        )
        for box in _boxes(entry.regions)
    )


def _for_all(batch: Batch) -> Arguments:
    return {"tag_ids": _ids(batch.tag_ids), "metadata": batch.metadata}


def _as(kind: type[T], asked: Asked) -> T:
    return msgspec.convert(msgspec.to_builtins(asked), kind)


def _utc(time: datetime | None) -> datetime | None:
    return time if time is None or time.tzinfo else time.replace(tzinfo=UTC)
