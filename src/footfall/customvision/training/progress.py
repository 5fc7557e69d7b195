"""How far a training is, for our page: the vendor's service tells nothing between begin and end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from footfall.customvision.training import jobs
from footfall.customvision.training.evidence import unpacked_evidence
from footfall.customvision.wire.words import Wire
from footfall.customvision.workshop import Workshop
from footfall.vault.faults import NoObject
from footfall.vault.objects import ObjectKind, ObjectName


class TrainingProgress(Wire, frozen=True, kw_only=True):
    """As `GET .../iterations/{iterationId}/progress` answers."""

    share: float
    """0..1"""
    words: str
    started_at: datetime | None
    """None: it waits for others."""
    seconds_left: float | None
    """None: nobody knows yet."""
    notes: Mapping[str, str]
    """What was chosen, and warnings, each under a word of its own; none before it is done."""


def get_training_progress(shop: Workshop, project_id: str, iteration_id: str) -> TrainingProgress:
    """How far a training is; all of it, where it has ended.

    Raises:
        Refused: there is no such iteration.
        KeyRevoked: nothing may be opened at present.
    """
    found = jobs.progress(shop, project_id, iteration_id)
    return TrainingProgress(
        share=found.share,
        words=found.words,
        started_at=found.started,
        seconds_left=found.remaining_s,
        notes=_notes(shop, project_id, iteration_id),
    )


def _notes(shop: Workshop, project_id: str, iteration_id: str) -> Mapping[str, str]:
    try:
        data = shop.objects.get(ObjectName(ObjectKind.EVIDENCE, project_id, iteration_id))
    except NoObject:
        return {}
    return unpacked_evidence(data).notes
