"""How good an iteration is, from what was told about pictures that were held out (spec/custom-vision.md 3.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlalchemy import Row

from footfall.customvision.faults import Refused
from footfall.customvision.prediction.predicting import box_of, of_probabilities, prediction_of
from footfall.customvision.training.evidence import unpacked_evidence
from footfall.customvision.training.iteration_rows import TagOf, tags_of, trained_row
from footfall.customvision.wire.images import Image
from footfall.customvision.wire.performance import ImagePerformance, IterationPerformance, TagPerformance
from footfall.customvision.wire.predictions import Prediction
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import showing, snapshots
from footfall.learning import metrics
from footfall.learning.lesson import Example, HeldOut, Kind
from footfall.store.database import reading
from footfall.vault.objects import ObjectKind, ObjectName

THRESHOLD: Final = 0.5
OVERLAP: Final = 0.3


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
        KeyRevoked: nothing may be opened at present.
    """
    least, overlap = _share("threshold", threshold, THRESHOLD), _share("overlapThreshold", overlap_threshold, OVERLAP)
    proof = _proof(shop, project_id, iteration_id)
    examples, held_out, count = proof.examples, proof.held_out, len(proof.tags)
    if proof.kind is Kind.DETECTION:
        figures = metrics.detection(examples, count, held_out, least, overlap)
    else:
        figures = metrics.classification(examples, count, held_out, least)
    overall = figures.overall
    return IterationPerformance(
        per_tag_performance=[_of_tag(tag, one) for tag, one in zip(proof.tags, figures.tags, strict=True)],
        precision=overall.precision,
        precision_std_deviation=overall.precision_std,
        recall=overall.recall,
        recall_std_deviation=overall.recall_std,
        average_precision=overall.average_precision,
    )


def get_image_performances(  # noqa: PLR0913, PLR0917 - one parameter a query parameter
    shop: Workshop,
    project_id: str,
    iteration_id: str,
    tag_ids: Sequence[str] | None = None,
    order_by: str | None = None,
    take: int = 50,
    skip: int = 0,
) -> list[ImagePerformance]:
    """What was told about each picture when it was held out; Newest first, where `order_by` is not Oldest.

    Raises:
        Refused: there is no such iteration, it is not trained, or a parameter is wrong.
        KeyRevoked: nothing may be opened at present.
    """
    if order_by not in {None, "Newest", "Oldest"}:
        raise Refused("BadRequestInvalid", f"orderBy is Newest or Oldest, not {order_by!r}")
    if not 0 <= take <= shop.limits.take or skip < 0:
        raise Refused("BadRequestInvalid", f"take is 0 to {shop.limits.take}, skip is 0 or more")
    proof = _proof(shop, project_id, iteration_id)
    chosen = proof.with_tags(tag_ids)  # in the order in which they came
    page = (chosen if order_by == "Oldest" else chosen[::-1])[skip : skip + take]
    with reading(shop.engine) as connection:
        ids = [proof.examples[at].id for at in page]
        at_training = snapshots.view(connection, project_id, iteration_id)
        seen = {image.id: image for image in showing.by_ids(shop, connection, at_training, ids)}
    return [_of_image(seen[example.id], proof.told(at)) for at in page if (example := proof.examples[at]).id in seen]


def get_image_performance_count(
    shop: Workshop, project_id: str, iteration_id: str, tag_ids: Sequence[str] | None = None
) -> int:
    """How many pictures `get_image_performances` knows.

    Raises:
        Refused: there is no such iteration, or it is not trained.
        KeyRevoked: nothing may be opened at present.
    """
    return len(_proof(shop, project_id, iteration_id).with_tags(tag_ids))


@dataclass(frozen=True, slots=True)
class _Proof:
    kind: Kind
    tags: tuple[TagOf, ...]
    examples: tuple[Example, ...]
    held_out: HeldOut

    def with_tags(self, tag_ids: Sequence[str] | None) -> list[int]:
        """Places in the lesson of pictures with any of these tags; of all that could be read, where none are given."""
        outputs = {number for number, tag in enumerate(self.tags) if not tag_ids or tag.id in tag_ids}
        read = np.flatnonzero(self.held_out.fold >= 0).tolist()
        return [at for at in read if outputs & set(self.examples[at].labels)]

    def told(self, at: int) -> list[Prediction]:
        """About one picture, the likeliest first."""
        held_out = self.held_out
        if self.kind is not Kind.DETECTION:
            return of_probabilities(self.tags, held_out.probabilities[at])
        ours = np.flatnonzero(held_out.box_example == at)
        order = ours[np.argsort(-held_out.box_score[ours], kind="stable")]
        return [
            prediction_of(
                self.tags[int(held_out.box_tag[box])],
                float(held_out.box_score[box]),
                box_of(held_out.boxes_xyxy_n[box].tolist()),
            )
            for box in order
        ]


def _proof(shop: Workshop, project_id: str, iteration_id: str) -> _Proof:
    with reading(shop.engine) as connection:
        row: Row[Any] = trained_row(connection, project_id, iteration_id)
    data = shop.objects.get(ObjectName(ObjectKind.EVIDENCE, project_id, iteration_id))
    evidence = unpacked_evidence(data)
    return _Proof(Kind(row.kind), tags_of(row), evidence.examples(), evidence.told())


def _share(name: str, value: float | None, default: float) -> float:
    if value is None:
        return default
    if not 0.0 <= value <= 1.0:
        raise Refused("BadRequestInvalid", f"{name} is 0 to 1, not {value:g}")
    return value


def _of_tag(tag: TagOf, figures: metrics.Figures) -> TagPerformance:
    return TagPerformance(
        id=tag.id,
        name=tag.name,
        precision=figures.precision,
        precision_std_deviation=figures.precision_std,
        recall=figures.recall,
        recall_std_deviation=figures.recall_std,
        average_precision=figures.average_precision,
    )


def _of_image(image: Image, told: list[Prediction]) -> ImagePerformance:
    return ImagePerformance(
        predictions=told,
        id=image.id,
        created=image.created,
        width=image.width,
        height=image.height,
        image_uri=image.original_image_uri,
        thumbnail_uri=image.thumbnail_uri,
        tags=image.tags,
        regions=image.regions,
    )
