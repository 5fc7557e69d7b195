"""One client's connection: packets in, answers out, each confirmed when the disk has what it brought."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Coroutine
from contextlib import suppress
from functools import partial
from logging import getLogger
from typing import Final

from footfall.edge.topics import (
    Identity,
    MethodReply,
    ReportedPatch,
    Telemetry,
    TwinGet,
    from_client,
    twin_answer,
)
from footfall.hub import wire
from footfall.hub.documents import parse
from footfall.hub.hub import Hub
from footfall.hub.login import Certified, LoginRefused, log_in
from footfall.hub.messages import BadRequest, HubError, Reply

log = getLogger(__name__)

CONNECT_S: Final = 10.0
"""How long a stranger may take to say who it is."""
LISTENS: Final = 10
"""Parts that a client's time is counted in: one that passes in an instant, as the hub was stopped, is but a part."""
BLOCK: Final = 65_536
"""Bytes read at a time."""
CONGESTED: Final = 1024 * 1024
"""Bytes that wait for a client that reads slowly, above which it gets no more of what can wait."""
STUCK: Final = 16 * 1024 * 1024
"""Bytes above which it is cut off."""
UNSETTLED: Final = 8 * 1024 * 1024
"""Bytes that wait for the disk, above which nothing more is read from clients."""
MOST_REPORTS: Final = 100
"""Reported patches of one client that wait for the disk."""
STUCK_S: Final = 60.0
"""How long a client may read nothing at all while there is something for it."""
LONGEST_SLEEP_S: Final = 3600.0
"""Tokens are looked at this often: the clock may be set in the meantime."""
CLOSING_S: Final = 5.0
"""How long a client may take to hear the last of it."""


