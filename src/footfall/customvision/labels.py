"""Tags and boxes on images (spec/custom-vision.md 1.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from footfall.customvision.wire import (
    ImageRegionCreateEntry,
    ImageRegionCreateSummary,
    ImageTagCreateEntry,
    ImageTagCreateSummary,
)

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def create_image_tags(shop: Workshop, project_id: str, tags: Sequence[ImageTagCreateEntry]) -> ImageTagCreateSummary:
    """Put tags on images.

    Raises:
        Refused: an image or tag is not there; an image would be negative and regular.
    """
    raise NotImplementedError


def delete_image_tags(shop: Workshop, project_id: str, image_ids: Sequence[str], tag_ids: Sequence[str]) -> None:
    """Take each of the tags, with its boxes, from each of the images.

    Raises:
        Refused: too many of either; there is no such project.
    """
    raise NotImplementedError


def create_image_regions(
    shop: Workshop, project_id: str, regions: Sequence[ImageRegionCreateEntry]
) -> ImageRegionCreateSummary:
    """Put boxes on images of a detection project.

    Raises:
        Refused: too many; an image or tag is not there; a box is none; the project is for classification.
    """
    raise NotImplementedError


def delete_image_regions(shop: Workshop, project_id: str, region_ids: Sequence[str]) -> None:
    """Take boxes away; an image that loses the last box of a tag loses the tag.

    Raises:
        Refused: too many; there is no such project.
    """
    raise NotImplementedError
