"""All of Custom Vision put together over one data folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from footfall.core.ports import Clock

if TYPE_CHECKING:
    from footfall.customvision.workshop import Links, Workshop
    from footfall.vault.ring import KeyRing


class CustomVision:
    """One data folder, opened: tables up to date, expired predictions gone; trainings go on after `start`.

    Args:
        folder: holds `vision.sqlite`, `objects`, `keys` and `lock`; made where it is missing.
        clock: dates everything.
        links: makes the addresses of pictures and archives.
        ring: wraps the keys of objects; the folder's own service key where none is given.
        audit: hears what was done.

    Raises:
        ConfigError: the folder cannot be used, or another process holds it.
    """

    shop: Workshop
    """What all operations take."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        links: Links,
        ring: KeyRing | None = None,
        audit: Callable[[str, Mapping[str, object]], None] | None = None,
    ) -> None:
        raise NotImplementedError

    def start(self) -> None:
        """Begin to train what waits, and to look for what has expired."""
        raise NotImplementedError

    def close(self) -> None:
        """End children, let go of the folder; safe to call twice. A training that was running begins anew next time."""
        raise NotImplementedError
