"""Words of the user's own on images: ten pairs of key and value (spec/custom-vision.md 2.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from footfall.customvision.wire import ImageMetadataUpdateSummary

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def update_image_metadata(
    shop: Workshop, project_id: str, image_ids: Sequence[str], metadata: Mapping[str, str]
) -> ImageMetadataUpdateSummary:
    """Add the pairs to each image, or change them.

    Raises:
        Refused: too many ids; a key or value is empty or too long; there is no such project.
    """
    raise NotImplementedError
