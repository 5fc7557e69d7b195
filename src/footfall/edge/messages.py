"""What passes between a module and its hub, and who is told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Json: TypeAlias = object
Properties: TypeAlias = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Twin:
    """A module's twin; both parts hold their `$version`."""

    desired: Properties
    reported: Properties


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way to the hub."""

    output: str
    body: bytes
    properties: Mapping[str, str | None] = field(default_factory=dict)
    """Application properties; system ones begin with `$.`, such as `$.ct`."""
    message_id: str = ""


def _no_method(_name: str, _payload: Json) -> tuple[int, Json]:
    return 501, {"message": "this module has no such method"}


@dataclass(frozen=True, slots=True)
class Handlers:
    """What a module does when it is told something. Methods have a thread of their own, all else another one."""

    on_twin: Callable[[Twin], None] = lambda _twin: None
    """The whole twin: after each connection that finds other desired properties, and after each change of them."""
    on_method: Callable[[str, Json], tuple[int, Json]] = _no_method
    """Name and payload of a direct method; gives status and payload of the answer."""
    on_input: Callable[[str, bytes, Mapping[str, str | None]], None] | None = None
    """Name of the input, body and properties; the message is the module's when this returns. None: there are no
    inputs, and they are not subscribed to (an IoT Hub without a gateway has none)."""
