"""From a camera's own time stamps to media time, which inferences, segments and play lists share. Pure.

Spec/recording.md section 5: live, a picture's media time is the time of day at which it was taken, in 1/90000 s.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

from footfall.core.media_time import TICKS_PER_S, ticks_of
from footfall.core.types import Packet, VideoFormat

TICK_S: Final = Fraction(1, TICKS_PER_S)
SET_BACK_TICKS: Final = TICKS_PER_S
"""The time of day may go back a little while the order of pictures goes on; by more it was set back."""


class MediaStamp:
    """Gives the packets of one camera their media times, in decode order."""

    def __init__(self) -> None:
        self._theirs: VideoFormat | None = None
        self._ours: VideoFormat | None = None
        self._last_dts: int | None = None

    def stamp(self, packet: Packet) -> Packet:
        """The same packet, its time stamps in media time."""
        tick_s = packet.format.time_base
        scale = TICKS_PER_S * tick_s.numerator / tick_s.denominator
        pts = ticks_of(packet.utc)
        dts = None if packet.dts is None else self._rising(pts - round((packet.pts - packet.dts) * scale))
        return Packet(
            packet.source_id,
            packet.t_s,
            packet.utc,
            packet.is_key,
            packet.data,
            pts if dts is None else max(pts, dts),
            dts,
            round(packet.duration * scale),
            self._format(packet.format),
        )

    def _rising(self, dts: int) -> int:
        last = self._last_dts
        if last is not None and last - SET_BACK_TICKS < dts <= last:
            dts = last + 1
        self._last_dts = dts
        return dts

    def _format(self, theirs: VideoFormat) -> VideoFormat:
        if self._ours is None or self._theirs is not theirs:
            self._theirs, self._ours = theirs, replace(theirs, time_base=TICK_S)
        return self._ours
