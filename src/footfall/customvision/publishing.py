"""Names under which iterations answer (spec/custom-vision.md 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def publish_iteration(
    shop: Workshop,
    project_id: str,
    iteration_id: str,
    publish_name: str,
    prediction_id: str,
    overwrite: bool | None = None,
) -> bool:
    """Let an iteration answer under a name; always true.

    Raises:
        Refused: it is not trained, or the name cannot be had.
    """
    raise NotImplementedError


def unpublish_iteration(shop: Workshop, project_id: str, iteration_id: str) -> None:
    """Take its name away; its model leaves the memory.

    Raises:
        Refused: there is no such iteration, or it has no name.
    """
    raise NotImplementedError
