"""The edge hub's core: what arrives at one door leaves by another.

One asyncio loop; nothing here may be called from another thread. Both doors, MQTT (`hub.listener`) and HTTPS
(`hub.service`), see only this.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import msgspec

from footfall.core.ports import Clock
from footfall.edge.topics import Identity, desired_patch, method_call
from footfall.hub import store as kept
from footfall.hub.calls import Calls
from footfall.hub.clients import Clients
from footfall.hub.content import HUB, Applied, forwarding, read_content
from footfall.hub.documents import Document
from footfall.hub.identities import Identities, Module, Place, furnish
from footfall.hub.journal import Journal
from footfall.hub.log import EventLog, Position, Tail, beginning
from footfall.hub.messages import BadRequest, HubMessage, Reply, StorageFailed
from footfall.hub.module_specs import AGENT, MODULE_NAME
from footfall.hub.registry import Registry
from footfall.hub.router import Router
from footfall.hub.store import Store, held
from footfall.hub.twins import Change, Twin, Update

PURGE_S: Final = 60.0
"""How often messages that are out of date are thrown away."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a hub stands on."""

    store: Store
    log: EventLog
    clock: Clock


@asynccontextmanager
async def open_hub(
    folder: Path, clock: Clock, name: str | None = None, device: str | None = None
) -> AsyncIterator[Hub]:
    """A hub whose memory is a folder; `name` and `device` as `identities.furnish` takes them.

    Raises:
        ConfigError: the folder cannot be used, or another hub runs in it.
    """
    with held(folder):
        store = Store(folder / "hub.sqlite")
        try:
            log = EventLog(folder / "events")
            try:
                hub = Hub(Parts(store, log, clock), furnish(store, name, device))
                try:
                    yield hub
                finally:
                    await hub.close()
            finally:
                log.close()
        finally:
            store.close()


