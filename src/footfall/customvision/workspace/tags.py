"""Tags: words for pictures and boxes (spec/custom-vision.md 1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, and_, exists, func, insert, select, update

from footfall.customvision.faults import Refused
from footfall.customvision.wire.projects import Tag
from footfall.customvision.wire.words import TagType, Task
from footfall.customvision.workspace.erasing import wipe
from footfall.customvision.workspace.names import folded, is_fit
from footfall.customvision.workspace.projects import find, task_of
from footfall.customvision.workspace.snapshots import View, drop, newest_era, view
from footfall.customvision.workspace.tables import NEVER, is_present, labels, regions, tags, to_us
from footfall.store.database import reading, writing

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop
    from footfall.customvision.workspace.limits import Limits


def get_tags(shop: Workshop, project_id: str, iteration_id: str | None = None) -> list[Tag]:
    """Of the workspace, or as an iteration was trained on them; the oldest first.

    Raises:
        Refused: there is no such project or iteration.
    """
    with reading(shop.engine) as connection:
        return _tags(connection, view(connection, project_id, iteration_id))


def get_tag(shop: Workshop, project_id: str, tag_id: str, iteration_id: str | None = None) -> Tag:
    """One of them.

    Raises:
        Refused: there is no such tag, project or iteration.
    """
    with reading(shop.engine) as connection:
        return _tag(connection, view(connection, project_id, iteration_id), tag_id)


def create_tag(
    shop: Workshop, project_id: str, name: str, description: str | None = None, type: str | None = None
) -> Tag:
    """Make one; regular where no type is given.

    Raises:
        Refused: the name is empty, too long or taken; the type is none; there is a negative one; there are too many.
    """
    with writing(shop.engine) as connection:
        project = find(connection, project_id)
        of_project = and_(tags.c.project_id == project_id, is_present(tags))
        count = connection.execute(select(func.count()).select_from(tags).where(of_project)).scalar_one()
        if count >= shop.limits.tags_per_project:
            raise Refused("BadRequestExceedTagPerProjectLimit", f"there are {count} tags already")
        tag_id, words = str(uuid4()), _words(shop.limits, name, description or "", type or TagType.REGULAR)
        _require_free(connection, project_id, tag_id, words)
        row = {"id": tag_id, "project_id": project_id, "created_us": to_us(shop.clock.now())}
        eras = {"since": project["era"], "until": NEVER}
        connection.execute(insert(tags).values({**row, **words, **eras}))
        return _tag(connection, View(project_id, None), tag_id)


def update_tag(
    shop: Workshop,
    project_id: str,
    tag_id: str,
    name: str | None = None,
    description: str | None = None,
    type: str | None = None,
) -> Tag:
    """Change what is given; snapshots keep what they were trained with.

    Raises:
        Refused: as `create_tag`; images would be negative and regular; there is no such tag.
    """
    with writing(shop.engine) as connection:
        project = find(connection, project_id)
        before = _present(connection, project_id, tag_id)
        words = _words(
            shop.limits,
            before["name"] if name is None else name,
            before["description"] if description is None else description,
            type or before["type"],
        )
        _require_free(connection, project_id, tag_id, words)
        _require_pure(connection, project, before, TagType(words["type"]))
        if any(before[key] != value for key, value in words.items()):
            _replace(connection, project["era"], before, words)
        answer = _tag(connection, View(project_id, None), tag_id)
    wipe(shop.engine)
    return answer


def delete_tag(shop: Workshop, project_id: str, tag_id: str) -> None:
    """It and its regions go from all images of the workspace; images stay.

    Raises:
        Refused: there is no such tag.
    """
    with writing(shop.engine) as connection:
        find(connection, project_id)
        _present(connection, project_id, tag_id)
        drop(connection, project_id, regions, regions.c.tag_id == tag_id)
        drop(connection, project_id, labels, labels.c.tag_id == tag_id)
        drop(connection, project_id, tags, tags.c.id == tag_id)
    wipe(shop.engine)
    shop.audit("tag-erased", {"project": project_id, "tag": tag_id})


def types_of(connection: Connection, project_id: str) -> dict[str, TagType]:
    """Types of the tags in the workspace, by id."""
    rows = connection.execute(select(tags.c.id, tags.c.type).where(tags.c.project_id == project_id, is_present(tags)))
    return {row.id: TagType(row.type) for row in rows}


def names_of(connection: Connection, at: View) -> dict[str, str]:
    """Names of tags, by id."""
    return {row.id: row.name for row in connection.execute(select(tags.c.id, tags.c.name).where(at.has(tags)))}


def _tags(connection: Connection, at: View) -> list[Tag]:
    counted = select(labels.c.tag_id, func.count().label("images")).where(at.has(labels)).group_by(labels.c.tag_id)
    counts = {row.tag_id: row.images for row in connection.execute(counted)}
    rows = connection.execute(select(tags).where(at.has(tags)).order_by(tags.c.created_us, tags.c.number))
    return [
        Tag(
            id=row.id,
            name=row.name,
            description=row.description,
            type=TagType(row.type),
            image_count=counts.get(row.id, 0),
        )
        for row in rows
    ]


def _tag(connection: Connection, at: View, tag_id: str) -> Tag:
    for tag in _tags(connection, at):
        if tag.id == tag_id:
            return tag
    raise _unknown(tag_id)


def _present(connection: Connection, project_id: str, tag_id: str) -> RowMapping:
    of_tag = and_(tags.c.project_id == project_id, tags.c.id == tag_id, is_present(tags))
    row = connection.execute(select(tags).where(of_tag)).mappings().first()
    if row is None:
        raise _unknown(tag_id)
    return row


def _unknown(tag_id: str) -> Refused:
    return Refused("NotFoundTag", f"there is no tag {tag_id}")


def _words(limits: Limits, name: str, description: str, type: str) -> dict[str, str]:
    if not is_fit(name, limits.name):
        raise Refused("BadRequestTagName", f"the name of a tag is one line of 1 to {limits.name} characters")
    if len(description) > limits.description:
        what = f"the description of a tag is at most {limits.description} characters long"
        raise Refused("BadRequestInvalid", what)
    try:
        kind = TagType(type)
    except ValueError:
        what = f"{type} is no type of a tag: {', '.join(TagType)}"
        raise Refused("BadRequestTagType", what) from None
    return {"name": name, "folded": folded(name), "description": description, "type": kind.value}


def _require_free(connection: Connection, project_id: str, tag_id: str, words: dict[str, str]) -> None:
    others = and_(tags.c.project_id == project_id, is_present(tags), tags.c.id != tag_id)
    if connection.execute(select(exists().where(others, tags.c.folded == words["folded"]))).scalar_one():
        raise Refused("BadRequestTagNameNotUnique", "another tag of the project has this name")
    negative = TagType.NEGATIVE.value
    if (
        words["type"] == negative
        and connection.execute(select(exists().where(others, tags.c.type == negative))).scalar_one()
    ):
        raise Refused("BadRequestMultipleNegativeTag", "the project has a negative tag already")


def _require_pure(connection: Connection, project: RowMapping, before: RowMapping, after: TagType) -> None:
    """A tag that turns negative, or back, must be alone on its images, and on no box."""
    if (before["type"] == TagType.NEGATIVE) == (after is TagType.NEGATIVE):
        return
    other = labels.alias()
    is_mixed = exists().where(
        labels.c.project_id == project["id"],
        labels.c.tag_id == before["id"],
        is_present(labels),
        other.c.image == labels.c.image,
        other.c.tag_id != before["id"],
        other.c.until == labels.c.until,
    )
    if after is TagType.NEGATIVE and connection.execute(select(is_mixed)).scalar_one():
        what = "there are images with this tag and with others: they would be negative and regular"
        raise Refused("BadRequestNegativeAndRegularTagOnSameImage", what)
    is_boxed = exists().where(
        regions.c.project_id == project["id"], regions.c.tag_id == before["id"], is_present(regions)
    )
    if task_of(project) is Task.DETECTION and connection.execute(select(is_boxed)).scalar_one():
        raise Refused("BadRequestTagType", "there are boxes with this tag: it cannot be negative")


def _replace(connection: Connection, era: int, before: RowMapping, words: dict[str, str]) -> None:
    """Where a snapshot holds the row, that keeps a copy of it."""
    newest = newest_era(connection, before["project_id"])
    values: dict[str, Any] = dict(words)
    if newest is not None and before["since"] <= newest:
        connection.execute(insert(tags).values({**before, "number": None, "until": era}))
        values["since"] = era
    connection.execute(update(tags).where(tags.c.number == before["number"]).values(values))
