"""The folder that everything of a service is in: only its user may look into it, only one process uses it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from footfall.core.errors import ConfigError, Problem

FOLDERS = ("keys", "outbox", "calibrations", "places", "visits", "recordings", "tls")
TRAINED_MODELS = "TRAINED_MODELS"
"""Stands for the folder of models of one's own in the configuration: it so holds wherever the data folder is."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """What is where."""

    root: Path

    @property
    def own(self) -> Path:
        """Accounts, configuration, audit log."""
        return self.root / "own.sqlite"

    @property
    def store(self) -> Path:
        """Events and numbers, where no server holds them."""
        return self.root / "store.sqlite"

    @property
    def keys(self) -> Path:
        """What secrets are sealed with."""
        return self.root / "keys"

    @property
    def outbox(self) -> Path:
        """What receivers have not taken yet."""
        return self.root / "outbox"

    @property
    def calibrations(self) -> Path:
        """What was learnt about cameras."""
        return self.root / "calibrations"

    @property
    def places(self) -> Path:
        """How many are inside."""
        return self.root / "places"

    @property
    def visits(self) -> Path:
        """Who is in a zone at the moment; gone when it is read."""
        return self.root / "visits"

    @property
    def recordings(self) -> Path:
        """Video, where somebody wants it."""
        return self.root / "recordings"

    @property
    def snapshots(self) -> Path:
        """How many pictures were taken to learn from."""
        return self.root / "snapshots.json"

    @property
    def trained(self) -> Path:
        """Models of one's own that cameras ask."""
        return self.root / "trained"

    @property
    def tls(self) -> Path:
        """The certificate that the service has made for itself."""
        return self.root / "tls"

    def prepare(self) -> None:
        """Make it, for this user alone.

        Raises:
            ConfigError: it cannot be made.
        """
        try:
            for folder in (self.root, *(self.root / name for name in FOLDERS)):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                folder.chmod(0o700)
        except OSError as error:
            what, cure = f"cannot be made: {error.strerror}", "choose another folder with --data"
            raise ConfigError([Problem(str(error.filename or self.root), "--data", what, cure)]) from error
