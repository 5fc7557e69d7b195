"""How recordings are kept, as the environment says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from footfall.core.errors import ConfigError, Problem
from footfall.recording.sink import Keeping
from footfall.vault.keys import keys_of

DAYS: Final = "FOOTFALL_RECORDING_DAYS"


def read_keeping(environ: Mapping[str, str]) -> Keeping:
    """Keys and age of recordings: FOOTFALL_RECORDING_KEY, _KEY_FILE and FOOTFALL_RECORDING_DAYS.

    Raises:
        ConfigError: one of them is wrong.
    """
    return Keeping(keys_of(environ), retention_days(environ))


def retention_days(environ: Mapping[str, str]) -> int | None:
    """How long recordings are kept; None: until somebody deletes them.

    Raises:
        ConfigError: it is no number of days.
    """
    days = environ.get(DAYS, "").strip()
    if days and not (days.isdigit() and int(days) > 0):
        raise ConfigError([Problem("environment", DAYS, f"{days!r} is no number of days", "write one such as 30")])
    return int(days) if days else None
