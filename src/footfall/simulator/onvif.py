"""A simulated ONVIF device: answers WS-Discovery over UDP and SOAP over HTTP, and points to streams elsewhere."""

from __future__ import annotations

import base64
import hashlib
import socket
import struct
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Clock
from footfall.ingest.discovery import GROUP, PORT
from footfall.ingest.soap import Element, envelope, parse
from footfall.simulator.rtsp import Login

TOLERANCE: Final = timedelta(seconds=5)
"""Logins that are dated further off are refused, as cameras do."""
_DEVICE: Final = "http://www.onvif.org/ver10/device/wsdl"
_MEDIA: Final = "http://www.onvif.org/ver10/media/wsdl"
_SCHEMA: Final = "http://www.onvif.org/ver10/schema"


@dataclass(frozen=True, slots=True)
class Profile:
    """One stream of the device."""

    name: str
    url: str
    codec: str = "H264"
    size_px: tuple[int, int] = (1280, 720)
    fps: int = 15


@dataclass(slots=True)
class Seen:
    """What the device was asked."""

    calls: list[str] = field(default_factory=list)
    refusals: int = 0


class OnvifCamera:
    """A device on 127.0.0.1, which is found by multicast on the loopback network, and by asking its address.

    Args:
        profiles: its streams.
        clock: the time of day.
        name: what it calls itself.
        login: what it asks for; None: nothing.
        discovery_port: where it is found.
        ahead: how far its clock is wrong.

    Raises:
        ConfigError: a port is taken.
    """

    def __init__(
        self,
        profiles: Sequence[Profile],
        clock: Clock,
        *,
        name: str = "simulated camera",
        login: Login | None = None,
        discovery_port: int = PORT,
        ahead: timedelta = timedelta(),
    ) -> None:
        self.seen = Seen()
        self._profiles = profiles
        self._clock = clock
        self._name = name
        self._login = login
        self._ahead = ahead
        self._nonces: set[str] = set()
        try:
            self._udp = listening(discovery_port)
        except OSError as error:
            what = f"cannot listen on UDP port {discovery_port}: {error.strerror}"
            raise ConfigError([Problem("simulate onvif", "$", what, "choose another port")]) from error
        self.discovery_port: int = self._udp.getsockname()[1]
        self._http = _Server(("127.0.0.1", 0), self)
        self.service = f"http://127.0.0.1:{self._http.server_address[1]}/onvif/device_service"
        """URL of the device service."""
        self._threads = [
            threading.Thread(target=work, name=f"onvif {what}", daemon=True)
            for what, work in (("discovery", self._be_found), ("service", lambda: self._http.serve_forever(0.05)))
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.shutdown()
        self._http.server_close()
        with suppress(OSError):
            self._udp.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._udp.close()

    def answer(self, document: bytes) -> tuple[int, bytes]:
        """HTTP status and SOAP answer to one call."""
        try:
            root = parse(document)
        except ValueError:
            return 400, fault("Sender", "not understood")
        call = next((element.name for element in root.all("Body") for element in element.children), "")
        self.seen.calls.append(call)
        if call != "GetSystemDateAndTime" and not self._is_allowed(root):
            self.seen.refusals += 1
            return 400, fault("ter:NotAuthorized", "Sender not authorized")
        body = self._body(call, root)
        return (200, envelope(body)) if body else (500, fault("ter:ActionNotSupported", f"{call} is not known"))

    def _body(self, call: str, root: Element) -> str:
        if call == "GetSystemDateAndTime":
            return self._time()
        if call == "GetCapabilities":
            media = self.service.replace("127.0.0.1", "camera.invalid")
            return (
                f'<d:GetCapabilitiesResponse xmlns:d="{_DEVICE}" xmlns:t="{_SCHEMA}"><d:Capabilities><t:Media>'
                f"<t:XAddr>{media}</t:XAddr></t:Media></d:Capabilities></d:GetCapabilitiesResponse>"
            )
        if call == "GetProfiles":
            told = "".join(map(described, self._profiles))
            return f'<m:GetProfilesResponse xmlns:m="{_MEDIA}" xmlns:t="{_SCHEMA}">{told}</m:GetProfilesResponse>'
        token = root.words("ProfileToken")
        url = next((profile.url for profile in self._profiles if profile.name == token), "")
        if call != "GetStreamUri" or not url:
            return ""
        return (
            f'<m:GetStreamUriResponse xmlns:m="{_MEDIA}" xmlns:t="{_SCHEMA}"><m:MediaUri>'
            f"<t:Uri>{escape(url)}</t:Uri></m:MediaUri></m:GetStreamUriResponse>"
        )

    def _time(self) -> str:
        now = (self._clock.now() + self._ahead).astimezone(UTC)
        return (
            f'<d:GetSystemDateAndTimeResponse xmlns:d="{_DEVICE}" xmlns:t="{_SCHEMA}"><d:SystemDateAndTime>'
            f"<t:UTCDateTime><t:Time><t:Hour>{now.hour}</t:Hour><t:Minute>{now.minute}</t:Minute>"
            f"<t:Second>{now.second}</t:Second></t:Time><t:Date><t:Year>{now.year}</t:Year><t:Month>{now.month}</t:Month>"
            f"<t:Day>{now.day}</t:Day></t:Date></t:UTCDateTime></d:SystemDateAndTime></d:GetSystemDateAndTimeResponse>"
        )

    def _is_allowed(self, root: Element) -> bool:
        """Whether the login is right, dated now by this device's clock, and was not said before."""
        if self._login is None:
            return True
        token = root.first("UsernameToken") or Element("", {})
        nonce, created = token.words("Nonce"), token.words("Created")
        if token.words("Username") != self._login.user or nonce in self._nonces:
            return False
        self._nonces.add(nonce)
        secret = base64.b64decode(nonce) + created.encode() + self._login.password.encode()
        digest = base64.b64encode(hashlib.sha1(secret).digest()).decode()  # noqa: S324 - the profile's own
        off = datetime.fromisoformat(created) - self._clock.now() - self._ahead
        return digest == token.words("Password") and abs(off) <= TOLERANCE

    def _be_found(self) -> None:
        while True:
            try:
                question, asker = self._udp.recvfrom(65_535)
            except OSError:
                return
            if not question:
                return
            with suppress(ValueError):
                root = parse(question)
                if "NetworkVideoTransmitter" in root.words("Probe", "Types"):
                    self._udp.sendto(self._match(root.words("MessageID")), asker)

    def _match(self, message_id: str) -> bytes:
        return envelope(
            '<d:ProbeMatches xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><d:ProbeMatch>'
            f"<d:Scopes>onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/{quote(self._name)}</d:Scopes>"
            f"<d:XAddrs>http://192.0.2.1/onvif/device_service {self.service}</d:XAddrs>"
            "</d:ProbeMatch></d:ProbeMatches>",
            '<a:RelatesTo xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing">'
            + escape(message_id)
            + "</a:RelatesTo>",
        )


def described(profile: Profile) -> str:
    """One profile in XML."""
    width, height = profile.size_px
    return (
        f'<m:Profiles token={quoteattr(profile.name)} fixed="true"><t:Name>{escape(profile.name)}</t:Name>'
        f"<t:VideoEncoderConfiguration><t:Encoding>{profile.codec}</t:Encoding><t:Resolution><t:Width>{width}</t:Width>"
        f"<t:Height>{height}</t:Height></t:Resolution><t:RateControl><t:FrameRateLimit>{profile.fps}</t:FrameRateLimit>"
        "</t:RateControl></t:VideoEncoderConfiguration></m:Profiles>"
    )


def fault(code: str, text: str) -> bytes:
    """Why a call fails."""
    return envelope(
        '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:ter="http://www.onvif.org/ver10/error">'
        f"{code}</s:Value></s:Subcode></s:Code><s:Reason>"
        f'<s:Text xml:lang="en">{escape(text)}</s:Text></s:Reason></s:Fault>'
    )


def listening(port: int) -> socket.socket:
    """A socket that hears the multicast of the loopback network, and what is sent to its own address."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", port))
    loopback = struct.pack("@4s4si", socket.inet_aton(GROUP), b"", socket.if_nametoindex("lo"))
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, loopback)
    return sock


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], device: OnvifCamera) -> None:
        super().__init__(address, _Handler)
        self.device = device


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """One call."""
        length = self.headers.get("content-length", "0")
        status, document = self.server.device.answer(self.rfile.read(int(length) if length.isdigit() else 0))
        self.send_response(status)
        self.send_header("content-type", "application/soap+xml")
        self.send_header("content-length", str(len(document)))
        self.end_headers()
        self.wfile.write(document)

    def log_message(self, *_said: Any) -> None:
        """Nobody reads it."""
