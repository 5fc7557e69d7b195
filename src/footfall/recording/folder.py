"""Where clips lie: their names, and how much disk they may take."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from footfall.recording.names import numbered
from footfall.vault.part import is_abandoned, part_of


class ClipFolder:
    """The clips of one camera in a folder that others may share.

    Its own are those called `PREFIX-yyyyMMddTHHmmssZ.mp4`, or the same with `-1`, `-2` ...; nothing else is touched.

    Args:
        path: The folder; made where it is missing.
        prefix: What the names of this camera's clips begin with.
        most_bytes: With more the oldest clips are deleted; None: no limit.
        suffix: What comes behind `.mp4`.

    Raises:
        OSError: it cannot be made or written.
    """

    def __init__(self, path: Path, prefix: str, most_bytes: int | None = None, suffix: str = "") -> None:
        self._path = path
        self._prefix = prefix
        self._most_bytes = most_bytes
        self._suffix = suffix
        self._own = re.compile(rf"{re.escape(prefix)}-(\d{{8}}T\d{{6}}Z)(?:-(\d+))?\.mp4(?:\.enc)?")
        path.mkdir(parents=True, exist_ok=True)
        self._sweep()
        probe = path / f".{prefix}.probe"
        probe.touch()
        probe.unlink()
        self.make_room()

    def name(self, utc: datetime) -> Path:
        """A name that is free, for a clip that starts at this time."""
        for stem in numbered(f"{self._prefix}-{utc:%Y%m%dT%H%M%SZ}"):
            file = self._path / f"{stem}.mp4{self._suffix}"
            if not file.exists() and not part_of(file).exists():
                return file
        raise AssertionError

    def make_room(self) -> list[Path]:
        """Delete the oldest clips until the rest keeps the limit, never the newest; which have gone.

        Raises:
            OSError: one cannot be deleted.
        """
        if self._most_bytes is None:
            return []
        clips = self._there()
        excess, gone = sum(status.st_size for _, status in clips) - self._most_bytes, []
        for file, status in clips[:-1]:
            if excess <= 0:
                break
            file.unlink(missing_ok=True)
            gone.append(file)
            excess -= status.st_size
        return gone

    def forget_before(self, utc: datetime) -> list[Path]:
        """Delete clips that were completed before; which have gone.

        Raises:
            OSError: one cannot be deleted.
        """
        limit_s = utc.timestamp()
        gone = [file for file, status in self._there() if status.st_mtime < limit_s]
        for file in gone:
            file.unlink(missing_ok=True)
        return gone

    def clips(self) -> list[Path]:
        """This camera's finished clips, oldest first."""
        found = [(match, file) for file in self._path.iterdir() if (match := self._own.fullmatch(file.name))]
        return [file for match, file in sorted(found, key=lambda one: (one[0][1], int(one[0][2] or 0)))]

    def _there(self) -> list[tuple[Path, os.stat_result]]:
        """Without those that somebody deletes at this moment."""
        found = []
        for file in self.clips():
            with suppress(FileNotFoundError):
                found.append((file, file.stat()))
        return found

    def _sweep(self) -> None:
        """Remove what a crash left behind."""
        for part in self._path.glob(".*.part"):
            if self._own.fullmatch(part.name[1 : -len(".part")]) and is_abandoned(part):
                part.unlink(missing_ok=True)
