"""Packs clips into the form that the RTSP server plays: access units in decode order, each behind a record header."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from av.bitstream import BitStreamFilterContext
from av.packet import Packet
from av.video.stream import VideoStream

from footfall.core.errors import ConfigError, Problem, SourceUnavailable
from footfall.ingest.container import Address, Video, frame_rate, open_video, translated

RECORD: Final = struct.Struct("<qqqBI")
"""pts, dts and duration in ns from the start of the recording, key frame, size in bytes; `rtsp_server` reads it."""
_ANNEX_B: Final = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb"}
"""Bit stream filters to start codes, which RTP payloaders want; a stream that has them passes unchanged."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A packed play list."""

    file: Path
    codec: str
    """`h264` or `hevc`."""
    duration_ns: int


@dataclass(frozen=True, slots=True)
class _Unit:
    pts_s: float
    dts_s: float
    is_key: bool
    data: bytes


def pack(clips: Sequence[Path], file: Path) -> Recording:
    """Write the video of `clips`, one after the other, to `file`.

    Raises:
        ConfigError: a clip cannot be read, is neither H.264 nor H.265, or differs in codec from the first.
    """
    codec = ""
    start_s = 0.0
    with file.open("wb") as out:
        for clip in clips:
            try:
                with open_video(Address(str(clip))) as video, translated(str(clip)):
                    codec = _same_codec(clip, video.stream, codec)
                    start_s = _append(out, video, start_s)
            except SourceUnavailable as error:
                raise _wrong(clip, error.reason, "give a video file that plays") from error
    return Recording(file, codec, round(start_s * 1e9))


def _same_codec(clip: Path, stream: VideoStream, codec: str) -> str:
    found = stream.codec_context.name
    if found not in _ANNEX_B:
        raise _wrong(clip, f"is {found}", "the simulated camera sends H.264 and H.265 only")
    if codec not in {"", found}:
        raise _wrong(clip, f"is {found}, the clip before it {codec}", "use one codec for all clips of a camera")
    return found


def _append(out: BinaryIO, video: Video, start_s: float) -> float:
    """Write one clip that starts at `start_s`; returns where it ends."""
    interval_s = 1.0 / frame_rate(video.stream)
    units = list(_units(video, interval_s))
    if not units:
        return start_s
    shift_s = start_s - units[0].dts_s
    for unit in units:
        times_ns = (round((unit.pts_s + shift_s) * 1e9), round((unit.dts_s + shift_s) * 1e9), round(interval_s * 1e9))
        out.write(RECORD.pack(*times_ns, unit.is_key, len(unit.data)) + unit.data)
    return units[-1].dts_s + shift_s + interval_s


def _units(video: Video, interval_s: float) -> Iterator[_Unit]:
    packets = [packet for packet in video.packets if packet.size]
    if any(packet.pts is None or packet.dts is None for packet in packets):
        _number(packets, video.stream)
        tick_s = interval_s
    else:
        tick_s = float(packets[0].time_base) if packets else 0.0
    annex_b = BitStreamFilterContext(_ANNEX_B[video.stream.codec_context.name], video.stream)
    for packet in packets:
        pts, dts = packet.pts or 0, packet.dts or 0
        for unit in annex_b.filter(packet):
            yield _Unit(pts * tick_s, dts * tick_s, unit.is_keyframe, bytes(unit))


def _number(packets: Sequence[Packet[VideoStream]], stream: VideoStream) -> None:
    """Stamp a stream without time stamps in frames: only the decoder knows in which order its pictures are shown."""
    shown: list[int] = []
    for number, packet in enumerate(packets):
        packet.pts = packet.dts = number
        shown += [picture.pts or 0 for picture in packet.decode()]
    shown += [picture.pts or 0 for picture in stream.codec_context.decode(None)]
    places = {decoded: place for place, decoded in enumerate(shown)}
    delay = max((number - place for number, place in places.items()), default=0)
    for number, packet in enumerate(packets):
        packet.pts = places.get(number, number) + delay


def _wrong(clip: Path, what: str, cure: str) -> ConfigError:
    return ConfigError([Problem(str(clip), "$", what, cure)])
