"""Recordings as one MP4 file for people: assets and clips, sealed or in clear. Nothing is decoded or encoded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import av
from av.container import OutputContainer
from av.packet import Packet as EncodedPacket
from av.video.stream import VideoStream

from footfall.recording.asset import segments_of
from footfall.recording.playback import Span, within
from footfall.recording.segment import SegmentName, init_name
from footfall.vault.keys import KeyRing
from footfall.vault.part import PartFile, clear, part_of
from footfall.vault.sealed import SUFFIX, opened


class NothingThere(ValueError):
    """No recording, or none of the time that was asked for."""


def export_asset(folder: Path, target: Path, ring: KeyRing | None, span: Span | None = None) -> float:
    """Write an asset, or what it shows of a span, from the key frame before on; how many seconds that are.

    Raises:
        NothingThere: it holds nothing of it.
        NotSealed: a sealed segment is damaged or not what its name says.
        UnknownKey: the key of a sealed segment is not in the ring.
        ValueError: a sealed segment and no keys; or segments of different formats.
        OSError: it cannot be read or written.
        av.FFmpegError: nor muxed.
    """
    segments = segments_of(folder)
    if span is not None:
        segments = within(segments, span)
    if not segments:
        raise NothingThere("there is nothing of that time in it")
    if len({segment.init for segment in segments}) > 1:
        raise ValueError("the camera's format has changed in between; export each part alone with --start and --end")
    packets = (packet for segment in segments for packet in _packets_of(folder, segment, ring))
    with av.open(folder / init_name(segments[0].init), "r", format="mp4") as header:
        return _write(target, header.streams.video[0], packets if span is None else _cut(packets, span))


def export_clip(file: Path, target: Path, ring: KeyRing | None) -> float:
    """Write a clip that was sealed, with its index first; how many seconds it lasts.

    Raises:
        As `export_asset`.
    """
    with file.open("rb") as sealed:
        source: BinaryIO | _Pipe = sealed
        if file.name.endswith(SUFFIX):
            source = _Pipe(opened(sealed, _needed(ring), file.name.removesuffix(SUFFIX)))
        with av.open(source, "r", format="mp4") as container:
            packets = (packet for packet in container.demux(video=0) if packet.size)
            return _write(target, container.streams.video[0], packets)


def plain(folder: Path, segment: SegmentName, ring: KeyRing | None) -> bytes:
    """A segment in clear, without its initialisation segment.

    Raises:
        As `export_asset`.
    """
    file = folder / segment.file
    if not segment.is_sealed:
        return file.read_bytes()
    with file.open("rb") as sealed:
        return b"".join(opened(sealed, _needed(ring), segment.sealed_as))


def _needed(ring: KeyRing | None) -> KeyRing:
    if ring is None:
        raise ValueError("it is sealed, and there are no keys: give --keys FILE")
    return ring


def _packets_of(folder: Path, segment: SegmentName, ring: KeyRing | None) -> Iterator[EncodedPacket[VideoStream]]:
    whole = (folder / init_name(segment.init)).read_bytes() + plain(folder, segment, ring)
    with av.open(BytesIO(whole), "r", format="mp4") as container:
        yield from (packet for packet in container.demux(video=0) if packet.size)


def _cut(packets: Iterable[EncodedPacket[VideoStream]], span: Span) -> Iterator[EncodedPacket[VideoStream]]:
    waiting: list[EncodedPacket[VideoStream]] = []
    for packet in packets:
        at = packet.pts or 0
        if at >= span.end_ticks:
            break
        if packet.is_keyframe and at <= span.start_ticks:
            waiting.clear()
        waiting.append(packet)
        if at >= span.start_ticks:
            yield from waiting
            waiting.clear()
    yield from waiting


def _write(target: Path, template: VideoStream, packets: Iterable[EncodedPacket[VideoStream]]) -> float:
    clear(part_of(target))
    part = PartFile(target)
    try:
        with av.open(str(part.path), "w", format="mp4", options={"movflags": "faststart"}) as container:
            stream = container.add_stream_from_template(template, opaque=True)
            stream.time_base = template.time_base
            length_s = _remux(container, stream, packets)
    except BaseException:
        part.discard()
        raise
    part.finish()
    return length_s


def _remux(container: OutputContainer, stream: VideoStream, packets: Iterable[EncodedPacket[VideoStream]]) -> float:
    first: int | None = None
    end, tick_s = 0, 0.0
    for packet in packets:
        assert packet.pts is not None
        first, tick_s = packet.pts if first is None else first, float(packet.time_base)
        dts = packet.pts if packet.dts is None else packet.dts
        packet.pts, packet.dts, packet.stream = packet.pts - first, dts - first, stream
        end = max(end, packet.pts + (packet.duration or 0))
        container.mux_one(packet)
    if first is None:
        raise NothingThere("there is no picture in it")
    return end * tick_s


class _Pipe:
    """Chunks as a file that can only be read on."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, but one at least; none: it is over."""
        if not self._rest:
            self._rest = next(self._chunks, b"")
        data, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return data
