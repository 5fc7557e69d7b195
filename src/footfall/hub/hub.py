"""The edge hub's core: what arrives at one door leaves by another. One asyncio loop; nothing here may be called from elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from footfall.core.ports import Clock
from footfall.edge.topics import DESIRED, Identity, desired_patch, method_call
from footfall.hub import store as kept
from footfall.hub import twins
from footfall.hub.calls import Calls
from footfall.hub.clients import Clients
from footfall.hub.content import read_content
from footfall.hub.identities import AGENT, HUB, Identities, Module, Place, furnish, new_module
from footfall.hub.journal import Journal
from footfall.hub.log import EventLog, Position, Tail, beginning
from footfall.hub.messages import BadRequest, Reply, UnknownIdentity
from footfall.hub.router import Router, read_routing
from footfall.hub.store import Store, held
from footfall.hub.twins import Twin

PURGE_S: Final = 60.0
"""How often messages that are out of date are thrown away."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a hub stands on."""

    store: Store
    events: EventLog
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
        events = EventLog(folder / "events")
        try:
            hub = Hub(Parts(store, events, clock), furnish(store, name, device))
            try:
                yield hub
            finally:
                await hub.close()
        finally:
            events.close()
            store.close()


class Hub:
    """Twins, direct methods, routes, event log and sessions of one edge device and its modules."""

    def __init__(self, parts: Parts, place: Place) -> None:
        self.place = place
        self.clock = parts.clock
        self._store = parts.store
        self._events = parts.events
        self.identities = Identities(parts.store, place)
        """Who there is, keys and policies; `identities.admit(token, now_s)` checks tokens for both doors."""
        self.journal = Journal(parts.store, parts.events)
        self.clients = Clients(parts.store, self.journal, parts.clock)
        self.router = Router(self.journal, self.clients, parts.clock, self._exists)
        self.calls = Calls(self._ask)
        self._twins: dict[Identity, Twin] = {}
        self._purging = asyncio.get_running_loop().create_task(self._purge())
        self._is_closed = False
        self.router.routing = read_routing(self.twin(Identity(place.device, HUB)).desired.values)

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
        return tuple(module for module in self.identities.all() if module.identity.module is not None)

    async def add_module(self, name: str) -> Module:
        """Make a module with new keys, or find it as it is.

        Raises:
            BadRequest: no module may be called that.
        """
        module = self._new(name, is_managed=False)
        if module is not None:
            await self.journal.settled()
        return self.identities.get(Identity(self.device, name))

    async def remove_module(self, name: str) -> None:
        """Forget a module, its twin and all that waits for it.

        Raises:
            UnknownIdentity: there is no such, or it is the hub's own.
        """
        who = self.identities.get(Identity(self.device, name)).identity
        if name in {AGENT, HUB}:
            raise BadRequest(f"{name} belongs to every device")
        self._remove(who)
        await self.journal.settled()

    def twin(self, who: Identity) -> Twin:
        """The present twin.

        Raises:
            UnknownIdentity: no such device or module.
        """
        if who not in self._twins:
            self.identities.get(who)
            document = self._store.twin(who)
            self._twins[who] = Twin() if document is None else Twin.decode(document)
        return self._twins[who]

    async def patch_desired(self, who: Identity, patch: Mapping[str, Any], etag: str | None = None) -> Twin:
        """Merge into the desired properties, tell the module if it listens; on the disk when it returns.

        Raises:
            UnknownIdentity, StaleTwin, BadRequest: nothing was changed.
            StorageFailed: the disk is full or broken.
        """
        now = self.clock.now()
        return await self._change(who, etag, lambda twin: twin.with_desired(patch, now))

    async def replace_desired(self, who: Identity, desired: Mapping[str, Any], etag: str | None = None) -> Twin:
        """Put these desired properties in place of the old ones; as `patch_desired` else."""
        now = self.clock.now()
        return await self._change(who, etag, lambda twin: twin.with_all_desired(desired, now))

    async def set_tags(self, who: Identity, tags: Mapping[str, Any], etag: str | None = None) -> Twin:
        """Put these tags in place of the old ones; as `patch_desired` else."""
        twin = self.twin(who)
        twin.require_etag(etag)
        return await self._keep(who, twin.with_tags(tags))

    async def report(self, who: Identity, patch: Mapping[str, Any]) -> Twin:
        """Merge into the reported properties (also for modules of the hub's own, such as `$edgeAgent`)."""
        return await self._keep(who, self.twin(who).with_reported(patch, self.clock.now()))

    async def invoke(
        self, who: Identity, name: str, payload: bytes, response_timeout_s: float, connect_timeout_s: float
    ) -> Reply:
        """Run a direct method: `payload` is JSON text.

        Raises:
            UnknownIdentity, BadRequest, NotConnected, NoReply: as they say.
        """
        self.identities.get(who)
        return await self.calls.invoke(who, name, payload, response_timeout_s, connect_timeout_s)

    async def apply(self, content: Mapping[str, Any]) -> None:
        """Apply the inside of `modulesContent`: modules made and removed, desired properties replaced, routes set.

        Raises:
            BadRequest: nothing was changed.
        """
        wanted = read_content(content)
        now = self.clock.now()
        changes = {}
        for name, desired in wanted.desired.items():
            who = Identity(self.device, name)
            changes[who] = (self.twin(who) if self._exists(who) else Twin()).with_all_desired(desired, now)
        if HUB in wanted.desired:
            routing = read_routing(wanted.desired[HUB])
            self.router.routing = routing
        for name in wanted.modules:
            self._new(name, is_managed=True)
        for module in self.modules():
            if module.is_managed and module.identity.module not in wanted.modules:
                self._remove(module.identity)
        await asyncio.gather(*(self._told(who, change) for who, change in changes.items()))

    def is_connected(self, who: Identity) -> bool:
        """Whether a device or module has an open MQTT connection."""
        return self.clients.is_connected(who)

    async def events(self, start: Position | None = None) -> AsyncIterator[tuple[Position, bytes]]:
        """The event log as it grows, from a position or from now: one JSON line each (`hub.record`), and where it ends."""
        tail = Tail(self._events.folder, start or self._events.end)
        while not self._is_closed:
            written = self.journal.written
            lines = tail.read(self._events.end)
            for line in lines:
                yield tail.position, line
            if not lines:
                await written.wait()

    def first_event(self) -> Position:
        """Before the oldest event that is still kept."""
        return beginning(self._events.folder)

    async def close(self) -> None:
        """End all connections, write what is left."""
        self._is_closed = True
        self._purging.cancel()
        self.clients.close()
        await self.journal.close()

    async def _change(self, who: Identity, etag: str | None, change: Callable[[Twin], twins.Change]) -> Twin:
        twin = self.twin(who)
        twin.require_etag(etag)
        changed = change(twin)
        if who.module == HUB:
            self.router.routing = read_routing(changed.twin.desired.values)
        return await self._told(who, changed)

    async def _told(self, who: Identity, change: twins.Change) -> Twin:
        """Keep new desired properties, then tell the module."""
        twin = await self._keep(who, change.twin)
        self.clients.push(who, desired_patch(twin.desired.version), change.told)
        return twin

    async def _keep(self, who: Identity, twin: Twin) -> Twin:
        self._twins[who] = twin
        self.journal.change(kept.twin(who, twin.encode()))
        try:
            await self.journal.settled()
        except BaseException:
            self._twins.pop(who, None)
            raise
        return twin

    def _new(self, name: str, *, is_managed: bool) -> Module | None:
        ...

    def _remove(self, who: Identity) -> None:
        self.clients.forget(who)
        self._twins.pop(who, None)
        self.identities.forget(who)
        self.journal.change(*kept.gone(who.client_id))

    def _exists(self, who: Identity) -> bool:
        try:
            self.identities.get(who)
        except UnknownIdentity:
            return False
        return True

    def _ask(self, who: Identity, name: str, rid: str, payload: bytes) -> bool:
        return self.clients.push(who, method_call(name, rid), payload)

    async def _purge(self) -> None:
        while True:
            self.journal.change(kept.expired(self.clock.now().timestamp()))
            await asyncio.sleep(PURGE_S)
