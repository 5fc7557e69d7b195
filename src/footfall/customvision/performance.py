"""How good an iteration is, from what was told about pictures that were held out (spec/custom-vision.md 3.6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from footfall.customvision.wire import ImagePerformance, IterationPerformance

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop


def get_iteration_performance(
    shop: Workshop,
    project_id: str,
    iteration_id: str,
    threshold: float | None = None,
    overlap_threshold: float | None = None,
) -> IterationPerformance:
    """Precision, recall and average precision.

    Args:
        shop: where everything is.
        project_id: of the iteration.
        iteration_id: which one.
        threshold: least probability that counts; 0.5.
        overlap_threshold: least IoU of a box that is right; 0.3.

    Raises:
        Refused: there is no such iteration, it is not trained, or a threshold is out of 0..1.
    """
    raise NotImplementedError


def get_image_performances(  # noqa: PLR0913, PLR0917 - one parameter a query parameter
    shop: Workshop,
    project_id: str,
    iteration_id: str,
    tag_ids: Sequence[str] | None = None,
    order_by: str | None = None,
    take: int = 50,
    skip: int = 0,
) -> list[ImagePerformance]:
    """What was told about each picture when it was held out.

    Raises:
        Refused: there is no such iteration, it is not trained, or a parameter is wrong.
    """
    raise NotImplementedError


def get_image_performance_count(
    shop: Workshop, project_id: str, iteration_id: str, tag_ids: Sequence[str] | None = None
) -> int:
    """How many pictures `get_image_performances` knows.

    Raises:
        Refused: there is no such iteration, or it is not trained.
    """
    raise NotImplementedError
