"""A file in the making: hidden until it is whole and on the disk."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

WRITE_BYTES: Final = 2**15
"""At a time: Linux 6 takes many small writes into its cache for a fraction of what one large write costs."""


class Writable(Protocol):
    """Takes bytes one after the other."""

    def write(self, data: bytes | memoryview) -> int:
        """Append all of it; how much that was."""
        ...


class PartFile:
    """`.NAME.part`, which becomes NAME when it is whole; a crash leaves no half file under a final name.

    It is locked while it is written, so that another run can tell it from what a crash left behind.

    Args:
        file: The final name.

    Raises:
        OSError: it cannot be made, or exists.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.path = part_of(file)
        """Where it grows."""
        self.size_bytes = 0
        """Written so far, by `write`."""
        self._lock = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.discard()
            raise

    def write(self, data: bytes | memoryview) -> int:
        """Append.

        Raises:
            OSError: the disk is full.
        """
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._lock, rest[:WRITE_BYTES]) :]
        self.size_bytes += len(data)
        return len(data)

    def finish(self, file: Path | None = None) -> int:
        """Bring it to the disk and give it its name, or that of `file` in the same folder; its size in bytes.

        Raises:
            OSError: the disk is full; nothing is left.
        """
        try:
            self.sync()
            size = self.rename(file)
            sync_folder(self.file.parent)
        except OSError:
            self.discard()
            raise
        os.close(self._lock)
        return size

    def sync(self) -> None:
        """Bring it to the disk."""
        os.fsync(self._lock)

    def rename(self, file: Path | None = None) -> int:
        """Give it its name, or that of `file` in the same folder, which is not on the disk yet; its size in bytes."""
        self.file = file or self.file
        self.path.rename(self.file)
        return os.fstat(self._lock).st_size

    def discard(self) -> None:
        """Leave nothing behind; what has its name already stays."""
        self.path.unlink(missing_ok=True)
        os.close(self._lock)


def part_of(file: Path) -> Path:
    """Where a file grows."""
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


def clear(part: Path) -> None:
    """Remove what a crash left behind, if there is anything."""
    with suppress(FileNotFoundError):
        if is_abandoned(part):
            part.unlink()


def sweep(folder: Path) -> None:
    """Remove all that a crash left behind in a folder."""
    for part in folder.glob(".*.part"):
        clear(part)


def write_whole(file: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a small file, or put it in the place of an older one: there is always a whole one.

    Who may read it is what `mode` says, whatever the process allows its files otherwise; nobody may before it is whole.

    Raises:
        OSError: it cannot be written; an older one is still there.
    """
    part_of(file).unlink(missing_ok=True)
    part = PartFile(file)
    try:
        part.write(data)
        part.path.chmod(mode)
    except OSError:
        part.discard()
        raise
    part.finish()


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait for every other thread and process that is alone in a folder, and be it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
