"""Headers of every answer, and the names by which the service may be called."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES: Final = frozenset({"localhost", "localhost.localdomain"})
POLICY: Final = "; ".join((
    "default-src 'self'", "img-src 'self' blob: data:", "connect-src 'self'", "style-src 'self'", "script-src 'self'",
    "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'",
))  # fmt: skip
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
HSTS: Final = "max-age=31536000"
NOT_KEPT: Final = ("/api/", "/health/", "/metrics")
"""What browsers and proxies must not keep."""


@dataclass(frozen=True, slots=True)
class Door:
    """How the service is reached."""

    names: frozenset[str] = frozenset()
    """Host names beside the loopback's and plain addresses, in lower case."""
    secure: bool = True
    """People reach it by HTTPS: cookies are for HTTPS alone."""
    own_certificate: bool = False
    """The certificate is the user's, not self-made: browsers may insist on it (HSTS)."""
    rate: str = "100/second;3000/minute"
    """Requests of one caller."""
    body_bytes: int = 1024 * 1024
    """Largest body of a request."""
    has_vision: bool = False
    """Custom Vision answers beside the page, below `/customvision`."""
    prediction_days: int = 30
    """How long predictions that it stores are kept; 0: it stores none."""

    def knows(self, host: str) -> bool:
        """Whether a `Host` header names this service: a page of another name that was bent to this address does not.

        Plain addresses pass: nobody can bend them.
        """
        try:
            parts = urlsplit(f"//{host}")
            name, _ = parts.hostname or "", parts.port
        except ValueError:
            return False
        return name in LOOPBACK_NAMES or name in self.names or _is_address(name)


class Headers:
    """Puts the headers on every answer, errors included."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._headers = {**HEADERS, "strict-transport-security": HSTS} if door.own_certificate else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        is_kept = not scope["path"].startswith(NOT_KEPT)

        async def send_with_headers(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                headers = MutableHeaders(scope=message)
                del headers["server"]
                headers.update(self._headers)
                if not is_kept:
                    headers["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
