"""Shared memory for the frames that are on their way to a server: made, filled and removed by us (section 6).

Pictures are written by `pwrite`, never through a mapping: whoever shortens the file cannot kill us by SIGBUS.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import secrets
import threading
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from footfall.extension.shared_memory import FOLDER

log = logging.getLogger(__name__)

PREFIX = "inference_client_share_memory_"
MODE = 0o660
"""Client and server may run as different users of one group."""


class Slots:
    """Which bytes of a region are taken: first fit, the gap at the end counts, too."""

    def __init__(self, length_bytes: int) -> None:
        self._length = length_bytes
        self._taken: dict[int, int] = {}

    def take(self, count: int) -> int | None:
        """The offset of so many free bytes, or None while there is no such gap."""
        start = 0
        for offset in sorted(self._taken):
            if offset - start >= count:
                break
            start = offset + self._taken[offset]
        if self._length - start < count:
            return None
        self._taken[start] = count
        return start

    def free(self, offset: int) -> None:
        """Give it back; what is not taken stays so."""
        self._taken.pop(offset, None)


class Region:
    """One file in shared memory, as long as announced and filled with real memory from the start.

    Whoever holds its lock owns it: the kernel lets go of the lock of a process that dies, however it dies.

    Raises:
        OSError: no memory left, or no such folder.
    """

    def __init__(self, length_bytes: int, folder: Path = FOLDER, mode: int = MODE) -> None:
        self._guard = threading.Lock()
        self.length_bytes = length_bytes
        self._file, self._path = _created(folder)
        try:
            os.fchmod(self._file, mode)
            os.posix_fallocate(self._file, 0, length_bytes)
        except OSError:
            self.close()
            raise

    @property
    def name(self) -> str:
        """What the server is told."""
        return self._path.name

    def write(self, offset: int, content: NDArray[np.uint8]) -> bool:
        """Copy bytes in, (n,) uint8; whether the region was still open."""
        with self._guard:
            done = 0
            while self._file >= 0 and done < len(content):
                done += os.pwrite(self._file, content[done:].data, offset + done)
            return self._file >= 0

    def close(self) -> None:
        """Remove it; safe to call twice."""
        with self._guard:
            if self._file >= 0:
                self._path.unlink(missing_ok=True)
                os.close(self._file)
                self._file = -1


def remove_leftovers(folder: Path = FOLDER) -> int:
    """Remove the regions of ours whose owner is dead; how many."""
    removed = 0
    for path in folder.glob(f"{PREFIX}*"):
        if not _is_ours(path.name):
            continue
        try:
            file = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            continue  # somebody else's, or gone by now
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
            removed += 1
        except OSError as error:
            if error.errno != errno.EWOULDBLOCK:
                log.warning("%s is left over and cannot be removed: %s", path, error.strerror)
        finally:
            os.close(file)
    if removed:
        log.info("%d regions of shared memory were left over and are removed", removed)
    return removed


def _created(folder: Path) -> tuple[int, Path]:
    """An open, locked file of a name that nobody had."""
    while True:
        path = folder / _new_name()
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            continue
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # somebody takes it for left over, and removes it
            os.close(file)
            continue
        if path.exists():
            return file, path
        os.close(file)


def _new_name() -> str:
    """The prefix and a number whose lower half is a checksum of the random upper one: nobody else's look like that."""
    upper = secrets.randbits(32)
    return f"{PREFIX}{upper << 32 | _checksum(upper)}"


def _is_ours(name: str) -> bool:
    digits = name.removeprefix(PREFIX)
    if not (digits.isascii() and digits.isdigit()):
        return False
    number = int(digits)
    return number >> 64 == 0 and number & 0xFFFFFFFF == _checksum(number >> 32)


def _checksum(upper: int) -> int:
    return zlib.crc32(b"footfall" + upper.to_bytes(4))
