"""Where the service may connect to when people give addresses: cameras, webhooks, HTTP sources, single sign-on.

Against server-side request forgery (OWASP, ASVS 13.2.4 and 13.2.5): a name is resolved once, every address it stands
for is judged, and the connection goes to an address that was judged, never to the name again.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from footfall.core.errors import Blocked
from footfall.core.ports import Lead
from footfall.ingest.url import openable

Ip: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve: TypeAlias = Callable[[str, int], Sequence[str]]

_PORTS: Final = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322}
WEB: Final = frozenset({"http", "https"})
CAMERA: Final = frozenset(_PORTS)
_METADATA: Final = frozenset(
    ipaddress.ip_address(text)
    for text in ("169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192")
)
"""Where clouds tell a machine its secrets."""
_PRIVATE: Final = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
_CARRIERS: Final = (
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
    (ipaddress.IPv6Network("::/96"), 0),
)
"""Networks of IPv6 whose addresses hold one of IPv4, and how many bits are right of it (RFC 6052, 3056, 4291)."""
_ODD: Final = re.compile(r"[\x00-\x20\x7f\\<>\"`^{|}]")
_NUMBER: Final = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)
"""What inet_aton takes for an address: also octal, hexadecimal, and fewer than four parts."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far connections may go."""

    schemes: frozenset[str]
    private: bool = False
    """Addresses of local networks, which is where cameras are."""
    loopback: bool = False
    """This machine itself: for simulated cameras, and for receivers that run beside the service."""


CAMERAS: Final = Reach(CAMERA, private=True)
RECEIVERS: Final = Reach(WEB)
"""Webhooks and single sign-on, unless an admin allows more."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a connection goes."""

    host: str
    """As it was given: for TLS and the Host header."""
    port: int
    addresses: tuple[str, ...]
    """All of them may be used."""


def addresses_of(host: str, port: int) -> Sequence[str]:
    """What the machine's resolver says; blocks.

    Raises:
        OSError: it knows no such name.
    """
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def target_of(url: str, reach: Reach, resolve: Resolve = addresses_of) -> Target:
    """Where an address leads, if the service may go there; for cameras as FFmpeg will read it.

    Raises:
        Blocked: it may not, or the address is none. No secret of the address is in the error.
    """
    scheme = url.partition(":")[0].lower()
    if scheme not in reach.schemes:
        raise Blocked("scheme", f"only {', '.join(sorted(reach.schemes))} can be opened here")
    host, port = _place(openable(url) if scheme not in WEB else url, scheme)
    return judged(host, port, reach, resolve)


def leading(reach: Reach, resolve: Resolve = addresses_of) -> Lead:
    """Goes so far and no further, at every connection."""
    return lambda host, port: judged(host, port, reach, resolve).addresses


def judged(host: str, port: int, reach: Reach, resolve: Resolve = addresses_of) -> Target:
    """A host and port, resolved once and judged.

    Raises:
        Blocked: one of its addresses is out of reach, or there is none.
    """
    literal = _literal(host)
    try:
        found = [host] if literal else list(dict.fromkeys(resolve(host, port)))
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise Blocked("unknown-host", f"there is no host {host!r}")
    for address in found:
        if reason := _wrong_with(ipaddress.ip_address(address.partition("%")[0]), reach):
            raise Blocked(reason, f"{host!r} is a {reason} address, which this service does not connect to")
    return Target(host, port, tuple(found))


def _place(url: str, scheme: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Blocked("malformed", "this is no address") from None
    if not host or _ODD.search(parts.netloc) or port == 0:
        raise Blocked("malformed", "this is no address")
    return host, port or _PORTS[scheme]


def _literal(host: str) -> bool:
    """Whether a host is an address already."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if _NUMBER.fullmatch(host):
            raise Blocked("ambiguous", "write the address as four decimal numbers") from None
        return False
    return True


def _wrong_with(address: Ip, reach: Reach) -> str:
    """Why an address is out of reach; empty where it is not."""
    inner = _carried(address)
    if inner is not None:
        return _wrong_with(inner, reach)
    if address in _METADATA:
        return "metadata"
    if address.is_loopback:
        return "" if reach.loopback else "loopback"
    if any(address in network for network in _PRIVATE if network.version == address.version):
        return "" if reach.private else "private"
    for reason, is_so in (
        ("multicast", address.is_multicast),
        ("link-local", address.is_link_local),
        ("reserved", address.is_unspecified or address.is_reserved or not address.is_global),
    ):
        if is_so:
            return reason
    return ""


def _carried(address: Ip) -> Ip | None:
    """The IPv4 address within one of IPv6."""
    if address.version == 4 or address in (ipaddress.IPv6Address("::"), ipaddress.IPv6Address("::1")):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.teredo is not None:
        return address.teredo[1]
    for network, right in _CARRIERS:
        if address in network:
            return ipaddress.IPv4Address(int(address) >> right & 0xFFFFFFFF)
    return None
