"""Finds cameras in the local network: WS-Discovery 1.1 as ONVIF uses it (ONVIF Core, section 7).

One question by multicast on every network of this machine, and to single addresses where multicast does not get
through. Only devices with a private address count, and of what they say only addresses of their own.
"""

from __future__ import annotations

import asyncio
import fcntl
import ipaddress
import socket
import struct
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from footfall.ingest.soap import Element, envelope, parse

GROUP: Final = "239.255.255.250"
PORT: Final = 3702
WAIT_S: Final = 2.0
MOST_DEVICES: Final = 256
SIOCGIFADDR: Final = 0x8915
"""netdevice(7)."""
_DISCOVERY: Final = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
_ADDRESSING: Final = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
_NAME: Final = "onvif://www.onvif.org/name/"
_HARDWARE: Final = "onvif://www.onvif.org/hardware/"


@dataclass(frozen=True, slots=True)
class Device:
    """A device that has answered."""

    address: str
    """IPv4, private; the answer came from there."""
    services: tuple[str, ...]
    """URLs of its device service, at that address."""
    name: str = ""
    hardware: str = ""


async def discover(
    hosts: Sequence[str] = (), *, wait_s: float = WAIT_S, port: int = PORT, group: str = GROUP
) -> tuple[Device, ...]:
    """Everybody who answers in time, by address.

    Args:
        hosts: addresses to ask beside the multicast; only private ones are asked.
        wait_s: seconds.
        port: where devices listen.
        group: the multicast group.
    """
    message_id = f"urn:uuid:{uuid.uuid4()}"
    loop = asyncio.get_running_loop()
    found: dict[str, Device] = {}
    transport, _ = await loop.create_datagram_endpoint(lambda: _Listener(message_id, found), sock=_socket())
    try:
        for target in filter(is_private, hosts):
            transport.sendto(question(message_id), (target, port))
        outgoing: socket.socket = transport.get_extra_info("socket")
        for number, name in socket.if_nameindex():
            with suppress(OSError):  # a network without multicast, or without an address
                interface = struct.pack("@4s4si", b"", own_address(outgoing, name), number)
                outgoing.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
                transport.sendto(question(message_id), (group, port))
        await asyncio.sleep(wait_s)
    finally:
        transport.close()
    return tuple(sorted(found.values(), key=lambda device: ipaddress.IPv4Address(device.address)))


def own_address(sock: socket.socket, interface: str) -> bytes:
    """This machine's IPv4 address on one of its networks, 4 bytes.

    Raises:
        OSError: it has none there.
    """
    return fcntl.ioctl(sock.fileno(), SIOCGIFADDR, struct.pack("256s", interface.encode()[:15]))[20:24]


def question(message_id: str) -> bytes:
    """Which video devices are there?"""
    return envelope(
        f'<d:Probe xmlns:d="{_DISCOVERY}"><d:Types xmlns:n="http://www.onvif.org/ver10/network/wsdl">'
        "n:NetworkVideoTransmitter</d:Types></d:Probe>",
        f'<a:MessageID xmlns:a="{_ADDRESSING}">{message_id}</a:MessageID>'
        f'<a:To xmlns:a="{_ADDRESSING}">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>'
        f'<a:Action xmlns:a="{_ADDRESSING}">{_DISCOVERY}/Probe</a:Action>',
    )


def answered(document: bytes, sender: str, message_id: str) -> Device | None:
    """The device that says this; None where it answers somebody else, or says nothing that can be used.

    Raises:
        ValueError: it is no XML that may be read.
    """
    root = parse(document)
    match = root.first("ProbeMatches", "ProbeMatch")
    if match is None or root.words("RelatesTo") != message_id or not is_private(sender):
        return None
    services = tuple(url for url in match.words("XAddrs").split() if is_at(url, sender))
    if not services:
        return None
    return Device(sender, services, _scope(match, _NAME), _scope(match, _HARDWARE))


def is_private(host: str) -> bool:
    """Whether it is an IPv4 address of a local network; names are not looked up."""
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return address.is_private and not (address.is_unspecified or address.is_reserved or address.is_multicast)


def is_at(url: str, address: str) -> bool:
    """Whether an HTTP address is that of this very machine."""
    with suppress(ValueError):
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and parts.hostname == address and parts.port != 0
    return False


def _scope(match: Element, prefix: str) -> str:
    """What a device is called; control characters are dropped."""
    told: Iterable[str] = (scope for scope in match.words("Scopes").split() if scope.startswith(prefix))
    text = unquote(next(iter(told), "").removeprefix(prefix))
    return "".join(letter for letter in text if letter.isprintable())[:100]


def _socket() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    sock.bind(("", 0))
    return sock


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, message_id: str, found: dict[str, Device]) -> None:
        self._message_id = message_id
        self._found = found

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """One answer; what is no answer is passed over."""
        with suppress(ValueError):
            device = answered(data, addr[0], self._message_id)
            if device is not None and len(self._found) < MOST_DEVICES:
                self._found[device.address] = device

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there."""
