"""Words of the user's own on images: ten pairs of key and value (spec/custom-vision.md 2.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from footfall.customvision.faults import Refused
from footfall.customvision.wire.images import ImageMetadataUpdateEntry, ImageMetadataUpdateSummary
from footfall.customvision.wire.words import ImageMetadataUpdateStatus
from footfall.customvision.workspace.projects import find
from footfall.customvision.workspace.showing import metadata_of
from footfall.customvision.workspace.tables import image_metadata, images, is_present
from footfall.store.database import writing

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop
    from footfall.customvision.workspace.limits import Limits


def update_image_metadata(
    shop: Workshop, project_id: str, image_ids: Sequence[str], metadata: Mapping[str, str]
) -> ImageMetadataUpdateSummary:
    """Add the pairs to each image, or change them.

    Raises:
        Refused: too many ids; a key or value is empty or too long; there is no such project.
    """
    most = shop.limits.batch_images
    if len(image_ids) > most:
        what = f"{len(image_ids)} images are too many at once: {most} at most"
        raise Refused("BadRequestExceededBatchSize", what)
    require_words(shop.limits, metadata)
    entries = []
    with writing(shop.engine) as connection:
        find(connection, project_id)
        wanted = select(images.c.id, images.c.number).where(
            images.c.project_id == project_id, images.c.id.in_(image_ids), is_present(images)
        )
        numbers = {row.id: row.number for row in connection.execute(wanted)}
        before = metadata_of(connection, list(numbers.values()))
        for image_id in dict.fromkeys(image_ids):
            if image_id not in numbers:
                entries.append(_entry(image_id, ImageMetadataUpdateStatus.ERROR_IMAGE_NOT_FOUND))
                continue
            after = dict(before.get(numbers[image_id], {})) | dict(metadata)
            if len(after) > shop.limits.metadata_pairs:
                entries.append(_entry(image_id, ImageMetadataUpdateStatus.ERROR_LIMIT_EXCEED))
                continue
            put_metadata(connection, project_id, [numbers[image_id]], metadata)
            entries.append(_entry(image_id, ImageMetadataUpdateStatus.OK, after))
    is_successful = all(entry.status == ImageMetadataUpdateStatus.OK for entry in entries)
    return ImageMetadataUpdateSummary(is_batch_successful=is_successful, images=entries)


def require_words(limits: Limits, metadata: Mapping[str, str]) -> None:
    """Make sure that keys and values have lengths that are kept.

    Raises:
        Refused: one has not.
    """
    for key, value in metadata.items():
        if not 1 <= len(key.strip()) <= len(key) <= limits.metadata_key:
            what = f"a key of metadata has 1 to {limits.metadata_key} characters"
            raise Refused("BadRequestImageMetadataKey", what)
        if len(value) > limits.metadata_value:
            what = f"a value of metadata has at most {limits.metadata_value} characters"
            raise Refused("BadRequestImageMetadataValue", what)


def put_metadata(connection: Connection, project_id: str, numbers: Iterable[int], metadata: Mapping[str, str]) -> None:
    """Add pairs to images, by number; those that are there are changed."""
    rows = [
        {"image": number, "key": key, "project_id": project_id, "value": value}
        for number in numbers
        for key, value in metadata.items()
    ]
    if rows:
        changing = insert(image_metadata)
        where = [image_metadata.c.image, image_metadata.c.key]
        new = {"value": changing.excluded.value}
        connection.execute(changing.on_conflict_do_update(index_elements=where, set_=new), rows)


def _entry(
    image_id: str, status: ImageMetadataUpdateStatus, metadata: dict[str, str] | None = None
) -> ImageMetadataUpdateEntry:
    return ImageMetadataUpdateEntry(image_id=image_id, status=status, metadata=metadata)
