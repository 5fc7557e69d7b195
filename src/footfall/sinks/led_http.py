"""HTTP that asks before each request where it may go."""

from __future__ import annotations

import ssl
from urllib.request import getproxies, proxy_bypass

import httpx

from footfall.core.ports import Lead
from footfall.network.pinned import pinned

_PORTS = {"http": 80, "https": 443}


class LedTransport(httpx.BaseTransport):
    """Connects to numbers that `lead` gives; the Host header and the name that TLS checks stay as they were given.

    Args:
        lead: asked for every request; where it names several numbers, the next is tried when one does not answer.
        verify: how servers are verified.
    """

    def __init__(self, lead: Lead, verify: ssl.SSLContext) -> None:
        self._lead = lead
        self._inner = httpx.HTTPTransport(verify=verify)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """As httpx.

        Raises:
            Blocked: nobody goes there.
        """
        url, name = request.url, request.url.host.rstrip(".")
        numbers = self._lead(name, url.port or _PORTS[url.scheme])
        for number in numbers[:-1]:
            try:
                return self._inner.handle_request(pinned(request, number, name))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return self._inner.handle_request(pinned(request, numbers[-1], name) if numbers else request)

    def close(self) -> None:
        """As httpx."""
        self._inner.close()


def has_proxy(url: str) -> bool:
    """Whether the environment names a proxy for an address: then it is the proxy that connects."""
    parts = httpx.URL(url)
    proxies = getproxies()
    return bool(proxies.get(parts.scheme) or proxies.get("all")) and not proxy_bypass(parts.host)
