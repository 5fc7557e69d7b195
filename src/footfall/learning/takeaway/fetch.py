"""A picture by its address, but from nowhere inside the network unless that is allowed."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic
from urllib.parse import urlsplit

WAIT_S = 10.0
_CHUNK_BYTES = 65_536


def fetch(url: str, most_bytes: int, *, private: bool) -> bytes:
    """The bytes at an http or https address; no redirect is followed.

    Args:
        url: the address.
        most_bytes: refuse more.
        private: also fetch from addresses that are not public.

    Raises:
        ValueError: not such an address, nobody there, not found, too large or too slow.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an http or https address is needed")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connect(parts.scheme, parts.hostname, port, _address(parts.hostname, port, private=private))
        try:
            connection.request("GET", target, headers={"Accept": "image/*"})
            return _read(connection, most_bytes)
        finally:
            connection.close()
    except (OSError, HTTPException) as error:
        raise ValueError(f"cannot be fetched: {error}") from error


def _address(host: str, port: int, *, private: bool) -> str:
    """What the name means, looked up once, so that it cannot come to mean something else."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not private and not all(ipaddress.ip_address(one).is_global for one in found):
        raise ValueError("this address is inside the network: set ALLOW_PRIVATE_URLS=1 to allow that")
    return found[0]


def _connect(scheme: str, host: str, port: int, address: str) -> HTTPConnection:
    raw = socket.create_connection((address, port), timeout=WAIT_S)
    if scheme == "http":
        connection = HTTPConnection(host, port, timeout=WAIT_S)
        connection.sock = raw
        return connection
    secure = HTTPSConnection(host, port, timeout=WAIT_S)
    secure.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    return secure


def _read(connection: HTTPConnection, most_bytes: int) -> bytes:
    answer = connection.getresponse()
    if answer.status != 200:
        raise ValueError(f"the address answered {answer.status}")
    body, end = bytearray(), monotonic() + WAIT_S
    while chunk := answer.read1(_CHUNK_BYTES):
        body += chunk
        if len(body) > most_bytes or monotonic() > end:
            raise ValueError("too large or too slow")
    return bytes(body)
