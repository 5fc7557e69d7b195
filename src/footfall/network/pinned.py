"""HTTP to an address whose number has been judged: nobody asks the DNS again."""

from __future__ import annotations

import httpx


def pinned(request: httpx.Request, number: str, name: str) -> httpx.Request:
    """The same request to a number; its Host header stays, and TLS checks `name`."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=number),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": name},
    )
