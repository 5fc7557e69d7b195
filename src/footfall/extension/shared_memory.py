"""The client's shared memory, read (spec/grpc-extension.md section 6).

A client that shortens its file under a mapping kills who reads it, by SIGBUS. So pictures are copied out by `preadv`,
but for those of our own user: who could kill us anyway is read where it lies, which costs nothing.
"""

from __future__ import annotations

import mmap
import os
import re
import stat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from footfall.extension.refusal import Refused
from footfall.extension.wire import Reference, SharedRegion

FOLDER = Path("/dev/shm")  # noqa: S108 this is where POSIX shared memory lives
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,254}")


class RegionReader:
    """One region, open for reading. Use as a context, or close it.

    Raises:
        Refused: a name that leaves the folder, no such region, not a plain file, or shorter than announced.
    """

    def __init__(self, region: SharedRegion, folder: Path = FOLDER) -> None:
        name = region.name.removeprefix("/")
        if not _NAME.fullmatch(name):
            raise Refused(f"handle_name {region.name[:80]!r} is no name of a shared memory")
        try:
            self._file = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise Refused(f"the shared memory {name} cannot be opened: {error.strerror}") from error
        found = os.fstat(self._file)
        if not stat.S_ISREG(found.st_mode) or found.st_size < region.length_bytes:
            self.close()
            raise Refused(f"the shared memory {name} has not the {region.length_bytes} bytes that were announced")
        self._length_bytes = region.length_bytes
        self._picture = np.empty(0, np.uint8)
        self._mapped: NDArray[np.uint8] | None = None
        if region.length_bytes and _is_ours(found):
            mapping = mmap.mmap(self._file, region.length_bytes, prot=mmap.PROT_READ)
            self._mapped = np.frombuffer(mapping, np.uint8)

    def read(self, where: Reference) -> NDArray[np.uint8]:
        """The bytes of one picture, (length,) uint8, not to be written; good until they are acknowledged.

        Raises:
            Refused: outside of the region, or the region has become shorter.
        """
        if where.offset + where.length > self._length_bytes:
            raise Refused(f"bytes {where.offset} to {where.offset + where.length} of {self._length_bytes}")
        if self._mapped is not None:
            if os.fstat(self._file).st_size < where.offset + where.length:
                raise Refused("the shared memory has become shorter")
            return self._mapped[where.offset : where.offset + where.length]
        if len(self._picture) != where.length:
            self._picture = np.empty(where.length, np.uint8)
        done = 0
        while done < where.length:
            count = os.preadv(self._file, [self._picture[done:].data], where.offset + done)
            if count == 0:
                raise Refused("the shared memory has become shorter")
            done += count
        return self._picture

    def close(self) -> None:
        """Let go of it; the client removes it."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
            self._mapped = None


def _is_ours(file: os.stat_result) -> bool:
    """It is of our own user, and nobody but our own group may write it, too."""
    return (file.st_uid, file.st_gid) == (os.geteuid(), os.getegid()) and not file.st_mode & stat.S_IWOTH
