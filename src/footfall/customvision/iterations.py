"""Iterations: what each training made (spec/custom-vision.md 2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.customvision.wire import Iteration

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def get_iterations(shop: Workshop, project_id: str) -> list[Iteration]:
    """All of a project, the oldest first.

    Raises:
        Refused: there is no such project.
    """
    raise NotImplementedError


def get_iteration(shop: Workshop, project_id: str, iteration_id: str) -> Iteration:
    """One of them.

    Raises:
        Refused: there is no such iteration.
    """
    raise NotImplementedError


def delete_iteration(shop: Workshop, project_id: str, iteration_id: str) -> None:
    """Its model, evidence and exports are gone when this returns; a training of it is ended.

    Raises:
        Refused: there is no such iteration, or it is published.
    """
    raise NotImplementedError


def update_iteration(shop: Workshop, project_id: str, iteration_id: str, name: str) -> Iteration:
    """Give it another name.

    Raises:
        Refused: there is no such iteration; the name is empty, too long or taken.
    """
    raise NotImplementedError