class Connection:
    """From the first byte to the last."""

    def __init__(self, hub: Hub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.identity = Identity("")
        self._hub = hub
        self._reader = reader
        self._writer = writer
        self._answers: list[bytes] = []
        self._out: list[bytes] = []
        self._out_bytes = 0
        self._brought_something = False
        self._last: asyncio.Future[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._token_timer: asyncio.TimerHandle | None = None
        self._is_closing = False
        self._is_relieving = False
        self._keep_alive_s: float | None = CONNECT_S

    async def run(self) -> None:
        """Serve the client until it goes, or has to."""
        try:
            await self._converse()
        except wire.ProtocolError as error:
            self.close(f"malformed: {error}")
        except TimeoutError:
            self.close("nothing was heard of it")
        except OSError as error:
            log.debug("%s: the connection broke: %s", self._name, error)
        finally:
            self._end()

    def is_congested(self) -> bool:
        """Whether the client reads too slowly."""
        return self._out_bytes + self._writer.transport.get_write_buffer_size() > CONGESTED

    def send(self, data: bytes) -> None:
        """Packets for the client; they leave together when everything of this turn has been said."""
        if self._is_closing:
            return
        if not self._out:
            asyncio.get_running_loop().call_soon(self._flush)
        self._out.append(data)
        self._out_bytes += len(data)

    def close(self, why: str) -> None:
        """End the connection after what has been said."""
        if self._is_closing:
            return
        log.info("%s: connection closed: %s", self._name, why)
        self._flush()
        self._is_closing = True
        self._hub.clients.detach(self)
        self._writer.close()
        asyncio.get_running_loop().call_later(CLOSING_S, self._writer.transport.abort)

    @property
    def _name(self) -> str:
        return self.identity.client_id or f"{(self._writer.get_extra_info('peername') or ['?'])[0]}"

    async def _converse(self) -> None:
        decoder = wire.Decoder()
        while self._goes_on():
            data = await self._heard()
            if not data or not self._goes_on():
                return
            try:
                for packet in decoder.feed(data):
                    self._take(packet)
                    if not self._goes_on():
                        return
            finally:
                self._answer()
            async with asyncio.timeout(STUCK_S):
                await self._writer.drain()
            await self._hold_back()

    async def _heard(self) -> bytes:
        """What the client says next; while the hub itself stood still nobody was silent.

        Raises:
            TimeoutError: nothing for as long as it promised to say something.
        """
        part_s = self._keep_alive_s and self._keep_alive_s / LISTENS
        for _ in range(LISTENS):
            with suppress(TimeoutError):
                async with asyncio.timeout(part_s):
                    return await self._reader.read(BLOCK)
        raise TimeoutError

    def _goes_on(self) -> bool:
        return not self._is_closing

    def _take(self, packet: wire.Packet) -> None:
        match packet:
            case wire.Publish():
                self._publish(packet)
            case wire.PubAck(packet_id):
                self._hub.clients.confirmed(self, packet_id)
            case wire.PingReq():
                self._answers.append(wire.PINGRESP)
            case wire.Subscribe(packet_id, filters):
                codes = self._hub.clients.subscribe(self, filters)
                self._answers.append(wire.suback(packet_id, codes))
                self._brought_something = True
                self._hub.calls.listens(self.identity)
            case wire.Unsubscribe(packet_id, filters):
                self._hub.clients.unsubscribe(self, filters)
                self._answers.append(wire.unsuback(packet_id))
                self._brought_something = True
            case wire.Connect():
                self._connect(packet)
            case wire.Disconnect():
                self.close("the client said goodbye")

    def _connect(self, packet: wire.Connect) -> None:
        now_s = self._hub.clock.now().timestamp()
        try:
            login = log_in(packet, self._hub.identities, now_s, _certified(self._writer))
        except LoginRefused as error:
            log.warning("MQTT: refused: %s", error)
            self.send(wire.connack(error.code))
            self.close("not admitted")
            return
        self.identity = login.identity
        self._keep_alive_s = packet.keep_alive_s * 1.5 or None
        self._watch_token(login.until_s)
        is_kept = self._hub.clients.attach(self, is_clean=packet.is_clean)
        self.send(wire.connack(0, session_present=is_kept))
        log.info("%s: connected", self._name)
        self._hub.clients.pump(self.identity)
        self._hub.calls.listens(self.identity)

    def _publish(self, packet: wire.Publish) -> None:
        match from_client(packet.topic):
            case Telemetry(sender, bag) if sender == self.identity:
                self._telemetry(bag, packet.payload)
            case TwinGet(rid):
                twin = self._hub.twin(self.identity)
                self.send(wire.publish(twin_answer(200, rid), twin.for_client()))
            case ReportedPatch(rid):
                self._spawn(self._report(rid, packet.payload))
            case MethodReply(status, rid):
                self._hub.calls.replied(self.identity, rid, Reply(status, packet.payload))
            case _:
                self.close(f"it may not publish to {packet.topic[:200]!r}")
        if packet.packet_id and not self._is_closing:
            self._answers.append(wire.puback(packet.packet_id))

    def _telemetry(self, bag: str, body: bytes) -> None:
        try:
            self._hub.router.telemetry(self.identity, bag, body, self._hub.clock.now())
        except BadRequest as error:
            self.close(str(error))
        self._brought_something = True

    async def _report(self, rid: str, payload: bytes) -> None:
        try:
            twin = await self._hub.report(self.identity, parse(payload))
        except BadRequest as error:
            log.info("%s: reported properties refused: %s", self._name, error)
            self.send(wire.publish(twin_answer(400, rid), b""))
        except HubError as error:
            log.warning("%s: reported properties not kept: %s", self._name, error)
            self.send(wire.publish(twin_answer(500, rid), b""))
        else:
            self.send(wire.publish(twin_answer(204, rid, twin.reported.version), b""))

    def _answer(self) -> None:
        """Answer this block of packets, in their order, as soon as the disk has what they brought."""
        answers, self._answers = self._answers, []
        if self._brought_something:
            self._last = self._hub.journal.settled()
            self._brought_something = False
        if not answers:
            return
        if self._last is None or self._last.done():
            self.send(b"".join(answers))
        else:
            self._last.add_done_callback(partial(self._confirm, b"".join(answers)))

    def _confirm(self, answers: bytes, settled: asyncio.Future[None]) -> None:
        if settled.exception() is None:
            self.send(answers)
        else:
            self.close("what it sent could not be kept; it may send it again")

    async def _hold_back(self) -> None:
        """Read no more from this client while the disk lags behind."""
        while self._last is not None and self._hub.journal.waiting_bytes > UNSETTLED and not self._last.done():
            await asyncio.wait([self._last])
        while len(self._tasks) > MOST_REPORTS:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    def _flush(self) -> None:
        if not self._out or self._is_closing:
            return
        was_congested = self.is_congested()
        self._writer.write(b"".join(self._out))
        self._out.clear()
        self._out_bytes = 0
        size = self._writer.transport.get_write_buffer_size()
        if size > STUCK:
            log.warning("%s: cut off: it does not read", self._name)
            self._is_closing = True
            self._writer.transport.abort()
        elif was_congested and not self._is_relieving:
            self._is_relieving = True
            self._spawn(self._relieve())

    async def _relieve(self) -> None:
        """When the client has caught up, go on."""
        try:
            await self._writer.drain()
        finally:
            self._is_relieving = False
        self._hub.clients.pump(self.identity)

    def _watch_token(self, until_s: float) -> None:
        """A connection lasts as long as the token that opened it."""
        left_s = until_s - self._hub.clock.now().timestamp()
        if left_s <= 0:
            self.close("its token has ended")
            return
        wait_s = min(left_s, LONGEST_SLEEP_S)
        self._token_timer = asyncio.get_running_loop().call_later(wait_s, self._watch_token, until_s)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _end(self) -> None:
        self._hub.clients.detach(self)
        self._is_closing = True
        if self._token_timer is not None:
            self._token_timer.cancel()
        for task in self._tasks:
            task.cancel()
        self._writer.close()


def _certified(writer: asyncio.StreamWriter) -> Certified | None:
    """What the client's certificate says; TLS has checked who made it, when, and that it is a client's."""
    certificate = writer.get_extra_info("peercert")
    if not certificate:
        return None
    names = [value for part in certificate["subject"] for key, value in part if key == "commonName"]
    return Certified(names[-1] if names else "", int(ssl.cert_time_to_seconds(certificate["notAfter"])))
