"""Gate, ring and clips of one camera, put together: packets and events in, files out. For one thread."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import av

from footfall.core.types import Packet
from footfall.recording.clip import Clip
from footfall.recording.folder import ClipFolder
from footfall.recording.gate import GateSettings, Opening, SignalGate
from footfall.recording.ring import MOST_BYTES, Ring

log = logging.getLogger(__name__)

EVENT_DELAY_S = 30.0
"""An event may be told so long after it happened, and its clip still begins where it should."""


@dataclass(slots=True)
class Tally:
    """What a recorder has made."""

    clips: int = 0
    size_bytes: int = 0
    failures: int = 0
    """Clips that could not be written, or not to their end."""


class Recorder:
    """Writes a clip around each event of one camera.

    Args:
        name: The camera, for the log.
        folder: Where clips go.
        settings: How much before and after an event.
        most_bytes: Compressed video held in memory.
    """

    def __init__(self, name: str, folder: ClipFolder, settings: GateSettings, most_bytes: int = MOST_BYTES) -> None:
        self._name = name
        self._folder = folder
        self._gate = SignalGate(settings)
        self._held_s = abs(settings.offset_s) + settings.window_s + EVENT_DELAY_S
        self._ring = Ring(most_bytes)
        self._opening: Opening | None = None
        self._next = 0
        self._run = 0
        self._clip: Clip | None = None
        self._trouble = ""
        self._gives_up = False
        self.tally = Tally()

    def take(self, packet: Packet) -> None:
        """The next packet of the camera; it may be ahead of the analysis."""
        self._ring.push(packet)

    def break_off(self) -> None:
        """The packets to come do not go on from those so far: if the gate is open, they get a file of their own."""
        self._ring.break_off()

    def pause(self) -> None:
        """The camera is silent: an open clip is complete as it is."""
        self._ring.break_off()
        if self._gate.opening is not None:
            self._record(self._gate.opening)
        self._finish()

    def reach(self, t_s: float, events_s: Iterable[float]) -> None:
        """The analysis has come to `t_s` and found these events, which happened then or a little before."""
        for event_s in events_s:
            self._gate.trigger(event_s, t_s)
        self._follow(t_s)
        self._ring.forget_before(t_s - self._held_s)

    def close(self) -> None:
        """The stream is over: finish what is open."""
        self._follow(float("inf"))

    def _follow(self, t_s: float) -> None:
        """Bring the files to where the gate is."""
        for opening in self._gate.advance(t_s):
            self._record(opening)
            self._finish()
        if self._gate.opening is not None:
            self._record(self._gate.opening)

    def _record(self, opening: Opening) -> None:
        """Write what there is of an opening and was not written yet."""
        if self._opening is None or self._opening.number != opening.number:
            self._gives_up = False
            self._next = self._ring.begin(opening.start_s)
            log.debug("%s: recording from %.2f s, event at %.2f s", self._name, opening.start_s, opening.event_s)
        self._opening = opening
        for entry in self._ring.since(self._next):
            if entry.packet.decode_s > opening.end_s:
                return
            self._next = entry.number + 1
            if self._clip is not None and entry.run != self._run:
                self._finish()
            self._run = entry.run
            if not self._gives_up:
                self._write(entry.packet, opening)

    def _write(self, packet: Packet, opening: Opening) -> None:
        try:
            if self._clip is None:
                self._clip = self._begin(packet, opening)
            if self._clip is not None:
                self._clip.write(packet)
        except (OSError, av.FFmpegError) as error:
            self._fail(error)

    def _begin(self, packet: Packet, opening: Opening) -> Clip | None:
        """A new file, if this packet can be its first."""
        if not packet.is_key:
            return None
        if not packet.format.header:
            self._gives_up = True
            self._complain(f"{packet.format.codec} video cannot be put into an MP4 file as it is")
            return None
        if packet.t_s > opening.start_s and self._ring.has_forgotten:
            log.warning("%s: a clip begins %.1f s late", self._name, packet.t_s - opening.start_s)
        start_utc = packet.utc + timedelta(seconds=max(0.0, opening.start_s - packet.t_s))
        return Clip(self._folder.name(start_utc), packet)

    def _finish(self) -> None:
        """Complete the open file, if there is one."""
        clip, self._clip = self._clip, None
        if clip is None:
            return
        try:
            size = clip.finish()
            self.tally.clips += 1
            self.tally.size_bytes += size
            log.info("%s: clip %s, %.1f s, %.1f MiB", self._name, clip.file, clip.length_s, size / 2**20)
            for file in self._folder.make_room():
                log.info("%s: deleted the old clip %s", self._name, file)
            self._trouble = ""
        except (OSError, av.FFmpegError) as error:
            self._complain(reason_of(error))

    def _fail(self, error: Exception) -> None:
        """Give this opening up; the next one is tried again."""
        clip, self._clip = self._clip, None
        if clip is not None:
            clip.discard()
        self._gives_up = True
        self._complain(reason_of(error))

    def _complain(self, what: str) -> None:
        """Count a failure; the log tells each kind of trouble once."""
        self.tally.failures += 1
        if what != self._trouble:
            log.warning("%s: a clip is missing: %s; events go on", self._name, what)
        self._trouble = what


def reason_of(error: Exception) -> str:
    """An error without the name of the hidden file it happened to."""
    return getattr(error, "strerror", None) or type(error).__name__
