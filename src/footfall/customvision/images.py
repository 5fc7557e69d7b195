"""Training images: into the workspace and out of it (spec/custom-vision.md 1.3, 3.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from footfall.customvision.intake import Upload
from footfall.customvision.wire import ImageCreateSummary

if TYPE_CHECKING:
    from footfall.customvision.workshop import Part, Workshop


def create_images(
    shop: Workshop,
    project_id: str,
    uploads: Sequence[Upload],
    tag_ids: Sequence[str] = (),
    metadata: Mapping[str, str] | None = None,
) -> ImageCreateSummary:
    """Keep pictures with their tags and boxes; for data, files, URLs and predictions alike.

    `tag_ids` and `metadata` are for each of them. Results are in the order of `uploads`. Each picture is kept whole or
    not at all.

    Raises:
        Refused: the batch is empty or too long; a tag of all is unknown; a box is none; metadata are too long or too
            many; no picture could be used (BadRequestImageBatch); there is no such project.
    """
    raise NotImplementedError


def delete_images(
    shop: Workshop,
    project_id: str,
    image_ids: Sequence[str] | None = None,
    all_images: bool | None = None,
    all_iterations: bool | None = None,
) -> None:
    """Out of the workspace, or out of everything: the pixels are gone when this returns.

    Ids that are not there are no fault.

    Raises:
        Refused: neither ids nor `all_images`, or both; too many ids; there is no such project.
    """
    raise NotImplementedError


def read_image(shop: Workshop, project_id: str, image_id: str, part: Part) -> bytes:
    """The encoded picture: JPEG or PNG.

    Raises:
        Refused: NotFoundImage; it is not in the workspace.
        Altered: the object on the disk is not as it was written.
    """
    raise NotImplementedError


def get_artifact(shop: Workshop, project_id: str, path: str) -> bytes:
    """What `images/<id>/original`, `/resized` or `/thumbnail`, or `exports/<id>` names.

    Raises:
        Refused: BadRequestInvalidArtifactUri, NotFoundImage, NotFound.
    """
    raise NotImplementedError
