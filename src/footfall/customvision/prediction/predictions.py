"""Predictions that are kept with their pictures for some days: kept, turned into training images, deleted.

Picture, thumbnail and answer are one sealed object; rows hold ids and, to search by, numbers.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, delete, insert, select
from sqlalchemy.exc import IntegrityError

from footfall.customvision.faults import Refused
from footfall.customvision.training.iteration_tables import prediction_tags
from footfall.customvision.training.iteration_tables import predictions as table
from footfall.customvision.wire.images import ImageCreateSummary
from footfall.customvision.wire.labels import ImageRegionCreateEntry
from footfall.customvision.wire.predictions import ImagePrediction, Prediction
from footfall.customvision.wire.words import ImageCreateStatus
from footfall.customvision.workshop import Part, Workshop
from footfall.customvision.workspace import erasing, images, intake
from footfall.customvision.workspace.projects import find
from footfall.customvision.workspace.tables import to_us
from footfall.store.database import reading, writing
from footfall.vault.faults import NoObject
from footfall.vault.objects import ObjectKind, ObjectName

_USED = frozenset({ImageCreateStatus.OK, ImageCreateStatus.OK_DUPLICATE})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class Promotion:
    """A stored prediction that becomes a training image."""

    id: str
    """Of the prediction."""
    tag_ids: tuple[str, ...] = ()
    regions: tuple[ImageRegionCreateEntry, ...] = ()


class Kept(Struct, frozen=True):
    """What is sealed."""

    original: bytes
    resized: bytes
    thumbnail: bytes
    told: list[Prediction]


def keep(
    shop: Workshop, row: Row[Any], answer: ImagePrediction, picture: intake.Picture, application: str | None
) -> None:
    """Keep a picture and what an iteration told about it, for as many days as the limits say.

    Raises:
        Refused: the disk is full, or the project was deleted meanwhile.
        KeyRevoked: nothing is sealed at present.
    """
    name = object_name(answer.project, answer.id)
    with writing(shop.engine) as connection:
        erasing.doom(connection, [name])
    is_kept = False
    try:
        kept = Kept(picture.original, picture.resized, picture.thumbnail, answer.predictions)
        shop.objects.put(name, msgspec.msgpack.encode(kept))
        with writing(shop.engine) as connection:
            _add(shop, connection, row, answer, application)
            erasing.spare(connection, [name])
        is_kept = True
    except (IntegrityError, NoObject):
        raise Refused("NotFoundProject", f"project {answer.project} was deleted meanwhile") from None
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise Refused("BadRequestExceededQuota", "the disk is full: only /nostore answers at present") from error
    finally:
        if not is_kept:
            erasing.erase(shop, [name])


def delete_prediction(shop: Workshop, project_id: str, ids: Sequence[str]) -> None:
    """Gone from the disk when this returns; ids of others, or of none, are passed over.

    Raises:
        Refused: no ids, or too many; there is no such project.
    """
    _check_count(shop, ids)
    with reading(shop.engine) as connection:
        find(connection, project_id)
    remove(shop, project_id, ids)


def create_images_from_predictions(
    shop: Workshop,
    project_id: str,
    promotions: Sequence[Promotion],
    tag_ids: Sequence[str] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> ImageCreateSummary:
    """Move stored predictions among the training images: their days are no longer counted.

    Raises:
        Refused: no ids, too many, or nothing could be used; there is no such project.
        KeyRevoked: nothing may be opened at present.
    """
    _check_count(shop, [image.id for image in promotions])
    uploads = [_upload(shop, project_id, image) for image in promotions]
    if all(upload.content is None for upload in uploads):
        raise Refused("BadRequestImageBatch", "none of these predictions is kept")
    summary = images.create_images(shop, project_id, uploads, tuple(tag_ids or ()), metadata)
    used = [image.id for image, result in zip(promotions, summary.images, strict=True) if result.status in _USED]
    remove(shop, project_id, used)
    return summary


def prediction_picture(shop: Workshop, project_id: str, prediction_id: str, part: Part) -> bytes:
    """JPEG or PNG of a stored prediction, for signed links.

    Raises:
        Refused: it is not, or no longer, kept.
        KeyRevoked: nothing may be opened at present.
        Altered: it is not as it was written.
    """
    kept = _opened(shop, project_id, prediction_id)
    if kept is None:
        raise Refused("NotFoundImage", f"no prediction {prediction_id} is kept")
    return {"original": kept.original, "resized": kept.resized, "thumbnail": kept.thumbnail}[part]


def object_name(project_id: str, prediction_id: str) -> ObjectName:
    """Where a prediction is kept."""
    return ObjectName(ObjectKind.PREDICTION, project_id, prediction_id)


def unsealed(shop: Workshop, project_id: str, prediction_id: str) -> Kept | None:
    """What is kept; None: it was deleted meanwhile.

    Raises:
        KeyRevoked: nothing may be opened at present.
        Altered: it is not as it was written.
    """
    try:
        return msgspec.msgpack.decode(shop.objects.get(object_name(project_id, prediction_id)), type=Kept)
    except NoObject:
        return None


def remove(shop: Workshop, project_id: str, ids: Iterable[str]) -> int:
    """Delete predictions, rows and objects; how many there were."""
    with writing(shop.engine) as connection:
        ours = (table.c.project_id == project_id, table.c.id.in_(list(ids)))
        there = connection.execute(select(table.c.id).where(*ours)).scalars().all()
        names = [object_name(project_id, prediction_id) for prediction_id in there]
        erasing.doom(connection, names)
        connection.execute(delete(table).where(*ours))
    if names:
        erasing.erase(shop, names)
        erasing.wipe(shop.engine)
    return len(names)


def best(told: Iterable[Prediction]) -> dict[str, float]:
    """The highest probability of each tag."""
    highest: dict[str, float] = {}
    for prediction in told:
        highest[prediction.tag_id] = max(prediction.probability, highest.get(prediction.tag_id, 0.0))
    return highest


def uncertainty(told: Iterable[Prediction]) -> float:
    """How unsure an answer is, 0..1: the mean over tags of the entropy of yes or no, in bits."""
    entropies = [_entropy(probability) for probability in best(told).values()]
    return sum(entropies) / len(entropies) if entropies else 0.0


def _entropy(probability: float) -> float:
    return -sum(share * log(share, 2) for share in (probability, 1.0 - probability) if share > 0.0)


def _add(
    shop: Workshop, connection: Connection, row: Row[Any], answer: ImagePrediction, application: str | None
) -> None:
    values = {
        "id": answer.id,
        "project_id": answer.project,
        "iteration_id": answer.iteration,
        "domain_id": row.domain_id,
        "created_us": to_us(answer.created),
        "expires_us": to_us(answer.created + timedelta(days=shop.limits.prediction_days)),
        "application": application,
        "uncertainty": uncertainty(answer.predictions),
    }
    (number,) = connection.execute(insert(table).values(values)).inserted_primary_key or (None,)
    tags = [
        {"prediction": number, "tag_id": tag_id, "probability": probability}
        for tag_id, probability in best(answer.predictions).items()
    ]
    if tags:
        connection.execute(insert(prediction_tags), tags)


def _opened(shop: Workshop, project_id: str, prediction_id: str) -> Kept | None:
    visible = (
        table.c.project_id == project_id,
        table.c.id == prediction_id,
        table.c.expires_us > to_us(shop.clock.now()),
    )
    with reading(shop.engine) as connection:
        is_visible = connection.execute(select(table.c.id).where(*visible)).one_or_none() is not None
    return unsealed(shop, project_id, prediction_id) if is_visible else None


def _upload(shop: Workshop, project_id: str, promotion: Promotion) -> intake.Upload:
    kept = _opened(shop, project_id, promotion.id)
    boxes = tuple(intake.Box(box.tag_id, box.left, box.top, box.width, box.height) for box in promotion.regions)
    return intake.Upload(promotion.id, kept.original if kept else None, promotion.tag_ids, boxes)


def _check_count(shop: Workshop, ids: Sequence[str]) -> None:
    if not ids:
        raise Refused("BadRequestPredictionIdsMissing", "name at least one prediction")
    if len(ids) > shop.limits.batch_prediction_ids:
        message = f"at most {shop.limits.batch_prediction_ids} predictions at once"
        raise Refused("BadRequestPredictionIdsExceededCount", message)
