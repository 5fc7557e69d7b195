"""An MQTT client that asks before each connection, its own new ones included, where it may go."""

from __future__ import annotations

import errno
import socket
from contextlib import suppress
from typing import Any

from paho.mqtt.client import Client

from footfall.core.errors import Blocked
from footfall.core.ports import Lead


class NotLed(PermissionError):
    """Nobody is connected to; an `OSError`, as the client's own thread goes on after those."""

    def __init__(self, error: Blocked) -> None:
        super().__init__(errno.EACCES, str(error))
        self.reason = "not-found" if error.reason == "unknown-host" else "blocked"


class LedClient(Client):
    """TLS checks the name that was given, whatever number it is connected to.

    Args:
        lead: asked at every connection; None: go by the name.
        more: as `Client` has it.
    """

    def __init__(self, *, lead: Lead | None, **more: Any) -> None:
        super().__init__(**more)
        self._lead = lead
        self.refusal = ""
        """Why the last connection was not tried: its name leads to where nobody goes."""

    def _create_socket_connection(self) -> socket.socket:
        numbers = self._numbers()
        if not numbers:
            return super()._create_socket_connection()
        for number in numbers[:-1]:
            with suppress(OSError):
                return socket.create_connection((number, self.port), self.connect_timeout)
        return socket.create_connection((numbers[-1], self.port), self.connect_timeout)

    def _numbers(self) -> list[str]:
        if self._lead is None:
            return []
        try:
            numbers = list(self._lead(self.host, self.port))
        except Blocked as error:
            refused = NotLed(error)
            self.refusal = str(error) if refused.reason == "blocked" else ""
            raise refused from error
        self.refusal = ""
        return numbers
