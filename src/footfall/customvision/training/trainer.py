"""One training from its row to its model: what the child asks for, what it brings home, and all that can go wrong."""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row

from footfall.customvision.faults import Refused, revoked
from footfall.customvision.training import curriculum, job_rows
from footfall.customvision.training.apprentice import COMMAND, Apprentice
from footfall.customvision.training.evidence import Evidence, packed_evidence
from footfall.customvision.training.iteration_rows import tags_of
from footfall.customvision.training.job_words import Done, GaveUp, Picture, Task, Told, Wanted
from footfall.customvision.wire.words import TrainingType
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace import erasing, snapshots
from footfall.customvision.workspace.domains import get_domain
from footfall.learning.lesson import Kind
from footfall.store.database import reading, writing
from footfall.store.faults import StoreUnavailable
from footfall.vault.faults import Altered, KeyRevoked, NoObject
from footfall.vault.objects import ObjectKind, ObjectName

log = logging.getLogger(__name__)

PATIENCE_S: Final = 0.2
"""How soon a training hears that it is to stop."""
TELL_EVERY_S: Final = 1.0
REGULAR_S: Final = 3600.0
GRACE: Final = 1.25
"""Times its budget is what a child may take before it is ended: other work may slow it down."""


class Stopped(Exception):
    """It was asked to stop, by `Training.stop`."""


class Failed(Exception):
    """It has come to a bad end; the message is for people."""


@dataclass(frozen=True, slots=True)
class Means:
    """What trainings are done with."""

    command: Sequence[str] = COMMAND
    threads: int = max(1, len(os.sched_getaffinity(0)) - 1)
    """One core is left for those who ask."""
    memory_bytes: int = 4 * 2**30


@dataclass(slots=True)
class Training:
    """One attempt."""

    shop: Workshop
    row: Row[Any]
    means: Means
    _is_stopped: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """End it soon; from any thread."""
        self._is_stopped.set()

    def run(self) -> None:
        """Learn, and keep what was learned; nothing is kept of an iteration that is deleted meanwhile.

        Raises:
            Failed: it has come to a bad end.
            Stopped: somebody stopped it.
            ChildEnded: its process is gone.
        """
        try:
            while (done := self._learned()) is None:
                log.info("training %s: pictures were deleted meanwhile; begun anew without them", self.row.id)
            self._keep(*done)
        except KeyRevoked as error:
            raise Failed(f"{revoked().code}: {revoked().message}") from error
        except Altered as error:
            raise Failed(f"an object of this project on the disk is not as it was written: {error}") from error
        except Refused as error:
            raise Failed(f"{error.code}: {error.message}") from error
        except StoreUnavailable as error:
            raise Failed(f"the database cannot be written: {error}") from error
        except OSError as error:
            is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
            raise Failed("the disk is full: free some space and train again" if is_full else str(error)) from error

    def _learned(self) -> tuple[Done, curriculum.Plan] | None:
        """None: a picture was deleted meanwhile."""
        plan = self._plan()
        child = Apprentice(self.means.command, self.means.threads, self.means.memory_bytes)
        try:
            child.say(self._task(plan))
            last = self._attend(child)
        finally:
            child.close()
        if isinstance(last, Done):
            return last, plan
        if last.is_picture_gone:
            return None
        raise Failed(last.words)

    def _plan(self) -> curriculum.Plan:
        with reading(self.shop.engine) as connection:
            seen = snapshots.seen(connection, self.row.project_id, self.row.id)
        selected = frozenset(tag.id for tag in tags_of(self.row))
        plan = curriculum.plan(seen, Kind(self.row.kind), selected, with_pixels=True)
        curriculum.refuse_too_little(plan, self.shop.limits)
        return plan

    @property
    def _budget_s(self) -> float:
        is_advanced = self.row.training_type == TrainingType.ADVANCED
        return self.row.budget_hours * 3600.0 if is_advanced else REGULAR_S

    def _task(self, plan: curriculum.Plan) -> Task:
        base = None
        if self.row.base_iteration_id:
            name = ObjectName(ObjectKind.MODEL, self.row.base_project_id, self.row.base_iteration_id)
            base = self._read(name)
            if base is None:
                raise Failed("the iteration to begin from was deleted meanwhile")
        return Task(
            kind=plan.kind,
            tags=tuple(tag.name for tag in plan.tags),
            samples=plan.samples,
            input_px=curriculum.input_px(get_domain(self.shop, self.row.domain_id)),
            is_advanced=self.row.training_type == TrainingType.ADVANCED,
            budget_s=self._budget_s,
            threads=self.means.threads,
            base=base,
        )

    def _attend(self, child: Apprentice) -> Done | GaveUp:
        clock = self.shop.clock
        begun_s = clock.monotonic_s()
        news, told_s = None, begun_s - TELL_EVERY_S
        while True:
            message = child.hear(PATIENCE_S)
            now_s = clock.monotonic_s()
            if self._is_stopped.is_set():
                raise Stopped
            if now_s > begun_s + GRACE * self._budget_s:
                raise Failed(f"it took more than its {self._budget_s / 3600:g} hours and was ended")
            self.shop.check_key()
            match message:
                case Wanted(example_id):
                    child.say(Picture(self._read(self._name(ObjectKind.IMAGE, example_id))))
                case Told():
                    news = message
                case Done() | GaveUp():
                    return message
            if news and now_s >= told_s + TELL_EVERY_S:
                self._tell(news)
                news, told_s = None, now_s

    def _tell(self, news: Told) -> None:
        try:
            job_rows.tell(self.shop.engine, self.row.id, news.share, news.words)
        except StoreUnavailable as error:
            log.warning("training %s: its progress cannot be told: %s", self.row.id, error)

    def _keep(self, done: Done, plan: curriculum.Plan) -> None:
        """Either model, evidence and row, or nothing."""
        model, evidence = self._name(ObjectKind.MODEL, self.row.id), self._name(ObjectKind.EVIDENCE, self.row.id)
        with writing(self.shop.engine) as connection:
            erasing.doom(connection, (model, evidence))
        is_kept = False
        try:
            self.shop.objects.put(model, done.onnx)
            self.shop.objects.put(evidence, packed_evidence(Evidence(plan.samples, done.held_out, done.notes)))
            with writing(self.shop.engine) as connection:
                is_kept = job_rows.complete(connection, self.shop.clock, self.row)
                if is_kept:
                    erasing.spare(connection, (model, evidence))
        except NoObject as error:
            raise Stopped from error
        finally:
            if not is_kept:
                erasing.erase(self.shop, (model, evidence))

    def _name(self, kind: ObjectKind, object_id: str) -> ObjectName:
        return ObjectName(kind, self.row.project_id, object_id)

    def _read(self, name: ObjectName) -> bytes | None:
        try:
            return self.shop.objects.get(name)
        except NoObject:
            return None
