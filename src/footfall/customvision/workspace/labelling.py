"""What may be put on images, and how it is written down: for uploads and for labels given later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from footfall.customvision.faults import Refused
from footfall.customvision.wire.words import ClassificationType, TagType, Task
from footfall.customvision.workspace.intake import Box
from footfall.customvision.workspace.projects import find, task_of
from footfall.customvision.workspace.tables import NEVER, images, is_present, labels, regions, to_us
from footfall.customvision.workspace.tags import types_of

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop

_EDGE: Final = 1e-4
"""How far a box may stand out of the picture: clients divide pixels."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be put on images of a project."""

    project_id: str
    era: int
    now_us: int
    is_detection: bool
    types: dict[str, TagType]
    tags_per_image: int
    regions_per_image: int

    def is_mixed(self, tag_ids: Iterable[str]) -> bool:
        """Whether an image would be negative and regular."""
        types = {self.types[tag_id] for tag_id in tag_ids}
        return TagType.NEGATIVE in types and len(types) > 1


def rules(shop: Workshop, connection: Connection, project_id: str) -> Rules:
    """Those of a project at this moment.

    Raises:
        Refused: there is no such project.
    """
    project = find(connection, project_id)
    is_single = project["classification_type"] == ClassificationType.MULTICLASS
    return Rules(
        project_id,
        project["era"],
        to_us(shop.clock.now()),
        task_of(project) is Task.DETECTION,
        types_of(connection, project_id),
        1 if is_single else shop.limits.tags_per_image,
        shop.limits.regions_per_image,
    )


def checked_box(box: Box) -> Box:
    """A box inside of its picture; what stands out by rounding is cut off.

    Raises:
        Refused: it has no size, or does not lie in the picture.
    """
    right, bottom = box.left + box.width, box.top + box.height
    is_inside = box.left >= -_EDGE and box.top >= -_EDGE and right <= 1 + _EDGE and bottom <= 1 + _EDGE
    left, top = max(0.0, box.left), max(0.0, box.top)
    inside = Box(box.tag_id, left, top, min(box.width, 1 - left), min(box.height, 1 - top))
    if not (is_inside and inside.width > 0 and inside.height > 0):
        what = "a box has a left, top, width and height in fractions of the picture, and lies inside of it"
        raise Refused("BadRequestImageRegions", what)
    return inside


def require_known(allowed: Rules, tag_ids: Iterable[str]) -> None:
    """Make sure that tags are there.

    Raises:
        Refused: one is not.
    """
    unknown = [tag_id for tag_id in tag_ids if tag_id not in allowed.types]
    if unknown:
        raise Refused("BadRequestImageTags", f"there is no tag {unknown[0]}")


def require_boxes_allowed(allowed: Rules, boxes: Sequence[Box]) -> None:
    """Make sure that boxes may be put on images at all, with these tags.

    Raises:
        Refused: the project is for classification; a tag is not there, or negative.
    """
    if boxes and not allowed.is_detection:
        raise Refused("BadRequestImageRegions", "boxes are for projects of object detection")
    require_known(allowed, (box.tag_id for box in boxes))
    if any(allowed.types[box.tag_id] is TagType.NEGATIVE for box in boxes):
        raise Refused("BadRequestImageRegions", "a negative tag belongs to a whole image, not to a box")


def require_pure(allowed: Rules, tags_of_images: Iterable[Iterable[str]]) -> None:
    """Make sure that no image is negative and regular.

    Raises:
        Refused: one would be.
    """
    if any(allowed.is_mixed(tag_ids) for tag_ids in tags_of_images):
        what = "a negative tag stands alone: an image cannot be negative and regular"
        raise Refused("BadRequestNegativeAndRegularTagOnSameImage", what)


def put_labels(connection: Connection, allowed: Rules, tag_ids: Mapping[int, Sequence[str]]) -> None:
    """Tags on images, by number, that do not have them yet."""
    rows = [
        {
            "project_id": allowed.project_id,
            "image": number,
            "tag_id": tag_id,
            "created_us": allowed.now_us,
            "since": allowed.era,
            "until": NEVER,
        }
        for number, ids in tag_ids.items()
        for tag_id in ids
    ]
    if rows:
        connection.execute(insert(labels), rows)


def put_regions(connection: Connection, allowed: Rules, boxes: Sequence[tuple[int, Box]]) -> list[str]:
    """Boxes on images, by number; their ids."""
    rows = [
        {
            "id": str(uuid4()),
            "project_id": allowed.project_id,
            "image": number,
            "tag_id": box.tag_id,
            "left": box.left,
            "top": box.top,
            "width": box.width,
            "height": box.height,
            "created_us": allowed.now_us,
            "since": allowed.era,
            "until": NEVER,
        }
        for number, box in boxes
    ]
    if rows:
        connection.execute(insert(regions), rows)
    return [str(row["id"]) for row in rows]


def numbers_of(connection: Connection, project_id: str, image_ids: Iterable[str]) -> dict[str, int]:
    """Images of the workspace by id.

    Raises:
        Refused: one is not there.
    """
    wanted = list(dict.fromkeys(image_ids))
    rows = connection.execute(
        select(images.c.id, images.c.number).where(
            images.c.project_id == project_id, images.c.id.in_(wanted), is_present(images)
        )
    )
    numbers = {row.id: row.number for row in rows}
    for image_id in wanted:
        if image_id not in numbers:
            raise Refused("NotFoundImage", f"there is no image {image_id}")
    return numbers


def tags_on(connection: Connection, numbers: Iterable[int]) -> defaultdict[int, set[str]]:
    """Tags that images have, by number."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for row in connection.execute(select(labels).where(labels.c.image.in_(set(numbers)), is_present(labels))):
        found[row.image].add(row.tag_id)
    return found


def boxes_on(connection: Connection, numbers: Iterable[int]) -> defaultdict[int, set[Box]]:
    """Boxes that images have, by number."""
    found: defaultdict[int, set[Box]] = defaultdict(set)
    for row in connection.execute(select(regions).where(regions.c.image.in_(set(numbers)), is_present(regions))):
        found[row.image].add(Box(row.tag_id, row.left, row.top, row.width, row.height))
    return found
