"""A batch of pictures on its way into a workspace: what becomes of each (spec/custom-vision.md 3.2)."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from sqlalchemy import Connection, and_, func, insert, select

from footfall.customvision.faults import Refused
from footfall.customvision.wire.words import ImageCreateStatus, TagType
from footfall.customvision.workspace import intake
from footfall.customvision.workspace.labelling import Rules, checked_box, put_labels, put_regions
from footfall.customvision.workspace.metadata import put_metadata
from footfall.customvision.workspace.projects import SECRET_BYTES, secret_of
from footfall.customvision.workspace.tables import NEVER, images, is_present
from footfall.store.database import reading
from footfall.vault.faults import NoObject
from footfall.vault.objects import ObjectKind, ObjectName

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop
    from footfall.customvision.workspace.intake import Box, Upload

log = logging.getLogger(__name__)

_STATUS_OF: Final = {
    "BadRequestImageStream": ImageCreateStatus.ERROR_IMAGE_FORMAT,
    "BadRequestImageFormat": ImageCreateStatus.ERROR_IMAGE_FORMAT,
    "BadRequestImageSizeBytes": ImageCreateStatus.ERROR_IMAGE_SIZE,
    "BadRequestImageDimensions": ImageCreateStatus.ERROR_IMAGE_DIMENSIONS,
    "BadRequestImageAspectRatio": ImageCreateStatus.ERROR_IMAGE_DIMENSIONS,
}


@dataclass(slots=True)
class Arrival:
    """One picture of a batch."""

    name: str
    content: bytes | None
    """Let go of as soon as it is sealed."""
    tag_ids: tuple[str, ...]
    """Its own, those of its boxes and those of the batch."""
    boxes: tuple[Box, ...]
    status: ImageCreateStatus | None = None
    """None: nothing speaks against it so far."""
    image_id: str = field(default_factory=lambda: str(uuid4()))
    """Of the image that is there already, where it is a duplicate."""
    fingerprint: bytes = b""
    width: int = 0
    height: int = 0


def arrival(upload: Upload, tag_ids: Sequence[str]) -> Arrival:
    """An upload with the tags of its batch.

    Raises:
        Refused: a box is none.
    """
    boxes = tuple(dict.fromkeys(checked_box(box) for box in upload.regions))
    all_tags = dict.fromkeys((*upload.tag_ids, *(box.tag_id for box in boxes), *tag_ids))
    status = ImageCreateStatus.ERROR_SOURCE if upload.content is None else None
    return Arrival(upload.name, upload.content, tuple(all_tags), boxes, status)


def judge(allowed: Rules, arrivals: Iterable[Arrival]) -> None:
    """Find those whose tags or boxes may not be."""
    for one in arrivals:
        one.status = one.status or _judged(allowed, one)


def recognise(shop: Workshop, project_id: str, arrivals: Sequence[Arrival]) -> None:
    """Find those that are in the workspace already.

    Raises:
        KeyRevoked: nothing is opened at present.
    """
    key = _secret(shop, project_id)
    for one in arrivals:
        one.fingerprint = hmac.digest(key, one.content or b"", sha256)
    with reading(shop.engine) as connection:
        _mark_known(connection, project_id, arrivals)


def seal(shop: Workshop, project_id: str, arrivals: Iterable[Arrival]) -> None:
    """Decode and keep those that nothing speaks against, one by one.

    Raises:
        KeyRevoked: nothing is sealed at present.
        Refused: the project was deleted meanwhile.
    """
    for one in arrivals:
        one.status = one.status or _sealed(shop, project_id, one)
        one.content = None


def add(
    shop: Workshop, connection: Connection, allowed: Rules, arrivals: Sequence[Arrival], metadata: Mapping[str, str]
) -> None:
    """Rows for those that are sealed: their status is OK then. The workspace may be another than it was before."""
    fresh = [one for one in arrivals if one.status is None]
    _mark_known(connection, allowed.project_id, fresh)
    judge(allowed, fresh)
    of_project = and_(images.c.project_id == allowed.project_id, is_present(images))
    count = connection.execute(select(func.count()).select_from(images).where(of_project)).scalar_one()
    added: dict[bytes, Arrival] = {}
    for one in fresh:
        if one.status is not None:
            continue
        if one.fingerprint in added:
            one.status, one.image_id = ImageCreateStatus.OK_DUPLICATE, added[one.fingerprint].image_id
        elif count + len(added) >= shop.limits.images_per_project:
            one.status = ImageCreateStatus.ERROR_LIMIT_EXCEED
        else:
            _insert(connection, allowed, one, metadata)
            one.status = ImageCreateStatus.OK
            added[one.fingerprint] = one


def _judged(allowed: Rules, one: Arrival) -> ImageCreateStatus | None:
    types = allowed.types
    if any(tag_id not in types for tag_id in one.tag_ids):
        return ImageCreateStatus.ERROR_INVALID_TAG
    if any(types[box.tag_id] is TagType.NEGATIVE for box in one.boxes):
        return ImageCreateStatus.ERROR_INVALID_TAG
    if allowed.is_mixed(one.tag_ids):
        return ImageCreateStatus.ERROR_NEGATIVE_AND_REGULAR
    if len(one.tag_ids) > allowed.tags_per_image:
        return ImageCreateStatus.ERROR_TAG_LIMIT_EXCEED
    if len(one.boxes) > allowed.regions_per_image:
        return ImageCreateStatus.ERROR_REGION_LIMIT_EXCEED
    return None


def _mark_known(connection: Connection, project_id: str, arrivals: Sequence[Arrival]) -> None:
    fresh = [one for one in arrivals if one.status is None]
    prints = [one.fingerprint for one in fresh]
    of_project = and_(images.c.project_id == project_id, images.c.fingerprint.in_(prints))
    rows = connection.execute(select(images.c.fingerprint, images.c.id).where(of_project))
    known: dict[bytes, str] = {row.fingerprint: row.id for row in rows}
    for one in fresh:
        if one.fingerprint in known:
            one.status, one.image_id = ImageCreateStatus.OK_DUPLICATE, known[one.fingerprint]


def _secret(shop: Workshop, project_id: str) -> bytes:
    """What fingerprints of the project are made with; made anew where a copy of the folder has lost it."""
    name = secret_of(project_id)
    try:
        return shop.objects.get(name)
    except NoObject:
        secret = secrets.token_bytes(SECRET_BYTES)
        shop.objects.put(name, secret)
        return secret


def _sealed(shop: Workshop, project_id: str, one: Arrival) -> ImageCreateStatus | None:
    try:
        picture = intake.prepare(one.content or b"", shop.limits, shop.limits.training_image_bytes)
    except Refused as refused:
        return _STATUS_OF[refused.code]
    one.width, one.height = picture.width, picture.height
    parts = {
        ObjectKind.IMAGE: picture.original,
        ObjectKind.RESIZED: picture.resized,
        ObjectKind.THUMBNAIL: picture.thumbnail,
    }
    try:
        for kind, data in parts.items():
            shop.objects.put(ObjectName(kind, project_id, one.image_id), data)
    except NoObject as error:
        raise Refused("NotFoundProject", "the project was deleted meanwhile") from error
    except OSError as error:
        log.error("an image cannot be kept: %s", error.strerror or error)  # noqa: TRY400 - the cause is in the line
        return ImageCreateStatus.ERROR_STORAGE
    return None


def _insert(connection: Connection, allowed: Rules, one: Arrival, metadata: Mapping[str, str]) -> None:
    row = {
        "id": one.image_id,
        "project_id": allowed.project_id,
        "created_us": allowed.now_us,
        "width": one.width,
        "height": one.height,
        "fingerprint": one.fingerprint,
        "since": allowed.era,
        "until": NEVER,
    }
    added = connection.execute(insert(images).values(row)).inserted_primary_key
    assert added is not None
    number: int = added[0]
    put_labels(connection, allowed, {number: one.tag_ids})
    put_regions(connection, allowed, [(number, box) for box in one.boxes])
    put_metadata(connection, allowed.project_id, [number], metadata)
