"""A data folder belongs to one process at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from footfall.core.errors import ConfigError, Problem


class FolderLock:
    """Holds a data folder for this process until it ends, however it ends.

    Raises:
        ConfigError: another process holds it.
    """

    def __init__(self, root: Path) -> None:
        path = root / "lock"
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            what = f"cannot be written: {error.strerror}"
            raise ConfigError([Problem(str(path), "--data", what, "choose another folder with --data")]) from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = os.pread(self._fd, 20, 0).decode(errors="replace").strip() or "unknown"
            os.close(self._fd)
            what = f"is in use by process {owner}"
            raise ConfigError(
                [Problem(str(root), "--data", what, "stop it, or give each service its own folder")]
            ) from error
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let others have it; safe to call twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
