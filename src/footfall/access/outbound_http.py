"""HTTP to addresses that people gave: every request, redirects included, goes to an address that was judged."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

import httpx
from anyio import to_thread

from footfall.access.outbound import WEB, Reach, Resolve, addresses_of, judged
from footfall.core.errors import Blocked, FootfallError
from footfall.network.pinned import pinned


class AnswerTooLarge(FootfallError):
    """Somebody answers with more than anybody needs."""


@dataclass(frozen=True, slots=True)
class Outbound:
    """How to connect."""

    reach: Reach
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    timeout_s: float = 10.0
    resolve: Resolve = addresses_of

    def client(self) -> httpx.AsyncClient:
        """A client that follows no redirects by itself and knows no proxies."""
        return httpx.AsyncClient(transport=_Judged(self), timeout=self.timeout_s, trust_env=False)


async def read(client: httpx.AsyncClient, request: httpx.Request, largest: int) -> tuple[int, bytes]:
    """Status and body of an answer.

    Raises:
        httpx.TransportError: no connection, or it broke.
        Blocked: the service does not connect there.
        AnswerTooLarge: the body is larger than `largest`.
    """
    response = await client.send(request, stream=True)
    try:
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > largest:
                raise AnswerTooLarge(f"{request.url.host} answers with more than {largest} bytes")
        return response.status_code, bytes(body)
    finally:
        await response.aclose()


class _Judged(httpx.AsyncBaseTransport):
    """Connects to judged addresses only; TLS still checks the name that was given."""

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound
        self._inner = httpx.AsyncHTTPTransport(verify=outbound.trust, retries=0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As httpx."""
        url = request.url
        if url.scheme not in WEB & self._outbound.reach.schemes:
            raise Blocked("scheme", "only http and https can be opened here")
        port = url.port or (443 if url.scheme == "https" else 80)
        target = await to_thread.run_sync(
            judged, url.host.rstrip("."), port, self._outbound.reach, self._outbound.resolve
        )
        return await self._inner.handle_async_request(pinned(request, target.addresses[0], target.host))

    async def aclose(self) -> None:
        """As httpx."""
        await self._inner.aclose()
