"""Stored predictions end when their days are over (spec/custom-vision.md 3.5)."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from sqlalchemy import select

from footfall.customvision.iteration_tables import predictions
from footfall.customvision.predictions import remove
from footfall.customvision.tables import to_us
from footfall.customvision.workshop import Workshop
from footfall.store.database import reading

PURGE_EVERY_S: Final = 15 * 60.0
_BATCH: Final = 256


def purge(shop: Workshop) -> int:
    """Delete what has expired, from rows and disk; how many there were. No key is needed for it."""
    count = 0
    while ended := _ended(shop):
        by_project: dict[str, list[str]] = defaultdict(list)
        for project_id, prediction_id in ended:
            by_project[project_id].append(prediction_id)
        count += sum(remove(shop, project_id, ids) for project_id, ids in by_project.items())
    if count:
        shop.audit("predictions-expired", {"count": count})
    return count


def _ended(shop: Workshop) -> list[tuple[str, str]]:
    statement = (
        select(predictions.c.project_id, predictions.c.id)
        .where(predictions.c.expires_us <= to_us(shop.clock.now()))
        .order_by(predictions.c.expires_us)
        .limit(_BATCH)
    )
    with reading(shop.engine) as connection:
        return [(row.project_id, row.id) for row in connection.execute(statement)]
