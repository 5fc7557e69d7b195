"""Plays a camera without looking: packets as they come, and a frame without pixels at every key frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Final

import numpy as np
from av.packet import Packet as EncodedPacket
from av.video.stream import VideoStream

from footfall.config.plan import SourceSpec
from footfall.core.errors import SourceUnavailable
from footfall.core.ports import Clock, Lead
from footfall.core.types import Frame, Image, Packet
from footfall.ingest.clock import StreamClock
from footfall.ingest.container import Packets, address_of, frame_rate, open_video, translated
from footfall.ingest.tap import PacketTap
from footfall.ingest.url import redact

NOTHING: Final[Image] = np.empty((0, 0, 3), np.uint8)
BATCH_S: Final = 0.5
"""Packets are handed on together: a processor that was busy with something else does the same work in a third of the
time when it does it fifteen times in a row."""


class PacketSource:
    """A camera as a `Source`, for those who only keep its packets: nothing is decoded. Raises and never retries.

    Args:
        spec: of the camera.
        clock: time of day.
        on_packet: gets every packet from the first key frame on, in decode order.
        lead: says at every connection where it may go.
    """

    def __init__(
        self, spec: SourceSpec, *, clock: Clock, on_packet: Callable[[Packet], None], lead: Lead | None = None
    ) -> None:
        self._spec = spec
        self._address = address_of(spec, lead)
        self._name = redact(spec.url)
        self._clock = clock
        self._on_packet = on_packet
        self._closed = False

    def frames(self) -> Iterator[Frame]:
        """Yield a frame without pixels at every key frame: a sign of life.

        Raises:
            SourceUnavailable: it does not open, or broke; at the end of the stream too.
        """
        with open_video(self._address) as video:
            stream = video.stream
            assert stream.time_base is not None
            tick_s = float(stream.time_base)
            timeline, numbers, has_begun = StreamClock(live=True), count(), False
            timeline.start(frame_rate(stream))
            tap = PacketTap(self._spec.source_id, stream, timeline, self._on_packet)
            end = None
            while end is None and not self._closed:
                arrived, end = self._read(video.packets)
                now, now_s = self._clock.now(), self._clock.monotonic_s()
                for packet, at_s in arrived:
                    has_begun = has_begun or packet.is_keyframe
                    if not (has_begun and packet.size):
                        continue
                    then = now - timedelta(seconds=now_s - at_s)
                    stamp = packet.pts if packet.pts is not None else packet.dts
                    t_s, utc = timeline.tick(None if stamp is None else stamp * tick_s, then)
                    index = next(numbers)
                    if packet.is_keyframe:
                        yield Frame(self._spec.source_id, index, t_s, utc, NOTHING, (stream.width, stream.height))
                    tap.take(packet, then, is_timed=True)
        if end is not None and not self._closed:
            raise end

    def close(self) -> None:
        """End `frames` at the next packet, at the latest after the read time-out; safe from any thread."""
        self._closed = True

    def _read(
        self, packets: Packets
    ) -> tuple[list[tuple[EncodedPacket[VideoStream], float]], SourceUnavailable | None]:
        """The packets of the next half second, each with its arrival on the monotonic clock, and why there are no more.

        One that took as long as the time-out is FFmpeg's last, squeezed out of its parser.
        """
        arrived: list[tuple[EncodedPacket[VideoStream], float]] = []
        begun_s = asked_s = self._clock.monotonic_s()
        try:
            with translated(self._spec.url):
                for packet in packets:
                    now_s = self._clock.monotonic_s()
                    if now_s - asked_s >= self._spec.timeout_s:
                        silence = f"{self._name}: silent for {self._spec.timeout_s:g} s"
                        return arrived, SourceUnavailable("timeout", silence)
                    arrived.append((packet, now_s))
                    if self._closed or now_s - begun_s >= BATCH_S:
                        return arrived, None
                    asked_s = now_s
        except SourceUnavailable as error:
            return arrived, error
        except IndexError:  # PyAV flushes streams that appeared after opening, which it does not know
            pass
        return arrived, SourceUnavailable("ended", f"{self._name}: the stream ended")
