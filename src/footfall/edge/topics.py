"""Topics of IoT Edge over MQTT, built and understood (spec/iot.md section 3). Pure.

Device and module ids stand in topics as they are; everything else is percent-encoded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import quote, unquote

METHODS: Final = "$iothub/methods/POST/#"
TWIN_ANSWERS: Final = "$iothub/twin/res/#"
DESIRED: Final = "$iothub/twin/PATCH/properties/desired/#"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is connected: a device, or one of its modules."""

    device: str
    module: str | None = None

    @property
    def client_id(self) -> str:
        """As in CONNECT."""
        return self.device if self.module is None else f"{self.device}/{self.module}"

    @property
    def path(self) -> str:
        """As in topics and in REST paths: `devices/{d}/modules/{m}`."""
        return f"devices/{self.device}" + ("" if self.module is None else f"/modules/{self.module}")


@dataclass(frozen=True, slots=True)
class Telemetry:
    """A client sends a message."""

    sender: Identity
    bag: str


@dataclass(frozen=True, slots=True)
class TwinGet:
    """A client wants its twin."""

    rid: str


@dataclass(frozen=True, slots=True)
class ReportedPatch:
    """A client reports properties."""

    rid: str


@dataclass(frozen=True, slots=True)
class MethodReply:
    """A client answers a direct method."""

    status: int
    rid: str


FromClient: TypeAlias = Telemetry | TwinGet | ReportedPatch | MethodReply


@dataclass(frozen=True, slots=True)
class MethodCall:
    """A client is asked to run a direct method."""

    name: str
    rid: str


@dataclass(frozen=True, slots=True)
class TwinAnswer:
    """The answer to a twin request."""

    status: int
    rid: str
    version: int | None


@dataclass(frozen=True, slots=True)
class DesiredPatch:
    """The desired properties have changed."""

    version: int | None


@dataclass(frozen=True, slots=True)
class InputMessage:
    """A message on a module's input."""

    name: str
    bag: str


FromHub: TypeAlias = MethodCall | TwinAnswer | DesiredPatch | InputMessage


def telemetry(sender: Identity, bag: str = "") -> str:
    """Where a client sends its messages."""
    return f"{sender.path}/messages/events/{bag}"


def inputs(receiver: Identity) -> str:
    """What a module subscribes to for its inputs."""
    return f"{receiver.path}/inputs/#"


def input_message(receiver: Identity, name: str, bag: str = "") -> str:
    """Where a message for a module's input is published."""
    return f"{receiver.path}/inputs/{quote(name, safe='')}/{bag}"


def method_call(name: str, rid: str) -> str:
    """Where a direct method is asked for."""
    return f"$iothub/methods/POST/{quote(name, safe='')}/?$rid={rid}"


def method_reply(status: int, rid: str) -> str:
    """Where it is answered."""
    return f"$iothub/methods/res/{status}/?$rid={rid}"


def twin_get(rid: str) -> str:
    """Where a client asks for its twin; the payload is one blank."""
    return f"$iothub/twin/GET/?$rid={rid}"


def reported_patch(rid: str) -> str:
    """Where a client reports properties."""
    return f"$iothub/twin/PATCH/properties/reported/?$rid={rid}"


def twin_answer(status: int, rid: str, version: int | None = None) -> str:
    """Where both are answered."""
    return f"$iothub/twin/res/{status}/?$rid={rid}" + ("" if version is None else f"&$version={version}")


def desired_patch(version: int) -> str:
    """Where a client learns of new desired properties."""
    return f"$iothub/twin/PATCH/properties/desired/?$version={version}"


def from_client(topic: str) -> FromClient | None:
    """What a client says by publishing here; None: nothing that the hub knows.

    A slash behind the bag of a message means nothing (the .NET client puts one there).
    """
    match topic.split("/"):
        case ["devices", device, "modules", module, "messages", "events", *bag]:
            return Telemetry(Identity(device, module), "/".join(bag).rstrip("/"))
        case ["devices", device, "messages", "events", *bag]:
            return Telemetry(Identity(device), "/".join(bag).rstrip("/"))
        case ["$iothub", "twin", "GET", query]:
            return TwinGet(_field(query, "$rid"))
        case ["$iothub", "twin", "PATCH", "properties", "reported", query]:
            return ReportedPatch(_field(query, "$rid"))
        case ["$iothub", "methods", "res", status, query] if _is_number(status):
            return MethodReply(int(status), _field(query, "$rid"))
    return None


def from_hub(topic: str) -> FromHub | None:
    """What the hub says by publishing here; None: nothing that a module knows."""
    match topic.split("/"):
        case ["$iothub", "methods", "POST", name, query]:
            return MethodCall(unquote(name), _field(query, "$rid"))
        case ["$iothub", "twin", "res", status, query] if _is_number(status):
            return TwinAnswer(int(status), _field(query, "$rid"), _number(_field(query, "$version")))
        case ["$iothub", "twin", "PATCH", "properties", "desired", query]:
            return DesiredPatch(_number(_field(query, "$version")))
        case ["devices", _, "modules", _, "inputs", name, *bag]:
            return InputMessage(unquote(name), "/".join(bag).rstrip("/"))
    return None


def _field(query: str, name: str) -> str:
    """One field of `?a=1&b=2`; empty where it is missing."""
    fields = dict(part.partition("=")[::2] for part in query.removeprefix("?").split("&"))
    return fields.get(name, "")


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit() and len(text) <= LONGEST_NUMBER


def _number(text: str) -> int | None:
    return int(text) if _is_number(text) else None


LONGEST_NUMBER: Final = 18
