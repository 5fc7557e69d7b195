"""Takes compressed packets off the way to the decoder, for those who keep them as they are."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Final

import av
from av.packet import Packet as EncodedPacket
from av.video.stream import VideoStream

from footfall.core.types import Packet, VideoFormat
from footfall.ingest.clock import StreamClock
from footfall.ingest.container import frame_rate

log = logging.getLogger(__name__)

IN_MP4: Final = frozenset({"h264", "hevc", "mjpeg"})
"""Codecs whose packets need nothing but the header of the stream to become an MP4."""

NAL_UNITS: Final = frozenset({"h264", "hevc"})
START_CODE: Final = re.compile(rb"\x00\x00\x01(.)", re.DOTALL)


class PacketTap:
    """Gives every packet of one opened stream its stream time and hands it on.

    Packets come before their pictures, and only the first picture ties the stream's own time stamps to stream time:
    what comes before it is held back until then. A packet without a picture is left out: where a camera is lost just
    before a key frame, FFmpeg gives out the parameter sets that came, which no player can decode.
    """

    def __init__(
        self, source_id: str, stream: VideoStream, timeline: StreamClock, observer: Callable[[Packet], None]
    ) -> None:
        assert stream.time_base is not None
        self._source_id = source_id
        self._timeline = timeline
        self._observer = observer
        in_annex_b = has_start_codes(stream)
        self._format = VideoFormat(
            stream.codec_context.name,
            stream.time_base,
            header_of(stream),
            in_annex_b,
            (stream.codec_context.extradata or b"") if in_annex_b else b"",
        )
        self._tick_s = float(stream.time_base)
        self._interval_s = 1.0 / frame_rate(stream)
        self._held: list[EncodedPacket[VideoStream]] = []
        self._count = 0
        self._origin_s: float | None = None

    def take(self, packet: EncodedPacket[VideoStream], now: datetime, *, is_timed: bool) -> None:
        """Hand a packet on, or hold it back as long as no picture has shown the time."""
        if self._origin_s is None:
            self._origin_s = self._timeline.at(None, now).t_s
        if packet.size and (not self._format.has_start_codes or holds_picture(memoryview(packet), self._format.codec)):
            self._held.append(packet)
        if is_timed:
            self.flush(now)

    def flush(self, now: datetime) -> None:
        """Hand on what is held back."""
        for packet in self._held:
            self._observer(self._stamped(packet, now))
        self._held.clear()

    def _stamped(self, packet: EncodedPacket[VideoStream], now: datetime) -> Packet:
        pts, dts, duration = packet.pts, packet.dts, packet.duration
        t_s, utc = self._timeline.at(None if pts is None else pts * self._tick_s, now)
        if pts is None:
            pts = dts
        if pts is None:
            utc -= timedelta(seconds=t_s)
            t_s = (self._origin_s or 0.0) + self._count * self._interval_s
            utc += timedelta(seconds=t_s)
            pts, duration = round(self._count * self._interval_s / self._tick_s), None
        self._count += 1
        return Packet(
            self._source_id,
            t_s,
            utc,
            packet.is_keyframe,
            memoryview(packet),
            pts,
            dts,
            duration or round(self._interval_s / self._tick_s),
            self._format,
        )


def has_start_codes(stream: VideoStream) -> bool:
    """Whether the stream's NAL units are separated by start codes: its parameter sets are then, too."""
    return stream.codec_context.name in NAL_UNITS and (stream.codec_context.extradata or b"")[:1] != b"\x01"


def holds_picture(data: memoryview, codec: str) -> bool:
    """Whether a packet holds a slice of a picture, not just what stands before one; assumed where start codes lack.

    Args:
        data: NAL units, each behind 00 00 01.
        codec: `h264` or `hevc`.

    Source: ITU-T H.264 table 7-1 (`nal_unit_type` 1 to 5), ITU-T H.265 table 7-1 (0 to 31).
    """
    has_units = False
    for unit in START_CODE.finditer(data):
        has_units = True
        first = unit[1][0]
        if (1 <= first & 0x1F <= 5) if codec == "h264" else (first >> 1 & 0x3F) < 32:
            return True
    return not has_units


def header_of(stream: VideoStream) -> bytes:
    """The stream's initialisation segment: codec, size, aspect, rotation; empty where MP4 cannot hold it."""
    if stream.codec_context.name not in IN_MP4:
        return b""
    memory = BytesIO()
    try:
        with av.open(memory, "w", format="mp4", options={"movflags": "empty_moov+default_base_moof"}) as container:
            container.add_stream_from_template(stream, opaque=True)
            container.start_encoding()
    except (av.FFmpegError, ValueError) as error:
        log.info("no header for %s in MP4: %s", stream.codec_context.name, error)
        return b""
    return memory.getvalue()
