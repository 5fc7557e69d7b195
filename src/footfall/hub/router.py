"""Along which routes a message goes: into the event log, to inputs of modules, or nowhere (spec/iot.md section 6)."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import uuid4

from footfall.edge.bag import decode_bag, encode_bag
from footfall.edge.topics import Identity
from footfall.hub.clients import Clients
from footfall.hub.content import Forwarding
from footfall.hub.journal import Journal
from footfall.hub.messages import BadRequest, HubMessage
from footfall.hub.record import line_of
from footfall.hub.routes import ModuleInput, Route, Upstream

LONGEST_BAG: Final = 32_768
"""Bytes of a property bag as it stands in a topic."""


class Router:
    """Sends messages along the routes."""

    def __init__(self, forwarding: Forwarding, journal: Journal, clients: Clients) -> None:
        self.forwarding = forwarding
        self._journal = journal
        self._clients = clients

    def telemetry(self, sender: Identity, bag: str, body: bytes, now: datetime) -> None:
        """Take a message as it came over MQTT; it is safe when the journal has settled.

        Raises:
            BadRequest: its bag is too long.
        """
        if len(bag) > LONGEST_BAG:
            raise BadRequest(f"a property bag of {len(bag)} characters, at most {LONGEST_BAG} are allowed")
        system: dict[str, str | None] = {}
        properties: dict[str, str | None] = {}
        for key, value in decode_bag(bag).items():
            (system if key.startswith("$.") else properties)[key] = value
        output = system.pop("$.on", None) or ""
        self.send(HubMessage(sender, output, body, system, properties, now, system.get("$.mid") or str(uuid4())))

    def send(self, message: HubMessage) -> None:
        """Send a message on; once for every route that takes it."""
        is_routed = False
        for route in self.forwarding.routes:
            if route.takes(message):
                is_routed = True
                self._follow(route, message)
        if not is_routed and not message.is_twin_change:
            self._journal.log(line_of(message, unrouted=True))

    def _follow(self, route: Route, message: HubMessage) -> None:
        match route.sink:
            case Upstream():
                self._journal.log(line_of(message))
            case ModuleInput(module, name):
                receiver = Identity(message.sender.device, module)
                own_s = route.time_to_live_s
                life_s = self.forwarding.time_to_live_s if own_s is None else own_s
                until_s = message.time.timestamp() + life_s
                self._clients.owe(receiver, name, _bag(message), message.body, until_s)


def _bag(message: HubMessage) -> str:
    sender = message.sender
    origin = {"$.cdid": sender.device} | ({} if sender.module is None else {"$.cmid": sender.module})
    return encode_bag({**message.system, "$.mid": message.id, **origin, **message.properties})
