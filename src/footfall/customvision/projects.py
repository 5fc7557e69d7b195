"""Projects: tags, images and iterations hang on them (spec/custom-vision.md 1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from footfall.customvision.wire import Project

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def get_projects(shop: Workshop) -> list[Project]:
    """All of them, the oldest first."""
    raise NotImplementedError


def create_project(  # noqa: PLR0913, PLR0917 - one parameter a query parameter
    shop: Workshop,
    name: str,
    description: str | None = None,
    domain_id: str | None = None,
    classification_type: str | None = None,
    target_export_platforms: Sequence[str] | None = None,
    export_model_container_uri: str | None = None,
    notification_queue_uri: str | None = None,
) -> Project:
    """Make one; General for classification where no domain is given.

    Raises:
        Refused: name, description, domain, type or platform is none; the name is taken; there are too many.
    """
    raise NotImplementedError


def get_project(shop: Workshop, project_id: str) -> Project:
    """One of them.

    Raises:
        Refused: there is no such project.
    """
    raise NotImplementedError


def update_project(  # noqa: PLR0913, PLR0917 - one parameter a key of the body
    shop: Workshop,
    project_id: str,
    name: str | None = None,
    description: str | None = None,
    domain_id: str | None = None,
    classification_type: str | None = None,
    target_export_platforms: Sequence[str] | None = None,
    augmentation_methods: Mapping[str, bool] | None = None,
) -> Project:
    """Change what is given. A new domain counts from the next training on.

    Raises:
        Refused: as `create_project`; the domain is of the other task; there is no such project.
    """
    raise NotImplementedError


def delete_project(shop: Workshop, project_id: str) -> None:
    """Everything in it is gone when this returns: rows, pictures, models, exports, and the keys of them.

    Raises:
        Refused: an iteration of it is published; there is no such project.
    """
    raise NotImplementedError
