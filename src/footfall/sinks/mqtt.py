"""MQTT 3.1.1 and 5 (OASIS), at least once.

The client has no thread and no queue of its own: `send` drives the connection and gives it up at the first fault, so
that nothing is published behind the back of the outbox and the order stays the outbox's.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from logging import getLogger
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from footfall.core.errors import SinkError, SinkRejected, SinkUnavailable
from footfall.core.ports import Lead
from footfall.core.types import Message
from footfall.network.sockets import TidySocket, reason_of
from footfall.sinks.led_client import LedClient, NotLed
from footfall.sinks.spec import MqttAddress
from footfall.sinks.tls import client_context

logger = getLogger(__name__)

_UNAUTHORIZED = (134, 135)
_NEVER = {144: "invalid", 149: "too-large", 153: "invalid"}
"""PUBACK reason codes (MQTT 5, 3.4.2.1) that no later try will change."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_OVERHEAD_BYTES = 1024
_UNSENT = -1


@dataclass(frozen=True, slots=True)
class MqttLimits:
    """What is bounded."""

    connect_s: float = 5.0
    """For the network, the handshake and the broker's welcome, each."""
    send_s: float = 10.0
    """For all acknowledgements of one batch."""
    in_flight: int = 20
    """Messages sent and not yet acknowledged; the broker may ask for fewer (MQTT 5)."""


