"""What the edge hub and its two front doors (MQTT and HTTPS) say to each other: messages, answers, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from footfall.core.errors import FootfallError
from footfall.edge.topics import Identity


@dataclass(frozen=True, slots=True)
class HubMessage:
    """A message of a device or module, on its way along the routes."""

    sender: Identity
    output: str
    """Name of the output it left by (`$.on`); empty where none was named."""
    body: bytes = field(repr=False)
    system: Mapping[str, str | None]
    """System properties by their key in the bag: `$.mid`, `$.ct` ... (spec/iot.md section 3.1), without `$.on`."""
    properties: Mapping[str, str | None]
    """Application properties, in the order in which they came."""
    time: datetime
    """When the hub took it, timezone-aware UTC."""
    id: str
    """`$.mid`, or what the hub chose."""
    is_twin_change: bool = False
    """The hub's own: the sender has reported properties; the body is the patch."""

    @property
    def content_type(self) -> str:
        """`application/json` or what else the sender said; empty where it said nothing."""
        return self.system.get("$.ct") or ""

    @property
    def content_encoding(self) -> str:
        """`utf-8` or what else the sender said; empty where it said nothing."""
        return self.system.get("$.ce") or ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a module answered to a direct method."""

    status: int
    payload: bytes
    """JSON text; empty: nothing."""


class HubError(FootfallError):
    """The hub refuses what was asked of it; each front door has its own words for it."""


class UnknownIdentity(HubError):
    """No such device or module (404001)."""


class NotConnected(HubError):
    """The module of a direct method is not there, nor came within the connect time-out (404103)."""


class NoReply(HubError):
    """The module did not answer a direct method in time (504101)."""


class StaleTwin(HubError):
    """The etag is not that of the twin any more (412)."""


class BadRequest(HubError):
    """A document breaks a rule: the text says which (400)."""


class Unauthorised(HubError):
    """A token is missing, wrong, out of date, or for somebody else (401002). The text never holds the token."""


class StorageFailed(HubError):
    """The disk is full or broken: nothing was kept (500)."""
