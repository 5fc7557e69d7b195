"""How an HTTP extension is told who asks (spec/grpc-extension.md section 12)."""

from __future__ import annotations

import ssl
from collections.abc import Generator

import httpx

from footfall.config.media import Endpoint


class BasicOrDigest(httpx.Auth):
    """User and password, told only to who asks for them, and in the way that is asked for (RFC 7617, RFC 7616)."""

    def __init__(self, user: str, password: str) -> None:
        self._basic, self._digest = httpx.BasicAuth(user, password), httpx.DigestAuth(user, password)
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Ask without, until the server wants one or the other."""
        if self._chosen is None:
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            challenges = response.headers.get("WWW-Authenticate", "").lower()
            self._chosen = self._digest if "digest" in challenges else self._basic
        yield from self._chosen.auth_flow(request)


def tls_context(endpoint: Endpoint) -> ssl.SSLContext:
    """Who is trusted.

    Raises:
        ssl.SSLError: the certificates to trust are none.
    """
    context = ssl.create_default_context(cadata="\n".join(endpoint.trusted_pem) or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = not (endpoint.ignores_hostname or endpoint.ignores_signature)
    if endpoint.ignores_signature:
        context.verify_mode = ssl.CERT_NONE
    return context
