"""Plays a camera without looking: packets as they come, and a frame without pixels at every key frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

import numpy as np
from av.packet import Packet as EncodedPacket
from av.video.stream import VideoStream

from footfall.config.plan import SourceSpec
from footfall.core.errors import SourceUnavailable
from footfall.core.ports import Clock
from footfall.core.types import Frame, Image, Packet
from footfall.ingest.clock import StreamClock
from footfall.ingest.container import Address, Packets, frame_rate, next_packet, open_video
from footfall.ingest.tap import PacketTap
from footfall.ingest.url import redact

NOTHING: Final[Image] = np.empty((0, 0, 3), np.uint8)


class PacketSource:
    """A camera as a `Source`, for those who only keep its packets: nothing is decoded. Raises and never retries.

    Args:
        spec: of the camera.
        clock: time of day.
        on_packet: gets every packet from the first key frame on, in decode order.
    """

    def __init__(self, spec: SourceSpec, *, clock: Clock, on_packet: Callable[[Packet], None]) -> None:
        self._spec = spec
        self._name = redact(spec.url)
        self._clock = clock
        self._on_packet = on_packet
        self._closed = False

    def frames(self) -> Iterator[Frame]:
        """Yield a frame without pixels at every key frame: a sign of life.

        Raises:
            SourceUnavailable: it does not open, or broke; at the end of the stream too.
        """
        container, stream = open_video(Address(self._spec.url, self._spec.transport, self._spec.timeout_s))
        with container:
            timeline, numbers = StreamClock(live=True), count()
            timeline.start(frame_rate(stream))
            tap = PacketTap(self._spec.source_id, stream, timeline, self._on_packet)
            packets, has_begun = container.demux(stream), False
            while (packet := self._next(packets)) is not None:
                if self._closed:
                    return
                has_begun = has_begun or packet.is_keyframe
                if not (has_begun and packet.size):
                    continue
                now = self._clock.now()
                stamp = packet.pts if packet.pts is not None else packet.dts
                t_s, utc = timeline.tick(None if stamp is None else float(stamp * packet.time_base), now)
                index = next(numbers)
                if packet.is_keyframe:
                    yield Frame(self._spec.source_id, index, t_s, utc, NOTHING, (stream.width, stream.height))
                tap.take(packet, now, is_timed=True)
        if not self._closed:
            raise SourceUnavailable("ended", f"{self._name}: the stream ended")

    def close(self) -> None:
        """End `frames` at the next packet, at the latest after the read time-out; safe from any thread."""
        self._closed = True

    def _next(self, packets: Packets) -> EncodedPacket[VideoStream] | None:
        """The next packet; one that took as long as the time-out is FFmpeg's last, squeezed out of its parser."""
        asked_s = self._clock.monotonic_s()
        packet = next_packet(packets, self._spec.url)
        if self._clock.monotonic_s() - asked_s >= self._spec.timeout_s:
            raise SourceUnavailable("timeout", f"{self._name}: silent for {self._spec.timeout_s:g} s")
        return packet
