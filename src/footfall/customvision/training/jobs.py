"""Trainings in the background: one at a time, each in a child process, the oldest first."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row

from footfall.customvision.background import Background
from footfall.customvision.training import exports, job_rows
from footfall.customvision.training.apprentice import ChildEnded
from footfall.customvision.training.iteration_rows import iteration_row
from footfall.customvision.training.trainer import Failed, Means, Stopped, Training
from footfall.customvision.wire.words import IterationStatus
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace.tables import from_us
from footfall.store.database import reading

log = logging.getLogger(__name__)

MOST_ATTEMPTS: Final = 2
"""A training whose process is gone is begun anew, but not for ever."""
AGAIN_EVERY_S: Final = 30.0
_TELLING_SHARE: Final = 0.05
"""From when on the time that is left can be guessed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training is."""

    share: float
    """0..1"""
    words: str
    queued: datetime
    started: datetime | None
    """None: others are before it."""
    remaining_s: float | None
    """An estimate; None: nobody knows yet."""


def progress(shop: Workshop, project_id: str, iteration_id: str) -> Progress:
    """How far a training is; all of it, where it has ended.

    Raises:
        Refused: there is no such iteration.
    """
    with reading(shop.engine) as connection:
        row = iteration_row(connection, project_id, iteration_id)
    started = None if row.started_us is None else from_us(row.started_us)
    remaining_s = None
    if row.status != IterationStatus.TRAINING:
        remaining_s = 0.0
    elif started is not None and row.share >= _TELLING_SHARE:
        taken_s = (shop.clock.now() - started) / timedelta(seconds=1)
        remaining_s = taken_s * (1.0 - row.share) / row.share
    return Progress(row.share, row.words, from_us(row.created_us), started, remaining_s)


class Jobs:
    """Does what waits in the tables: trainings in one thread, exports in another.

    Args:
        shop: where everything is.
        means: what trainings are done with.
    """

    def __init__(self, shop: Workshop, means: Means | None = None) -> None:
        self._shop = shop
        self._means = means or Means()
        self._current: Training | None = None
        self._changed = threading.Condition()
        self._is_closing = False
        self._verdicts: dict[str, str] = {}
        self._trainings = Background("trainings", self._step, AGAIN_EVERY_S)
        self._exports = Background("exports", lambda: exports.make_next(shop), AGAIN_EVERY_S)

    def start(self) -> None:
        """Begin with what waits, also from before a restart."""
        self._trainings.start()
        self._exports.start()

    def submit(self, project_id: str, iteration_id: str) -> None:
        """There is something to do for an iteration."""
        log.debug("something to do for iteration %s of project %s", iteration_id, project_id)
        self._trainings.wake()
        self._exports.wake()

    def cancel(self, project_id: str, iteration_id: str | None = None) -> None:
        """End a training, or those of a project; nothing is written for it any more when this returns."""
        job_rows.cancel(self._shop.engine, self._shop.clock, project_id, iteration_id)
        with self._changed:
            while (current := self._current) and self._is_of(current, project_id, iteration_id):
                current.stop()
                self._changed.wait()

    def close(self) -> None:
        """End the child; its training begins anew next time. Safe to call twice."""
        self._is_closing = True
        with self._changed:
            if self._current:
                self._current.stop()
        self._trainings.close()
        self._exports.close()

    @staticmethod
    def _is_of(training: Training, project_id: str, iteration_id: str | None) -> bool:
        return training.row.project_id == project_id and iteration_id in {None, training.row.id}

    def _step(self) -> bool:
        row = job_rows.next_waiting(self._shop.engine)
        if row is None:
            return False
        if row.id not in self._verdicts and row.attempts >= MOST_ATTEMPTS:
            self._verdicts[row.id] = "the training was interrupted again and again"
        if row.id not in self._verdicts and job_rows.begin(self._shop.engine, self._shop.clock, row.id):
            self._train(row)
        self._settle(row)
        return True

    def _train(self, row: Row[Any]) -> None:
        with reading(self._shop.engine) as connection:
            training = Training(self._shop, iteration_row(connection, row.project_id, row.id), self._means)
        with self._changed:
            self._current = training
            if self._is_closing:
                training.stop()
        try:
            training.run()
        except Stopped:
            if self._is_closing:
                job_rows.hand_back(self._shop.engine, row.id)
        except ChildEnded as error:
            log.warning("training %s: %s", row.id, error)
            if training.row.attempts >= MOST_ATTEMPTS:
                self._verdicts[row.id] = f"{error}, {MOST_ATTEMPTS} times; perhaps there is not enough memory"
        except Failed as error:
            self._verdicts[row.id] = str(error)
        except Exception as error:
            log.exception("training %s", row.id)
            self._verdicts[row.id] = f"the service failed ({type(error).__name__}): its log says where"
        finally:
            with self._changed:
                self._current = None
                self._changed.notify_all()

    def _settle(self, row: Row[Any]) -> None:
        """Say what became of it; where the disk is full this is tried until it is said."""
        words = self._verdicts.get(row.id)
        if words is not None:
            job_rows.fail(self._shop.engine, self._shop.clock, row, words)
            del self._verdicts[row.id]
