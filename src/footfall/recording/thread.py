"""The recorder's own thread: neither a reader nor an analyst ever waits for a disk."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from footfall.core.types import Packet
from footfall.recording.recorder import Recorder

log = logging.getLogger(__name__)

Task: TypeAlias = Callable[[], None]

MOST_WAITING_BYTES: Final = 64 * 2**20
MOST_WAITING: Final = 100_000
"""With so much to do, only events are still handed over: they tell the time as well."""
SILENCE_S: Final = 10.0
"""A camera that sends nothing for so long is gone: its open clip is completed."""


class RecordingThread:
    """What readers and analysts hand over is done in order by one thread; with too much waiting, packets are left out.

    Args:
        name: What logs and debuggers call the thread.
        recorder: Used by this thread alone, until `close` has returned.
        most_bytes: Packets that may wait for a slow disk.
    """

    def __init__(self, name: str, recorder: Recorder, most_bytes: int = MOST_WAITING_BYTES) -> None:
        self._name = name
        self._recorder = recorder
        self._most_bytes = most_bytes
        self._tasks: deque[tuple[Task, int]] = deque()
        self._changed = threading.Condition()
        self._waiting_bytes = 0
        self._is_closed = False
        self._is_behind = False
        self._base_s = 0.0
        self.left_out = 0
        """Packets that found no room."""
        self.failure: Exception | None = None
        """The mistake in the program that ended the thread: nothing more is recorded."""
        self._thread = threading.Thread(target=self._run, name=f"{name} recorder", daemon=True)

    def start(self) -> RecordingThread:
        """Start the thread; returns itself."""
        self._thread.start()
        return self

    def packet(self, packet: Packet) -> None:
        """Reader's thread: the next packet, in the stream time of its connection."""
        dated = replace(packet, t_s=packet.t_s + self._base_s) if self._base_s else packet
        if self._put(lambda: self._recorder.take(dated), len(packet.data)):
            self._is_behind = False
            return
        if not self._is_behind:
            self._put(self._recorder.break_off)
        self._is_behind = True
        if not self.left_out:
            log.warning("%s: the disk does not keep up: video is missing in clips", self._name)
        self.left_out += 1

    def life(self, base_s: float) -> None:
        """Reader's thread: a further connection has begun; its stream time is so much behind the camera's."""
        self._base_s = base_s
        self._put(self._recorder.break_off)

    def reach(self, t_s: float, events_s: Sequence[float]) -> None:
        """Analyst's thread: the analysis has come to `t_s` and found these events."""
        if events_s or len(self._tasks) < MOST_WAITING:
            self._put(lambda: self._recorder.reach(t_s, events_s))

    def close(self, patience_s: float) -> bool:
        """Finish what is open; whether that was done in time. Safe to call twice."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join(patience_s)
        return self.failure is None and not self._thread.is_alive()

    def _put(self, task: Task, size_bytes: int = 0) -> bool:
        with self._changed:
            if self._is_closed or (size_bytes and self._waiting_bytes + size_bytes > self._most_bytes):
                return self._is_closed
            self._tasks.append((task, size_bytes))
            self._waiting_bytes += size_bytes
            self._changed.notify()
        return True

    def _run(self) -> None:
        try:
            while (task := self._take()) is not None:
                task()
            self._recorder.close()
        except Exception as error:
            self.failure = error  # whatever is wrong with recording, events go on
            with self._changed:
                self._is_closed = True
                self._tasks.clear()
            log.exception("%s: recording has stopped", self._name)

    def _take(self) -> Task | None:
        """The next thing to do; None: there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._tasks or self._is_closed, SILENCE_S)
            if self._tasks:
                task, size_bytes = self._tasks.popleft()
                self._waiting_bytes -= size_bytes
                return task
            return None if self._is_closed else self._recorder.pause
