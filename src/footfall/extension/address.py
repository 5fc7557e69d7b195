"""Where an extension is, and the channel to one that speaks gRPC (spec/grpc-extension.md sections 1 and 12)."""

from __future__ import annotations

import base64
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import grpc

from footfall.config.media import Endpoint
from footfall.core.errors import ConfigError, Problem
from footfall.core.outside import HostMap

OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),
]
"""Raw frames are larger than gRPC's limit; each try is a connection of its own, straight to the server."""


@dataclass(frozen=True, slots=True)
class Address:
    """A server, ready to be called."""

    target: str
    name: str
    """The host that was asked for: a certificate must hold it."""
    metadata: tuple[tuple[str, str], ...] = field(repr=False)
    roots_pem: bytes | None = field(repr=False)
    """Certificates to trust; None: no TLS."""

    def channel(self) -> grpc.Channel:
        """A new connection."""
        if self.roots_pem is None:
            return grpc.insecure_channel(self.target, options=OPTIONS)
        options = [*OPTIONS, ("grpc.ssl_target_name_override", self.name)]
        return grpc.secure_channel(self.target, grpc.ssl_channel_credentials(self.roots_pem or None), options)


def find(endpoint: Endpoint, node: str, hosts: HostMap) -> Address:
    """Of a gRPC extension's endpoint.

    Raises:
        ConfigError: its URL is not tcp://HOST:PORT.
    """
    parts, port = _split(endpoint)
    if parts is None or not parts.hostname or not port or parts.scheme != "tcp":
        what = "the URL of a gRPC extension is not tcp://HOST:PORT"
        raise ConfigError([Problem("media graph", f"{node}.endpoint.url", what, "write tcp://127.0.0.1:50051")])
    host, port = hosts.find(parts.hostname, port)
    shown = f"[{host}]" if ":" in host else host
    return Address(f"{shown}:{port}", parts.hostname, _metadata(endpoint), _roots(endpoint))


@dataclass(frozen=True, slots=True)
class WebAddress:
    """Where pictures are posted."""

    url: str = field(repr=False)
    host: str
    """The `Host` header: what was asked for, wherever that is."""
    name: str
    """A certificate must hold it."""

    @property
    def shown(self) -> str:
        """What people may read: paths and queries may hold secrets."""
        return f"{urlsplit(self.url).scheme}://{self.host}"


def find_web(endpoint: Endpoint, node: str, hosts: HostMap) -> WebAddress:
    """Of an HTTP extension's endpoint.

    Raises:
        ConfigError: its URL is not http(s)://HOST.
    """
    parts, port = _split(endpoint)
    if parts is None or not parts.hostname or parts.scheme not in _WEB_PORTS:
        what = "the URL of an HTTP extension is not http://HOST[:PORT]/PATH or https://..."
        raise ConfigError([Problem("media graph", f"{node}.endpoint.url", what, "write http://127.0.0.1:80/score")])
    url = hosts.url(endpoint.url, port or _WEB_PORTS[parts.scheme])
    return WebAddress(url, parts.netloc.rpartition("@")[2], parts.hostname)


_WEB_PORTS = {"http": 80, "https": 443}


def _split(endpoint: Endpoint) -> tuple[SplitResult | None, int | None]:
    """The parts of a URL and its port; None: it is none."""
    try:
        parts = urlsplit(endpoint.url)
        port = parts.port
    except ValueError:
        return None, None
    return parts, port


def _metadata(endpoint: Endpoint) -> tuple[tuple[str, str], ...]:
    if not endpoint.user:
        return ()
    login = base64.b64encode(f"{endpoint.user}:{endpoint.password}".encode()).decode()
    return (("x-ms-authentication", f"Basic {login}"),)


def _roots(endpoint: Endpoint) -> bytes | None:
    if not endpoint.is_tls:
        return None
    if endpoint.trusted_pem:
        return "\n".join(endpoint.trusted_pem).encode()
    bundle = ssl.get_default_verify_paths().cafile
    return Path(bundle).read_bytes() if bundle else b""
