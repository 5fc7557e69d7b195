"""Rows of images as clients see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, RowMapping, select

from footfall.customvision.wire.images import Image, ImageRegion, ImageTag
from footfall.customvision.workspace.snapshots import View
from footfall.customvision.workspace.tables import NEVER, from_us, image_metadata, images, labels, regions
from footfall.customvision.workspace.tags import names_of

if TYPE_CHECKING:
    from footfall.customvision.workshop import Part, Workshop


def shown(shop: Workshop, connection: Connection, at: View, rows: Sequence[RowMapping]) -> list[Image]:
    """Images with what is on them, in the order of their rows."""
    numbers = [row["number"] for row in rows]
    names = names_of(connection, at)
    tags = _tags(connection, at, numbers, names)
    boxes = _regions(connection, at, numbers, names)
    words = metadata_of(connection, numbers)
    return [
        Image(
            id=row["id"],
            created=from_us(row["created_us"]),
            width=row["width"],
            height=row["height"],
            resized_image_uri=_uri(shop, row, "resized"),
            thumbnail_uri=_uri(shop, row, "thumbnail"),
            original_image_uri=_uri(shop, row, "original"),
            tags=tags.get(row["number"]),
            regions=boxes.get(row["number"]),
            metadata=words.get(row["number"]),
        )
        for row in rows
    ]


def by_ids(shop: Workshop, connection: Connection, at: View, image_ids: Sequence[str]) -> list[Image]:
    """Images in the order of the ids; those that are not there are left out."""
    wanted = list(dict.fromkeys(image_ids))
    rows = connection.execute(select(images).where(at.has(images), images.c.id.in_(wanted))).mappings()
    found = {row["id"]: row for row in rows}
    return shown(shop, connection, at, [found[image_id] for image_id in wanted if image_id in found])


def metadata_of(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, str]]:
    """Metadata of images that have any, by number."""
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    asked = select(image_metadata).where(image_metadata.c.image.in_(numbers)).order_by(image_metadata.c.key)
    for row in connection.execute(asked):
        found[row.image][row.key] = row.value
    return found


def _uri(shop: Workshop, row: RowMapping, part: Part) -> str:
    return shop.links.image(row["project_id"], row["id"], part) if row["until"] == NEVER else ""


def _tags(connection: Connection, at: View, numbers: Sequence[int], names: dict[str, str]) -> dict[int, list[ImageTag]]:
    found: defaultdict[int, list[ImageTag]] = defaultdict(list)
    asked = select(labels).where(labels.c.image.in_(numbers), at.holds(labels)).order_by(labels.c.number)
    for row in connection.execute(asked):
        found[row.image].append(
            ImageTag(tag_id=row.tag_id, tag_name=names[row.tag_id], created=from_us(row.created_us))
        )
    return found


def _regions(
    connection: Connection, at: View, numbers: Sequence[int], names: dict[str, str]
) -> dict[int, list[ImageRegion]]:
    found: defaultdict[int, list[ImageRegion]] = defaultdict(list)
    asked = select(regions).where(regions.c.image.in_(numbers), at.holds(regions)).order_by(regions.c.number)
    for row in connection.execute(asked):
        found[row.image].append(
            ImageRegion(
                region_id=row.id,
                tag_name=names[row.tag_id],
                created=from_us(row.created_us),
                tag_id=row.tag_id,
                left=row.left,
                top=row.top,
                width=row.width,
                height=row.height,
            )
        )
    return found
