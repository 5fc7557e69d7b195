"""One clip: a camera's own packets in an MP4 file. Nothing is decoded or encoded."""

from __future__ import annotations

import fcntl
import os
from datetime import datetime
from io import BytesIO
from pathlib import Path

import av
from av.packet import Packet as EncodedPacket

from footfall.core.types import Packet
from footfall.recording.nal import length_prefixed


class Clip:
    """Writes `.NAME.mp4.part` and gives it its final name when it is whole.

    The file is locked while it is written, so that another run can tell it from what a crash left behind.

    Args:
        file: The final name.
        first: The key frame that it begins with.

    Raises:
        OSError: it cannot be written.
        av.FFmpegError: nor muxed.
    """

    def __init__(self, file: Path, first: Packet) -> None:
        self.file = file
        self._part = part_of(file)
        self._first = first
        self._last_dts: int | None = None
        self._end = 0
        self._lock = os.open(self._part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._container = av.open(str(self._part), "w", format="mp4", options={"movflags": "faststart"})
            with av.open(BytesIO(first.format.header)) as header:
                self._stream = self._container.add_stream_from_template(header.streams.video[0], opaque=True)
            self._stream.time_base = first.format.time_base
            self._container.metadata["creation_time"] = creation_time(first.utc)
        except (OSError, av.FFmpegError):
            self._let_go()
            raise

    @property
    def length_s(self) -> float:
        """From the first picture to the end of the last."""
        return float(self._end * self._first.format.time_base)

    def write(self, packet: Packet) -> None:
        """Add the next packet; pictures that lead up to the first one need what stands before it and are left out.

        Raises:
            OSError: the disk is full.
            av.FFmpegError: it cannot be muxed.
        """
        if packet.pts < self._first.pts:
            return
        dts = packet.dts
        if dts is None:
            dts = packet.pts if self._last_dts is None else self._last_dts + 1
        if self._last_dts is not None:
            dts = max(dts, self._last_dts + 1)
        self._last_dts = dts
        pts = max(packet.pts, dts) - self._first.pts
        encoded = EncodedPacket(length_prefixed(packet.data) if packet.format.has_start_codes else packet.data)
        encoded.stream = self._stream
        encoded.time_base = packet.format.time_base
        encoded.pts, encoded.dts, encoded.duration = pts, dts - self._first.pts, packet.duration
        encoded.is_keyframe = packet.is_key
        self._container.mux(encoded)
        self._end = max(self._end, pts + packet.duration)

    def finish(self) -> int:
        """Complete the file, bring it to the disk and give it its name; its size in bytes.

        Raises:
            OSError: the disk is full.
            av.FFmpegError: it cannot be completed.
        """
        try:
            self._container.close()
            os.fsync(self._lock)
            size = os.fstat(self._lock).st_size
            self._part.rename(self.file)
        except (OSError, av.FFmpegError):
            self._let_go()
            raise
        os.close(self._lock)
        return size

    def discard(self) -> None:
        """Leave nothing behind."""
        try:
            self._container.close()
        except (OSError, av.FFmpegError):
            pass
        finally:
            self._let_go()

    def _let_go(self) -> None:
        self._part.unlink(missing_ok=True)
        os.close(self._lock)


def part_of(file: Path) -> Path:
    """Where a clip grows."""
    return file.with_name(f".{file.name}.part")


def is_abandoned(part: Path) -> bool:
    """Whether nobody writes it any more."""
    lock = os.open(part, os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def creation_time(utc: datetime) -> str:
    """As FFmpeg reads it."""
    return utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
