"""The twins of all identities: in memory as they are, on the disk before anybody hears of a change."""

from __future__ import annotations

from footfall.edge.topics import Identity
from footfall.hub import store as kept
from footfall.hub.identities import Identities
from footfall.hub.journal import Journal
from footfall.hub.messages import StorageFailed
from footfall.hub.store import Store
from footfall.hub.twins import Twin


class Registry:
    """For one asyncio loop."""

    def __init__(self, store: Store, journal: Journal, identities: Identities) -> None:
        self._store = store
        self._journal = journal
        self._identities = identities
        self._twins: dict[Identity, Twin] = {}

    def twin(self, who: Identity) -> Twin:
        """The present twin.

        Raises:
            UnknownIdentity: no such device or module.
        """
        if who not in self._twins:
            self._identities.get(who)
            document = self._store.twin(who)
            self._twins[who] = Twin() if document is None else Twin.decode(document)
        return self._twins[who]

    async def keep(self, who: Identity, twin: Twin) -> Twin:
        """Put a twin in place of the present one; on the disk when it returns.

        Raises:
            StorageFailed: the disk is full or broken; the twin is what the disk says.
        """
        self.put(who, twin)
        try:
            await self._journal.sync()
        except StorageFailed:
            self._twins.pop(who, None)
            raise
        return twin

    def put(self, who: Identity, twin: Twin) -> None:
        """The same, without waiting for the disk."""
        self._twins[who] = twin
        self._journal.change(kept.twin(who, twin.encode()))

    def add(self, who: Identity) -> None:
        """Make a module if it is not there; without waiting for the disk."""
        made = self._identities.make(who)
        if made is not None:
            self._twins[who] = Twin()
            self._journal.change(made.made())
            self._journal.settled().add_done_callback(lambda _: self._identities.settled(who, made))

    def remove(self, who: Identity) -> None:
        """Forget a module; without waiting for the disk."""
        self._identities.forget(who)
        self._twins.pop(who, None)
        self._journal.change(*kept.gone(who.client_id))
        self._journal.settled().add_done_callback(lambda _: self._identities.settled(who, None))

    def reread(self) -> None:
        """The disk failed: what it says holds."""
        self._twins.clear()
        self._identities.reload()
