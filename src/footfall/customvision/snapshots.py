"""What a training saw, kept as long as its iteration: tags, images, labels and boxes, but no pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from footfall.customvision.wire import Image

if TYPE_CHECKING:
    from footfall.customvision.intake import Box
    from footfall.customvision.workshop import Workshop


@dataclass(frozen=True, slots=True)
class TagSeen:
    """A tag as it was."""

    id: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class ImageSeen:
    """An image as it was labelled."""

    id: str
    has_pixels: bool
    """Whether it is still in the workspace."""
    tag_ids: tuple[str, ...]
    regions: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a training learns from; both in the order in which they were made."""

    tags: tuple[TagSeen, ...]
    images: tuple[ImageSeen, ...]


def freeze(connection: Connection, project_id: str, iteration_id: str) -> None:
    """From now on reads with this `iterationId` see the workspace as it is at this moment."""
    raise NotImplementedError


def forget(connection: Connection, project_id: str, iteration_id: str) -> None:
    """Undo `freeze`: what only this snapshot held is erased. Call `erasing.wipe` after the transaction."""
    raise NotImplementedError


def seen(connection: Connection, project_id: str, iteration_id: str | None = None) -> Seen:
    """The workspace, or what an iteration was trained on.

    Raises:
        Refused: there is no such project or iteration.
    """
    raise NotImplementedError


def is_changed(connection: Connection, project_id: str, iteration_id: str) -> bool:
    """Whether tags, images or labels of the workspace are others than those that the iteration was trained on."""
    raise NotImplementedError


def images_seen(
    shop: Workshop, connection: Connection, project_id: str, iteration_id: str, image_ids: Sequence[str]
) -> list[Image]:
    """Images of a snapshot as reads give them, in the order of the ids."""
    raise NotImplementedError
