"""From a workspace to what a training learns: which tags, which pictures, and whether they are enough."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from footfall.customvision.faults import Refused
from footfall.customvision.training.iteration_rows import TagOf
from footfall.customvision.training.job_words import Sample
from footfall.customvision.wire.projects import Domain
from footfall.customvision.wire.words import TagType, Task
from footfall.customvision.workspace.intake import Box
from footfall.customvision.workspace.limits import Limits
from footfall.customvision.workspace.snapshots import ImageSeen, Seen
from footfall.learning.lesson import INPUT_PX, Kind


@dataclass(frozen=True, slots=True)
class Plan:
    """What is learned."""

    kind: Kind
    tags: tuple[TagOf, ...]
    """In the order of the model's outputs."""
    samples: tuple[Sample, ...]


def kind_of(domain: Domain, classification_type: str | None) -> Kind:
    """What a project of this domain tells."""
    if domain.type is Task.DETECTION:
        return Kind.DETECTION
    return Kind.MULTILABEL if classification_type == "Multilabel" else Kind.MULTICLASS


def input_px(domain: Domain) -> int:
    """Side of the square that a domain's models look at."""
    if domain.type is Task.DETECTION:
        return INPUT_PX["detection"]
    return INPUT_PX["compact-s1" if domain.name.endswith("[S1]") else "compact"]


def plan(seen: Seen, kind: Kind, selected: Collection[str] | None, *, with_pixels: bool = False) -> Plan:
    """Pictures with a tag that counts; of several tags where only one can be, none does.

    Args:
        seen: the workspace, or what is frozen of it.
        kind: what is told.
        selected: ids of the tags that count; None: all.
        with_pixels: leave out what was deleted since.
    """
    tags = tuple(
        TagOf(tag.id, tag.name, TagType(tag.type)) for tag in seen.tags if selected is None or tag.id in selected
    )
    outputs = {tag.id: number for number, tag in enumerate(tags)}
    read = _boxes if kind is Kind.DETECTION else _labels
    samples = (read(image, outputs) for image in seen.images if image.has_pixels or not with_pixels)
    most = 1 if kind is Kind.MULTICLASS else sys.maxsize
    return Plan(kind, tags, tuple(sample for sample in samples if 1 <= len(sample.labels) <= most))


def refuse_too_little(plan: Plan, limits: Limits) -> None:
    """Make sure that there is enough to learn from.

    Raises:
        Refused: there are too few tags, or too few pictures with one of them.
    """
    is_detection = plan.kind is Kind.DETECTION
    code = f"BadRequest{'Detection' if is_detection else 'Classification'}TrainingValidationFailed"
    if is_detection and any(tag.type is TagType.NEGATIVE for tag in plan.tags):
        message = "object detection does not learn from a negative tag"
        raise Refused("BadRequestDetectionTrainingNotAllowNegativeTag", message)
    if all(tag.type is TagType.NEGATIVE for tag in plan.tags):
        raise Refused(code, "Not enough images for training: there is no tag to learn")
    if not is_detection and len(plan.tags) < 2:
        raise Refused(code, "Not enough images for training: telling pictures apart takes two tags at least")
    least = limits.images_per_tag_detection if is_detection else limits.images_per_tag_classification
    counts = Counter(label for sample in plan.samples for label in set(sample.labels))
    for number, tag in enumerate(plan.tags):
        if counts[number] < least:
            message = f"Not enough images for training: tag {tag.name!r} is on {counts[number]}, {least} are needed"
            raise Refused(code, message)


def _labels(image: ImageSeen, outputs: dict[str, int]) -> Sample:
    return Sample(image.id, tuple(sorted(outputs[tag_id] for tag_id in set(image.tag_ids) & outputs.keys())), ())


def _boxes(image: ImageSeen, outputs: dict[str, int]) -> Sample:
    boxes = [box for box in image.regions if box.tag_id in outputs]
    return Sample(image.id, tuple(outputs[box.tag_id] for box in boxes), tuple(map(_xyxy, boxes)))


def _xyxy(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.left + box.width, box.top + box.height
