"""Trainings are asked for here; `jobs` does them (spec/custom-vision.md 3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from footfall.customvision.wire import CustomBaseModelInfo, Iteration

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


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

    Raises:
        Refused: there is too little to learn from, nothing changed, a training runs, or the budget is none.
    """
    raise NotImplementedError
