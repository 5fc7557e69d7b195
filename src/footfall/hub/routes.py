"""Routes: which messages go where (spec/iot.md section 6). Pure.

`[SELECT * ] FROM {source} [WHERE {condition}] INTO {sink}`; keywords in any case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from footfall.hub.messages import HubMessage


@dataclass(frozen=True, slots=True)
class Upstream:
    """The event log."""


@dataclass(frozen=True, slots=True)
class ModuleInput:
    """An input of a module of this device."""

    module: str
    input: str


Sink: TypeAlias = Upstream | ModuleInput


@dataclass(frozen=True, slots=True)
class Route:
    """One entry of `$edgeHub`'s desired `routes`."""

    name: str
    text: str
    sink: Sink
    priority: int | None = None
    """0 (first) to 9; None: after all that have one."""
    time_to_live_s: int | None = None
    """None: as `storeAndForwardConfiguration` says."""

    def takes(self, message: HubMessage) -> bool:
        """Whether a message goes this way."""
        raise NotImplementedError


def parse_route(name: str, value: object) -> Route:
    """Read a route: a text, or `{"route": text, "priority": 0..9, "timeToLiveSecs": n}`.

    Raises:
        BadRequest: names the route and the place in it.
    """
    raise NotImplementedError
