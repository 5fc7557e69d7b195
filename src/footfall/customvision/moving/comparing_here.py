"""The running classifier and a new one on this service's own pictures, opened in memory and forgotten again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from footfall.customvision.faults import Refused
from footfall.customvision.moving.comparing import Guess, Judged
from footfall.customvision.workspace.images import read_image
from footfall.customvision.workspace.listing import get_tagged_images

if TYPE_CHECKING:
    from footfall.customvision.wire.images import Image
    from footfall.customvision.workshop import Workshop

PAGE: Final = 256


@dataclass(frozen=True, slots=True)
class Labelled:
    """What two models are judged by."""

    images: tuple[Image, ...]
    is_unseen: bool
    """Whether the new model has learned from none of them."""


def labelled(shop: Workshop, project_id: str, iteration_id: str) -> Labelled:
    """Tagged pictures that the iteration has not learned from; all tagged ones where there are no others.

    Raises:
        Refused: there is no such project or iteration.
        StoreUnavailable: the database is away.
    """
    known = {image.id for image in _tagged(shop, project_id, iteration_id)}
    there = [image for image in _tagged(shop, project_id, None) if image.tags]
    unseen = [image for image in there if image.id not in known]
    return Labelled(tuple(unseen or there), bool(unseen))


def judge(shop: Workshop, project_id: str, image: Image, running: Guess, new: Guess) -> Judged | None:
    """Ask both about one picture; None: it was deleted meanwhile, or cannot be read.

    Raises:
        KeyRevoked, Altered: it may not be opened, or is not as it was written.
        DetectorError: a model failed.
    """
    try:
        content = read_image(shop, project_id, image.id, "original")
        truth = tuple(tag.tag_name for tag in image.tags or ())
        return Judged(image.id, truth, running(content), new(content))
    except (Refused, ValueError):
        return None


def _tagged(shop: Workshop, project_id: str, iteration_id: str | None) -> Iterator[Image]:
    skip = 0
    while page := get_tagged_images(shop, project_id, iteration_id, None, "Oldest", PAGE, skip):
        yield from page
        skip += len(page)
