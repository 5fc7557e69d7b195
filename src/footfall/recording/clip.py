"""One clip: a camera's own packets in an MP4 file, with its index first; sealed ones in fragments."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import av

from footfall.core.types import Packet
from footfall.recording.mux import Mux
from footfall.vault.keys import KeyRing
from footfall.vault.part import PartFile
from footfall.vault.sealed import SUFFIX, Sealer

INDEX_FIRST: Final = {"movflags": "faststart"}
IN_ONE_GO: Final = {"movflags": "empty_moov+default_base_moof+frag_keyframe", "frag_duration": "10000000"}
"""Never goes back to what is written, for it is sealed already."""


class Clip:
    """Writes `.NAME.mp4.part` and gives it its final name when it is whole.

    Args:
        file: The final name; ends in `.enc` where there are keys.
        first: The key frame that it begins with.
        ring: Seals the file; None: it stays in clear.

    Raises:
        OSError: it cannot be written.
        av.FFmpegError: nor muxed.
    """

    def __init__(self, file: Path, first: Packet, ring: KeyRing | None = None) -> None:
        self.file = file
        self._first = first
        self._part = PartFile(file)
        try:
            self._sealer = Sealer(self._part, ring, file.name.removesuffix(SUFFIX)) if ring else None
            target, options = (self._sealer, IN_ONE_GO) if self._sealer else (str(self._part.path), INDEX_FIRST)
            self._mux = Mux(target, first, options, first.pts)
        except (OSError, av.FFmpegError):
            self._part.discard()
            raise
        try:
            self._mux.begin({"creation_time": creation_time(first.utc)})
        except (OSError, av.FFmpegError):
            self.discard()
            raise

    @property
    def end(self) -> int:
        """The camera's time stamp at which the last picture ends."""
        return self._mux.end

    @property
    def length_s(self) -> float:
        """From the first picture to the end of the last."""
        return float((self._mux.end - self._first.pts) * self._first.format.time_base)

    def write(self, packet: Packet) -> None:
        """Add the next packet.

        Raises:
            OSError: the disk is full.
            av.FFmpegError: it cannot be muxed.
        """
        self._mux.write(packet)

    def finish(self) -> int:
        """Complete the file, bring it to the disk and give it its name; its size in bytes.

        Raises:
            OSError: the disk is full.
            av.FFmpegError: it cannot be completed.
        """
        try:
            self._mux.close()
            if self._sealer:
                self._sealer.finish()
        except (OSError, av.FFmpegError):
            self._part.discard()
            raise
        return self._part.finish()

    def discard(self) -> None:
        """Leave nothing behind."""
        self._mux.abandon()
        self._part.discard()


def creation_time(utc: datetime) -> str:
    """As FFmpeg reads it."""
    return utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
