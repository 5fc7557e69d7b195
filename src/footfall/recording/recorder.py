"""Ring, gate and sinks of one camera, put together: packets and events in, recordings out. For one thread."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from math import inf
from typing import Final

from footfall.core.types import Packet
from footfall.recording.gate import EVERYTHING, GateSettings, Opening, SignalGate
from footfall.recording.ring import MOST_BYTES, Ring
from footfall.recording.sink import Sink

log = logging.getLogger(__name__)

EVENT_DELAY_S: Final = 30.0
"""An event may be told so long after it happened, and its recording still begins where it should."""
AHEAD_S: Final = 5.0
"""So much later than its newest packet may be what a camera sees now."""


class Recorder:
    """Hands to every sink the packets of each opening of one gate.

    Args:
        name: The camera, for the log.
        sinks: Where recordings go.
        settings: Of the gate; None: there is none, everything is recorded.
        most_bytes: Compressed video held in memory.
    """

    def __init__(
        self, name: str, sinks: Sequence[Sink], settings: GateSettings | None, most_bytes: int = MOST_BYTES
    ) -> None:
        self._name = name
        self._gate = SignalGate(settings) if settings else None
        self._held_s = abs(settings.offset_s) + settings.window_s + EVENT_DELAY_S if settings else 0.0
        self._ring = Ring(most_bytes)
        self._taps = [Tap(name, sink, self._ring) for sink in sinks]
        self._analysed_s = -inf
        self._silent_s = 0.0

    def take(self, packet: Packet) -> None:
        """The next packet of the camera; it may be ahead of the analysis."""
        self._silent_s = 0.0
        self._ring.push(packet)

    def break_off(self) -> None:
        """The packets to come do not go on from those so far."""
        self._ring.break_off()

    def lose(self) -> None:
        """Packets were left out here because the disk is too slow."""
        self._ring.break_off()
        for tap in self._taps:
            tap.has_lost = True

    def trigger(self, t_s: float, correlation_id: str = "") -> None:
        """Something happened at `t_s`."""
        if self._gate is not None:
            self._gate.trigger(t_s, self._now_s(), correlation_id)

    def trigger_at(self, utc: datetime, correlation_id: str = "") -> None:
        """Something happened at a time of day; what lies far ahead of the camera happens now."""
        t_s = self._ring.when(utc)
        if t_s is None:
            log.info("%s: an event before the first picture records nothing", self._name)
        else:
            camera_s = self._ring.last_s + self._silent_s
            self.trigger(t_s if t_s < camera_s + AHEAD_S else camera_s, correlation_id)

    def reach(self, t_s: float, events_s: Iterable[float] = ()) -> None:
        """The analysis has come to `t_s` and has found these events, which happened then or a little before."""
        if self._gate is not None:
            for event_s in events_s:
                self._gate.trigger(event_s, t_s)
        self._analysed_s = max(self._analysed_s, t_s)

    def settle(self) -> None:
        """Bring the sinks to where packets and events are."""
        now_s = self._now_s()
        if self._gate is None:
            self._record(EVERYTHING)
        else:
            for opening in self._gate.advance(now_s):
                self._record(opening)
                self._stop()
            if self._gate.opening is not None:
                self._record(self._gate.opening)
        self._ring.forget_before(now_s - self._held_s)

    def pause(self, silent_s: float) -> None:
        """The camera has been silent for so long: what is open is complete as it is."""
        self._silent_s = silent_s
        self._ring.break_off()
        self.settle()
        for tap in self._taps:
            tap.sink.pause()

    def tidy(self, now: datetime) -> None:
        """Delete what is too old."""
        for tap in self._taps:
            tap.sink.tidy(now)

    def close(self) -> None:
        """The stream is over: finish what is open."""
        self._analysed_s = inf
        self.settle()
        self._stop()
        for tap in self._taps:
            tap.sink.close()

    def _now_s(self) -> float:
        """How far events are known: as far as the analysis has come, or else as long ago as an event may be late.

        Where nobody analyses, events are told as they happen.
        """
        camera_s = self._ring.last_s + self._silent_s
        return camera_s if self._analysed_s == -inf else max(self._analysed_s, camera_s - EVENT_DELAY_S)

    def _record(self, opening: Opening) -> None:
        for tap in self._taps:
            tap.record(opening)

    def _stop(self) -> None:
        for tap in self._taps:
            tap.sink.stop()


class Tap:
    """What one sink has had of the ring."""

    def __init__(self, name: str, sink: Sink, ring: Ring) -> None:
        self.sink = sink
        self.has_lost = False
        self._name = name
        self._ring = ring
        self._opening = 0
        self._next = 0
        self._run = -1
        self._handed = -1

    def record(self, opening: Opening) -> None:
        """Hand on what there is of an opening and was not handed on yet."""
        if self._opening != opening.number:
            if self._ring.last_s < opening.start_s:
                return
            self._begin(opening)
        for entry in self._ring.since(self._next):
            if entry.packet.decode_s > opening.end_s:
                return
            if self.has_lost and entry.run != self._run:
                self.sink.lose(entry.packet)
                self.has_lost = False
            continues = entry.number == self._handed + 1 and entry.run == self._run
            self.sink.take(entry.packet, opening, continues=continues)
            self._run, self._handed, self._next = entry.run, entry.number, entry.number + 1

    def _begin(self, opening: Opening) -> None:
        self._opening = opening.number
        number = self._ring.begin(opening.start_s)
        self._next = max(number, self._next) if self.sink.appends else number
        log.debug("%s: recording from %.2f s, event at %.2f s", self._name, opening.start_s, opening.event_s)
        first = next(self._ring.since(self._next), None)
        if first is not None and first.packet.t_s > opening.start_s and self._ring.has_forgotten:
            log.warning("%s: a recording begins %.1f s late", self._name, first.packet.t_s - opening.start_s)
