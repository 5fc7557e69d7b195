"""Comparisons of a new model with the one that cameras ask: in the background, one at a time, kept in memory alone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Final

from footfall.core.errors import FootfallError
from footfall.customvision.moving.comparing import Comparison, Judged
from footfall.customvision.moving.comparing_here import judge, labelled
from footfall.customvision.moving.guessing import guess_with
from footfall.customvision.workshop import Workshop
from footfall.detect.attributes import AttributeReader
from footfall.engine.worker import StopSignal, Worker
from footfall.serve.own_models import OwnModels
from footfall.web.desk import Unknown
from footfall.web.security_refusals import Refused
from footfall.web.studio import Compared, TagCompared

KEPT: Final = 8
"""Results in memory."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which models are compared."""

    project_id: str
    iteration_id: str
    model: Path
    """The one that runs."""
    running: str
    """What people call it."""
    new: str


class Comparisons:
    """All of a service.

    Args:
        shop: where pictures and new models are.
        models: opens new models.
    """

    def __init__(self, shop: Workshop, models: OwnModels) -> None:
        self._shop = shop
        self._models = models
        self._lock = Lock()
        self._all: OrderedDict[str, Compared] = OrderedDict()
        self._stop = StopSignal()
        self._worker: Worker | None = None

    def begin(self, wanted: Wanted) -> Compared:
        """Compare two models.

        Raises:
            Refused: another comparison runs.
        """
        with self._lock:
            if self._worker is not None and not self._worker.join(0):
                raise Refused(409, "busy", "another comparison runs: wait for its end, or end it")
            first = Compared(token_hex(8), "running", running=wanted.running, new=wanted.new)
            self._all[first.id] = first
            while len(self._all) > KEPT:
                self._all.popitem(last=False)
            stop = self._stop = StopSignal()
            self._worker = Worker("comparison", lambda: self._run(first, wanted, stop)).start()
        return first

    def get(self, comparison_id: str) -> Compared:
        """How far it is, or what came of it.

        Raises:
            Unknown: there is none, or not any more.
        """
        with self._lock:
            if comparison_id not in self._all:
                raise Unknown("there is no such comparison")
            return self._all[comparison_id]

    def end(self, comparison_id: str) -> None:
        """End and forget one.

        Raises:
            Unknown: there is none.
        """
        found = self.get(comparison_id)
        if found.state == "running":
            self.close()
        with self._lock:
            self._all.pop(comparison_id, None)

    def close(self) -> None:
        """End what runs."""
        self._stop.set()
        if self._worker is not None:
            self._worker.join(10.0)

    def _run(self, first: Compared, wanted: Wanted, stop: StopSignal) -> None:
        told = first
        try:
            for told in self._steps(first, wanted):
                if stop.is_set():
                    return
                self._put(told)
        except (FootfallError, OSError) as error:
            self._put(replace(told, state="failed", words=str(error)))

    def _steps(self, first: Compared, wanted: Wanted) -> Iterator[Compared]:
        _, fresh = self._models.open(wanted.project_id, wanted.iteration_id)
        running, new = guess_with(AttributeReader(wanted.model)), guess_with(fresh)
        found = labelled(self._shop, wanted.project_id, wanted.iteration_id)
        told = replace(first, total=len(found.images), is_unseen=found.is_unseen)
        yield told
        judged: list[Judged] = []
        for done, image in enumerate(found.images, 1):
            if one := judge(self._shop, wanted.project_id, image, running, new):
                judged.append(one)
            told = replace(told, done=done)
            yield told
        yield replace(told, state="done", tags=tuple(_by_tag(Comparison(tuple(judged), found.is_unseen))))

    def _put(self, told: Compared) -> None:
        with self._lock:
            if told.id in self._all:
                self._all[told.id] = told


def _by_tag(found: Comparison) -> Iterator[TagCompared]:
    """Of every tag, then of all."""
    for tag in found.tags:
        judged = tuple(one for one in found.judged if tag in one.truth)
        yield _row(tag, Comparison(judged, found.is_unseen))
    if found.judged:
        yield _row(None, found)


def _row(tag: str | None, part: Comparison) -> TagCompared:
    right = part.right("running"), part.right("new")
    return TagCompared(tag, part.count(), *right, part.mended, part.broken)
