"""Routes: which messages go where (spec/iot.md section 6). Pure.

`[SELECT * ] FROM {source} [WHERE {condition}] INTO {sink}`; keywords in any case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from footfall.hub.conditions import Expression, fail, parse_condition
from footfall.hub.messages import BadRequest, HubMessage

HEAD: Final = re.compile(r"\s*(?:SELECT\s+\*\s+)?FROM\s+(?P<source>\S+)\s*", re.IGNORECASE)
WHERE: Final = re.compile(r"WHERE\b", re.IGNORECASE)
INTO: Final = re.compile(r"INTO\b\s*", re.IGNORECASE)
UPSTREAM: Final = re.compile(r"\$upstream\s*$", re.IGNORECASE)
ENDPOINT: Final = re.compile(
    r"""BrokeredEndpoint\s*\(\s*(?P<quote>["'])/?modules/(?P<module>[^/"']+)/inputs/(?P<input>[^"']+?)/?(?P=quote)\s*\)\s*$""",
    re.IGNORECASE,
)
SOURCE: Final = re.compile(
    r"\*|twinChangeNotifications(/\*)?|messages(/\*|/modules(/\*|/[^/]+(/\*|/outputs(/.+)?)?)?)?", re.IGNORECASE
)
LONGEST: Final = 4096
"""Characters of a route."""
PRIORITIES: Final = range(10)
LONGEST_LIFE_S: Final = 2**31 - 1


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
    priority: int | None
    """0 (first) to 9; None: after all that have one."""
    time_to_live_s: int | None
    """None: as `storeAndForwardConfiguration` says."""
    source: tuple[str, ...]
    """Lower-case segments; `*` is any one, and at the end the rest, if there is any."""
    condition: Expression | None = field(repr=False, compare=False)

    def takes(self, message: HubMessage) -> bool:
        """Whether a message goes this way."""
        if not _is_from(self.source, _path(message)):
            return False
        return self.condition is None or self.condition(message) is True


def parse_routes(value: object) -> tuple[Route, ...]:
    """Read `$edgeHub`'s `routes`; entries that are null are routes that were taken away.

    Raises:
        BadRequest: names the route, and the place in it.
    """
    if not isinstance(value, Mapping):
        raise BadRequest("routes: an object is needed, names and their routes")
    return tuple(parse_route(name, entry) for name, entry in value.items() if entry is not None)


def parse_route(name: str, value: object) -> Route:
    """Read a route: a text, or `{"route": text, "priority": 0..9, "timeToLiveSecs": n}`.

    Raises:
        BadRequest: names the route, and the place in it.
    """
    entry = value if isinstance(value, Mapping) else {"route": value}
    text = entry.get("route")
    if not isinstance(text, str):
        form = '{"route": text, "priority": 0 to 9, "timeToLiveSecs": seconds}'
        raise BadRequest(f"route {name!r}: a route is a text, or {form}")
    try:
        priority = _whole(entry, "priority", PRIORITIES)
        life_s = _whole(entry, "timeToLiveSecs", range(LONGEST_LIFE_S + 1))
        return _route(name, text, priority, life_s)
    except BadRequest as error:
        raise BadRequest(f"route {name!r}: {error}") from None


def _route(name: str, text: str, priority: int | None, life_s: int | None) -> Route:
    if len(text) > LONGEST:
        raise BadRequest(f"more than {LONGEST} characters")
    head = HEAD.match(text)
    if head is None:
        fail(text, 0, "a route begins with FROM and a source")
    source = head["source"].strip("/")
    if not SOURCE.fullmatch(source):
        fail(text, head.start("source"), "there is no such source")
    at, condition = head.end(), None
    where = WHERE.match(text, at)
    if where is not None:
        condition, at = parse_condition(text, where.end())
    into = INTO.match(text, at)
    if into is None:
        fail(text, at, "INTO and a sink are missing")
    segments = tuple(source.lower().split("/"))
    return Route(name, text, _sink(text, into.end()), priority, life_s, segments, condition)


def _sink(text: str, at: int) -> Sink:
    if UPSTREAM.match(text, at):
        return Upstream()
    endpoint = ENDPOINT.match(text, at)
    if endpoint is None:
        fail(text, at, 'a sink is $upstream or BrokeredEndpoint("/modules/{module}/inputs/{input}")')
    return ModuleInput(endpoint["module"], endpoint["input"])


def _whole(entry: Mapping[str, object], key: str, allowed: range) -> int | None:
    value = entry.get(key)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
        raise BadRequest(f"{key} is {value!r}, it must be a whole number from 0 to {allowed[-1]}")
    return value


def _path(message: HubMessage) -> list[str]:
    """Where a message comes from, as sources of routes name it."""
    if message.is_twin_change:
        return ["twinchangenotifications"]
    if message.sender.module is None:
        return ["messages"]
    outputs = ["outputs", *message.output.lower().split("/")] if message.output else []
    return ["messages", "modules", message.sender.module.lower(), *outputs]


def _is_from(source: tuple[str, ...], path: list[str]) -> bool:
    for index, segment in enumerate(source):
        if segment == "*" and index == len(source) - 1:
            return True
        if index >= len(path) or segment not in {"*", path[index]}:
            return False
    return True
