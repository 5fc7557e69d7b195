"""Along which routes a message goes: into the event log, to inputs of modules, or nowhere (spec/iot.md section 6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from footfall.core.ports import Clock
from footfall.edge.bag import decode_bag, encode_bag
from footfall.edge.topics import Identity
from footfall.hub.clients import Clients
from footfall.hub.journal import Journal
from footfall.hub.messages import BadRequest, HubMessage
from footfall.hub.record import line_of
from footfall.hub.routes import ModuleInput, Route, Upstream, parse_route

TIME_TO_LIVE_S: Final = 7200
LONGEST_BAG: Final = 32_768
"""Bytes of a property bag as it stands in a topic."""


@dataclass(frozen=True, slots=True)
class Routing:
    """What `$edgeHub`'s desired properties say."""

    routes: tuple[Route, ...] = ()
    time_to_live_s: int = TIME_TO_LIVE_S
    """How long a message waits for its module."""


def read_routing(desired: Mapping[str, Any]) -> Routing:
    """Read `routes` and `storeAndForwardConfiguration` of `$edgeHub`; routes of a higher priority come first.

    Raises:
        BadRequest: says which route is wrong, and where.
    """
    routes = desired.get("routes") or {}
    if not isinstance(routes, Mapping):
        raise BadRequest("$edgeHub: routes must be an object of names and routes")
    keeping = desired.get("storeAndForwardConfiguration") or {}
    seconds = keeping.get("timeToLiveSecs", TIME_TO_LIVE_S) if isinstance(keeping, Mapping) else None
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 0:
        raise BadRequest("$edgeHub: storeAndForwardConfiguration.timeToLiveSecs must be a whole number of seconds")
    parsed = [parse_route(name, value) for name, value in routes.items()]
    return Routing(tuple(sorted(parsed, key=lambda route: 10 if route.priority is None else route.priority)), seconds)


class Router:
    """Sends messages along the routes."""

    def __init__(self, journal: Journal, clients: Clients, clock: Clock, exists: Callable[[Identity], bool]) -> None:
        self.routing = Routing()
        self._journal = journal
        self._clients = clients
        self._clock = clock
        self._exists = exists

    def telemetry(self, sender: Identity, bag: str, body: bytes) -> None:
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
        now = self._clock.now()
        self.send(HubMessage(sender, output, body, system, properties, now, system.get("$.mid") or str(uuid4())))

    def send(self, message: HubMessage) -> None:
        """Send a message on; once for every route that takes it."""
        is_routed = False
        for route in self.routing.routes:
            if route.takes(message):
                is_routed = True
                self._follow(route, message)
        if not is_routed:
            self._journal.log(line_of(message, unrouted=True))

    def _follow(self, route: Route, message: HubMessage) -> None:
        match route.sink:
            case Upstream():
                self._journal.log(line_of(message))
            case ModuleInput(module, name):
                receiver = Identity(message.sender.device, module)
                if self._exists(receiver):
                    life_s = self.routing.time_to_live_s if route.time_to_live_s is None else route.time_to_live_s
                    until_s = message.time.timestamp() + life_s
                    self._clients.owe(receiver, name, _bag(message), message.body, until_s)


def _bag(message: HubMessage) -> str:
    sender = message.sender
    origin = {"$.cdid": sender.device} | ({} if sender.module is None else {"$.cmid": sender.module})
    return encode_bag({**message.system, "$.mid": message.id, **origin, **message.properties})
