"""The line to Home Assistant's broker: tells what there is, keeps it up to date, and takes back what is gone.

The broker keeps discovery and states (retained), so that Home Assistant may come later or start again. What it keeps
of this service is watched: a sensor that is not wanted any more gets an empty message, which removes it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Final

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from footfall.config.home_assistant import HomeAssistant
from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Lead
from footfall.engine.worker import StopSignal, Worker
from footfall.serve.home_assistant import OFFLINE, ONLINE, CrossingCounter, Topics, entities, messages
from footfall.sinks.led_client import LedClient
from footfall.sinks.spec import MqttAddress, RemoteAddress, parse_sink
from footfall.sinks.tls import client_context
from footfall.web.desk import Desk

log = logging.getLogger(__name__)

EVERY_S: Final = 1.0
LONGEST_WAIT_S: Final = 60
MOST_KEPT: Final = 20_000
"""Nobody on a broker shall fill our memory."""


class HomeAssistantLink:
    """Runs from `start` to `close`; a broker that is away costs nothing but what Home Assistant shows.

    Args:
        settings: where Home Assistant listens.
        desk: what there is.
        lead: makes what is asked before each connection.

    Raises:
        ConfigError: the broker's address or the certificates are wrong.
    """

    def __init__(
        self, settings: HomeAssistant, desk: Desk, lead: Callable[[RemoteAddress], Lead | None] = lambda _: None
    ) -> None:
        self._settings = settings
        self._topics = Topics(settings)
        self._desk = desk
        self._address = _address(settings.broker)
        self._client = self._new_client(lead(self._address))
        self._crossings = CrossingCounter()
        self._lock = threading.Lock()
        self._kept: dict[str, str] = {}
        """Topic -> payload, as the broker told it or was told."""
        self._stop = StopSignal()
        self._worker = Worker("home assistant", self._run)
        self._unsubscribe = desk.subscribe(self._crossings.hear)

    def start(self) -> HomeAssistantLink:
        """Connect, now or as soon as the broker is there; returns itself."""
        self._client.connect_async(self._address.host, self._address.port, self._address.keepalive_s)
        self._client.loop_start()
        self._worker.start()
        return self

    @property
    def trouble(self) -> str:
        """Why the broker is not connected to; empty while it may be."""
        return f"blocked: {self._client.refusal}" if self._client.refusal else ""

    def close(self) -> None:
        """Say that the service is away, and hang up; what was told stays known to Home Assistant."""
        self._unsubscribe()
        self._stop.set()
        self._worker.join()
        if self._client.is_connected():
            self._client.publish(self._topics.availability, OFFLINE, qos=1, retain=True).wait_for_publish(EVERY_S)
        self._client.disconnect()
        self._client.loop_stop()

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            if self._client.is_connected():
                self._tell()

    def _tell(self) -> None:
        """Publish what has changed since the broker was told."""
        found = entities(self._settings, self._desk.cameras(), self._desk.places(), self._crossings.counts)
        wanted = messages(self._settings, found)
        with self._lock:
            gone = {topic: "" for topic in self._kept if topic not in wanted}
            changed = {topic: text for topic, text in (wanted | gone).items() if self._kept.get(topic) != text}
        for topic, text in changed.items():
            self._client.publish(topic, text, qos=1, retain=True)
            self._keep(topic, text, is_gone=topic in gone)

    def _keep(self, topic: str, text: str, *, is_gone: bool = False) -> None:
        with self._lock:
            if is_gone:
                self._kept.pop(topic, None)
            elif topic in self._kept or len(self._kept) < MOST_KEPT:
                self._kept[topic] = text

    def _new_client(self, lead: Lead | None) -> LedClient:
        address = self._address
        name = address.client_id or f"footfall-{self._settings.name}"
        client = LedClient(lead=lead, callback_api_version=CallbackAPIVersion.VERSION2, client_id=name)
        client.reconnect_delay_set(1, LONGEST_WAIT_S)
        client.will_set(self._topics.availability, OFFLINE, qos=1, retain=True)
        if address.user or address.password:
            client.username_pw_set(address.user, address.password or None)
        if address.is_tls:
            client.tls_set_context(client_context(address.tls))
        client.on_connect = self._on_connect
        client.on_message = self._on_message
        return client

    def _on_connect(
        self, client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            log.warning("Home Assistant's broker %s:%d: %s", self._address.host, self._address.port, reason)
            return
        with self._lock:
            self._kept.clear()
        client.subscribe([(topic, 1) for topic in self._topics.kept])
        client.publish(self._topics.availability, ONLINE, qos=1, retain=True)
        log.info("connected to Home Assistant's broker %s:%d", self._address.host, self._address.port)

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        """What the broker has kept of an earlier run, or others have changed."""
        text = message.payload.decode(errors="replace")
        self._keep(message.topic, text, is_gone=not text)


def _address(broker: str) -> MqttAddress:
    before, options, after = broker.partition("?")
    address = parse_sink(f"{before.rstrip('/')}/-{options}{after}")
    if not isinstance(address, MqttAddress):
        raise ConfigError([Problem("service", "home_assistant.broker", "is no MQTT address", "write mqtt://host")])
    return address
