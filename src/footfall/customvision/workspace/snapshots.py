"""What a training saw, kept as long as its iteration: tags, images, labels and boxes, but no pixels.

Nothing is copied: rows know in which eras they are there (`tables`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, exists, func, insert, or_, select, update

from footfall.customvision.faults import Refused
from footfall.customvision.workspace.intake import Box
from footfall.customvision.workspace.projects import find
from footfall.customvision.workspace.tables import NEVER, images, is_present, labels, projects, regions, snapshots, tags

_FROZEN: Final = (tags, images, labels, regions)


@dataclass(frozen=True, slots=True)
class View:
    """A project at one moment: rows that `has` them."""

    project_id: str
    era: int | None
    """That of a snapshot; None: the workspace."""

    def has(self, table: Table) -> ColumnElement[bool]:
        """Whether rows of a frozen table belong to it."""
        return and_(table.c.project_id == self.project_id, self.holds(table))

    def holds(self, table: Table) -> ColumnElement[bool]:
        """The same, for rows that are known to be of this project."""
        if self.era is None:
            return is_present(table)
        return and_(table.c.since <= self.era, table.c.until > self.era)


@dataclass(frozen=True, slots=True)
class TagSeen:
    """A tag as it was."""

    id: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class ImageSeen:
    """An image as it was labelled."""

    id: str
    has_pixels: bool
    """Whether it is still in the workspace."""
    tag_ids: tuple[str, ...]
    regions: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a training learns from; both in the order in which they were made."""

    tags: tuple[TagSeen, ...]
    images: tuple[ImageSeen, ...]


def freeze(connection: Connection, project_id: str, iteration_id: str) -> None:
    """From now on reads with this `iterationId` see the workspace as it is at this moment."""
    era = find(connection, project_id)["era"]
    connection.execute(insert(snapshots).values(iteration_id=iteration_id, project_id=project_id, era=era))
    connection.execute(update(projects).where(projects.c.id == project_id).values(era=era + 1))


def forget(connection: Connection, project_id: str, iteration_id: str) -> None:
    """Undo `freeze`: what only this snapshot held is erased. Call `erasing.wipe` after the transaction."""
    connection.execute(
        delete(snapshots).where(snapshots.c.project_id == project_id, snapshots.c.iteration_id == iteration_id)
    )
    for table in _FROZEN:
        is_held = exists().where(
            snapshots.c.project_id == project_id,
            snapshots.c.era >= table.c.since,
            snapshots.c.era < table.c.until,
        )
        connection.execute(delete(table).where(table.c.project_id == project_id, table.c.until < NEVER, ~is_held))


def drop(connection: Connection, project_id: str, table: Table, which: ColumnElement[bool], **cleared: Any) -> None:
    """Take rows out of the workspace: those that a snapshot holds stay for it, all others are erased.

    Args:
        connection: of a transaction that writes.
        project_id: whose.
        table: a frozen one.
        which: those of its rows.
        cleared: values of rows that stay.
    """
    of_project = and_(table.c.project_id == project_id, is_present(table), which)
    newest = newest_era(connection, project_id)
    if newest is not None:
        gone = connection.execute(select(projects.c.era).where(projects.c.id == project_id)).scalar_one()
        kept = and_(of_project, table.c.since <= newest)
        connection.execute(update(table).where(kept).values(until=gone, **cleared))
    connection.execute(delete(table).where(of_project))


def newest_era(connection: Connection, project_id: str) -> int | None:
    """The last era that a snapshot holds: rows from before are held by it."""
    eras = select(func.max(snapshots.c.era)).where(snapshots.c.project_id == project_id)
    newest: int | None = connection.execute(eras).scalar_one()
    return newest


def view(connection: Connection, project_id: str, iteration_id: str | None = None) -> View:
    """The workspace, or what an iteration was trained on.

    Raises:
        Refused: there is no such project or iteration.
    """
    find(connection, project_id)
    if iteration_id is None:
        return View(project_id, None)
    era = connection.execute(
        select(snapshots.c.era).where(snapshots.c.project_id == project_id, snapshots.c.iteration_id == iteration_id)
    ).scalar()
    if era is None:
        raise Refused("NotFoundIteration", f"there is no iteration {iteration_id} in this project")
    return View(project_id, era)


def seen(connection: Connection, project_id: str, iteration_id: str | None = None) -> Seen:
    """The workspace, or what an iteration was trained on.

    Raises:
        Refused: there is no such project or iteration.
    """
    at = view(connection, project_id, iteration_id)
    of_tags = select(tags.c.id, tags.c.name, tags.c.type).where(at.has(tags))
    of_labels = select(labels.c.image, labels.c.tag_id).where(at.has(labels))
    sides = regions.c.left, regions.c.top, regions.c.width, regions.c.height
    of_regions = select(regions.c.image, regions.c.tag_id, *sides).where(at.has(regions))
    of_images = select(images.c.number, images.c.id, images.c.until).where(at.has(images))
    labelled: dict[int, list[str]] = defaultdict(list)
    for image, tag_id in connection.execute(of_labels.order_by(labels.c.number)):
        labelled[image].append(tag_id)
    boxed: dict[int, list[Box]] = defaultdict(list)
    for image, *box in connection.execute(of_regions.order_by(regions.c.number)):
        boxed[image].append(Box(*box))
    return Seen(
        tuple(TagSeen(*row) for row in connection.execute(of_tags.order_by(tags.c.created_us, tags.c.number))),
        tuple(
            ImageSeen(name, until == NEVER, tuple(labelled.get(number, ())), tuple(boxed.get(number, ())))
            for number, name, until in connection.execute(of_images.order_by(images.c.number))
        ),
    )


def is_changed(connection: Connection, project_id: str, iteration_id: str) -> bool:
    """Whether tags, images or labels of the workspace are others than those that the iteration was trained on.

    Raises:
        Refused: there is no such project or iteration.
    """
    era = view(connection, project_id, iteration_id).era
    return any(
        connection.execute(
            select(
                exists().where(
                    table.c.project_id == project_id,
                    or_(
                        and_(is_present(table), table.c.since > era),
                        and_(table.c.since <= era, table.c.until > era, table.c.until < NEVER),
                    ),
                )
            )
        ).scalar_one()
        for table in _FROZEN
    )
