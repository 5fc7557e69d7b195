"""Tags and boxes on images (spec/custom-vision.md 1.3).

An image with a box has its tag, too; when the last box of a tag goes, so does the tag.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Sized
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, select

from footfall.customvision.faults import Refused
from footfall.customvision.wire.labels import (
    ImageRegionCreateEntry,
    ImageRegionCreateResult,
    ImageRegionCreateSummary,
    ImageTagCreateEntry,
    ImageTagCreateSummary,
)
from footfall.customvision.workspace.intake import Box
from footfall.customvision.workspace.labelling import (
    boxes_on,
    checked_box,
    numbers_of,
    put_labels,
    put_regions,
    require_boxes_allowed,
    require_known,
    require_pure,
    rules,
    tags_on,
)
from footfall.customvision.workspace.projects import find
from footfall.customvision.workspace.snapshots import View, drop
from footfall.customvision.workspace.tables import from_us, images, is_present, labels, regions
from footfall.customvision.workspace.tags import names_of
from footfall.store.database import writing

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def create_image_tags(shop: Workshop, project_id: str, tags: Sequence[ImageTagCreateEntry]) -> ImageTagCreateSummary:
    """Put tags on images.

    Raises:
        Refused: an image or tag is not there; an image would be negative and regular; there are too many.
    """
    _require_few(tags, shop.limits.batch_images * shop.limits.batch_tags, "tags on images")
    created: list[ImageTagCreateEntry] = []
    duplicated: list[ImageTagCreateEntry] = []
    exceeded: list[ImageTagCreateEntry] = []
    with writing(shop.engine) as connection:
        allowed = rules(shop, connection, project_id)
        require_known(allowed, (entry.tag_id for entry in tags))
        numbers = numbers_of(connection, project_id, [entry.image_id for entry in tags])
        there = tags_on(connection, numbers.values())
        new: dict[int, list[str]] = defaultdict(list)
        for entry in tags:
            number = numbers[entry.image_id]
            if entry.tag_id in there[number]:
                duplicated.append(entry)
            elif len(there[number]) >= allowed.tags_per_image:
                exceeded.append(entry)
            else:
                created.append(entry)
                new[number].append(entry.tag_id)
                there[number].add(entry.tag_id)
        require_pure(allowed, there.values())
        put_labels(connection, allowed, new)
    return ImageTagCreateSummary(created=created, duplicated=duplicated, exceeded=exceeded)


def delete_image_tags(shop: Workshop, project_id: str, image_ids: Sequence[str], tag_ids: Sequence[str]) -> None:
    """Take each of the tags, with its boxes, from each of the images.

    Raises:
        Refused: too many of either; there is no such project.
    """
    _require_few(image_ids, shop.limits.batch_images, "images")
    _require_few(tag_ids, shop.limits.batch_tags, "tags")
    of_images = select(images.c.number).where(images.c.project_id == project_id, images.c.id.in_(image_ids))
    with writing(shop.engine) as connection:
        find(connection, project_id)
        for table in (regions, labels):
            drop(connection, project_id, table, and_(table.c.image.in_(of_images), table.c.tag_id.in_(tag_ids)))


def create_image_regions(
    shop: Workshop, project_id: str, regions: Sequence[ImageRegionCreateEntry]
) -> ImageRegionCreateSummary:
    """Put boxes on images of a detection project.

    Raises:
        Refused: too many; an image or tag is not there; a box is none; the project is for classification.
    """
    _require_few(regions, shop.limits.batch_regions, "boxes")
    boxes = [checked_box(Box(one.tag_id, one.left, one.top, one.width, one.height)) for one in regions]
    created: list[tuple[ImageRegionCreateEntry, int, Box]] = []
    duplicated: list[ImageRegionCreateEntry] = []
    exceeded: list[ImageRegionCreateEntry] = []
    with writing(shop.engine) as connection:
        allowed = rules(shop, connection, project_id)
        require_boxes_allowed(allowed, boxes)
        numbers = numbers_of(connection, project_id, [entry.image_id for entry in regions])
        tags_there, boxes_there = tags_on(connection, numbers.values()), boxes_on(connection, numbers.values())
        for entry, box in zip(regions, boxes, strict=True):
            number = numbers[entry.image_id]
            tags_after = tags_there[number] | {box.tag_id}
            if box in boxes_there[number]:
                duplicated.append(entry)
            elif len(boxes_there[number]) >= allowed.regions_per_image or len(tags_after) > allowed.tags_per_image:
                exceeded.append(entry)
            else:
                created.append((entry, number, box))
                boxes_there[number].add(box)
                put_labels(connection, allowed, {number: tuple(tags_after - tags_there[number])})
                tags_there[number] = tags_after
        require_pure(allowed, tags_there.values())
        region_ids = put_regions(connection, allowed, [(number, box) for _, number, box in created])
        names = names_of(connection, View(project_id, None))
    results = [
        _result(entry.image_id, box, region_id, names[box.tag_id], allowed.now_us)
        for (entry, _, box), region_id in zip(created, region_ids, strict=True)
    ]
    return ImageRegionCreateSummary(created=results, duplicated=duplicated, exceeded=exceeded)


def delete_image_regions(shop: Workshop, project_id: str, region_ids: Sequence[str]) -> None:
    """Take boxes away; an image that loses the last box of a tag loses the tag.

    Raises:
        Refused: too many; there is no such project.
    """
    _require_few(region_ids, shop.limits.batch_regions, "boxes")
    gone = and_(regions.c.project_id == project_id, regions.c.id.in_(region_ids), is_present(regions))
    with writing(shop.engine) as connection:
        find(connection, project_id)
        pairs = connection.execute(select(regions.c.image, regions.c.tag_id).where(gone).distinct()).all()
        drop(connection, project_id, regions, regions.c.id.in_(region_ids))
        for image, tag_id in pairs:
            left = exists().where(regions.c.image == image, regions.c.tag_id == tag_id, is_present(regions))
            drop(connection, project_id, labels, and_(labels.c.image == image, labels.c.tag_id == tag_id, ~left))


def _result(image_id: str, box: Box, region_id: str, tag_name: str, now_us: int) -> ImageRegionCreateResult:
    return ImageRegionCreateResult(
        image_id=image_id,
        region_id=region_id,
        tag_name=tag_name,
        created=from_us(now_us),
        tag_id=box.tag_id,
        left=box.left,
        top=box.top,
        width=box.width,
        height=box.height,
    )


def _require_few(batch: Sized, most: int, what: str) -> None:
    if len(batch) > most:
        raise Refused("BadRequestExceededBatchSize", f"{len(batch)} {what} are too many at once: {most} at most")
