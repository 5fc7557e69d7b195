"""What is deleted is gone: from the tables, from the disk, from SQLite's log; also when the power fails in between.

What is to go is written down first (`doom`), in the transaction that takes its rows; then the objects go, then the
note. Pictures that arrive are written down in the same way before their objects are kept, and taken off the list by the
transaction that adds their rows. Whatever is on the list when the workshop opens is erased then (`finish`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, Connection, Engine, and_, bindparam, delete, exists, select
from sqlalchemy.dialects.sqlite import insert

from footfall.customvision.workspace.tables import doomed, images, projects
from footfall.store.database import driver, reading, writing
from footfall.vault.objects import ObjectKind, ObjectName

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop

log = logging.getLogger(__name__)

PROJECT: Final = "project"
"""Kind of a row that stands for everything in a project."""
AT_ONCE: Final = 1000
"""Rows that one transaction takes: others get their turn in between."""
_PAGES: Final = 2000
"""Pages of the file that are given back to the disk, at most."""
_TRIES: Final = 3


def pictures(project_id: str, image_ids: Iterable[str]) -> list[ObjectName]:
    """All that is kept of images."""
    kinds = (ObjectKind.IMAGE, ObjectKind.RESIZED, ObjectKind.THUMBNAIL)
    return [ObjectName(kind, project_id, image_id) for image_id in image_ids for kind in kinds]


def doom(connection: Connection, names: Sequence[ObjectName]) -> None:
    """Write down objects that are to go, or that are not wanted yet."""
    if names:
        connection.execute(insert(doomed).on_conflict_do_nothing(), [_row(name) for name in names])


def spare(connection: Connection, names: Sequence[ObjectName]) -> None:
    """Take them off the list: they have their rows now, or are gone."""
    if names:
        connection.execute(delete(doomed).where(_is_named()), [_row(name) for name in names])


def erase(shop: Workshop, names: Sequence[ObjectName]) -> None:
    """Delete objects that were doomed, then the note.

    Raises:
        OSError: the disk fails; what is left goes when the workshop is opened again.
    """
    if not names:
        return
    shop.objects.delete(names)
    with writing(shop.engine) as connection:
        spare(connection, names)


def doom_project(connection: Connection, project_id: str) -> None:
    """Write down that nothing of a project is to stay, or not yet; nobody sees it from now on."""
    connection.execute(insert(doomed).on_conflict_do_nothing(), [_whole(project_id)])


def spare_project(connection: Connection, project_id: str) -> None:
    """Take it off the list."""
    connection.execute(delete(doomed).where(_is_named()), [_whole(project_id)])


def is_doomed() -> ColumnElement[bool]:
    """Whether a project is on the list, for statements on `projects`."""
    return exists().where(doomed.c.kind == PROJECT, doomed.c.project_id == projects.c.id, doomed.c.id == "")


def erase_project(shop: Workshop, project_id: str) -> None:
    """Everything of a project that was doomed: rows, objects, the note, and what SQLite remembers.

    Raises:
        OSError: the disk fails; what is left goes when the workshop is opened again.
    """
    some = select(images.c.number).where(images.c.project_id == project_id).limit(AT_ONCE)
    gone = AT_ONCE
    while gone == AT_ONCE:
        with writing(shop.engine) as connection:
            gone = connection.execute(delete(images).where(images.c.number.in_(some))).rowcount
    with writing(shop.engine) as connection:
        connection.execute(delete(projects).where(projects.c.id == project_id))
    shop.objects.delete_project(project_id)
    with writing(shop.engine) as connection:
        spare_project(connection, project_id)
    wipe(shop.engine)


def finish(shop: Workshop) -> int:
    """Do what was left undone, before anything else works with the workshop; how much that was."""
    with reading(shop.engine) as connection:
        left = connection.execute(select(doomed).order_by(doomed.c.kind != PROJECT)).all()
    for row in left:
        if row.kind == PROJECT:
            erase_project(shop, row.project_id)
    names = [ObjectName(ObjectKind(row.kind), row.project_id, row.id) for row in left if row.kind != PROJECT]
    for start in range(0, len(names), AT_ONCE):
        erase(shop, names[start : start + AT_ONCE])
    if left:
        log.info("erased %d things that were left when the service ended", len(left))
        wipe(shop.engine)
    return len(left)


def wipe(engine: Engine) -> None:
    """Nothing of rows that were deleted stays in the file, where they were overwritten, nor in its log.

    The log is emptied as soon as nobody reads.

    Raises:
        StoreUnavailable: the database is locked or full.
    """
    with driver(engine) as connection:
        connection.executescript(f"PRAGMA incremental_vacuum({_PAGES})")
        for _ in range(_TRIES):
            is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not is_busy:
                return
    log.warning("the database's log still holds rows that were deleted: somebody reads without end")


def _row(name: ObjectName) -> dict[str, str]:
    return {"kind": name.kind.value, "project_id": name.project_id, "id": name.id}


def _whole(project_id: str) -> dict[str, str]:
    return {"kind": PROJECT, "project_id": project_id, "id": ""}


def _is_named() -> ColumnElement[bool]:
    return and_(*(column == bindparam(column.name, type_=column.type) for column in doomed.c))
