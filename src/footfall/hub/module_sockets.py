"""A Unix socket with the workload API for every module of a hub, as modules come and go."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from logging import getLogger
from pathlib import Path
from typing import Final

from footfall.edge.topics import Identity
from footfall.hub.authority import Certificates
from footfall.hub.content import HUB
from footfall.hub.hub import Hub
from footfall.hub.module_specs import AGENT
from footfall.hub.web import BACKLOG, serving
from footfall.hub.workload import Workload

log = getLogger(__name__)

LOOK_S: Final = 0.5
"""How often to look for new modules: they may be made by another process, too."""
LONGEST_PATH: Final = 107
"""Bytes; what Linux allows for a socket."""
PART: Final = "new"
"""No longer than any socket's name."""


def socket_path(folder: Path, module: str) -> Path:
    """Where a module of the hub in `folder` finds its workload API."""
    return folder / "workload" / f"{module}.sock"


@asynccontextmanager
async def module_sockets(hub: Hub, folder: Path, certificates: Certificates) -> AsyncIterator[None]:
    """Keep a socket open for every module, while inside."""
    sockets = _Sockets(hub, folder, certificates)
    await sockets.look()
    task = asyncio.get_running_loop().create_task(sockets.keep_looking())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        await sockets.close()


class _Sockets:
    """Those that are open."""

    def __init__(self, hub: Hub, folder: Path, certificates: Certificates) -> None:
        self._hub = hub
        self._folder = folder
        self._certificates = certificates
        self._open: dict[Identity, AsyncExitStack] = {}
        socket_path(folder, "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            await self.look()

    async def look(self) -> None:
        """Open what is missing, close what nobody needs any more."""
        wanted = {module.identity for module in self._hub.modules()}
        wanted -= {Identity(self._hub.device, name) for name in (AGENT, HUB)}
        for gone in self._open.keys() - wanted:
            await self._open.pop(gone).aclose()
        for new in wanted - self._open.keys():
            self._open[new] = AsyncExitStack()
            await self._serve(new, socket_path(self._folder, new.module or ""))

    async def close(self) -> None:
        await asyncio.gather(*(stack.aclose() for stack in self._open.values()))

    async def _serve(self, module: Identity, path: Path) -> None:
        listener = _bound(path)
        if listener is not None:
            stack = self._open[module]
            stack.callback(path.unlink, missing_ok=True)
            workload = Workload(self._hub, module, self._certificates)
            await stack.enter_async_context(serving(workload.app(), listener))


def _bound(path: Path) -> socket.socket | None:
    """A socket that is not there before somebody listens: modules come as soon as it is."""
    if len(bytes(path)) > LONGEST_PATH:
        log.warning("%s is too long a path for a socket: no workload API there; a shorter --data helps", path)
        return None
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    part = path.with_name(PART)
    try:
        part.unlink(missing_ok=True)
        listener.bind(str(part))
        part.chmod(0o600)
        listener.listen(BACKLOG)
        part.rename(path)
    except OSError as error:
        listener.close()
        part.unlink(missing_ok=True)
        log.warning("no workload API at %s: %s", path, error.strerror)
        return None
    return listener
