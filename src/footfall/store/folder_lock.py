"""A data folder belongs to one process at a time."""

from __future__ import annotations

from pathlib import Path

from footfall.core.errors import ConfigError, Problem
from footfall.disk.lock import FileLock, InUseError


class FolderLock(FileLock):
    """Holds a data folder for this process until it ends, however it ends.

    Raises:
        ConfigError: another process holds it, or it cannot be written.
    """

    def __init__(self, root: Path) -> None:
        path = root / "lock"
        try:
            super().__init__(path)
        except InUseError as error:
            cure = "stop it, or give each service its own folder"
            raise ConfigError([Problem(str(root), "--data", str(error), cure)]) from error
        except OSError as error:
            what = f"cannot be written: {error.strerror}"
            raise ConfigError([Problem(str(path), "--data", what, "choose another folder with --data")]) from error
