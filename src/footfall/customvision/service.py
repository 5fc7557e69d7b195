"""All of Custom Vision put together over one data folder."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from footfall.core.ports import Clock
from footfall.customvision.background import Background
from footfall.customvision.folder import VisionFolder
from footfall.customvision.prediction import retention
from footfall.customvision.training.jobs import Jobs
from footfall.customvision.training.trainer import Means
from footfall.customvision.workshop import Links, Workshop
from footfall.customvision.workspace import erasing
from footfall.customvision.workspace.limits import Limits
from footfall.store.database import open_database
from footfall.store.folder_lock import FolderLock
from footfall.vault.faults import KeyRevoked
from footfall.vault.keys import KeyRing
from footfall.vault.making import make_ring
from footfall.vault.objects import SealedObjects

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 15.0
"""How often somebody makes sure that the key is not revoked, though nobody asks for anything."""


class CustomVision:
    """One data folder, opened: tables up to date, expired predictions gone; trainings go on after `start`.

    Args:
        folder: holds `vision.sqlite`, `objects`, `keys` and `lock`; made where it is missing.
        clock: dates everything.
        links: makes the addresses of pictures and archives.
        ring: wraps the keys of objects; the one that the environment describes where none is given.
        audit: hears what was done; the log does, where nobody is given.

    Raises:
        ConfigError: the folder cannot be used, or another process holds it.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - all but three have a default
        self,
        folder: Path,
        clock: Clock,
        links: Links,
        ring: KeyRing | None = None,
        audit: Callable[[str, Mapping[str, object]], None] | None = None,
        limits: Limits | None = None,
        means: Means | None = None,
    ) -> None:
        place, told = VisionFolder(folder), audit or _note
        place.prepare()
        self._lock = FolderLock(place.root)
        try:
            ring = ring or make_ring(place.keys, os.environ, clock, told, place.objects)
            engine = open_database(place.database, "vision")
            sealed = SealedObjects(place.objects, ring)
            bare = Workshop(engine, sealed, clock, limits or Limits(), links, told, ring=ring)
            erasing.finish(bare)
            self._retention = retention.Retention(bare)
            self._retention.look()
        except BaseException:
            self._lock.release()
            raise
        self._jobs = Jobs(bare, means)
        self.shop = bare.with_jobs(self._jobs)
        """What all operations take."""
        self._purging = Background("retention", self._purge, retention.PURGE_EVERY_S)
        self._looking = Background("key", self._look, LOOK_EVERY_S)

    def start(self) -> None:
        """Begin to train what waits, and to look for what has expired."""
        self._jobs.start()
        self._purging.start()
        self._looking.start()

    def close(self) -> None:
        """End children, let go of the folder; safe to call twice. A training that was running begins anew next time."""
        for part in (self._jobs, self._purging, self._looking):
            part.close()
        self.shop.models.clear()
        self.shop.engine.dispose()
        self._lock.release()

    def _purge(self) -> bool:
        self._retention.look()
        return False

    def _look(self) -> bool:
        try:
            self.shop.check_key()
        except KeyRevoked:
            self.shop.models.clear()
        return False


def _note(event: str, what: Mapping[str, object]) -> None:
    log.info("%s %s", event, " ".join(f"{name}={value}" for name, value in what.items()))
