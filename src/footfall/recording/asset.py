"""An asset: a folder of segments, with indexes and a play list (spec/recording.md section 6).

    asset.json                       whose it is, and how many days it is kept
    init-0a1b2c3d.mp4                initialisation segment
    START-END-0a1b2c3d.m4s           segment; START and END in media time; `.enc` where it is sealed
    index-20261121.json              start and end of that day's segments
    playlist.m3u8                    the last 24 hours, for players

Every file appears under its name when it is whole. The names of the segments are the truth: what a crash kept out of
the indexes is found again when the asset is opened.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from bisect import bisect_left
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from footfall.recording.playback import day_of, index, index_files, index_name, last_day, playlist
from footfall.recording.segment import SegmentName, init_name
from footfall.vault.part import PartFile, part_of, sweep, sync_folder, write_whole

ABOUT: Final = "asset.json"
PLAYLIST: Final = "playlist.m3u8"
END: Final = "#EXT-X-ENDLIST"
_COPY_BYTES: Final = 2**20


@dataclass(frozen=True, slots=True)
class About:
    """What `asset.json` says."""

    asset: str
    instance: str
    node: str
    retention_days: int | None = None

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Of an asset; None: the folder is none of ours."""
        try:
            found = json.loads((folder / ABOUT).read_text())
            return cls(found["asset"], found["instance"], found["node"], found["retention_days"])
        except (OSError, ValueError, KeyError, TypeError):
            return None


class Asset:
    """An asset that is being written, by nobody else.

    Args:
        folder: Made where it is missing.
        about: Replaces what an existing one says.

    Raises:
        OSError: it cannot be made or written, or another process writes it.
    """

    def __init__(self, folder: Path, about: About) -> None:
        self.folder = folder
        self.name = about.asset
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _hold(self._lock)
            sweep(folder)
            write_whole(folder / ABOUT, (json.dumps(asdict(about), indent=1) + "\n").encode())
            self.segments = segments_of(folder)
            if self.segments:
                self._write_indexes()
        except OSError:
            os.close(self._lock)
            raise
        self._gone = 0

    def store(self, source: Path, segment: SegmentName) -> None:
        """Take a finished segment over from another folder, or from this one; then it can be played.

        Raises:
            OSError: it cannot be written here; it still is where it was.
        """
        if source != self.folder:
            init = init_name(segment.init)
            if not (self.folder / init).exists():
                copy(source / init, self.folder / init)
            if (self.folder / segment.file).exists():  # an earlier try has come so far
                (source / segment.file).unlink(missing_ok=True)
            else:
                move(source / segment.file, self.folder / segment.file)
        at = bisect_left(self.segments, segment)
        if self.segments[at : at + 1] != [segment]:
            self.segments.insert(at, segment)
        day = day_of(segment)
        write_whole(self.folder / index_name(day), index(one for one in self.segments if day_of(one) == day))
        self._write_playlist(is_over=False)

    def forget_before(self, ticks: int) -> int:
        """Delete segments that end before a media time; how many there were.

        Raises:
            OSError: one cannot be deleted.
        """
        old = [one for one in self.segments if one.end_ticks < ticks]
        if old:
            self.segments = [one for one in self.segments if one.end_ticks >= ticks]
            self._gone += len(old)
            self._write_playlist(is_over=False)
            for segment in old:
                (self.folder / segment.file).unlink(missing_ok=True)
            self._write_indexes()
        return len(old)

    def close(self) -> None:
        """The recording is over, until somebody opens the asset again.

        Raises:
            OSError: the play list cannot be written.
        """
        try:
            self._write_playlist(is_over=True)
        finally:
            os.close(self._lock)

    def _write_indexes(self) -> None:
        """All of them, and none of days without segments."""
        wanted = dict(index_files(self.segments))
        for file in self.folder.glob("index-*.json"):
            if file.name not in wanted:
                file.unlink(missing_ok=True)
        for name, content in wanted.items():
            write_whole(self.folder / name, content)

    def _write_playlist(self, *, is_over: bool) -> None:
        shown = last_day(self.segments)
        first = self._gone + len(self.segments) - len(shown)
        write_whole(self.folder / PLAYLIST, playlist(shown, first, is_over=is_over).encode())


def _hold(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise OSError(errno.EBUSY, "another recording writes to it") from error


def segments_of(folder: Path) -> list[SegmentName]:
    """The finished segments in a folder, in order of time.

    Raises:
        OSError: it cannot be read.
    """
    return sorted(name for file in folder.iterdir() if (name := SegmentName.parse(file.name)))


def is_over(folder: Path) -> bool:
    """Whether an asset's recording has ended; where a crash ended it, it has not."""
    try:
        return (folder / PLAYLIST).read_text().rstrip().endswith(END)
    except OSError:
        return False


def move(source: Path, target: Path) -> None:
    """Give a whole file another place, also on another disk.

    Raises:
        OSError: it cannot be written there; it still is where it was.
    """
    try:
        source.rename(target)
        sync_folder(target.parent)
    except OSError:
        copy(source, target)
        source.unlink()


def copy(source: Path, target: Path) -> None:
    """The same file a second time, whole under its name.

    Raises:
        OSError: it cannot be read or written.
    """
    part_of(target).unlink(missing_ok=True)
    with source.open("rb") as file:
        part = PartFile(target)
        try:
            while data := file.read(_COPY_BYTES):
                part.write(data)
        except OSError:
            part.discard()
            raise
    part.finish()


def remove(folder: Path) -> None:
    """Delete an asset as a whole.

    Raises:
        OSError: it cannot be deleted.
    """
    (folder / PLAYLIST).unlink(missing_ok=True)
    shutil.rmtree(folder)
