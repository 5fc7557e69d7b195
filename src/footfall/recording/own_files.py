"""The files of a file sink: which are its own, how much disk they take, how old they are (spec/recording.md section 7).

Others may write to the same folder, under the same names. So a sink keeps a list of its files, which outlives a
restart, and deletes nothing else.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from footfall.recording.names import NamePattern, numbered, relative_path
from footfall.vault.part import clear, part_of, write_whole


class OwnFiles:
    """The files of one sink.

    Args:
        folder: Made where it is missing.
        pattern: Of the files' names, without `.mp4`; may hold folders.
        node: The sink's name.
        suffix: What comes behind `.mp4`.
        most_bytes: With more the oldest are deleted; None: no limit.

    Raises:
        OSError: the folder cannot be made or written.
        ValueError: the pattern leads out of the folder.
    """

    def __init__(
        self, folder: Path, pattern: NamePattern, node: str, suffix: str = "", most_bytes: int | None = None
    ) -> None:
        self._folder = folder
        self._pattern = pattern
        self._suffix = suffix
        self._most_bytes = most_bytes
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._list = folder / f".footfall-{quote(pattern.names.instance, safe='')}-{quote(node, safe='')}.files"
        self._own = dict.fromkeys(name for name in self._read() if self._is_whole(name))
        self._write()
        self.make_room()

    def name(self, utc: datetime) -> Path:
        """Enter a new file, whose media start at this time, and give it a name that is free.

        Raises:
            OSError: the list cannot be written, or a folder not made.
        """
        stem = relative_path(self._pattern.at(utc))
        for free in numbered(stem):
            file = self._folder / f"{free}.mp4{self._suffix}"
            if not file.exists() and not part_of(file).exists():
                break
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        own = str(file.relative_to(self._folder))
        self._own[own] = None
        with self._list.open("a") as lines:
            lines.write(f"{own}\n")
            lines.flush()
            os.fsync(lines.fileno())
        return file

    def make_room(self) -> list[Path]:
        """Delete the oldest files until the rest keeps the limit, never the newest; which have gone.

        Raises:
            OSError: one cannot be deleted.
        """
        sizes = {name: size for name in self._own if (size := self._size_bytes(name)) is not None}
        self._own = dict.fromkeys(sizes)
        excess = 0 if self._most_bytes is None else sum(sizes.values()) - self._most_bytes
        gone: list[str] = []
        for name in list(sizes)[:-1]:
            if excess <= 0:
                break
            gone.append(name)
            excess -= sizes[name]
        return self._delete(gone)

    def forget_before(self, utc: datetime) -> list[Path]:
        """Delete the files that were completed before; which have gone.

        Raises:
            OSError: one cannot be deleted.
        """
        limit_s = utc.timestamp()
        files = ((name, self._folder / name) for name in self._own)
        return self._delete([name for name, file in files if file.exists() and file.stat().st_mtime < limit_s])

    def _delete(self, names: list[str]) -> list[Path]:
        for name in names:
            (self._folder / name).unlink(missing_ok=True)
            del self._own[name]
        if names:
            self._write()
        return [self._folder / name for name in names]

    def _size_bytes(self, name: str) -> int | None:
        """None: it is not there, and nobody is about to write it."""
        file = self._folder / name
        for path in (file, part_of(file)):
            with suppress(FileNotFoundError):
                return path.stat().st_size
        return None

    def _is_whole(self, name: str) -> bool:
        """Whether a file was completed; what a crash left of one that was not is removed."""
        part = part_of(self._folder / name)
        clear(part)
        return (self._folder / name).exists() or part.exists()

    def _read(self) -> list[str]:
        """Without lines that a crash has cut, or that would lead elsewhere."""
        names: list[str] = []
        with suppress(FileNotFoundError):
            for name in self._list.read_text(errors="replace").splitlines():
                with suppress(ValueError):
                    names.append(relative_path(name))
        return names

    def _write(self) -> None:
        write_whole(self._list, "".join(f"{name}\n" for name in self._own).encode())
