"""One MQTT connection to a hub, from CONNECT to its end (spec/iot.md section 2)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final, TypeAlias

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from footfall.core.errors import SinkUnavailable
from footfall.edge.identity import ModuleIdentity
from footfall.edge.topics import DESIRED, METHODS, TWIN_ANSWERS, inputs
from footfall.network.sockets import TidySocket, reason_of

KEEP_ALIVE_S: Final = 60
ANSWER_S: Final = 10.0
"""Patience with the network, the handshake and the hub's welcome, each."""
WINDOW: Final = 100
"""Messages sent and not yet acknowledged."""
UNAUTHORIZED: Final = (134, 135)
"""CONNACK codes 4 and 5, as the client library names them."""

Acknowledge: TypeAlias = Callable[[], None]
Arrived: TypeAlias = Callable[[str, bytes, Acknowledge], None]
"""Told of a topic, its payload, and how to say that it was taken; called from the network's thread."""


@dataclass(frozen=True, slots=True)
class Packet:
    """What is published."""

    topic: str
    payload: bytes


class Connection:
    """Connects as a module and subscribes to all that is meant for it; to its inputs only if it `has_inputs`.

    Raises:
        SinkUnavailable: there is no connection: `refused`, `timeout`, `tls`, `not-found`, `unauthorized`, `broken`.
    """

    def __init__(self, identity: ModuleIdentity, token: str, arrived: Arrived, *, has_inputs: bool) -> None:
        self._where = f"mqtts://{identity.host}:{identity.port}"
        self._arrived = arrived
        self._changed = threading.Condition()
        self._welcome: ReasonCode | None = None
        self._granted: Sequence[ReasonCode] | None = None
        self._taken: set[int] = set()
        """Packets of the present batch that are acknowledged."""
        self.ended = threading.Event()
        """Set when the connection is no more."""
        self._client = self._new_client(identity, token)
        try:
            self._open(identity, (inputs(identity.who),) if has_inputs else ())
        except SinkUnavailable:
            self.close()
            raise

    def publish(self, packets: Sequence[Packet], timeout_s: float) -> None:
        """Publish in order at QoS 1; returns when the hub has acknowledged all.

        Raises:
            SinkUnavailable: the connection broke or an acknowledgement is late; the first `delivered` were taken.
        """
        deadline_s = monotonic() + timeout_s
        mids: list[int] = []
        self._taken.clear()
        for packet in packets:
            if len(mids) >= WINDOW:
                self._await_taken(mids, len(mids) - WINDOW + 1, deadline_s)
            mids.append(self._client.publish(packet.topic, packet.payload, qos=1).mid)
        self._await_taken(mids, len(mids), deadline_s)

    def tell(self, packet: Packet) -> None:
        """Publish at QoS 0: requests and answers that are asked for again when they are lost."""
        self._client.publish(packet.topic, packet.payload, qos=0)

    def close(self) -> None:
        """Say goodbye; safe to call twice and from any thread but the network's."""
        self._client.disconnect()
        self._client.loop_stop()
        self._end()

    def _open(self, identity: ModuleIdentity, more: Sequence[str]) -> None:
        try:
            self._client.connect(identity.host, identity.port, KEEP_ALIVE_S)
        except OSError as error:
            raise SinkUnavailable(reason_of(error), f"{self._where}: {error}") from error
        self._client.loop_start()
        welcome = self._await(lambda: self._welcome)
        if welcome.is_failure:
            reason = "unauthorized" if welcome.value in UNAUTHORIZED else "refused"
            raise SinkUnavailable(reason, f"{self._where}: {welcome}")
        self._client.subscribe([(name, 1) for name in (METHODS, DESIRED, TWIN_ANSWERS, *more)])
        if any(code.is_failure for code in self._await(lambda: self._granted)):
            raise SinkUnavailable("refused", f"{self._where}: no subscription")

    def _new_client(self, identity: ModuleIdentity, token: str) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=identity.who.client_id,
            clean_session=False,
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.connect_timeout = ANSWER_S
        client.max_inflight_messages_set(WINDOW)
        client.username_pw_set(identity.user_name, token)
        context = identity.tls()
        context.sslsocket_class = TidySocket
        client.tls_set_context(context)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    def _await(self, look: Callable[[], Any]) -> Any:
        """What `look` finds as soon as it finds something.

        Raises:
            SinkUnavailable: nothing in time, or the connection has ended.
        """
        with self._changed:
            self._changed.wait_for(lambda: look() is not None or self.ended.is_set(), ANSWER_S)
            found = look()
        if found is None:
            raise SinkUnavailable("broken" if self.ended.is_set() else "timeout", f"{self._where}: no answer")
        return found

    def _await_taken(self, mids: Sequence[int], count: int, deadline_s: float) -> None:
        wanted = set(mids[:count])
        with self._changed:
            self._changed.wait_for(
                lambda: self.ended.is_set() or wanted <= self._taken, max(0.0, deadline_s - monotonic())
            )
            delivered = next((at for at, mid in enumerate(mids) if mid not in self._taken), len(mids))
        if delivered < count:
            reason, what = ("broken", "connection lost") if self.ended.is_set() else ("timeout", "no acknowledgement")
            raise SinkUnavailable(reason, f"{self._where}: {what}", delivered=delivered)

    def _end(self) -> None:
        with self._changed:
            self.ended.set()
            self._changed.notify_all()

    def _on_connect(
        self, _client: Client, _data: Any, _flags: ConnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        with self._changed:
            self._welcome = code
            self._changed.notify_all()

    def _on_subscribe(
        self, _client: Client, _data: Any, _mid: int, codes: list[ReasonCode], _properties: Properties | None
    ) -> None:
        with self._changed:
            self._granted = codes
            self._changed.notify_all()

    def _on_publish(
        self, _client: Client, _data: Any, mid: int, _code: ReasonCode, _properties: Properties | None
    ) -> None:
        with self._changed:
            self._taken.add(mid)
            self._changed.notify_all()

    def _on_message(self, client: Client, _data: Any, message: MQTTMessage) -> None:
        def acknowledge() -> None:
            client.ack(message.mid, message.qos)

        try:
            self._arrived(message.topic, bytes(message.payload), acknowledge)
        except UnicodeDecodeError:  # no topic of a hub
            acknowledge()

    def _on_disconnect(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, _code: ReasonCode, _properties: Properties | None
    ) -> None:
        self._end()
