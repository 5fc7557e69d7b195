"""The recorder's own thread: neither a reader nor an analyst ever waits for a disk.

It looks once a second what there is to do: waking it for every packet would cost more than the packet.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol, TypeAlias

from footfall.core.ports import Clock
from footfall.core.types import Packet

log = logging.getLogger(__name__)

Task: TypeAlias = Callable[[], None]

MOST_WAITING_BYTES: Final = 64 * 2**20
MANY_BYTES: Final = 8 * 2**20
"""So much is not left waiting until the thread looks again."""
MOST_WAITING: Final = 100_000
"""With so much to do, only events are still handed over: they tell the time as well."""
LOOK_S: Final = 1.0
SILENCE_S: Final = 10.0
"""A camera that sends nothing for so long is gone: its open recordings are completed."""
TIDY_S: Final = 3600.0


class Records(Protocol):
    """What the thread works for: `recorder.Recorder`."""

    def take(self, packet: Packet) -> None:
        """The next packet."""
        ...

    def break_off(self) -> None:
        """The packets to come do not go on from those so far."""
        ...

    def lose(self) -> None:
        """Packets were left out here."""
        ...

    def settle(self) -> None:
        """Nothing more is waiting for now."""
        ...

    def pause(self, silent_s: float) -> None:
        """No packet has come for so long."""
        ...

    def tidy(self, now: datetime) -> None:
        """An hour is over."""
        ...

    def close(self) -> None:
        """Nothing more comes."""
        ...


class RecordingThread:
    """What readers and analysts hand over is done in order by one thread; with too much waiting, packets are left out.

    Args:
        name: What logs and debuggers call the thread.
        recorder: Used by this thread alone, until `close` has returned.
        clock: Tells how old recordings are; None: none is deleted for its age.
        most_bytes: Packets that may wait for a slow disk.
    """

    def __init__(
        self, name: str, recorder: Records, clock: Clock | None = None, most_bytes: int = MOST_WAITING_BYTES
    ) -> None:
        self._name = name
        self._recorder = recorder
        self._clock = clock
        self._most_bytes = most_bytes
        self._tasks: list[Packet | Task] = []
        self._changed = threading.Condition()
        self._waiting_bytes = 0
        self._is_closed = False
        self._is_behind = False
        self._base_s = 0.0
        self._tidied_s: float | None = None
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
        if self._put(dated, len(packet.data)):
            self._is_behind = False
            return
        if not self._is_behind:
            self._put(self._recorder.lose)
        self._is_behind = True
        if not self.left_out:
            log.warning("%s: the disk does not keep up: video is missing in recordings", self._name)
        self.left_out += 1

    def life(self, base_s: float) -> None:
        """Reader's thread: a further connection has begun; its stream time is so much behind the camera's."""
        self._base_s = base_s
        self._put(self._recorder.break_off)

    def do(self, task: Task, *, can_wait: bool = False) -> None:
        """Any thread: something for the recorder to do; what can wait is left out when there is too much."""
        if not can_wait or len(self._tasks) < MOST_WAITING:
            self._put(task)

    def close(self, patience_s: float) -> bool:
        """Finish what is open; whether that was done in time. Safe to call twice."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join(patience_s)
        return self.failure is None and not self._thread.is_alive()

    def _put(self, task: Packet | Task, size_bytes: int = 0) -> bool:
        with self._changed:
            if self._is_closed or (size_bytes and self._waiting_bytes + size_bytes > self._most_bytes):
                return self._is_closed
            self._tasks.append(task)
            self._waiting_bytes += size_bytes
            if self._waiting_bytes > MANY_BYTES:
                self._changed.notify()
        return True

    def _run(self) -> None:
        try:
            silent_s = 0.0
            while (tasks := self._take()) is not None:
                self._tidy()
                size_bytes = self._work(tasks)
                with self._changed:
                    self._waiting_bytes -= size_bytes
                before_s, silent_s = silent_s, 0.0 if size_bytes else silent_s + LOOK_S
                if silent_s // SILENCE_S > before_s // SILENCE_S:
                    self._recorder.pause(silent_s)
            self._recorder.close()
        except Exception as error:
            self.failure = error  # whatever is wrong with recording, events go on
            with self._changed:
                self._is_closed = True
                self._tasks.clear()
            log.exception("%s: recording has stopped", self._name)

    def _take(self) -> Sequence[Packet | Task] | None:
        """What there is to do by now, after a while; None: there will be nothing more."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._waiting_bytes > MANY_BYTES, LOOK_S)
            tasks, self._tasks = self._tasks, []
            return tasks if tasks or not self._is_closed else None

    def _work(self, tasks: Sequence[Packet | Task]) -> int:
        """Do it; how many bytes of packets there were."""
        size_bytes = 0
        for task in tasks:
            if isinstance(task, Packet):
                self._recorder.take(task)
                size_bytes += len(task.data)
            else:
                task()
        if tasks:
            self._recorder.settle()
        return size_bytes

    def _tidy(self) -> None:
        if self._clock is None:
            return
        now_s = self._clock.monotonic_s()
        if self._tidied_s is None or now_s - self._tidied_s >= TIDY_S:
            self._tidied_s = now_s
            self._recorder.tidy(self._clock.now())
