"""What belongs to one process at a time."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path


class InUseError(Exception):
    """Another process has it; the text goes on from its name."""


class FileLock:
    """Holds a file for this process until it ends, however it ends.

    Args:
        path: made where there is none; whoever is refused finds the holder's number in it.

    Raises:
        InUseError: another process holds it.
        OSError: it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._fd, 20, 0).decode(errors="replace").strip() or "unknown"
            self.release()
            raise InUseError(f"is in use by process {holder}") from error
        except OSError:
            self.release()
            raise
        with suppress(OSError):  # a full disk: it is held all the same
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let others have it; safe to call twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
