"""An OpenID Connect provider: discovery, keys, authorization code with PKCE, ID tokens. It can be told to cheat.

Everybody who comes is logged in as `person` at once.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

ALL = ["none", "HS256", "RS256", "ES256"]


@dataclass
class Cheat:
    """What the provider does wrong."""

    claims: dict[str, Any] = field(default_factory=dict)
    """Put over the right ones; None takes one away."""
    algorithm: str = "RS256"
    key: Any = None
    """Another one than is published."""
    discovery: dict[str, Any] = field(default_factory=dict)
    raw_token: str | None = None
    broken: str = ""
    """Path that answers nonsense."""


class OidcProvider:
    client_id = "footfall"
    secret = "the client's secret"

    def __init__(self) -> None:
        self.person: dict[str, Any] = {"sub": "1", "preferred_username": "anna", "roles": ["staff"]}
        self.cheat = Cheat()
        self.now_s: float | None = None
        self.keys = [RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})]
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        routes = [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/keys", self._keys),
            Route("/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), port=0, log_config=None, lifespan="off", ws="none", access_log=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.issuer = f"http://127.0.0.1:{port}"

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()

    def rotate(self) -> None:
        number = str(len(self.keys) + 1)
        self.keys = [ECKey.generate_key("P-256", {"kid": number, "use": "sig"})]

    async def _discovery(self, request: Request) -> Response:
        self.asked.append("discovery")
        if self.cheat.broken == "discovery":
            return Response("<html>", 200)
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ALL,
        }
        return JSONResponse({**said, **self.cheat.discovery})

    async def _keys(self, request: Request) -> Response:
        self.asked.append("keys")
        if self.cheat.broken == "keys":
            return JSONResponse({"keys": [{"kty": "RSA"}]})
        if self.cheat.broken == "large":
            return Response(b" " * 1_000_000)
        return JSONResponse(KeySet(self.keys).as_dict(private=False))

    async def _authorize(self, request: Request) -> Response:
        query = dict(request.query_params)
        assert query["response_type"] == "code"
        assert query["client_id"] == self.client_id
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}")

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        began = self._codes.pop(form.get("code", ""), None)
        login = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
        if [unquote(part) for part in login.split(":")] != [self.client_id, self.secret]:
            return JSONResponse({"error": "invalid_client"}, 401)
        challenge = base64.urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if (
            began is None
            or challenge != began["code_challenge"]
            or form["redirect_uri"] != began["redirect_uri"]
            or form["grant_type"] != "authorization_code"
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        if self.cheat.broken == "token":
            return Response("[]")
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self._id_token(began["nonce"])})

    def _id_token(self, nonce: str) -> str:
        if self.cheat.raw_token is not None:
            return self.cheat.raw_token
        now_s = int(time.time() if self.now_s is None else self.now_s)  # noqa: TID251 - a server of its own
        claims = {"iss": self.issuer, "aud": self.client_id, "iat": now_s, "exp": now_s + 300, "nonce": nonce}
        claims = {**claims, **self.person, **self.cheat.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        key = self.cheat.key or self.keys[0]
        algorithm = "ES256" if isinstance(key, ECKey) else self.cheat.algorithm
        header = {"alg": algorithm, "kid": key.kid or "1"}
        if algorithm not in {"none", "HS256"}:
            return jwt.encode(header, claims, key, algorithms=ALL)
        signed = b".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))
        code = hmac.digest(self.keys[0].as_pem(private=False), signed, "sha256") if algorithm == "HS256" else b""
        return b".".join([signed, _encoded(code)]).decode()


def _encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
