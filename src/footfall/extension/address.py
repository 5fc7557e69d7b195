"""Where a gRPC extension is, and the channel to it (spec/grpc-extension.md section 1)."""

from __future__ import annotations

import base64
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

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
    try:
        parts = urlsplit(endpoint.url)
        name, port = parts.hostname, parts.port
    except ValueError:
        name = port = None
    if not name or not port or parts.scheme.lower() != "tcp":
        what = "the URL of a gRPC extension is not tcp://HOST:PORT"
        raise ConfigError([Problem("media graph", f"{node}.endpoint.url", what, "write tcp://127.0.0.1:50051")])
    host, port = hosts.find(name, port)
    shown = f"[{host}]" if ":" in host else host
    return Address(f"{shown}:{port}", name, _metadata(endpoint), _roots(endpoint))


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
