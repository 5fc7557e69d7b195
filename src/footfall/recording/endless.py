"""A camera recorded without a break, in clips that overlap: what a VideoRecorder writes. For one thread."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from footfall.core.types import Packet
from footfall.recording.file_sink import FileSink, Folder
from footfall.recording.notices import Notice, RecordingAvailable, StorageError
from footfall.recording.recorder import Tap
from footfall.recording.ring import MOST_BYTES, Ring
from footfall.recording.schedule import Schedule
from footfall.recording.sink import Keeping

log = logging.getLogger(__name__)

WRITERS: Final = 2
"""Clips that grow at a time: the present one and, towards its end, the next."""


class EndlessRecorder:
    """Two sinks take turns, clip by clip. `thread.Records`.

    Args:
        name: The camera, for the log.
        folder: Gives the clips their names.
        schedule: When clips begin and end; its `begin_s` counts from the camera's first packet.
        keeping: How clips are kept.
        most_bytes: Compressed video held in memory.
    """

    def __init__(
        self, name: str, folder: Folder, schedule: Schedule, keeping: Keeping, most_bytes: int = MOST_BYTES
    ) -> None:
        self._name = name
        self._schedule = schedule
        self._ring = Ring(most_bytes)
        self._taps = [Tap(name, FileSink(name, folder, keeping, self._hear), self._ring) for _ in range(WRITERS)]
        self._settled_s: float | None = None
        self._over = 0
        """Number of the last clip that is complete."""
        self._trouble = ""
        self.clips = 0
        """Whole ones so far."""

    def take(self, packet: Packet) -> None:
        """As `thread.Records`."""
        if self._settled_s is None:
            self._settled_s = packet.t_s
            begin_s = self._schedule.begin_s + packet.t_s
            self._schedule = Schedule(self._schedule.duration_s, self._schedule.overlap_s, begin_s)
        self._ring.push(packet)

    def break_off(self) -> None:
        """As `thread.Records`."""
        self._ring.break_off()

    def lose(self) -> None:
        """As `thread.Records`."""
        self._ring.break_off()
        for tap in self._taps:
            tap.has_lost = True

    def settle(self) -> None:
        """Bring the clips to where the packets are."""
        if self._settled_s is None:
            return
        now_s = max(self._settled_s, self._ring.last_s)
        for clip in self._schedule.clips(self._settled_s, now_s):
            if clip.number <= self._over:
                continue
            tap = self._taps[clip.number % WRITERS]
            tap.record(clip)
            if now_s >= clip.end_s:
                tap.sink.stop()
                self._over = clip.number
        self._settled_s = now_s
        self._ring.forget_before(now_s)

    def pause(self, silent_s: float) -> None:
        """The camera has been silent: what is open is complete as it is."""
        log.info("%s: silent for %.0f s, the open clip ends here", self._name, silent_s)
        self._ring.break_off()
        self.settle()
        for tap in self._taps:
            tap.sink.pause()

    def tidy(self, now: datetime) -> None:
        """Delete what is too old; one of the two knows all clips."""
        self._taps[0].sink.tidy(now)

    def close(self) -> None:
        """Finish what is open."""
        self.settle()
        for tap in self._taps:
            tap.sink.close()

    def _hear(self, notice: Notice) -> None:
        if isinstance(notice, RecordingAvailable):
            self.clips += 1
            self._trouble = ""
            log.info("%s: clip %s, %.1f s", self._name, notice.file, notice.length_s)
        elif isinstance(notice, StorageError) and notice.reason != self._trouble:
            log.warning("%s: a clip is missing: %s; the next one is tried again", self._name, notice.reason)
            self._trouble = notice.reason
