"""Rows of iterations, and what goes over the wire for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, select

from footfall.customvision.faults import Refused
from footfall.customvision.training.iteration_tables import iterations
from footfall.customvision.wire.iterations import CustomBaseModelInfo, Iteration
from footfall.customvision.wire.words import ClassificationType, IterationStatus, TagType, TrainingType
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace.domains import get_domain
from footfall.customvision.workspace.projects import find
from footfall.customvision.workspace.tables import from_us, publications
from footfall.learning.lesson import Kind

_TYPES = {Kind.MULTICLASS: ClassificationType.MULTICLASS, Kind.MULTILABEL: ClassificationType.MULTILABEL}


class TagOf(Struct, frozen=True):
    """A tag of a model, as it was when it was learned."""

    id: str
    name: str
    type: TagType


def iteration_row(connection: Connection, project_id: str, iteration_id: str) -> Row[Any]:
    """An iteration.

    Raises:
        Refused: there is none in this project, or no such project.
    """
    statement = select(iterations).where(iterations.c.id == iteration_id, iterations.c.project_id == project_id)
    find(connection, project_id)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise Refused("NotFoundIteration", f"there is no iteration {iteration_id}")
    return row


def trained_row(connection: Connection, project_id: str, iteration_id: str) -> Row[Any]:
    """An iteration that has a model.

    Raises:
        Refused: there is none in this project, or its training has not come to a good end.
    """
    row = iteration_row(connection, project_id, iteration_id)
    if row.status != IterationStatus.COMPLETED:
        raise Refused("BadRequestIterationIsNotTrained", f"{row.name} is not trained")
    return row


def tags_of(row: Row[Any]) -> tuple[TagOf, ...]:
    """Tags in the order of the model's outputs."""
    return msgspec.json.decode(row.tags, type=tuple[TagOf, ...])


def packed_tags(tags: Iterable[TagOf]) -> str:
    """For the table."""
    return msgspec.json.encode(tuple(tags)).decode()


def published(connection: Connection, project_id: str) -> Mapping[str, Row[Any]]:
    """Publications of a project, by iteration."""
    rows = connection.execute(select(publications).where(publications.c.project_id == project_id))
    return {row.iteration_id: row for row in rows}


def wire_iteration(shop: Workshop, row: Row[Any], publication: Row[Any] | None) -> Iteration:
    """What clients see."""
    domain = get_domain(shop, row.domain_id)
    base = row.base_project_id and CustomBaseModelInfo(
        project_id=row.base_project_id, iteration_id=row.base_iteration_id
    )
    is_exportable = domain.exportable and row.status == IterationStatus.COMPLETED
    return Iteration(
        id=row.id,
        name=row.name,
        status=IterationStatus(row.status),
        created=from_us(row.created_us),
        last_modified=from_us(row.modified_us),
        trained_at=None if row.trained_us is None else from_us(row.trained_us),
        project_id=row.project_id,
        exportable=is_exportable,
        exportable_to=list(domain.exportable_platforms) if is_exportable else [],
        domain_id=row.domain_id,
        classification_type=_TYPES.get(Kind(row.kind)),
        training_type=TrainingType(row.training_type),
        reserved_budget_in_hours=row.budget_hours,
        training_time_in_minutes=row.training_minutes,
        publish_name="" if publication is None else publication.name,
        original_publish_resource_id=None if publication is None else publication.resource_id,
        custom_base_model_info=base or None,
        training_error_details=row.error,
    )


def minutes(begin: datetime, end: datetime) -> int:
    """Whole minutes of work, rounded up."""
    return max(0, -((begin - end) // timedelta(minutes=1)))
