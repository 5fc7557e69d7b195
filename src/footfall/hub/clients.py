"""Who is connected, and what each is sent: sessions joined with the disk. One asyncio loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final, Protocol

from footfall.core.ports import Clock
from footfall.edge.topics import Identity
from footfall.hub import store as kept
from footfall.hub.journal import Journal
from footfall.hub.sessions import Owed, Session
from footfall.hub.store import Store
from footfall.hub.wire import REFUSED, publish

PAGE: Final = 64
"""Messages that are read from the disk at a time."""


class Client(Protocol):
    """A connection."""

    @property
    def identity(self) -> Identity:
        """Whose it is."""
        ...

    def is_congested(self) -> bool:
        """Whether the client reads too slowly; when it has caught up, the connection calls `Clients.pump`."""
        ...

    def send(self, data: bytes) -> None:
        """Packets for the client; never waits."""
        ...

    def close(self, why: str) -> None:
        """End it."""
        ...


class Clients:
    """Connections and sessions of all devices and modules."""

    def __init__(self, store: Store, journal: Journal, clock: Clock) -> None:
        self._store = store
        self._journal = journal
        self._clock = clock
        self._connected: dict[Identity, Client] = {}
        self._sessions: dict[Identity, Session] = {}
        self._is_kept: set[Identity] = set()
        self._is_ended: set[Identity] = set()
        self._last_number = store.last_number()
        self._fresh: list[tuple[Identity, Owed]] = []
        self._fresh_in: asyncio.Future[None] | None = None

    def attach(self, client: Client, *, is_clean: bool) -> bool:
        """A client has connected; an older connection of the same client ends. Whether its session was kept."""
        who = client.identity
        if (older := self._connected.get(who)) is not None:
            older.close("the same client has connected again")
        self._connected[who] = client
        session = self._sessions.setdefault(who, Session(who))
        is_known = self._ended(session) if is_clean else self._gone_on_with(session)
        session.resume()
        return is_known

    def detach(self, client: Client) -> None:
        """A connection has ended."""
        if self._connected.get(client.identity) is client:
            del self._connected[client.identity]

    def subscribe(self, client: Client, filters: Sequence[tuple[str, int]]) -> list[int]:
        """A client wants messages: the codes for SUBACK."""
        who = client.identity
        session = self._sessions[who]
        codes = [session.subscribe(pattern, qos) for pattern, qos in filters]
        if who in self._is_kept:
            wanted = zip(filters, codes, strict=True)
            changes = [kept.subscription(who.client_id, name, code) for (name, _), code in wanted if code != REFUSED]
            self._journal.change(*changes)
        self.pump(who)
        return codes

    def unsubscribe(self, client: Client, filters: Iterable[str]) -> None:
        """A client wants them no more."""
        who = client.identity
        for pattern in filters:
            self._sessions[who].unsubscribe(pattern)
            if who in self._is_kept:
                self._journal.change(kept.no_subscription(who.client_id, pattern))

    def confirmed(self, client: Client, packet_id: int) -> None:
        """A client has a message."""
        session = self._sessions[client.identity]
        owed = session.confirmed(packet_id)
        if owed is not None:
            self._take_off(session, owed)
            self.pump(client.identity)

    def push(self, who: Identity, topic: str, payload: bytes) -> bool:
        """Publish to a client with QoS 0 if it is there and wants the topic; whether it is and does."""
        client = self._connected.get(who)
        if client is None or self._sessions[who].qos_of(topic) is None:
            return False
        client.send(publish(topic, payload))
        return True

    def owe(self, who: Identity, name: str, bag: str, body: bytes, until_s: float) -> None:
        """A message for an input: sent when it is on the disk, or as soon as its module is there."""
        self._last_number += 1
        owed = Owed(self._last_number, name, bag, body, until_s)
        self._journal.change(kept.owed(who.client_id, owed))
        settled = self._journal.settled()
        if settled is not self._fresh_in:
            self._fresh, self._fresh_in = [], settled
            settled.add_done_callback(partial(self._offer, self._fresh))
        self._fresh.append((who, owed))

    def is_connected(self, who: Identity) -> bool:
        """Whether a client has an open connection."""
        return who in self._connected

    def disconnect(self, who: Identity, why: str) -> None:
        """End a client's connection, if it has one."""
        if (client := self._connected.get(who)) is not None:
            client.close(why)

    def close(self, why: str) -> None:
        """End all connections."""
        for client in list(self._connected.values()):
            client.close(why)

    def forget(self, who: Identity) -> None:
        """A module is no more."""
        self.disconnect(who, "the module was removed")
        self._sessions.pop(who, None)
        self._is_kept.discard(who)
        self._is_ended.discard(who)

    def pump(self, who: Identity) -> None:
        """Send what a client may get now."""
        client, session = self._connected.get(who), self._sessions.get(who)
        if client is None or session is None:
            return
        now_s = self._clock.now().timestamp()
        is_more = True
        while is_more and not client.is_congested():
            for packet, done in session.due(now_s):
                client.send(packet)
                if done is not None:
                    self._take_off(session, done)
                if client.is_congested():
                    return
            is_more = session.is_behind and session.is_idle and self._read_on(session)

    def _take_off(self, session: Session, owed: Owed) -> None:
        self._journal.change(kept.delivered(owed.number))
        self._journal.settled().add_done_callback(lambda _settled: session.forget(owed))

    def _read_on(self, session: Session) -> bool:
        """Fill the line from the disk; whether there was anything."""
        page = self._store.owed(session.client.client_id, session.read_until, PAGE)
        session.is_behind = len(page) == PAGE
        for owed in page:
            session.stand_in_line(owed)
        return bool(page)

    def _offer(self, fresh: list[tuple[Identity, Owed]], settled: asyncio.Future[None]) -> None:
        if settled.exception() is not None:
            return
        for who, owed in fresh:
            if (session := self._sessions.get(who)) is not None:
                session.offer(owed)
        for who in {who for who, _ in fresh}:
            self.pump(who)

    def _ended(self, session: Session) -> bool:
        """A clean start: nothing goes on."""
        session.restore({})
        self._is_kept.discard(session.client)
        self._is_ended.add(session.client)
        self._journal.change(*kept.no_session(session.client.client_id))
        return False

    def _gone_on_with(self, session: Session) -> bool:
        """A session that outlives its connections; whether there was one before."""
        who = session.client
        if who in self._is_kept:
            return True
        known = None if who in self._is_ended else self._store.session(who.client_id)
        session.restore(known or {})
        if known is None:
            self._journal.change(kept.session(who.client_id))
        self._is_kept.add(who)
        self._is_ended.discard(who)
        return known is not None
