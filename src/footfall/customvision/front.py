"""Custom Vision with its door: one data folder, opened, and the application that answers for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from footfall.core.errors import FootfallError
from footfall.core.ports import Clock
from footfall.customvision.admission import Admission, Sessions
from footfall.customvision.app import App, Parts
from footfall.customvision.fetching import Allowed, Fetcher
from footfall.customvision.keys import AccessKeys, NewKey
from footfall.customvision.links import SECRET_FILE, LinkSecrets, SignedLinks
from footfall.customvision.service import CustomVision

if TYPE_CHECKING:
    from footfall.customvision.workshop import Workshop
    from footfall.vault.keys import KeyRing


@dataclass(frozen=True, slots=True)
class FrontWishes:
    """What it is opened with."""

    folder: Path
    public_url: str = ""
    """How clients reach it; empty: as each of them calls it."""
    allowed: Allowed = field(default_factory=Allowed)
    """Where pictures may be fetched from."""
    threads: int = 2
    """So many pictures are predicted at the same time."""


def keys_folder(folder: Path) -> Path:
    """Where the keys of a data folder are."""
    return folder / "keys"


class Front:
    """Opens in `__init__`, trains between `start` and `close`, answers by `app`.

    Args:
        wishes: what was asked for.
        clock: the time.
        ring: wraps the keys of objects.
        audit: hears what was done.
        sessions: lets people in without a key.

    Raises:
        ConfigError: the folder is in use or cannot be used.
    """

    def __init__(
        self,
        wishes: FrontWishes,
        clock: Clock,
        ring: KeyRing | None = None,
        audit: Callable[[str, Mapping[str, object]], None] | None = None,
        sessions: Sessions | None = None,
    ) -> None:
        keys = keys_folder(wishes.folder)
        links = SignedLinks(LinkSecrets(keys / SECRET_FILE), clock, wishes.public_url)
        self._vision = CustomVision(wishes.folder, clock, links, ring, audit)
        try:
            access = AccessKeys(keys, clock)
            self.new_keys: list[NewKey] = access.make_missing()
            """Those that were made just now: nobody can read them again."""
        except (FootfallError, OSError):
            self._vision.close()
            raise
        admission = Admission(access, clock, sessions)
        parts = Parts(self._vision.shop, links, admission, Fetcher(wishes.allowed), wishes.public_url)
        self.app = App(parts, predicting=wishes.threads)

    @property
    def shop(self) -> Workshop:
        """What all operations take."""
        return self._vision.shop

    def start(self) -> None:
        """Begin to train what waits."""
        self._vision.start()

    def close(self) -> None:
        """End everything; safe to call twice."""
        self._vision.close()
