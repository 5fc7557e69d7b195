"""Custom Vision with its door: one data folder, opened, and the application that answers for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from footfall.core.errors import FootfallError
from footfall.core.ports import Clock
from footfall.customvision.door.admission import Admission, Sessions
from footfall.customvision.door.app import App, Parts
from footfall.customvision.door.fetching import Allowed, Fetcher
from footfall.customvision.door.keys import AccessKeys, NewKey
from footfall.customvision.door.links import SECRET_FILE, LinkSecrets, SignedLinks
from footfall.customvision.folder import VisionFolder
from footfall.customvision.service import CustomVision
from footfall.customvision.wishes import FrontWishes
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace.from_cameras import CameraStudio
from footfall.customvision.workspace.limits import Limits

if TYPE_CHECKING:
    from footfall.vault.keys import KeyRing


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
        keys = VisionFolder(wishes.folder).keys
        links = SignedLinks(LinkSecrets(keys / SECRET_FILE), clock, wishes.public_url)
        limits = Limits(prediction_days=wishes.prediction_days)
        self._vision = CustomVision(wishes.folder, clock, links, ring, audit, limits)
        try:
            access = AccessKeys(keys, clock)
            self.new_keys: list[NewKey] = access.make_missing()
            """Those that were made just now: nobody can read them again."""
        except (FootfallError, OSError):
            self._vision.close()
            raise
        admission = Admission(access, clock, sessions)
        parts = Parts(
            self._vision.shop,
            links,
            admission,
            Fetcher(Allowed(wishes.fetches_public, wishes.fetches_from)),
            wishes.public_url,
        )
        self.app = App(parts, predicting=wishes.threads)

    @property
    def studio(self) -> CameraStudio:
        """Where pictures of cameras go."""
        return CameraStudio(self._vision.shop)

    @property
    def shop(self) -> Workshop:
        """Where projects, their pictures and their models are."""
        return self._vision.shop

    def start(self) -> None:
        """Begin to train what waits."""
        self._vision.start()

    def close(self) -> None:
        """End everything; safe to call twice."""
        self._vision.close()
