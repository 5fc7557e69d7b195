"""The ten direct methods: name and JSON text in, status and JSON value out (spec/media-graph.md section 7)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from logging import getLogger
from typing import Final, NamedTuple

from footfall.config.document import Document, Value, decode, parse_json
from footfall.core.errors import ConfigError
from footfall.core.ports import Clock
from footfall.mediagraph.documents import STRICT_VERSIONS, VERSIONS, check_version
from footfall.mediagraph.flaws import Flaw
from footfall.mediagraph.refusals import Detail, Refusal, bad_request, invalid, refusing, unconfigured
from footfall.mediagraph.registry import Registry
from footfall.mediagraph.replies import instance_reply, topology_reply
from footfall.mediagraph.scalars import text_of
from footfall.mediagraph.shapes import Declared
from footfall.mediagraph.validator import valid_instance, valid_topology

logger = getLogger(__name__)

LARGEST_PAYLOAD_BYTES: Final = 128 * 1024
PAGE_ITEMS: Final = 100
PAGE_BYTES: Final = 96 * 1024
ORDER: Final = "$orderby=name asc"
NOT_IMPLEMENTED: Final = 501
NAMES: Final = (
    "GraphTopologySet",
    "GraphTopologyGet",
    "GraphTopologyList",
    "GraphTopologyDelete",
    "GraphInstanceSet",
    "GraphInstanceGet",
    "GraphInstanceList",
    "GraphInstanceDelete",
    "GraphInstanceActivate",
    "GraphInstanceDeactivate",
)
Payload = dict[str, Value]


class Reply(NamedTuple):
    """What a method answers."""

    status: int
    payload: Value = None
    """A JSON value; None: null."""


class Methods:
    """The methods of one module. Before `configure`, everything is refused with 403."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._registry: Registry | None = None
        self._missing: tuple[str, ...] = ("applicationDataDirectory",)
        self._versions: Sequence[str] = VERSIONS
        self._methods: Mapping[str, Callable[[Registry, Payload], Reply]] = {
            "GraphTopologySet": self._set_topology,
            "GraphTopologyGet": _get_topology,
            "GraphTopologyList": _list_topologies,
            "GraphTopologyDelete": _delete_topology,
            "GraphInstanceSet": self._set_instance,
            "GraphInstanceGet": _get_instance,
            "GraphInstanceList": _list_instances,
            "GraphInstanceDelete": _delete_instance,
            "GraphInstanceActivate": _activate,
            "GraphInstanceDeactivate": _deactivate,
        }

    def configure(self, registry: Registry, *, is_strict: bool = False) -> None:
        """Answer from a registry. Strict about versions: only the newest is taken, as by the last real module."""
        self._registry = registry
        self._versions = STRICT_VERSIONS if is_strict else VERSIONS

    def refuse(self, missing: Iterable[str]) -> None:
        """Refuse everything: required desired properties are missing."""
        self._registry = None
        self._missing = tuple(missing)

    def dispatch(self, name: str, payload: bytes) -> Reply:
        """Carry out a method. Never raises for what comes in; may take as long as the graph takes to start or stop."""
        begun_s = self._clock.monotonic_s()
        logger.info("Request started: Method name: '%s'.", name[:LONGEST_NAME])
        reply = self._answer(name, payload)
        elapsed_ms = (self._clock.monotonic_s() - begun_s) * 1000
        logger.info("Request completed: Status=%s Elapsed=%.0fms.", _phrase(reply.status), elapsed_ms)
        return reply

    def _answer(self, name: str, payload: bytes) -> Reply:
        method = self._methods.get(name)
        if method is None:
            return Reply(NOT_IMPLEMENTED)
        try:
            if self._registry is None:
                raise unconfigured(self._missing)
            request = _request(payload)
            _, flaw = check_version(request, self._versions)
            if flaw is not None:
                raise invalid([flaw])
            return method(self._registry, request)
        except Refusal as refusal:
            logger.warning("%s refused: %s", name, refusal)
            return Reply(refusal.status, refusal.body())

    def _set_topology(self, registry: Registry, request: Payload) -> Reply:
        with refusing():
            topology, warnings = valid_topology(request, self._versions)
        _log(warnings)
        kept, is_new = registry.set_topology(topology)
        return Reply(_created(is_new=is_new), topology_reply(kept))

    def _set_instance(self, registry: Registry, request: Payload) -> Reply:
        with refusing():
            instance, warnings = valid_instance(request, self._versions)
        _log(warnings)
        kept, is_new = registry.set_instance(instance)
        return Reply(_created(is_new=is_new), instance_reply(kept))


