"""A model file that may be exchanged while cameras run: a new one answers within seconds, a broken one never."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from footfall.core.errors import DetectorError
from footfall.core.ports import Clock
from footfall.core.types import Attribute, Image
from footfall.detect.attributes import AttributeReader

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 2.0


class ExchangeableReader:
    """The classifier that lies at a path now. May be asked by several threads at once.

    Args:
        path: a zip, a folder, or a model file with `labels.txt` beside it.
        clock: says when to look again.
        threads: cores that one inference may use.

    Raises:
        DetectorError: it cannot be read, or is no classifier.
    """

    def __init__(self, path: Path, clock: Clock, threads: int = 1) -> None:
        self._path = path
        self._clock = clock
        self._threads = threads
        self._lock = Lock()
        self._state = _state_of(path)
        self._looked_s = clock.monotonic_s()
        self._reader = AttributeReader(path, threads)

    @property
    def tags(self) -> tuple[str, ...]:
        """What it tells now."""
        return self._reader.tags

    def read(self, crops: Sequence[Image]) -> list[tuple[Attribute, ...]]:
        """All classes of each picture, (height, width, 3) BGR, the likeliest first.

        Raises:
            DetectorError: the model failed.
        """
        with self._lock:
            self._look()
            reader = self._reader
        return reader.read(crops)

    def _look(self) -> None:
        now_s = self._clock.monotonic_s()
        if now_s - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = now_s
        state = _state_of(self._path)
        if state == self._state:
            return
        self._state = state
        try:
            self._reader = AttributeReader(self._path, self._threads)
        except DetectorError as error:
            log.warning("%s; the model from before goes on", error)
        else:
            log.info("%s: another model answers now: %s", self._path, ", ".join(self._reader.tags))


def _state_of(path: Path) -> tuple[tuple[int, int, int], ...]:
    """What changes with the file, or with the files of the folder that could be the model."""
    found = []
    for file in (path, path / "model.onnx", path / "labels.txt", path.with_name("labels.txt")):
        try:
            facts = os.stat(file)  # noqa: PTH116 - a file that is not there is no fault
        except OSError:
            continue
        found.append((facts.st_ino, facts.st_mtime_ns, facts.st_size))
    return tuple(found)
