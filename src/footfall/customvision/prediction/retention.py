"""Stored predictions end when their days are over (spec/custom-vision.md 3.5), whatever happens to the clock.

Where the clock was set back, the days that have passed count all the same: what is kept ends so much earlier by the new
time. Where it was set forward, things end early; nobody can tell that from a long sleep.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from typing import Final

from sqlalchemy import delete, insert, select, update

from footfall.customvision.prediction.predictions import remove
from footfall.customvision.training.iteration_tables import predictions, seen
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace.tables import to_us
from footfall.store.database import reading, writing

log = logging.getLogger(__name__)

PURGE_EVERY_S: Final = 15 * 60.0
_TOLERANCE_US: Final = 60_000_000
"""Clocks are corrected a little all the time."""
_BATCH: Final = 256


class Retention:
    """Looks for what has expired, from time to time.

    Args:
        shop: where predictions are kept.
    """

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._looked_s: float | None = None

    def look(self) -> int:
        """Delete what has expired; how many there were.

        Raises:
            StoreUnavailable: the database is away or full.
            OSError: the disk fails.
        """
        self._heed_clock()
        return purge(self._shop)

    def _heed_clock(self) -> None:
        now_us, now_s = to_us(self._shop.clock.now()), self._shop.clock.monotonic_s()
        passed_us = 0 if self._looked_s is None else int((now_s - self._looked_s) * 1e6)
        with writing(self._shop.engine) as connection:
            before_us = connection.execute(select(seen.c.utc_us)).scalar()
            back_us = 0 if before_us is None else before_us + passed_us - now_us
            if back_us > _TOLERANCE_US:
                log.warning("the clock was set back by %.0f s: kept predictions end so much earlier", back_us / 1e6)
                ends = predictions.c.expires_us - back_us
                connection.execute(update(predictions).values(expires_us=ends))
            connection.execute(delete(seen))
            connection.execute(insert(seen).values(utc_us=now_us))
        self._looked_s = now_s


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
