"""Trainings are asked for here; `jobs` does them (spec/custom-vision.md 3.3)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, desc, insert, select

from footfall.customvision.faults import Refused
from footfall.customvision.training import curriculum
from footfall.customvision.training.iteration_rows import iteration_row, packed_tags
from footfall.customvision.training.iteration_tables import came, iterations
from footfall.customvision.training.iterations import get_iteration
from footfall.customvision.wire.iterations import CustomBaseModelInfo, Iteration
from footfall.customvision.wire.words import IterationStatus, TrainingType
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import snapshots
from footfall.customvision.workspace.domains import get_domain
from footfall.customvision.workspace.projects import find
from footfall.customvision.workspace.tables import to_us
from footfall.learning.lesson import Kind
from footfall.store.database import writing

MOST_HOURS: Final = 96


class Recipe(Struct, frozen=True):
    """What was asked for beside the workspace: another recipe is another training."""

    domain_id: str
    kind: Kind
    training_type: TrainingType
    budget_hours: int
    selected_tags: tuple[str, ...] | None
    base: CustomBaseModelInfo | None


def train_project(  # noqa: PLR0913, PLR0917 - one parameter a query parameter
    shop: Workshop,
    project_id: str,
    training_type: str | None = None,
    reserved_budget_in_hours: int = 0,
    force_train: bool = False,
    notification_email_address: str | None = None,
    selected_tags: Sequence[str] | None = None,
    custom_base_model_info: CustomBaseModelInfo | None = None,
) -> Iteration:
    """Freeze the workspace and begin to learn from it; the answer says `Training` at once.

    Args:
        shop: where everything is.
        project_id: whose workspace.
        training_type: Regular where it is left out.
        reserved_budget_in_hours: for Advanced, 1 to 96.
        force_train: although nothing changed since the last training.
        notification_email_address: taken and not used: nothing leaves this machine.
        selected_tags: ids; all tags where it is left out.
        custom_base_model_info: an iteration to begin from.

    Raises:
        Refused: there is too little to learn from, nothing changed, a training runs, or the budget is none.
    """
    chosen = _training_type(training_type, reserved_budget_in_hours)
    with writing(shop.engine) as connection:
        project = find(connection, project_id)
        _refuse_two(shop, connection, project_id)
        recipe = Recipe(
            project["domain_id"],
            curriculum.kind_of(get_domain(shop, project["domain_id"]), project["classification_type"]),
            chosen,
            reserved_budget_in_hours if chosen is TrainingType.ADVANCED else 0,
            tuple(sorted(set(selected_tags))) if selected_tags else None,
            custom_base_model_info,
        )
        _check_base(connection, recipe)
        plan = curriculum.plan(snapshots.seen(connection, project_id), recipe.kind, recipe.selected_tags)
        curriculum.refuse_too_little(plan, shop.limits)
        if not force_train:
            _refuse_unchanged(connection, project_id, recipe)
        iteration_id = _add(shop, connection, project_id, recipe, plan)
        snapshots.freeze(connection, project_id, iteration_id)
    shop.audit("training-begun", {"project": project_id, "iteration": iteration_id})
    if shop.jobs:
        shop.jobs.submit(project_id, iteration_id)
    return get_iteration(shop, project_id, iteration_id)


def _training_type(name: str | None, hours: int) -> TrainingType:
    try:
        chosen = TrainingType(name) if name else TrainingType.REGULAR
    except ValueError:
        raise Refused("BadRequestInvalid", f"trainingType is Regular or Advanced, not {name!r}") from None
    if hours < 0 or (chosen is TrainingType.ADVANCED and not 1 <= hours <= MOST_HOURS):
        message = f"reservedBudgetInHours of an Advanced training is 1 to {MOST_HOURS}, not {hours}"
        raise Refused("BadRequestReservedBudgetInHoursNotEnoughForAdvancedTraining", message)
    return chosen


def _refuse_two(shop: Workshop, connection: Connection, project_id: str) -> None:
    ours = select(iterations.c.status).where(iterations.c.project_id == project_id)
    states = connection.execute(ours).scalars().all()
    if IterationStatus.TRAINING in states:
        raise Refused("BadRequestTrainingAlreadyInProgress", "a training of this project runs already")
    most = shop.limits.iterations_per_project
    if len(states) >= most:
        message = f"a project has at most {most} iterations: delete some"
        raise Refused("BadRequestExceedIterationPerProjectLimit", message)


def _refuse_unchanged(connection: Connection, project_id: str, recipe: Recipe) -> None:
    last = connection.execute(
        select(iterations.c.id, iterations.c.recipe)
        .where(iterations.c.project_id == project_id, iterations.c.status == IterationStatus.COMPLETED)
        .order_by(desc(came(iterations)))
        .limit(1)
    ).one_or_none()
    if last is None or msgspec.json.decode(last.recipe, type=Recipe) != recipe:
        return
    if not snapshots.is_changed(connection, project_id, last.id):
        raise Refused("BadRequestTrainingNotNeeded", "Nothing changed since last training")


def _check_base(connection: Connection, recipe: Recipe) -> None:
    if recipe.base is None:
        return
    base = iteration_row(connection, recipe.base.project_id, recipe.base.iteration_id)
    if base.status != IterationStatus.COMPLETED:
        message = f"{base.name} has no model to begin from"
        raise Refused("BadRequestCustomBaseModelIterationStatusNotCompleted", message)
    if base.kind != recipe.kind:
        message = f"{base.name} tells something else: it is no model to begin from"
        raise Refused("BadRequestCustomBaseModelDomainNotCompatible", message)


def _add(shop: Workshop, connection: Connection, project_id: str, recipe: Recipe, plan: curriculum.Plan) -> str:
    now, iteration_id = to_us(shop.clock.now()), str(uuid.uuid4())
    row: dict[str, Any] = {
        "id": iteration_id,
        "project_id": project_id,
        "name": _name(connection, project_id),
        "status": IterationStatus.TRAINING,
        "created_us": now,
        "modified_us": now,
        "domain_id": recipe.domain_id,
        "kind": recipe.kind,
        "training_type": recipe.training_type,
        "budget_hours": recipe.budget_hours,
        "training_minutes": 0,
        "base_project_id": recipe.base and recipe.base.project_id,
        "base_iteration_id": recipe.base and recipe.base.iteration_id,
        "recipe": msgspec.json.encode(recipe).decode(),
        "tags": packed_tags(plan.tags),
        "attempts": 0,
        "share": 0.0,
        "words": "waiting",
    }
    connection.execute(insert(iterations).values(row))
    return iteration_id


def _name(connection: Connection, project_id: str) -> str:
    """The next number that is free: names are not given twice while their iteration is there."""
    statement = select(iterations.c.name).where(iterations.c.project_id == project_id)
    taken = set(connection.execute(statement).scalars())
    number = 1 + max(
        (int(name[10:]) for name in taken if name.startswith("Iteration ") and name[10:].isdigit()), default=0
    )
    return f"Iteration {number}"
