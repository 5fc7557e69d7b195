"""The edge hub's core: what arrives at one door leaves by another. One asyncio loop; nothing here may be called from elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from footfall.edge.topics import Identity
from footfall.hub.identities import Identities, Module
from footfall.hub.messages import Reply

if TYPE_CHECKING:
    from footfall.hub.twins import Twin


class Hub:
    """Twins, direct methods, routes, event log and sessions of one edge device and its modules."""

    name: str
    """The hub's name: `HostName` of connection strings, first part of every token's resource."""
    device: str
    identities: Identities
    """Who there is, keys and policies; `identities.admit(token_text, now_s)` checks tokens for both doors."""

    def modules(self) -> tuple[Module, ...]:
        """All modules of the device, also `$edgeAgent` and `$edgeHub`."""
        raise NotImplementedError

    def twin(self, who: Identity) -> Twin:
        """The present twin.

        Raises:
            UnknownIdentity: no such device or module.
        """
        raise NotImplementedError

    async def patch_desired(self, who: Identity, patch: Mapping[str, Any], etag: str = "*") -> Twin:
        """Merge into the desired properties, tell the module if it listens; on the disk when it returns.

        Raises:
            UnknownIdentity, StaleTwin, BadRequest: nothing was changed.
        """
        raise NotImplementedError

    async def replace_desired(self, who: Identity, desired: Mapping[str, Any], etag: str = "*") -> Twin:
        """Put these desired properties in place of the old ones; as `patch_desired` else."""
        raise NotImplementedError

    async def report(self, who: Identity, patch: Mapping[str, Any]) -> Twin:
        """Merge into the reported properties (also for modules of the hub's own, such as `$edgeAgent`)."""
        raise NotImplementedError

    async def invoke(
        self, who: Identity, name: str, payload: bytes, response_timeout_s: float, connect_timeout_s: float
    ) -> Reply:
        """Run a direct method: `payload` is JSON text.

        Raises:
            UnknownIdentity, BadRequest, NotConnected, NoReply: as they say.
        """
        raise NotImplementedError

    async def apply(self, content: Mapping[str, Any]) -> None:
        """Apply the inside of `modulesContent`: modules made and removed, desired properties replaced, routes set.

        Raises:
            BadRequest: nothing was changed.
        """
        raise NotImplementedError

    def is_connected(self, who: Identity) -> bool:
        """Whether a device or module has an open MQTT connection."""
        raise NotImplementedError

    def events(self, *, from_now: bool = True) -> AsyncIterator[bytes]:
        """The event log as it grows: one JSON line each, without line feed (`hub.log` tells its fields)."""
        raise NotImplementedError
