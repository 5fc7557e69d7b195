"""Custom Vision's door over operations that only remember what they were asked, and visitors in front of it."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from footfall.customvision.door.admission import Admission
from footfall.customvision.door.app import App, Parts
from footfall.customvision.door.fetching import Allowed, Fetcher
from footfall.customvision.door.keys import AccessKeys, Area, KeyName
from footfall.customvision.door.links import SECRET_FILE, LinkSecrets, SignedLinks
from footfall.customvision.door.operations import OPERATIONS
from footfall.customvision.front import Front
from footfall.customvision.wishes import FrontWishes
from footfall.customvision.workshop import Workshop
from footfall.customvision.workspace.limits import Limits
from footfall.engine.clock import SystemClock

PROJECT = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
OTHER = "11111111-2222-4333-8444-555555555555"
BASE = "http://vision.test:8973"
T34 = "/customvision/v3.4-preview/training"
P31 = "/customvision/v3.1/prediction"


class HandClock:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic_s(self) -> float:
        return self.at.timestamp()

    def go(self, **time: float) -> None:
        self.at += timedelta(**time)


class Asked:
    """Operations that answer with what they are told to, and remember their arguments."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict]] = []
        self.shops: list[Workshop] = []
        self.answers: dict[str, object] = {}

    def operations(self) -> dict:
        return {name: self._operation(name) for name in OPERATIONS}

    def _operation(self, name: str):
        def operation(shop: Workshop, **arguments):
            inspect.signature(OPERATIONS[name]).bind(shop, **arguments)
            self.shops.append(shop)
            self.calls.append((name, arguments))
            answer = self.answers.get(name)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return operation


@dataclass
class VisionDoor:
    """All of it."""

    folder: Path
    asked: Asked = field(default_factory=Asked)
    clock: HandClock = field(default_factory=HandClock)
    audited: list = field(default_factory=list)
    _open: list = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keys = AccessKeys(self.folder / "keys", self.clock)
        self.secrets = {key.name: key.secret for key in self.keys.make_missing()}
        self.links = SignedLinks(LinkSecrets(self.folder / "keys" / SECRET_FILE), self.clock, BASE)

    def key(self, area: str = "training", number: int = 1) -> str:
        return self.secrets[KeyName(Area(area), number)]

    def app(self, *, operations=None, sessions=None, allowed=None, limits=None, public_url="", shop=None) -> App:
        shop = shop or Workshop(None, None, self.clock, limits or Limits(), self.links, self._audit)
        admission = Admission(self.keys, self.clock, sessions)
        fetcher = Fetcher(allowed or Allowed())
        parts = Parts(shop, self.links, admission, fetcher, public_url, operations or self.asked.operations())
        return App(parts)

    def visitor(self, address: str = "192.0.2.1", **more) -> VisionVisitor:
        """Somebody with the key that a path needs."""
        visitor = VisionVisitor(self, self.app(**more), address)
        self._open.append(visitor)
        return visitor

    def close(self) -> None:
        for visitor in self._open:
            visitor.close()

    def _audit(self, event: str, what) -> None:
        self.audited.append((event, dict(what)))


class VisionVisitor:
    """Shows the right key, unless it is told another; `None` as a header's value leaves it out."""

    def __init__(self, door: VisionDoor, app, address: str = "192.0.2.1") -> None:
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 40000))
        self._client = httpx.AsyncClient(transport=transport, base_url=BASE)
        self._door = door

    def ask(self, method: str, path: str, headers=None, **more) -> httpx.Response:
        area = "prediction" if "/prediction/" in path.lower() else "training"
        shown = {f"{area.title()}-Key": self._door.key(area), **(headers or {})}
        known = {name: value for name, value in shown.items() if value is not None}
        return self._runner.run(self._client.request(method, path, headers=known, **more))

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


class House:
    """A service with one project, and a visitor with its keys."""

    def __init__(self, folder, clock=None) -> None:
        self.front = Front(FrontWishes(folder), clock or SystemClock(), audit=lambda event, what: None)
        self._keys = {key.name: key.secret for key in self.front.new_keys}
        self.visitor = VisionVisitor(self, self.front.app)
        made = self.visitor.ask("POST", "/customvision/v3.3/training/projects?name=one").json()
        self.project = made["id"]
        tag = self.visitor.ask("POST", f"/customvision/v3.3/training/projects/{self.project}/tags?name=one").json()
        self.ids = [self.project, tag["id"]]

    def key(self, area: str) -> str:
        return next(secret for name, secret in self._keys.items() if name.area == area)

    def close(self) -> None:
        self.visitor.close()
        self.front.close()
