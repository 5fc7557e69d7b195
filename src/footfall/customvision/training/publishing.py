"""Names under which iterations answer (spec/custom-vision.md 3.4)."""

from __future__ import annotations

import unicodedata
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from footfall.customvision.faults import Refused
from footfall.customvision.training.iteration_rows import iteration_row, published, trained_row
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace.tables import publications, to_us
from footfall.store.database import writing

LONGEST_NAME: Final = 128
_FORBIDDEN: Final = frozenset("/\\?#")
"""Clients cannot ask for such a name in an address."""


def publish_iteration(
    shop: Workshop,
    project_id: str,
    iteration_id: str,
    publish_name: str,
    prediction_id: str,
    overwrite: bool | None = None,
) -> bool:
    """Let an iteration answer under a name; always true. A name that it had before is free again.

    Raises:
        Refused: it is not trained, or the name cannot be had.
    """
    _check(publish_name, prediction_id)
    ours = publications.c.project_id == project_id
    with writing(shop.engine) as connection:
        trained_row(connection, project_id, iteration_id)
        owner = _owner(connection, project_id, publish_name)
        if owner not in {None, iteration_id} and not overwrite:
            message = f"another iteration answers as {publish_name!r}: choose another name, or overwrite"
            raise Refused("BadRequestInvalidPublishName", message)
        connection.execute(
            delete(publications).where(
                ours, (publications.c.iteration_id == iteration_id) | (publications.c.name == publish_name)
            )
        )
        row = {"project_id": project_id, "name": publish_name, "iteration_id": iteration_id}
        times = {"resource_id": prediction_id, "published_us": to_us(shop.clock.now())}
        connection.execute(insert(publications).values(row | times))
    if owner is not None and owner != iteration_id:
        shop.models.drop(project_id, owner)
    shop.audit("iteration-published", {"project": project_id, "iteration": iteration_id})
    return True


def unpublish_iteration(shop: Workshop, project_id: str, iteration_id: str) -> None:
    """Take its name away; its model leaves the memory.

    Raises:
        Refused: there is no such iteration, or it has no name.
    """
    with writing(shop.engine) as connection:
        row = iteration_row(connection, project_id, iteration_id)
        if iteration_id not in published(connection, project_id):
            raise Refused("BadRequestIterationNotPublished", f"{row.name} is not published")
        connection.execute(delete(publications).where(publications.c.iteration_id == iteration_id))
    shop.models.drop(project_id, iteration_id)
    shop.audit("iteration-unpublished", {"project": project_id, "iteration": iteration_id})


def _owner(connection: Connection, project_id: str, name: str) -> str | None:
    statement = select(publications.c.iteration_id).where(
        publications.c.project_id == project_id, publications.c.name == name
    )
    return connection.execute(statement).scalar_one_or_none()


def _check(name: str, target: str) -> None:
    is_odd = any(letter in _FORBIDDEN or unicodedata.category(letter) == "Cc" for letter in name)
    if not name.strip(" .") or len(name) > LONGEST_NAME or is_odd:
        message = f"a published name has 1 to {LONGEST_NAME} characters and none of / \\ ? #"
        raise Refused("BadRequestInvalidPublishName", message)
    if not target.strip():
        raise Refused("BadRequestInvalidPublishTarget", "predictionId is empty: any text will do")