class MqttSink:
    """Publishes each message and returns when the broker has acknowledged all."""

    def __init__(self, address: MqttAddress, limits: MqttLimits | None = None, lead: Lead | None = None) -> None:
        self._address = address
        self._lead = lead
        self._limits = limits or MqttLimits()
        self._tls = client_context(address.tls) if address.is_tls else None
        if self._tls is not None:
            self._tls.sslsocket_class = TidySocket
        self._client: Client | None = None
        self._welcome: ReasonCode | None = None
        self._window = self._limits.in_flight
        self._max_packet = 0
        self._answers: dict[int, SinkError | None] = {}
        self._farewell = ""
        if not address.is_tls and address.host not in _LOOPBACK:
            logger.warning("%s: not encrypted; use mqtts://", address.redacted)
        if address.tls.insecure:
            logger.warning("%s: the certificate is not verified", address.redacted)

    def send(self, messages: Sequence[Message]) -> None:
        """Publish in order and wait for the acknowledgement of every message; without messages keep the line alive.

        Raises:
            SinkUnavailable: no connection, no acknowledgement in time, or a refusal that may end (`unauthorized`).
            SinkRejected: the broker or the protocol will never take the message.
        """
        try:
            self._deliver(self._connected(), messages)
        except SinkError:
            self._drop()
            raise

    def close(self) -> None:
        """Say goodbye and let go; safe to call twice."""
        self._drop()

    def _connected(self) -> Client:
        client = self._client
        if client is not None and client.loop(0) == MQTTErrorCode.MQTT_ERR_SUCCESS and client.is_connected():
            return client
        self._drop()
        return self._connect()

    def _connect(self) -> Client:
        client = self._client = self._new_client()
        self._welcome = None
        self._farewell = ""
        address = self._address
        try:
            client.connect(address.host, address.port, address.keepalive_s)
        except OSError as error:
            reason = error.reason if isinstance(error, NotLed) else reason_of(error)
            raise SinkUnavailable(reason, f"{address.redacted}: {error.strerror or error}") from error
        welcome = self._await_welcome(client)
        if welcome.is_failure:
            reason = "unauthorized" if welcome.value in _UNAUTHORIZED else "refused"
            raise SinkUnavailable(reason, f"{address.redacted}: {welcome}")
        return client

    def _await_welcome(self, client: Client) -> ReasonCode:
        deadline_s = time.monotonic() + self._limits.connect_s
        while self._welcome is None:
            self._pump(client, deadline_s)
        return self._welcome

    def _new_client(self) -> Client:
        address = self._address
        client = LedClient(
            lead=self._lead,
            callback_api_version=CallbackAPIVersion.VERSION2,
            client_id=address.client_id,
            protocol=MQTTProtocolVersion.MQTTv5 if address.version == "5" else MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = self._limits.connect_s
        client.max_inflight_messages_set(self._limits.in_flight)
        if address.user or address.password:
            client.username_pw_set(address.user, address.password or None)
        if self._tls is not None:
            client.tls_set_context(self._tls)
        client.on_connect = self._on_connect
        client.on_publish = self._on_publish
        client.on_disconnect = self._on_disconnect
        return client

    def _deliver(self, client: Client, messages: Sequence[Message]) -> None:
        deadline_s = time.monotonic() + self._limits.send_s
        self._answers.clear()
        mids: list[int] = []
        done = 0
        try:
            while done < len(messages):
                while len(mids) < len(messages) and len(mids) - done < self._window:
                    mids.append(self._publish(client, messages[len(mids)]))
                done, refusal = self._advance(mids, done)
                if refusal is not None:
                    raise refusal
                if done < len(mids):
                    self._pump(client, deadline_s)
        except SinkError as error:
            error.delivered, _ = self._advance(mids, done)
            raise

    def _advance(self, mids: Sequence[int], done: int) -> tuple[int, SinkError | None]:
        """How many messages from the first are acknowledged, and the refusal of the next one if there is one."""
        while done < len(mids) and mids[done] in self._answers:
            refusal = self._answers[mids[done]]
            if refusal is not None:
                return done, refusal
            del self._answers[mids[done]]
            done += 1
        return done, None

    def _publish(self, client: Client, message: Message) -> int:
        """Send one message; its packet id, or `_UNSENT` for one that cannot be sent."""
        topic = _topic(self._address.topic, message.topic)
        if self._max_packet and len(message.body) + len(topic) + _OVERHEAD_BYTES > self._max_packet:
            return self._refuse(SinkRejected("too-large", f"the broker takes {self._max_packet} bytes"))
        properties = _properties(message) if self._address.version == "5" else None
        try:
            info = client.publish(topic, message.body, self._address.qos, properties=properties)
        except ValueError as error:
            return self._refuse(SinkRejected("invalid", str(error)))
        if info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise SinkUnavailable("broken", f"{self._address.redacted}: connection lost")
        return info.mid

    def _refuse(self, refusal: SinkRejected) -> int:
        self._answers[_UNSENT] = refusal
        return _UNSENT

    def _pump(self, client: Client, deadline_s: float) -> None:
        """One turn of the network.

        Raises:
            SinkUnavailable: the connection broke, or it is late.
        """
        rest_s = deadline_s - time.monotonic()
        if rest_s <= 0:
            raise SinkUnavailable("timeout", f"{self._address.redacted}: no answer")
        code = client.loop(min(rest_s, 0.5))
        is_refused = self._welcome is not None and self._welcome.is_failure
        if code != MQTTErrorCode.MQTT_ERR_SUCCESS and not is_refused:
            raise SinkUnavailable("broken", f"{self._address.redacted}: {self._farewell or 'connection lost'}")

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.on_disconnect = None
            client.disconnect()
            if client.socket() is not None:
                client.loop(0)

    def _on_connect(
        self, _client: Client, _data: Any, _flags: ConnectFlags, code: ReasonCode, properties: Properties | None
    ) -> None:
        self._welcome = code
        receive_maximum = getattr(properties, "ReceiveMaximum", self._limits.in_flight)
        self._window = min(self._limits.in_flight, receive_maximum)
        self._max_packet = getattr(properties, "MaximumPacketSize", 0)

    def _on_publish(
        self, _client: Client, _data: Any, mid: int, code: ReasonCode, _properties: Properties | None
    ) -> None:
        self._answers[mid] = _refusal(code) if code.is_failure else None

    def _on_disconnect(
        self, _client: Client, _data: Any, _flags: DisconnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        self._farewell = str(code)


def _refusal(code: ReasonCode) -> SinkError:
    if code.value in _NEVER:
        return SinkRejected(_NEVER[code.value], str(code))
    return SinkUnavailable("unauthorized" if code.value in _UNAUTHORIZED else "busy", str(code))


def _topic(template: str, source_id: str) -> str:
    for sign in "+#/\0":
        source_id = source_id.replace(sign, "_")
    return template.replace("{source}", source_id)


def _properties(message: Message) -> Properties:
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.ContentType = "application/json"
    properties.PayloadFormatIndicator = 1
    properties.UserProperty = [("key", message.key), *message.properties.items()]
    return properties
