"""Predictions that were kept with their pictures: listed, turned into training images, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from footfall.customvision.wire import ImageCreateSummary, ImageRegionCreateEntry, PredictionQueryResult
from footfall.customvision.wire import PredictionQueryToken as Token

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Promotion:
    """A stored prediction that becomes a training image."""

    id: str
    """Of the prediction."""
    tag_ids: tuple[str, ...] = ()
    regions: tuple[ImageRegionCreateEntry, ...] = ()


def query_predictions(shop: Workshop, project_id: str, query: Token) -> PredictionQueryResult:
    """A page of what is kept; the token of the answer goes on from there, without `continuation` it was the last page.

    Raises:
        Refused: there is no such project, or the question is wrong.
    """
    raise NotImplementedError


def delete_prediction(shop: Workshop, project_id: str, ids: Sequence[str]) -> None:
    """Gone from the disk when this returns; ids of others, or of none, are passed over.

    Raises:
        Refused: no ids, or more than 64.
    """
    raise NotImplementedError


def create_images_from_predictions(
    shop: Workshop,
    project_id: str,
    images: Sequence[Promotion],
    tag_ids: Sequence[str] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> ImageCreateSummary:
    """Move stored predictions among the training images: their days are no longer counted.

    Raises:
        Refused: no ids, more than 64, or nothing could be used.
    """
    raise NotImplementedError


def prediction_picture(
    shop: Workshop, project_id: str, prediction_id: str, part: Literal["original", "resized", "thumbnail"]
) -> bytes:
    """JPEG or PNG of a stored prediction, for signed links.

    Raises:
        Refused: it is not, or no longer, kept; or the key is revoked.
    """
    raise NotImplementedError
