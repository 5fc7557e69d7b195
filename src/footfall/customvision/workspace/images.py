"""Training images: into the workspace and out of it (spec/custom-vision.md 1.3, 3.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from footfall.customvision.faults import Refused
from footfall.customvision.wire.images import ImageCreateResult, ImageCreateSummary
from footfall.customvision.wire.words import ImageCreateStatus
from footfall.customvision.workspace.arrivals import Arrival, add, arrival, judge, recognise, seal
from footfall.customvision.workspace.erasing import AT_ONCE, doom, erase, pictures, spare, wipe
from footfall.customvision.workspace.labelling import Rules, require_known, require_pure, rules
from footfall.customvision.workspace.metadata import require_words
from footfall.customvision.workspace.projects import find
from footfall.customvision.workspace.showing import by_ids
from footfall.customvision.workspace.snapshots import View, drop
from footfall.customvision.workspace.tables import image_metadata, images, is_present, labels, regions
from footfall.store.database import reading, writing
from footfall.vault.faults import NoObject
from footfall.vault.objects import ObjectKind, ObjectName

if TYPE_CHECKING:
    from footfall.customvision.workshop import Part, Workshop
    from footfall.customvision.workspace.intake import Upload

_KINDS: dict[Part, ObjectKind] = {
    "original": ObjectKind.IMAGE,
    "resized": ObjectKind.RESIZED,
    "thumbnail": ObjectKind.THUMBNAIL,
}


_IS_USABLE = {ImageCreateStatus.OK, ImageCreateStatus.OK_DUPLICATE}
_CODE_WHERE_ALL_ARE = {
    ImageCreateStatus.ERROR_SOURCE: "BadRequestImageUrl",
    ImageCreateStatus.ERROR_LIMIT_EXCEED: "BadRequestImageExceededCount",
}


def create_images(
    shop: Workshop,
    project_id: str,
    uploads: Sequence[Upload],
    tag_ids: Sequence[str] = (),
    metadata: Mapping[str, str] | None = None,
) -> ImageCreateSummary:
    """Keep pictures with their tags and boxes; for data, files, URLs and predictions alike.

    `tag_ids` and `metadata` are for each of them. Results are in the order of `uploads`. Each picture is kept whole or
    not at all: what may come is written down first (`erasing.doom`), then pictures are decoded and sealed outside of
    any transaction, then one transaction adds the rows of those that are kept; what is not kept is erased.

    Raises:
        Refused: the batch is empty or too long; a tag of all is unknown; a box is none; metadata are too long or too
            many; no picture could be used (BadRequestImageBatch); there is no such project.
        KeyRevoked: nothing is sealed at present; nothing was kept.
    """
    _require_batch(shop, uploads, tag_ids, metadata or {})
    arrivals = [arrival(upload, tag_ids) for upload in uploads]
    names = set(pictures(project_id, (one.image_id for one in arrivals)))
    with writing(shop.engine) as connection:
        allowed = rules(shop, connection, project_id)
        _require_fit(allowed, tag_ids, arrivals)
        doom(connection, sorted(names))
    try:
        judge(allowed, arrivals)
        recognise(shop, project_id, arrivals)
        seal(shop, project_id, arrivals)
        with writing(shop.engine) as connection:
            add(shop, connection, rules(shop, connection, project_id), arrivals, metadata or {})
            kept = pictures(project_id, (one.image_id for one in arrivals if one.status is ImageCreateStatus.OK))
            spare(connection, kept)
        names -= set(kept)
    finally:
        erase(shop, sorted(names))
    return _summary(shop, project_id, arrivals)


def delete_images(
    shop: Workshop,
    project_id: str,
    image_ids: Sequence[str] | None = None,
    all_images: bool | None = None,
    all_iterations: bool | None = None,
) -> None:
    """Out of the workspace, or out of everything: the pixels are gone when this returns.

    Ids that are not there are no fault.

    Raises:
        Refused: neither ids nor `all_images`, or both; too many ids; there is no such project.
    """
    if bool(image_ids) == bool(all_images):
        code = "BadRequestInvalid" if image_ids else "BadRequestRequiredParamIsNull"
        raise Refused(code, "give either imageIds or allImages=true")
    if len(image_ids or ()) > shop.limits.batch_image_ids:
        what = f"{len(image_ids or ())} images are too many at once: {shop.limits.batch_image_ids} at most"
        raise Refused("BadRequestExceededBatchSize", what)
    which: list[ColumnElement[bool]] = [images.c.project_id == project_id]
    which += [images.c.id.in_(image_ids)] if image_ids else []
    which += [] if all_iterations else [is_present(images)]
    gone, some = 0, AT_ONCE
    while some == AT_ONCE:
        with writing(shop.engine) as connection:
            find(connection, project_id)
            ids = connection.execute(select(images.c.id).where(*which).limit(AT_ONCE)).scalars().all()
            if all_iterations:
                connection.execute(delete(images).where(images.c.id.in_(ids)))
            else:
                _drop(connection, project_id, ids)
            doom(connection, pictures(project_id, ids))
        erase(shop, pictures(project_id, ids))
        some = len(ids)
        gone += some
    wipe(shop.engine)
    shop.audit("images-erased", {"project": project_id, "images": gone, "from_iterations": bool(all_iterations)})


def read_image(shop: Workshop, project_id: str, image_id: str, part: Part) -> bytes:
    """The encoded picture: JPEG or PNG.

    Raises:
        Refused: NotFoundImage; it is not in the workspace.
        Altered: the object on the disk is not as it was written.
        KeyRevoked: nothing is opened at present.
    """
    of_image = and_(images.c.project_id == project_id, images.c.id == image_id, is_present(images))
    with reading(shop.engine) as connection:
        find(connection, project_id)
        is_there = connection.execute(select(images.c.number).where(of_image)).first()
    try:
        if is_there:
            return shop.objects.get(ObjectName(_KINDS[part], project_id, image_id))
    except NoObject:
        pass  # deleted this very moment
    raise Refused("NotFoundImage", f"there is no image {image_id}")


def _require_batch(shop: Workshop, uploads: Sequence[Upload], tag_ids: Sequence[str], words: Mapping[str, str]) -> None:
    limits = shop.limits
    if not uploads:
        raise Refused("BadRequestImageBatch", "there is no image in the batch")
    if len(uploads) > limits.batch_images:
        what = f"{len(uploads)} images are too many at once: {limits.batch_images} at most"
        raise Refused("BadRequestExceededBatchSize", what)
    if len(tag_ids) > limits.batch_tags:
        what = f"{len(tag_ids)} tags for all images are too many: {limits.batch_tags} at most"
        raise Refused("BadRequestExceededBatchSize", what)
    require_words(limits, words)
    if len(words) > limits.metadata_pairs:
        what = f"{len(words)} pairs of metadata are too many: {limits.metadata_pairs} at most"
        raise Refused("BadRequestImageMetadataKey", what)


def _require_fit(allowed: Rules, tag_ids: Sequence[str], arrivals: Sequence[Arrival]) -> None:
    require_known(allowed, tag_ids)
    require_pure(allowed, [tag_ids])
    if len(set(tag_ids)) > allowed.tags_per_image:
        what = f"an image of this project has at most {allowed.tags_per_image} tags"
        raise Refused("BadRequestExceedTagPerImageLimit", what)
    if any(one.boxes for one in arrivals) and not allowed.is_detection:
        raise Refused("BadRequestImageRegions", "boxes are for projects of object detection")


def _summary(shop: Workshop, project_id: str, arrivals: Sequence[Arrival]) -> ImageCreateSummary:
    counts = Counter(one.status or ImageCreateStatus.ERROR_UNKNOWN for one in arrivals)
    if not counts.keys() & (_IS_USABLE | {ImageCreateStatus.ERROR_STORAGE}):
        code = _CODE_WHERE_ALL_ARE.get(next(iter(counts)), "BadRequestImageBatch") if len(counts) == 1 else None
        reasons = ", ".join(f"{count} {status}" for status, count in counts.items())
        raise Refused(code or "BadRequestImageBatch", f"No valid image files: {reasons}")
    usable = [one.image_id for one in arrivals if one.status in _IS_USABLE]
    with reading(shop.engine) as connection:
        found = {image.id: image for image in by_ids(shop, connection, View(project_id, None), usable)}
    return ImageCreateSummary(
        is_batch_successful=counts.keys() == {ImageCreateStatus.OK},
        images=[
            ImageCreateResult(
                source_url=one.name,
                status=one.status or ImageCreateStatus.ERROR_UNKNOWN,
                image=found.get(one.image_id) if one.status in _IS_USABLE else None,
            )
            for one in arrivals
        ],
    )


def _drop(connection: Connection, project_id: str, image_ids: Sequence[str]) -> None:
    """Out of the workspace, with what is on them; snapshots keep ids, tags and boxes."""
    numbers = select(images.c.number).where(images.c.id.in_(image_ids))
    for table in (regions, labels):
        drop(connection, project_id, table, table.c.image.in_(numbers))
    connection.execute(delete(image_metadata).where(image_metadata.c.image.in_(numbers)))
    drop(connection, project_id, images, images.c.id.in_(image_ids), fingerprint=None)
