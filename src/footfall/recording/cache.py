"""Finished segments that wait until their assets can take them: `localMediaCachePath` (spec/recording.md section 6)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from footfall.recording.asset import segments_of
from footfall.recording.segment import SegmentName
from footfall.vault.part import sweep


@dataclass(frozen=True, slots=True)
class Waiting:
    """A finished segment."""

    asset: str
    folder: Path
    """Where it lies."""
    segment: SegmentName
    size_bytes: int

    def drop(self) -> None:
        """Delete it.

        Raises:
            OSError: it cannot be deleted.
        """
        (self.folder / self.segment.file).unlink(missing_ok=True)


class Cache:
    """A folder with a folder for each asset that is not stored yet, oldest segments first.

    What an earlier run left in it waits still.

    Args:
        path: Made where it is missing; nobody else uses it.
        most_bytes: With more the oldest segments are dropped; None: no limit.

    Raises:
        OSError: it cannot be made or read.
    """

    def __init__(self, path: Path, most_bytes: int | None) -> None:
        self._path = path
        self._most_bytes = most_bytes
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found: list[Waiting] = []
        for folder in path.iterdir():
            if folder.is_dir():
                sweep(folder)
                found += [self._waiting(folder.name, folder, segment) for segment in segments_of(folder)]
        self._segments = sorted(found, key=lambda one: one.segment)

    def folder(self, asset: str) -> Path:
        """Where the segments of an asset grow.

        Raises:
            OSError: it cannot be made.
        """
        folder = self._path / asset
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def add(self, asset: str, segment: SegmentName) -> None:
        """One more waits.

        Raises:
            OSError: it is not there.
        """
        self._segments.append(self._waiting(asset, self._path / asset, segment))

    def make_room(self) -> list[Waiting]:
        """Drop the oldest beyond the limit; which have gone.

        Raises:
            OSError: one cannot be deleted.
        """
        dropped: list[Waiting] = []
        while self._most_bytes is not None and sum(one.size_bytes for one in self._segments) > self._most_bytes:
            oldest = self._segments.pop(0)
            oldest.drop()
            dropped.append(oldest)
        return dropped

    def waiting(self) -> tuple[Waiting, ...]:
        """All that wait, oldest first."""
        return tuple(self._segments)

    def stored(self, waiting: Waiting) -> None:
        """It waits no more."""
        self._segments.remove(waiting)

    def leave(self, asset: str) -> None:
        """Nothing more comes for an asset for now: with nothing waiting its folder goes."""
        if all(one.asset != asset for one in self._segments):
            shutil.rmtree(self._path / asset, ignore_errors=True)

    @staticmethod
    def _waiting(asset: str, folder: Path, segment: SegmentName) -> Waiting:
        return Waiting(asset, folder, segment, (folder / segment.file).stat().st_size)
