"""The folder that everything of Custom Vision is in: only its user may look into it, only one process uses it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from footfall.core.errors import ConfigError, Problem


@dataclass(frozen=True, slots=True)
class VisionFolder:
    """What is where."""

    root: Path

    @property
    def database(self) -> Path:
        """Projects, tags, labels, iterations."""
        return self.root / "vision.sqlite"

    @property
    def objects(self) -> Path:
        """Pictures, models and exports, sealed."""
        return self.root / "objects"

    @property
    def keys(self) -> Path:
        """What objects are sealed with, and what clients show."""
        return self.root / "keys"

    def prepare(self) -> None:
        """Make it, for this user alone.

        Raises:
            ConfigError: it cannot be made.
        """
        try:
            for folder in (self.root, self.objects, self.keys):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                folder.chmod(0o700)
        except OSError as error:
            raise _wrong(Path(error.filename or self.root), f"cannot be made: {error.strerror}") from error


def _wrong(path: Path, what: str) -> ConfigError:
    return ConfigError([Problem(str(path), "--data", what, "choose another folder with --data")])