def _get_topology(registry: Registry, request: Payload) -> Reply:
    return Reply(HTTPStatus.OK, topology_reply(registry.topology(_name(request))))


def _list_topologies(registry: Registry, request: Payload) -> Reply:
    return _page(request, (topology_reply(kept) for kept in registry.topologies()))


def _delete_topology(registry: Registry, request: Payload) -> Reply:
    return Reply(_deleted(was_there=registry.delete_topology(_name(request))))


def _get_instance(registry: Registry, request: Payload) -> Reply:
    return Reply(HTTPStatus.OK, instance_reply(registry.instance(_name(request))))


def _list_instances(registry: Registry, request: Payload) -> Reply:
    return _page(request, (instance_reply(kept) for kept in registry.instances()))


def _delete_instance(registry: Registry, request: Payload) -> Reply:
    return Reply(_deleted(was_there=registry.delete_instance(_name(request))))


def _activate(registry: Registry, request: Payload) -> Reply:
    registry.activate(_name(request))
    return Reply(HTTPStatus.OK)


def _deactivate(registry: Registry, request: Payload) -> Reply:
    registry.deactivate(_name(request))
    return Reply(HTTPStatus.OK)


def _request(payload: bytes) -> Payload:
    """The object in a payload."""
    if len(payload) > LARGEST_PAYLOAD_BYTES:
        raise bad_request(details=[Detail("BadRequest", f"The payload is larger than {LARGEST_PAYLOAD_BYTES} bytes.")])
    document = Document("payload")
    try:
        value = parse_json(decode(payload, document), "$", document)
        document.raise_errors()
    except ConfigError as error:
        raise bad_request(
            details=[Detail("BadRequest", f"{each.what}.", each.path) for each in error.problems]
        ) from error
    if not isinstance(value, dict):
        raise bad_request(details=[Detail("BadRequest", "The payload is not a JSON object.", "$")])
    return value


def _member(request: Payload, name: str) -> Value:
    """A member, whatever the case of its key."""
    return next((value for key, value in request.items() if key.lower() == name.lower()), None)


def _name(request: Payload) -> str:
    name = (text_of(_member(request, "name")) or "").strip()
    if not name:
        raise bad_request(details=[Detail("BadRequest", "The name is missing.", "$.Name")])
    return name


def _page(request: Payload, items: Iterable[Declared]) -> Reply:
    """The items behind a continuation token, as many as one reply may hold."""
    query, token = _member(request, "@query"), _member(request, "@continuationToken")
    if query is not None and not (isinstance(query, str) and " ".join(query.split()).lower() in {"", ORDER}):
        raise bad_request(details=[Detail("BadRequest", f"The only query is {ORDER!r}.", "$.@query")])
    after = _after(token) if token else ""
    page: list[Declared] = []
    size_bytes = 0
    for item in items:
        if str(item["name"]) <= after:
            continue
        size_bytes += len(json.dumps(item))
        if page and (len(page) == PAGE_ITEMS or size_bytes > PAGE_BYTES):
            return Reply(HTTPStatus.OK, {"value": page, "@continuationToken": _token(str(page[-1]["name"]))})
        page.append(item)
    return Reply(HTTPStatus.OK, {"value": page})


def _token(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode()


def _after(token: Value) -> str:
    """The last name of the page before."""
    try:
        return base64.b64decode(str(token).encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        message = "The continuation token is not one of this module."
        raise bad_request(details=[Detail("BadRequest", message, "$.@continuationToken")]) from None


def _created(*, is_new: bool) -> int:
    return HTTPStatus.CREATED if is_new else HTTPStatus.OK


def _deleted(*, was_there: bool) -> int:
    return HTTPStatus.OK if was_there else HTTPStatus.NO_CONTENT


def _log(flaws: Sequence[Flaw]) -> None:
    for flaw in flaws[:MOST_WARNINGS]:
        logger.warning("%s: %s; %s", flaw.json_path, flaw.what, flaw.cure)


def _phrase(status: int) -> str:
    """`OK`, `NotFound`: how the log names a status."""
    phrase = HTTPStatus(status).phrase
    return phrase if phrase.isupper() else phrase.replace(" ", "")


LONGEST_NAME: Final = 64
MOST_WARNINGS: Final = 50
