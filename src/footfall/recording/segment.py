"""One segment of an asset: fragmented MP4 (CMAF, ISO/IEC 23000-19) whose times are media times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

import av

from footfall.core.media_time import TICKS_PER_S
from footfall.core.types import Packet
from footfall.recording.mux import Mux
from footfall.vault.keys import KeyRing
from footfall.vault.part import PartFile, Writable, write_whole
from footfall.vault.sealed import SUFFIX, Sealer

FRAGMENTS: Final = {
    "movflags": "empty_moov+default_base_moof+frag_keyframe+cmaf+frag_discont+skip_trailer+skip_sidx",
    "frag_duration": "10000000",
    "use_editlist": "0",
    "video_track_timescale": str(TICKS_PER_S),
    "avoid_negative_ts": "disabled",
}
_NAME: Final = re.compile(rf"(\d+)-(\d+)-([0-9a-f]{{8}})\.m4s({re.escape(SUFFIX)})?")


@dataclass(frozen=True, slots=True, order=True)
class SegmentName:
    """All there is to know of a finished segment: its file is called so."""

    start_ticks: int
    """Media time of its first picture."""
    end_ticks: int
    """Media time at which its last picture ends."""
    init: str
    """Which initialisation segment it needs: eight hexadecimal digits of that one's hash."""
    is_sealed: bool = False

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Of a file; None: it is no segment."""
        match = _NAME.fullmatch(name)
        return cls(int(match[1]), int(match[2]), match[3], match[4] is not None) if match else None

    @property
    def plain(self) -> str:
        """Name of the file in clear, `1606143600000000-1606143602700000-0a1b2c3d.m4s`; play lists name it."""
        return f"{self.start_ticks}-{self.end_ticks}-{self.init}.m4s"

    @property
    def file(self) -> str:
        """Name of the file on the disk."""
        return f"{self.plain}{SUFFIX}" if self.is_sealed else self.plain

    @property
    def sealed_as(self) -> str:
        """What the sealed file says that it is."""
        return seal_name(self.start_ticks)


def seal_name(start_ticks: int) -> str:
    """What a sealed segment says that it is: its end is not known yet."""
    return f"{start_ticks}.m4s"


def init_name(init: str) -> str:
    """File of an initialisation segment."""
    return f"init-{init}.mp4"


class Segment:
    """Packets of one run, stamped in media time, into a file that gets its name when it is whole.

    Args:
        folder: Where it and its initialisation segment go.
        first: Its first packet: a key frame, unless it `continues` another segment.
        ring: Seals it; None: it stays in clear.
        continues: Whether it goes on where another segment has ended.

    Raises:
        OSError: it cannot be written.
        av.FFmpegError: nor muxed.
    """

    def __init__(self, folder: Path, first: Packet, ring: KeyRing | None, *, continues: bool) -> None:
        self.start_ticks = first.pts
        self._folder = folder
        self._part = PartFile(folder / seal_name(first.pts))
        self._is_sealed = ring is not None
        try:
            self._sealer = Sealer(self._part, ring, seal_name(first.pts)) if ring else None
            self._split = _Split(self._sealer or self._part)
            self._mux = Mux(self._split, first, FRAGMENTS, 0, continues=continues)
        except (OSError, av.FFmpegError):
            self._part.discard()
            raise
        try:
            self._mux.begin({})
            self._init = self._keep_init(self._split.rest())
        except (OSError, av.FFmpegError):
            self.discard()
            raise

    @property
    def end_ticks(self) -> int:
        """Media time at which its last picture so far ends."""
        return self._mux.end

    def write(self, packet: Packet) -> None:
        """Add the next packet.

        Raises:
            OSError: the disk is full.
            av.FFmpegError: it cannot be muxed.
        """
        self._mux.write(packet)

    def finish(self) -> SegmentName:
        """Complete the file, bring it to the disk and give it its name.

        Raises:
            OSError: the disk is full; nothing is left.
            av.FFmpegError: it cannot be completed; nothing is left.
        """
        try:
            self._mux.close()
            if self._sealer:
                self._sealer.finish()
        except (OSError, av.FFmpegError):
            self._part.discard()
            raise
        name = SegmentName(self.start_ticks, self._mux.end, self._init, self._is_sealed)
        self._part.finish(self._folder / name.file)
        return name

    def discard(self) -> None:
        """Leave nothing behind but the initialisation segment."""
        self._mux.abandon()
        self._part.discard()

    def _keep_init(self, init: bytes) -> str:
        digest = sha256(init).hexdigest()[:8]
        file = self._folder / init_name(digest)
        if not file.exists():
            write_whole(file, init)
        return digest


class _Split:
    """Holds the head of a file back: it becomes the initialisation segment."""

    def __init__(self, body: Writable) -> None:
        self._head: bytearray | None = bytearray()
        self._body = body

    def write(self, data: bytes | memoryview) -> int:
        if self._head is None:
            return self._body.write(data)
        self._head += data
        return len(data)

    def rest(self) -> bytes:
        """What has come so far; what comes from now on is handed on."""
        head, self._head = self._head or b"", None
        return bytes(head)
