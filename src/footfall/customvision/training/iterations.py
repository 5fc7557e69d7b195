"""Iterations: what each training made (spec/custom-vision.md 2.3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.exc import IntegrityError

from footfall.customvision.faults import Refused
from footfall.customvision.training.iteration_rows import iteration_row, published, wire_iteration
from footfall.customvision.training.iteration_tables import came, exports, iterations
from footfall.customvision.wire.iterations import Iteration
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import erasing, snapshots
from footfall.customvision.workspace.projects import find
from footfall.customvision.workspace.tables import to_us
from footfall.store.database import reading, writing
from footfall.vault.objects import ObjectKind, ObjectName


def get_iterations(shop: Workshop, project_id: str) -> list[Iteration]:
    """All of a project, the oldest first.

    Raises:
        Refused: there is no such project.
    """
    statement = select(iterations).where(iterations.c.project_id == project_id)
    with reading(shop.engine) as connection:
        find(connection, project_id)
        names = published(connection, project_id)
        rows = connection.execute(statement.order_by(came(iterations))).all()
    return [wire_iteration(shop, row, names.get(row.id)) for row in rows]


def get_iteration(shop: Workshop, project_id: str, iteration_id: str) -> Iteration:
    """One of them.

    Raises:
        Refused: there is no such iteration.
    """
    with reading(shop.engine) as connection:
        row = iteration_row(connection, project_id, iteration_id)
        publication = published(connection, project_id).get(iteration_id)
    return wire_iteration(shop, row, publication)


def delete_iteration(shop: Workshop, project_id: str, iteration_id: str) -> None:
    """Its model, evidence and exports are gone when this returns; a training of it is ended.

    Raises:
        Refused: there is no such iteration, or it is published.
    """
    with reading(shop.engine) as connection:
        _refuse_published(connection, iteration_row(connection, project_id, iteration_id))
    if shop.jobs:
        shop.jobs.cancel(project_id, iteration_id)
    with writing(shop.engine) as connection:
        _refuse_published(connection, iteration_row(connection, project_id, iteration_id))
        gone = object_names(connection, project_id, iteration_id)
        erasing.doom(connection, gone)
        connection.execute(delete(exports).where(exports.c.iteration_id == iteration_id))
        connection.execute(delete(iterations).where(iterations.c.id == iteration_id))
        snapshots.forget(connection, project_id, iteration_id)
    shop.models.drop(project_id, iteration_id)
    erasing.erase(shop, gone)
    erasing.wipe(shop.engine)
    shop.audit("iteration-deleted", {"project": project_id, "iteration": iteration_id})


def update_iteration(shop: Workshop, project_id: str, iteration_id: str, name: str) -> Iteration:
    """Give it another name.

    Raises:
        Refused: there is no such iteration; the name is empty, too long or taken.
    """
    if not name.strip() or len(name) > shop.limits.name:
        raise Refused("BadRequestIterationName", f"a name has 1 to {shop.limits.name} characters")
    changes = {"name": name, "modified_us": to_us(shop.clock.now())}
    try:
        with writing(shop.engine) as connection:
            iteration_row(connection, project_id, iteration_id)
            connection.execute(update(iterations).where(iterations.c.id == iteration_id).values(changes))
    except IntegrityError as error:
        raise Refused("BadRequestIterationNameNotUnique", f"there is an iteration {name!r} already") from error
    return get_iteration(shop, project_id, iteration_id)


def object_names(connection: Connection, project_id: str, iteration_id: str) -> list[ObjectName]:
    """All that is kept of an iteration outside of the tables."""
    archives = connection.execute(select(exports.c.id).where(exports.c.iteration_id == iteration_id)).scalars()
    made = [ObjectName(kind, project_id, iteration_id) for kind in (ObjectKind.MODEL, ObjectKind.EVIDENCE)]
    return made + [ObjectName(ObjectKind.EXPORT, project_id, export_id) for export_id in archives]


def _refuse_published(connection: Connection, row: Row[Any]) -> None:
    publication = published(connection, row.project_id).get(row.id)
    if publication is not None:
        message = f"{row.name} answers as {publication.name!r}: unpublish it first"
        raise Refused("BadRequestIterationIsPublished", message)
