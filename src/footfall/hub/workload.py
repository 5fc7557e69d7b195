"""The workload API: what the runtime of an edge device gives to its modules (spec/iot.md section 10).

One Unix socket for each module: whoever can open it is that module, so it signs for that module and nobody else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from footfall.edge.topics import Identity
from footfall.events.figures import timestamp
from footfall.hub.authority import Certificates, issue
from footfall.hub.hub import Hub
from footfall.hub.identities import Module
from footfall.hub.messages import BadRequest, HubError, Unauthorised
from footfall.hub.module_specs import AGENT, agent_modules
from footfall.hub.refusals import JSON, refusal_to_module, unknown_address
from footfall.hub.web import read_body

NONCE: Final = 12
"""Bytes in front of a ciphertext."""
IDENTITY_LIFE: Final = timedelta(days=7)
SERVER_LIFE: Final = timedelta(days=90)


class Sign(msgspec.Struct, rename="camel"):
    """A request for a signature."""

    data: str
    """Base64; of tokens `{sr}\\n{se}`."""
    key_id: str = "primary"
    algo: str = "HMACSHA256"


class Encrypt(msgspec.Struct, rename="camel"):
    """A request for a ciphertext; both in base64."""

    plaintext: str
    initialization_vector: str


class Decrypt(msgspec.Struct, rename="camel"):
    """A request for what was encrypted; both in base64."""

    ciphertext: str
    initialization_vector: str


class IdentityCertificate(msgspec.Struct, rename="camel"):
    """A request for a client's certificate."""

    expiration: datetime | None = None


class ServerCertificate(msgspec.Struct, rename="camel"):
    """A request for a server's certificate."""

    common_name: str
    expiration: datetime | None = None


class Workload:
    """The API of one module."""

    def __init__(self, hub: Hub, module: Identity, certificates: Certificates) -> None:
        self._hub = hub
        self._module = module
        self._certificates = certificates

    def app(self) -> Starlette:
        """For any ASGI server."""
        own = "/modules/{module}/genid/{generation}"
        routes = [
            Route("/trust-bundle", self._trust_bundle),
            Route("/modules", self._modules),
            Route(f"{own}/sign", self._sign, methods=["POST"]),
            Route(f"{own}/encrypt", self._encrypt, methods=["POST"]),
            Route(f"{own}/decrypt", self._decrypt, methods=["POST"]),
            Route(f"{own}/certificate/server", self._server_certificate, methods=["POST"]),
            Route("/modules/{module}/certificate/identity", self._identity_certificate, methods=["POST"]),
        ]
        return Starlette(routes=routes, exception_handlers={HubError: self._refuse, HTTPException: self._refuse})

    async def _trust_bundle(self, _request: Request) -> Response:
        return _json({"certificate": self._certificates.authority.read_text()})

    async def _sign(self, request: Request) -> Response:
        key = self._own_key(request)
        wanted = await _read(request, Sign)
        if wanted.algo.upper() != "HMACSHA256":
            raise BadRequest(f"algo {wanted.algo} is not known, HMACSHA256 is")
        if wanted.key_id not in {"primary", "secondary"}:
            raise BadRequest(f"keyId {wanted.key_id} is not known, primary and secondary are")
        secret = base64.b64decode(key.primary_key if wanted.key_id == "primary" else key.secondary_key)
        digest = hmac.new(secret, _decoded(wanted.data), hashlib.sha256).digest()
        return _json({"digest": _encoded(digest)})

    async def _encrypt(self, request: Request) -> Response:
        cipher = self._cipher(request)
        wanted = await _read(request, Encrypt)
        nonce = secrets.token_bytes(NONCE)
        sealed = cipher.encrypt(nonce, _decoded(wanted.plaintext), _decoded(wanted.initialization_vector))
        return _json({"ciphertext": _encoded(nonce + sealed)})

    async def _decrypt(self, request: Request) -> Response:
        cipher = self._cipher(request)
        wanted = await _read(request, Decrypt)
        sealed = _decoded(wanted.ciphertext)
        try:
            opened = cipher.decrypt(sealed[:NONCE], sealed[NONCE:], _decoded(wanted.initialization_vector))
        except (InvalidTag, ValueError):
            raise BadRequest("this was not encrypted for this module with this initialization vector") from None
        return _json({"plaintext": _encoded(opened)})

    async def _identity_certificate(self, request: Request) -> Response:
        self._require_own(request)
        wanted = await _read(request, IdentityCertificate, b"{}")
        return self._issued(self._module.client_id, (), wanted.expiration, IDENTITY_LIFE)

    async def _server_certificate(self, request: Request) -> Response:
        self._own_key(request)
        wanted = await _read(request, ServerCertificate)
        name = wanted.common_name
        if not (0 < len(name) <= 64 and name.isascii() and name.isprintable()):
            raise BadRequest("commonName must be a host name of 1 to 64 ASCII characters")
        return self._issued(name, (name,), wanted.expiration, SERVER_LIFE)

    async def _modules(self, _request: Request) -> Response:
        agent = self._hub.twin(Identity(self._hub.device, AGENT))
        states = agent.reported.values.get("modules")
        return _json({"modules": [_listed(module.name, states) for module in agent_modules(agent.desired.values)]})

    def _issued(self, name: str, names: tuple[str, ...], end: datetime | None, longest: timedelta) -> Response:
        now = self._hub.clock.now()
        end = now + longest if end is None or end.tzinfo is None else min(end, now + longest)
        if end <= now:
            raise BadRequest("expiration lies in the past")
        issued = issue(self._certificates, name[:64], names, end, now)
        private = {"type": "key", "bytes": issued.key}
        made = {"privateKey": private, "certificate": issued.certificate, "expiration": timestamp(issued.end)}
        return _json(made, 201)

    def _cipher(self, request: Request) -> AESGCM:
        """A key of its own, which nobody but the hub can derive."""
        secret = base64.b64decode(self._own_key(request).primary_key)
        derive = HKDF(hashes.SHA256(), 32, None, b"workload encryption")
        return AESGCM(derive.derive(secret))

    def _own_key(self, request: Request) -> Module:
        """The keys of this socket's module, if the request is about it as it is now."""
        self._require_own(request)
        module = self._hub.identities.get(self._module)
        if request.path_params["generation"] != module.generation:
            raise Unauthorised("this module was made anew since: its generation id is another one")
        return module

    def _require_own(self, request: Request) -> None:
        if request.path_params["module"] != self._module.module:
            raise Unauthorised(f"this socket is for the module {self._module.module} alone")

    async def _refuse(self, _request: Request, error: Exception) -> Response:
        reason = unknown_address(error) if isinstance(error, HTTPException) else error
        return refusal_to_module(reason, self._module.client_id)


Wanted = TypeVar("Wanted", bound=msgspec.Struct)


async def _read(request: Request, kind: type[Wanted], default: bytes = b"") -> Wanted:
    try:
        return msgspec.json.decode(await read_body(request) or default, type=kind)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"not what is needed here: {error}") from None


def _listed(name: str, states: object) -> dict[str, object]:
    state = states.get(name) if isinstance(states, Mapping) else None
    status = state.get("runtimeStatus") if isinstance(state, Mapping) else None
    runtime = {"status": status if isinstance(status, str) else "unknown"}
    return {"id": name, "name": name, "type": "docker", "status": {"runtimeStatus": runtime}}


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise BadRequest("data must be base64") from None


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _json(document: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(document), status, media_type=JSON)
