"""Tags: words for pictures and boxes (spec/custom-vision.md 1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from footfall.customvision.wire import Tag

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def get_tags(shop: Workshop, project_id: str, iteration_id: str | None = None) -> list[Tag]:
    """Of the workspace, or as an iteration was trained on them; the oldest first.

    Raises:
        Refused: there is no such project or iteration.
    """
    raise NotImplementedError


def create_tag(
    shop: Workshop, project_id: str, name: str, description: str | None = None, type: str | None = None
) -> Tag:
    """Make one; regular where no type is given.

    Raises:
        Refused: the name is empty, too long or taken; the type is none; there is a negative one; there are too many.
    """
    raise NotImplementedError


def get_tag(shop: Workshop, project_id: str, tag_id: str, iteration_id: str | None = None) -> Tag:
    """One of them.

    Raises:
        Refused: there is no such tag, project or iteration.
    """
    raise NotImplementedError


def update_tag(
    shop: Workshop,
    project_id: str,
    tag_id: str,
    name: str | None = None,
    description: str | None = None,
    type: str | None = None,
) -> Tag:
    """Change what is given; snapshots keep what they were trained with.

    Raises:
        Refused: as `create_tag`; images would be negative and regular; there is no such tag.
    """
    raise NotImplementedError


def delete_tag(shop: Workshop, project_id: str, tag_id: str) -> None:
    """It and its regions go from all images of the workspace; images stay.

    Raises:
        Refused: there is no such tag.
    """
    raise NotImplementedError
