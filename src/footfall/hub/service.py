"""The HTTPS door: what tools and back ends ask of an IoT Hub, and modules of their edge hub (spec/iot.md section 9).

Direct methods, twins, manifests, modules and their keys; and the event log as it grows, at `/events`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from footfall.edge.topics import Identity
from footfall.hub.authority import Certificates
from footfall.hub.calls import method_request
from footfall.hub.documents import Document, parse
from footfall.hub.feed import feed, position
from footfall.hub.hub import Hub
from footfall.hub.identities import Module
from footfall.hub.listener import bound
from footfall.hub.messages import BadRequest, HubError, Reply, Unauthorised, UnknownIdentity
from footfall.hub.refusals import JSON, Stopping, refusal, refusal_to_module, unknown_address
from footfall.hub.rights import Right, require
from footfall.hub.store import fact
from footfall.hub.twins import Update
from footfall.hub.web import read_body, serving

EDGE_MODULE: Final = "x-ms-edge-moduleid"
"""Header of modules that call others: `{device}/{module}`."""
QUERY: Final = re.compile(
    r"\s*SELECT\s+\*\s+FROM\s+devices(?P<modules>\.modules)?(\s+WHERE\s+deviceId\s*=\s*(['\"])(?P<device>[^'\"]+)\3)?\s*",
    re.IGNORECASE,
)


@asynccontextmanager
async def answering(hub: Hub, host: str, port: int, certificates: Certificates) -> AsyncIterator[int]:
    """Answer requests while inside; gives the port, which a `port` of 0 leaves open.

    Raises:
        ConfigError: the port is taken, or not permitted.
    """
    listener = bound(host, port, "--https-port")
    chosen = int(listener.getsockname()[1])
    hub.journal.change(fact("https_port", str(chosen)))
    service = Service(hub)
    async with serving(service.app(), listener, certificates):
        try:
            yield chosen
        finally:
            service.close()


class Service:
    """The addresses of one hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._closing = asyncio.Event()

    def close(self) -> None:
        """End what would go on: feeds, and methods that wait for their answer."""
        self._closing.set()

    def app(self) -> Starlette:
        """For any ASGI server."""
        module, device = "/twins/{device}/modules/{module}", "/twins/{device}"
        routes = [
            *(Route(f"{path}/methods", self._invoke, methods=["POST"]) for path in (module, device)),
            *(Route(path, self._twin, methods=["GET"]) for path in (module, device)),
            *(Route(path, self._update_twin, methods=["PATCH", "PUT"]) for path in (module, device)),
            Route("/devices/query", self._query, methods=["POST"]),
            Route("/devices", self._devices, methods=["GET"]),
            Route("/devices/{device}", self._identity, methods=["GET"]),
            Route("/devices/{device}/modules", self._modules, methods=["GET"]),
            Route("/devices/{device}/modules/{module}", self._identity, methods=["GET"]),
            Route("/devices/{device}/modules/{module}", self._make_module, methods=["PUT"]),
            Route("/devices/{device}/modules/{module}", self._remove_module, methods=["DELETE"]),
            Route("/devices/{device}/applyConfigurationContent", self._apply, methods=["POST"]),
            Route("/events", self._events, methods=["GET"]),
        ]
        return Starlette(routes=routes, exception_handlers={HubError: self._refuse, HTTPException: self._refuse})

    async def _invoke(self, request: Request) -> Response:
        who = self._admit(request, Right.CALL_METHODS)
        call = method_request(await read_body(request))
        payload = bytes(call.payload)
        reply = await self._unless_closing(
            self._hub.invoke(who, call.method_name, payload, call.response_timeout_s, call.connect_timeout_s)
        )
        return _json({"status": reply.status, "payload": _payload(reply)})

    async def _twin(self, request: Request) -> Response:
        return self._twin_of(self._admit(request, Right.SERVICE))

    async def _update_twin(self, request: Request) -> Response:
        who = self._admit(request, Right.SERVICE)
        update = Update.of(parse(await read_body(request)), is_whole=request.method == "PUT")
        await self._hub.update_twin(who, update, request.headers.get("if-match"))
        return self._twin_of(who)

    async def _apply(self, request: Request) -> Response:
        self._require_device(self._admit(request, Right.REGISTRY_WRITE))
        await self._hub.apply(parse(await read_body(request)))
        return Response(status_code=204)

    async def _devices(self, request: Request) -> Response:
        self._admit(request, Right.REGISTRY_READ)
        return _json([self._described(self._hub.identities.get(Identity(self._hub.device)))])

    async def _modules(self, request: Request) -> Response:
        self._require_device(self._admit(request, Right.REGISTRY_READ))
        return _json([self._described(module) for module in self._hub.modules()])

    async def _identity(self, request: Request) -> Response:
        who = self._admit(request, Right.REGISTRY_READ)
        return _json(self._described(self._hub.identities.get(who)))

    async def _make_module(self, request: Request) -> Response:
        who = self._admit(request, Right.REGISTRY_WRITE)
        self._require_device(who)
        if _names_keys(parse(await read_body(request))):
            raise BadRequest("the hub makes keys itself: leave authentication.symmetricKey out")
        return _json(self._described(await self._hub.add_module(who.module or "")))

    async def _remove_module(self, request: Request) -> Response:
        who = self._admit(request, Right.REGISTRY_WRITE)
        self._require_device(who)
        await self._hub.remove_module(who.module or "")
        return Response(status_code=204)

    async def _query(self, request: Request) -> Response:
        self._admit(request, Right.SERVICE)
        query = parse(await read_body(request)).get("query")
        asked = QUERY.fullmatch(query) if isinstance(query, str) else None
        if asked is None:
            raise BadRequest("SELECT * FROM devices and SELECT * FROM devices.modules are understood, no other query")
        if asked["device"] not in {None, self._hub.device}:
            return _json([])
        modules = [module.identity for module in self._hub.modules()]
        chosen = modules if asked["modules"] else [Identity(self._hub.device)]
        return _json([self._hub.twin(who).for_service(who) for who in chosen])

    async def _events(self, request: Request) -> Response:
        self._admit(request, Right.SERVICE)
        start = position(self._hub, request.headers.get("last-event-id") or request.query_params.get("from"))
        unrouted = request.query_params.get("all", "").lower() == "true"
        events = feed(self._hub, start, self._closing, unrouted=unrouted)
        return StreamingResponse(events, headers={"Cache-Control": "no-store"}, media_type="text/event-stream")

    async def _refuse(self, request: Request, error: Exception) -> Response:
        reason = unknown_address(error) if isinstance(error, HTTPException) else error
        if EDGE_MODULE in request.headers:
            return refusal_to_module(reason, _target(request, self._hub.device).client_id)
        return refusal(reason, self._hub.clock.now())

    async def _unless_closing(self, call: Coroutine[Any, Any, Reply]) -> Reply:
        closing = asyncio.ensure_future(self._closing.wait())
        calling = asyncio.ensure_future(call)
        try:
            await asyncio.wait([calling, closing], return_when=asyncio.FIRST_COMPLETED)
            if not calling.done():
                raise Stopping("the hub stops")
            return calling.result()
        finally:
            closing.cancel()
            calling.cancel()

    def _admit(self, request: Request, right: Right) -> Identity:
        """Whom the request concerns, if the caller may ask for it."""
        token = request.headers.get("authorization")
        if token is None:
            raise Unauthorised("a token is missing in the header Authorization")
        target = _target(request, self._hub.device)
        caller, _ = self._hub.identities.admit(token, self._hub.clock.now().timestamp())
        require(caller, right, target, request.headers.get(EDGE_MODULE))
        return target

    def _require_device(self, who: Identity) -> None:
        if who.device != self._hub.device:
            raise UnknownIdentity(f"there is no {who.device}")

    def _twin_of(self, who: Identity) -> Response:
        twin = self._hub.twin(who)
        return _json(twin.for_service(who), {"ETag": f'"{twin.etag}"'})

    def _described(self, module: Module) -> dict[str, object]:
        """An identity with its keys, as the identity registry has it."""
        who = module.identity
        ids = {"deviceId": who.device} | ({} if who.module is None else {"moduleId": who.module})
        own = (
            {"status": "enabled", "capabilities": {"iotEdge": True}} if who.module is None else {"managedBy": "IotEdge"}
        )
        keys = {"primaryKey": module.primary_key, "secondaryKey": module.secondary_key}
        is_connected = self._hub.is_connected(who)
        return {
            **ids,
            **own,
            "generationId": module.generation,
            "etag": "MA==",
            "connectionState": "Connected" if is_connected else "Disconnected",
            "cloudToDeviceMessageCount": 0,
            "authentication": {"type": "sas", "symmetricKey": keys},
        }


def _target(request: Request, device: str) -> Identity:
    return Identity(request.path_params.get("device", device), request.path_params.get("module"))


def _names_keys(identity: Document) -> bool:
    authentication = identity.get("authentication")
    keys = authentication.get("symmetricKey") if isinstance(authentication, Mapping) else None
    return isinstance(keys, Mapping) and any(keys.values())


def _payload(reply: Reply) -> object:
    """A module's answer as JSON; what is none goes as text."""
    if not reply.payload.strip():
        return None
    try:
        msgspec.json.decode(reply.payload)
    except (ValueError, RecursionError):
        return reply.payload.decode(errors="replace")
    return msgspec.Raw(reply.payload)


def _json(document: object, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(document), headers=headers, media_type=JSON)
