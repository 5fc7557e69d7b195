"""Where footfall keeps what outlives a run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from footfall.core.errors import ConfigError, Problem


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where footfall keeps models and outboxes: $FOOTFALL_DATA, else the XDG data folder.

    Raises:
        ConfigError: neither is set, and the user has no home.
    """
    if environ.get("FOOTFALL_DATA"):
        return Path(environ["FOOTFALL_DATA"])
    if environ.get("XDG_DATA_HOME"):
        return Path(environ["XDG_DATA_HOME"]) / "footfall"
    try:
        return Path.home() / ".local" / "share" / "footfall"
    except RuntimeError as error:
        problem = Problem("environment", "FOOTFALL_DATA", "the user has no home folder", "set FOOTFALL_DATA=FOLDER")
        raise ConfigError([problem]) from error


def models_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where pulled weights lie: $FOOTFALL_MODELS, else `models` in the data folder."""
    return Path(environ.get("FOOTFALL_MODELS") or data_folder(environ) / "models")


def safe(name: str) -> str:
    """A name as part of a file name."""
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in name)