class Hub:
    """Twins, direct methods, routes, event log and sessions of one edge device and its modules."""

    def __init__(self, parts: Parts, place: Place) -> None:
        self.place = place
        self.clock = parts.clock
        self.identities = Identities(parts.store, place)
        """Who there is, keys and policies; `identities.admit(token, now_s)` checks tokens for both doors."""
        self.journal = Journal(parts.store, parts.log)
        self.clients = Clients(parts.store, self.journal, parts.clock)
        self.calls = Calls(lambda who, name, rid, payload: self.clients.push(who, method_call(name, rid), payload))
        self._registry = Registry(parts.store, self.journal, self.identities)
        routes = forwarding(self.twin(self._module(HUB)).desired.values)
        self.router = Router(routes, self.journal, self.clients)
        self._log = parts.log
        self._is_closed = False
        self._purging = asyncio.get_running_loop().create_task(self._purge())

    @property
    def name(self) -> str:
        """`HostName` of connection strings, first part of every token's resource."""
        return self.place.name

    @property
    def device(self) -> str:
        """Id of the edge device."""
        return self.place.device

    def modules(self) -> tuple[Module, ...]:
        """All modules of the device, also `$edgeAgent` and `$edgeHub`."""
        self.identities.reload()
        return tuple(module for module in self.identities.all() if module.identity.module is not None)

    async def add_module(self, name: str) -> Module:
        """Make a module with new keys, or find it as it is.

        Raises:
            BadRequest: no module may be called that.
            StorageFailed: the disk is full or broken.
        """
        if not MODULE_NAME.fullmatch(name) and name not in {AGENT, HUB}:
            raise BadRequest(f"{name!r} cannot be a module's name")
        self._registry.add(self._module(name))
        await self._settled()
        return self.identities.get(self._module(name))

    async def remove_module(self, name: str) -> None:
        """Forget a module, its twin and all that waits for it.

        Raises:
            UnknownIdentity: there is no such.
            BadRequest: it belongs to every device.
            StorageFailed: the disk is full or broken.
        """
        if name in {AGENT, HUB}:
            raise BadRequest(f"{name} belongs to every device")
        self._remove(self.identities.get(self._module(name)).identity)
        await self._settled()

    def twin(self, who: Identity) -> Twin:
        """The present twin.

        Raises:
            UnknownIdentity: no such device or module.
        """
        return self._registry.twin(who)

    async def update_twin(self, who: Identity, update: Update, etag: str | None = None) -> Twin:
        """What a back end wants of the tags and desired properties; a module that listens is told.

        On the disk when it returns. `etag` as `Twin.require_etag` takes it.

        Raises:
            UnknownIdentity, StaleTwin, BadRequest, StorageFailed: nothing was changed.
        """
        twin = self.twin(who)
        twin.require_etag(etag)
        change = twin.updated(update, self.clock.now())
        routes = forwarding(change.twin.desired.values) if who.module == HUB else None
        twin = await self._registry.keep(who, change.twin)
        if routes is not None:
            self.router.forwarding = routes
        self._tell(who, change)
        return twin

    async def report(self, who: Identity, patch: Document) -> Twin:
        """Merge into the reported properties of any module, the hub's own too; as `update_twin` else."""
        now = self.clock.now()
        twin = self.twin(who).with_reported(patch, now)
        body = msgspec.json.encode({"properties": {"reported": {**patch, "$version": twin.reported.version}}})
        system = {"$.ct": "application/json", "$.ce": "utf-8"}
        self.router.send(HubMessage(who, "", body, system, {}, now, str(uuid4()), is_twin_change=True))
        return await self._registry.keep(who, twin)

    async def invoke(
        self, who: Identity, name: str, payload: bytes, response_timeout_s: float, connect_timeout_s: float
    ) -> Reply:
        """Run a direct method: `payload` is JSON text.

        Raises:
            UnknownIdentity, BadRequest, NotConnected, NoReply: as they say.
        """
        self.identities.get(who)
        return await self.calls.invoke(who, name, payload, response_timeout_s, connect_timeout_s)

    async def apply(self, content: Document) -> None:
        """Apply a manifest: modules made and removed, desired properties replaced, routes set; all of it or nothing.

        Raises:
            BadRequest: it breaks a rule; nothing was changed.
            StorageFailed: the disk is full or broken.
        """
        wanted = read_content(content)
        known = {name: who for name in wanted.desired if self.identities.has(who := self._module(name))}
        twins = {name: self.twin(who) for name, who in {**known, AGENT: self._module(AGENT)}.items()}
        applied = wanted.applied(twins, self.clock.now())
        self._make_so(applied)
        await self._settled()
        for name, change in applied.changes.items():
            self._tell(self._module(name), change)

    def is_connected(self, who: Identity) -> bool:
        """Whether a device or module has an open MQTT connection."""
        return self.clients.is_connected(who)

    async def events(self, start: Position | None = None) -> AsyncGenerator[tuple[Position, bytes]]:
        """The event log as it grows, from a position or from now: one JSON line each (`hub.record`), and its end."""
        tail = Tail(self._log.folder, start or self._log.end)
        while not self._is_closed:
            written = self.journal.written
            lines = tail.read(self._log.end)
            at = Position(tail.position.file, tail.position.offset - sum(len(line) + 1 for line in lines))
            for line in lines:
                at = Position(at.file, at.offset + len(line) + 1)
                yield at, line
            if not lines:
                await written.wait()

    @property
    def log_folder(self) -> Path:
        """Where the event log lies."""
        return self._log.folder

    @property
    def log_end(self) -> Position:
        """Behind the newest event that is on the disk."""
        return self._log.end

    def first_event(self) -> Position:
        """Before the oldest event that is still kept."""
        return beginning(self._log.folder)

    async def close(self) -> None:
        """End all connections, write what is left; safe to call twice."""
        if self._is_closed:
            return
        self._is_closed = True
        self._purging.cancel()
        self.clients.close("the hub stops")
        await self.journal.close()

    def _module(self, name: str) -> Identity:
        return Identity(self.place.device, name)

    def _tell(self, who: Identity, change: Change) -> None:
        if change.told is not None:
            self.clients.push(who, desired_patch(change.twin.desired.version), change.told)

    def _make_so(self, applied: Applied) -> None:
        """Change everything at once: one batch of the journal."""
        for name in applied.modules:
            self._registry.add(self._module(name))
        for name in applied.removed:
            self._remove(self._module(name))
        for name, change in applied.changes.items():
            self._registry.put(self._module(name), change.twin)
        if HUB in applied.changes:
            self.router.forwarding = forwarding(applied.changes[HUB].twin.desired.values)

    def _remove(self, who: Identity) -> None:
        self.clients.forget(who)
        self._registry.remove(who)

    async def _settled(self) -> None:
        try:
            await self.journal.sync()
        except StorageFailed:
            self._registry.reread()
            self.router.forwarding = forwarding(self.twin(self._module(HUB)).desired.values)
            raise

    async def _purge(self) -> None:
        while True:
            self.journal.change(kept.expired(self.clock.now().timestamp()))
            await asyncio.sleep(PURGE_S)
