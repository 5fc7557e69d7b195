"""A camera's own packets into an MP4 container, by FFmpeg. Nothing is decoded or encoded."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO

import av
from av.packet import Packet as EncodedPacket

from footfall.core.types import Packet
from footfall.vault.part import WRITE_BYTES, Writable


class Mux:
    """One container of packets that go on from each other.

    Args:
        target: A path, or what takes the bytes.
        first: The packet that it begins with.
        options: Of FFmpeg's muxer.
        origin: The camera's time stamp that becomes 0.
        continues: Whether the container goes on from another one; else pictures that lead up to the first one are left
            out: they need what stands before it.

    Raises:
        OSError: it cannot be written.
        av.FFmpegError: nor muxed.
    """

    def __init__(
        self, target: str | Writable, first: Packet, options: Mapping[str, str], origin: int, *, continues: bool = False
    ) -> None:
        self._first_pts = None if continues else first.pts
        self._origin = origin
        self._last_dts: int | None = None
        self._time_base = first.format.time_base
        self.end = first.pts
        """The camera's time stamp at which the last picture ends."""
        self._container = av.open(target, "w", format="mp4", options=dict(options), buffer_size=WRITE_BYTES)
        try:
            with av.open(BytesIO(first.format.header)) as header:
                self._stream = self._container.add_stream_from_template(header.streams.video[0], opaque=True)
            if first.format.parameter_sets:  # then FFmpeg puts lengths in the place of start codes
                self._stream.codec_context.extradata = first.format.parameter_sets
            self._stream.time_base = self._time_base
        except (OSError, av.FFmpegError):
            self._container.close()
            raise

    def begin(self, metadata: Mapping[str, str]) -> None:
        """Write what stands before the first packet.

        Raises:
            OSError: the disk is full.
            av.FFmpegError: it cannot be muxed.
        """
        self._container.metadata.update(metadata)
        self._container.start_encoding()

    def write(self, packet: Packet) -> None:
        """Add the next packet.

        Raises:
            OSError: the disk is full.
            av.FFmpegError: it cannot be muxed.
        """
        if self._first_pts is not None and packet.pts < self._first_pts:
            return
        dts = packet.dts
        if dts is None:
            dts = packet.pts if self._last_dts is None else self._last_dts + 1
        if self._last_dts is not None and dts <= self._last_dts:
            dts = self._last_dts + 1
        self._last_dts = dts
        pts = max(packet.pts, dts)
        encoded = EncodedPacket(packet.data)  # type: ignore[arg-type]  # any buffer will do
        encoded.stream = self._stream
        encoded.time_base = self._time_base
        encoded.pts, encoded.dts, encoded.duration = pts - self._origin, dts - self._origin, packet.duration
        encoded.is_keyframe = packet.is_key
        self._container.mux_one(encoded)
        self.end = max(self.end, pts + packet.duration)

    def close(self) -> None:
        """Write what stands behind the last packet.

        Raises:
            OSError: the disk is full.
            av.FFmpegError: it cannot be completed.
        """
        self._container.close()

    def abandon(self) -> None:
        """Close what cannot be completed."""
        with suppress(OSError, av.FFmpegError):
            self._container.close()
