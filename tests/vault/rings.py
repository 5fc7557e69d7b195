"""A ring as a service has it, with a customer's key in a key server, and what it has told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from footfall.vault.making import make_ring
from footfall.vault.objects import SealedObjects
from footfall.vault.ring import Ring
from servers.clock import SetClock
from servers.transit_server import TransitServer


class House:
    """Keys and objects below one folder, at a time that the test sets."""

    def __init__(self, folder: Path, server: TransitServer | None = None, **environ: str) -> None:
        self.folder = folder
        self.clock = SetClock()
        self.events: list[tuple[str, Mapping[str, object]]] = []
        self.environ = dict(environ)
        if server is not None:
            self.environ |= {"FOOTFALL_CUSTOMER_KEY": server.url, "FOOTFALL_KEY_SERVER_TOKEN": "the-token"}
        self.open()

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    def open(self) -> None:
        """As at the start of a service."""
        self.ring: Ring = make_ring(self.keys, self.environ, self.clock, self.audit, self.folder / "objects")
        self.objects = SealedObjects(self.folder / "objects", self.ring)

    def audit(self, event: str, what: Mapping[str, object]) -> None:
        self.events.append((event, what))

    def heard(self) -> list[str]:
        """Events since somebody asked last."""
        names = [event for event, _ in self.events]
        self.events.clear()
        return names
