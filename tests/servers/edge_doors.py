"""Further doors of a hub that runs in this process: HTTPS, and the sockets of its modules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from urllib.parse import quote

import httpx

from footfall.edge.sas import resource_of, signed
from footfall.edge.topics import Identity
from footfall.engine.clock import SystemClock
from footfall.hub.authority import Certificates, prepare
from footfall.hub.module_sockets import module_sockets, socket_path
from footfall.hub.monitor import trusting
from footfall.hub.service import answering
from servers.edge_hub import ThreadedHub, unix_s


def certificates(hub: ThreadedHub) -> Certificates:
    return prepare(hub.folder / "certificates", [hub.host], SystemClock().now())


class Https:
    """The HTTPS door of a hub, and callers of every kind."""

    def __init__(self, hub: ThreadedHub, port: int) -> None:
        self.hub, self.port = hub, port
        self.host = f"{hub.host}:{port}"
        self.trusted = trusting(hub.ca)
        self._client = httpx.Client(base_url=f"https://{self.host}", verify=self.trusted, timeout=60)

    def policy_token(self, policy: str = "iothubowner", path: str = "", life_s: int = 3600) -> str:
        key = self.hub.hub.identities.policies()[policy]
        return signed(key, quote(self.host + path, safe=""), unix_s() + life_s, policy).token

    def module_token(self, module: str | None) -> str:
        who = Identity(self.hub.hub.device, module)
        key = self.hub.ask(self.hub.hub.identities.get, who).primary_key
        return signed(key, resource_of(self.hub.hub.name, who.device, module), unix_s() + 3600).token

    def ask(self, verb: str, path: str, token: str | None = None, **options) -> httpx.Response:
        headers = {"Authorization": token or self.policy_token(), **options.pop("headers", {})}
        return self._client.request(verb, path, headers=headers, **options)

    def from_module(self, module: str, target: str, call: dict[str, object], edge_module: str = "") -> httpx.Response:
        device = self.hub.hub.device
        headers = {"x-ms-edge-moduleId": edge_module or f"{device}/{module}"}
        path = f"/twins/{device}/modules/{target}/methods?api-version=2019-10-01"
        return self.ask("POST", path, self.module_token(module), json=call, headers=headers)

    def close(self) -> None:
        self._client.close()


@contextmanager
def https(hub: ThreadedHub, port: int = 0) -> Iterator[Https]:
    """The HTTPS door, while inside."""
    stack = AsyncExitStack()
    port = hub.call(stack.enter_async_context(answering(hub.hub, hub.host, port, certificates(hub))))
    door = Https(hub, port)
    try:
        yield door
    finally:
        door.close()
        hub.call(stack.aclose())


class Sockets:
    """The workload sockets of a hub."""

    def __init__(self, hub: ThreadedHub) -> None:
        self.hub = hub

    def ask(self, socket_of: str, verb: str, path: str, body: object = None) -> httpx.Response:
        """Over the socket of one module."""
        transport = httpx.HTTPTransport(uds=str(socket_path(self.hub.folder, socket_of)))
        with httpx.Client(transport=transport, base_url="http://workload", timeout=60) as client:
            return client.request(verb, path, params={"api-version": "2019-01-30"}, json=body)


@contextmanager
def sockets(hub: ThreadedHub) -> Iterator[Sockets]:
    """The workload sockets, while inside."""
    stack = AsyncExitStack()
    hub.call(stack.enter_async_context(module_sockets(hub.hub, hub.folder, certificates(hub))))
    try:
        yield Sockets(hub)
    finally:
        hub.call(stack.aclose())
