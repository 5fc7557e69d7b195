"""Which images there are, and how many (spec/custom-vision.md 1.3, 3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from footfall.customvision.wire import Image

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def get_images(  # noqa: PLR0913, PLR0917 - one parameter a query parameter
    shop: Workshop,
    project_id: str,
    iteration_id: str | None = None,
    tag_ids: Sequence[str] | None = None,
    tagging_status: str | None = None,
    filter: str | None = None,
    order_by: str | None = None,
    take: int | None = None,
    skip: int | None = None,
) -> list[Image]:
    """A page of images: with any of the tags, tagged or not, whose metadata fit; 50 where `take` is not given.

    Raises:
        Refused: a parameter is none; there is no such project or iteration.
    """
    raise NotImplementedError


def get_tagged_images(  # noqa: PLR0913, PLR0917 - one parameter a query parameter
    shop: Workshop,
    project_id: str,
    iteration_id: str | None = None,
    tag_ids: Sequence[str] | None = None,
    order_by: str | None = None,
    take: int | None = None,
    skip: int | None = None,
) -> list[Image]:
    """As `get_images`, of those with a tag."""
    raise NotImplementedError


def get_untagged_images(
    shop: Workshop,
    project_id: str,
    iteration_id: str | None = None,
    order_by: str | None = None,
    take: int | None = None,
    skip: int | None = None,
) -> list[Image]:
    """As `get_images`, of those without any tag."""
    raise NotImplementedError


def get_images_by_ids(
    shop: Workshop, project_id: str, image_ids: Sequence[str] | None = None, iteration_id: str | None = None
) -> list[Image]:
    """These, in the order of the ids; those that are not there are left out.

    Raises:
        Refused: too many ids; there is no such project or iteration.
    """
    raise NotImplementedError


def get_image_count(
    shop: Workshop,
    project_id: str,
    iteration_id: str | None = None,
    tagging_status: str | None = None,
    filter: str | None = None,
    tag_ids: Sequence[str] | None = None,
) -> int:
    """How many `get_images` would list, page after page."""
    raise NotImplementedError


def get_tagged_image_count(
    shop: Workshop, project_id: str, iteration_id: str | None = None, tag_ids: Sequence[str] | None = None
) -> int:
    """How many have a tag, or one of these."""
    raise NotImplementedError


def get_untagged_image_count(shop: Workshop, project_id: str, iteration_id: str | None = None) -> int:
    """How many have none."""
    raise NotImplementedError
