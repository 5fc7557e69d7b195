"""What a simulated camera plays at which path: a round of clips, or any file of a folder."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote

from footfall.core.errors import ConfigError, Problem
from footfall.simulator.rtsp_recording import Recording, pack

log = logging.getLogger(__name__)

SUFFIXES: Final = frozenset({".mkv", ".ts", ".264", ".h264", ".265", ".h265", ".mp4"})


@dataclass(frozen=True, slots=True)
class Programme:
    """What plays at one path."""

    recording: Recording
    is_shared: bool
    """All viewers see the same moment; otherwise everybody sees it from its beginning."""
    loops: bool = True


class Programmes(Protocol):
    """What plays where."""

    @property
    def path(self) -> str:
        """Path of the address that is announced."""
        ...

    def open(self, folder: Path) -> None:
        """Get ready; recordings may be written to `folder`.

        Raises:
            ConfigError: nothing can be played.
        """
        ...

    def find(self, path: str) -> Programme | None:
        """What plays at this path of an RTSP address; None: nothing does."""
        ...


class LiveClips:
    """A camera: clips one after the other at `/live`, the same for all viewers."""

    path = "/live"

    def __init__(self, clips: Sequence[Path], *, loops: bool = True) -> None:
        self._clips = clips
        self._loops = loops
        self._programme: Programme | None = None

    def open(self, folder: Path) -> None:
        """Pack the clips.

        Raises:
            ConfigError: a clip cannot be sent.
        """
        self._programme = Programme(pack(self._clips, folder / "live"), is_shared=True, loops=self._loops)

    def find(self, path: str) -> Programme | None:
        """The clips, at their only path."""
        return self._programme if path == self.path else None


class MediaFolder:
    """A media server: `/media/<file>` plays a file of the folder from its beginning (spec/recording.md section 11).

    Files are packed when somebody asks for them first, and again after they have changed.
    """

    path = "/media/"

    def __init__(self, root: Path, *, loops: bool = True) -> None:
        self._root = root.resolve()
        self._loops = loops
        self._folder: Path | None = None
        self._packed: dict[tuple[Path, int, int], Programme | None] = {}

    def open(self, folder: Path) -> None:
        """Look whether the folder is there.

        Raises:
            ConfigError: it is not.
        """
        if not self._root.is_dir():
            raise ConfigError([Problem(str(self._root), "$", "is no folder", "give a folder with video files")])
        self._folder = folder

    def find(self, path: str) -> Programme | None:
        """The file behind `/media/`; nothing outside the folder is ever played."""
        if not path.startswith(self.path) or "\0" in unquote(path):
            return None
        file = (self._root / unquote(path.removeprefix(self.path)).lstrip("/")).resolve()
        if not file.is_relative_to(self._root) or file.suffix.lower() not in SUFFIXES or not file.is_file():
            return None
        state = file.stat()
        key = file, state.st_mtime_ns, state.st_size
        if key not in self._packed:
            self._packed[key] = self._pack(file)
        return self._packed[key]

    def _pack(self, file: Path) -> Programme | None:
        assert self._folder is not None
        try:
            recording = pack([file], self._folder / f"media-{len(self._packed)}")
        except ConfigError as error:
            log.warning("%s", error)
            return None
        return Programme(recording, is_shared=False, loops=self._loops) if recording.duration_ns else None
