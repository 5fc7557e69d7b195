"""Whether the service does its work: reasons why not, each by a code that does not change."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Protocol

from footfall.core.ports import Clock
from footfall.core.types import CLOCK_LIMIT_S
from footfall.engine.delivery import Delivery
from footfall.serve.filling import Filling
from footfall.web.desk import CameraState, Health

LEAST_FREE_BYTES = 200 * 1024 * 1024
STEP_S = 2.0
"""A clock that is suddenly so far from where it should be was set."""
TOLD_FOR = timedelta(minutes=10)
BROKEN = "configuration-broken"
"""The present configuration does not run."""
HARMLESS = ("clock-stepped", "camera-clock", "file-refused", "snapshots-on", "snapshots-full", "snapshots-failed")
"""Worth knowing, but the service does its work."""


class Watched(Protocol):
    """What is looked at."""

    def states(self) -> Sequence[CameraState]:
        """Every camera."""
        ...

    @property
    def delivery(self) -> Delivery:
        """All sinks."""
        ...


class Watchman:
    """Looks around.

    Args:
        folder: the data folder.
        store: what fills the store.
        clock: of the service.
        free_bytes: how much room is left on a folder's disk.
    """

    def __init__(
        self,
        folder: Path,
        store: Filling,
        clock: Clock,
        free_bytes: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
    ) -> None:
        self._folder = folder
        self._store = store
        self._clock = clock
        self._free_bytes = free_bytes
        self._lock = Lock()
        self._notes: dict[str, str] = {}
        self._offset_s = self._offset()
        self._stepped_s = -TOLD_FOR.total_seconds()
        self._step_s = 0.0

    def note(self, code: str, words: str) -> None:
        """Keep a reason until it is taken back by empty words."""
        with self._lock:
            self._notes.pop(code, None)
            if words:
                self._notes[code] = words

    def tick(self) -> None:
        """Compare the clocks; to be called every second."""
        offset_s = self._offset()
        if abs(offset_s - self._offset_s) > STEP_S:
            self._step_s, self._stepped_s = offset_s - self._offset_s, self._clock.monotonic_s()
        self._offset_s = offset_s

    def health(self, cameras: Watched) -> Health:
        """Everything that can be said now."""
        reasons = dict(self._reasons(cameras))
        is_ready = all(code.partition(":")[0] in HARMLESS for code in reasons)
        return Health(is_ready, reasons, cameras.delivery.waiting)

    def _reasons(self, cameras: Watched) -> Iterator[tuple[str, str]]:
        with self._lock:
            yield from self._notes.items()
        for state in cameras.states():
            if state.reason_code:
                yield f"camera-{state.reason_code}:{state.name}", state.reason
            if abs(state.clock_offset_s or 0.0) > CLOCK_LIMIT_S:
                words = f"its clock is {state.clock_offset_s:+.1f} s off; events are dated by ours"
                yield f"camera-clock:{state.name}", words
        if self._store.trouble:
            yield "store-away", self._store.trouble
        if cameras.delivery.unwritten:
            yield "outbox-away", f"{cameras.delivery.unwritten} messages wait in memory: an outbox cannot be written"
        if cameras.delivery.lost:
            yield "events-lost", f"{cameras.delivery.lost} events could not be kept"
        if cameras.delivery.failure is not None:
            yield "delivery-failed", type(cameras.delivery.failure).__name__
        yield from self._disk()
        if self._clock.monotonic_s() - self._stepped_s < TOLD_FOR.total_seconds():
            yield "clock-stepped", f"the clock was set by {self._step_s:+.0f} s"

    def _disk(self) -> Iterator[tuple[str, str]]:
        try:
            free = self._free_bytes(self._folder)
        except OSError as error:
            yield "disk-gone", error.strerror or str(error)
        else:
            if free < LEAST_FREE_BYTES:
                yield "disk-full", f"{free // 2**20} MiB are left for {self._folder}"

    def _offset(self) -> float:
        return self._clock.now().timestamp() - self._clock.monotonic_s()
