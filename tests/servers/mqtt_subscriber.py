"""An independent subscriber with a session that outlives cut connections."""

from __future__ import annotations

import fcntl
import termios
import time

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from servers.mosquitto import Mosquitto


class Subscriber:
    """Collects what arrives: (topic, payload, user properties)."""

    def __init__(self, port: int, topic: str = "#", version: str = "3.1.1", login: tuple[str, str] | None = None):
        is_5 = version == "5"
        self.received: list[tuple[str, bytes, dict[str, str]]] = []
        self.subscriptions = 0
        """How often a broker, anew after each of its starts, has taken it."""
        self._topic = topic
        protocol = MQTTProtocolVersion.MQTTv5 if is_5 else MQTTProtocolVersion.MQTTv311
        options = {} if is_5 else {"clean_session": False}
        self._client = Client(CallbackAPIVersion.VERSION2, "subscriber", protocol=protocol, **options)
        self._client.reconnect_delay_set(1, 1)
        if login:
            self._client.username_pw_set(*login)
        self._client.on_connect = lambda client, *_: client.subscribe(topic, qos=1)
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self.wait(lambda: self.subscriptions)

    def wait(self, condition, timeout_s: float = 60.0) -> bool:
        deadline = time.monotonic() + timeout_s
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.01)
        return condition()

    def catch_up(self) -> None:
        """Read all that a broker has handed on which stands still: what is unread when it dies would be lost."""
        seen, still = -1, 0
        while still < 20:
            still = still + 1 if seen == len(self.received) and not self._has_unread() else 0
            seen = len(self.received)
            time.sleep(0.02)

    def outlive(self, broker: Mosquitto, away_s: float = 0.0) -> None:
        """Be there before and after a broker dies, as a power cut would kill it.

        Mosquitto holds what it has acknowledged in memory between two autosaves. While it stands still, all that it has
        handed on is read; what senders had under way dies unacknowledged.
        """
        broker.pause()
        self.catch_up()
        before = self.subscriptions
        broker.kill()
        time.sleep(away_s)
        broker.start()
        assert self.wait(lambda: self.subscriptions > before)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _has_unread(self) -> bool:
        sock = self._client.socket()
        return sock is not None and fcntl.ioctl(sock, termios.FIONREAD, bytes(4)) != bytes(4)

    def _on_subscribe(self, *_):
        self.subscriptions += 1

    def _on_message(self, _client, _data, message):
        properties = dict(getattr(message.properties, "UserProperty", []))
        self.received.append((message.topic, message.payload, properties))
