"""Asks a camera what it will send: OPTIONS and DESCRIBE (RFC 2326), which FFmpeg does too but does not tell.

Over RTSP's own connection, over TLS, or through an HTTP tunnel: two connections to one address, requests in Base64 on
one of them and answers on the other.
"""

from __future__ import annotations

import base64
import secrets
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from footfall.config.media import RtspSource
from footfall.core.errors import SourceUnavailable
from footfall.core.ports import Lead
from footfall.ingest.container import led
from footfall.ingest.digest import Challenge, Login, authorization, challenge_of
from footfall.ingest.url import openable

OK: Final = 200
UNAUTHORIZED: Final = 401
BUSY: Final = 503
"""Also said by servers that are just putting away what was played before."""
BUSY_TRIES: Final = 4
BUSY_PAUSE_S: Final = 0.2
_PORTS: Final = {"rtsp": 554, "rtsps": 322}
_MOST_BYTES: Final = 256 * 1024
_TUNNEL: Final = "application/x-rtsp-tunnelled"


@dataclass(frozen=True, slots=True)
class Described:
    """A camera's answer to DESCRIBE."""

    status: int
    sdp: str = ""
    """Session description (RFC 8866) as it came; empty unless the status is 200."""


@contextmanager
def described(source: RtspSource, timeout_s: float, lead: Lead | None = None) -> Iterator[Described]:
    """Ask, and hold the line: a server that has just prepared its video must not put it away before it is played.

    The login is said only after a 401.

    Raises:
        SourceUnavailable: nobody answers within `timeout_s`, or not in RTSP's words; `lead` does not go there.
    """
    place = _Place.of(source)
    numbers = led(source.endpoint.url, lead)
    line = _Line(place, source, numbers, time.monotonic() + timeout_s)
    try:
        yield _ask(place, line, timeout_s)
    finally:
        line.close()


def _ask(place: _Place, line: _Line, timeout_s: float) -> Described:
    try:
        line.open()
        return _Talk(line, place).describe()
    except TimeoutError as error:
        raise SourceUnavailable("timeout", f"{place.url}: no answer for {timeout_s:g} s") from error
    except ConnectionRefusedError as error:
        raise SourceUnavailable("refused", f"{place.url}: nobody listens") from error
    except socket.gaierror as error:
        raise SourceUnavailable("not-found", f"{place.url}: no such host") from error
    except OSError as error:
        raise SourceUnavailable("broken", f"{place.url}: {error.strerror or error}") from error


@dataclass(frozen=True, slots=True)
class _Place:
    url: str
    """Without a login."""
    host: str
    port: int
    login: Login | None

    @classmethod
    def of(cls, source: RtspSource) -> Self:
        """A login in the URL counts before that of the endpoint, whose samples hold dummies."""
        parts = urlsplit(openable(source.endpoint.url))
        login = Login(source.endpoint.user, source.endpoint.password) if source.endpoint.user else None
        if parts.username is not None:
            login = Login(unquote(parts.username), unquote(parts.password or ""))
        bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        return cls(bare, parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 554), login)


class _Talk:
    """Requests and answers, one after the other."""

    def __init__(self, line: _Line, place: _Place) -> None:
        self._line = line
        self._place = place
        self._number = 0
        self._challenge: Challenge | None = None

    def describe(self) -> Described:
        """OPTIONS, then DESCRIBE until the server has the time for it; a login that is refused is not said again."""
        options = self.ask("OPTIONS")
        if options.status == UNAUTHORIZED and self._challenge is not None:
            return options
        answer = self.ask("DESCRIBE")
        for _ in range(BUSY_TRIES):
            if answer.status == BUSY:
                time.sleep(BUSY_PAUSE_S)
                answer = self.ask("DESCRIBE")
        return answer

    def ask(self, method: str) -> Described:
        """One request, repeated with a login where one is asked for; a stale nonce is forgiven once."""
        for _ in range(3):
            status, headers, body = self._ask(method)
            asked = challenge_of(headers.get("www-authenticate", []))
            is_new = self._challenge is None or (asked is not None and asked.fields.get("stale", "").lower() == "true")
            if status != UNAUTHORIZED or asked is None or not is_new or self._place.login is None:
                break
            self._challenge = asked
        return Described(status, body.decode("utf-8", "replace") if status == OK else "")

    def _ask(self, method: str) -> tuple[int, dict[str, list[str]], bytes]:
        self._number += 1
        lines = [f"{method} {self._place.url} RTSP/1.0", f"CSeq: {self._number}", "User-Agent: footfall"]
        if method == "DESCRIBE":
            lines.append("Accept: application/sdp")
        if self._challenge is not None and self._place.login is not None:
            said = authorization(self._challenge, self._place.login, method, self._place.url, secrets.token_hex(8))
            lines.append(f"Authorization: {said}")
        self._line.send("\r\n".join([*lines, "", ""]).encode())
        status, headers = self._line.head()
        length = (headers.get("content-length") or ["0"])[0]
        if not length.isdigit() or int(length) > _MOST_BYTES:
            raise OSError(f"the answer to {method} has no sensible length")
        return status, headers, self._line.read(int(length))


class _Line:
    """Connections to a camera, up to a deadline."""

    def __init__(self, place: _Place, source: RtspSource, numbers: Sequence[str], deadline_s: float) -> None:
        self._place = place
        self._numbers = numbers
        self._source = source
        self._deadline_s = deadline_s
        self._open = ExitStack()
        self._received = b""

    def open(self) -> None:
        """Connect."""
        self._incoming = self._outgoing = self._connect()
        if self._source.over_http:
            self._dig()

    def close(self) -> None:
        """Hang up; safe to call twice."""
        self._open.close()

    def send(self, request: bytes) -> None:
        """One request."""
        self._outgoing.settimeout(self._left_s())
        self._outgoing.sendall(base64.b64encode(request) if self._source.over_http else request)

    def head(self) -> tuple[int, dict[str, list[str]]]:
        """Status and headers of the next answer."""
        while b"\r\n\r\n" not in self._received:
            self._receive()
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        first, *lines = head.decode("utf-8", "replace").split("\r\n")
        words = first.split()
        if len(words) < 2 or not first.startswith(("RTSP/", "HTTP/")) or not words[1].isdigit():
            raise OSError("the answer is not RTSP")
        headers: dict[str, list[str]] = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers.setdefault(name.strip().lower(), []).append(value.strip())
        return int(words[1]), headers

    def read(self, size: int) -> bytes:
        """So many bytes of an answer."""
        while len(self._received) < size:
            self._receive()
        body, self._received = self._received[:size], self._received[size:]
        return body

    def _receive(self) -> None:
        if len(self._received) > _MOST_BYTES:
            raise OSError("the answer does not end")
        self._incoming.settimeout(self._left_s())
        data = self._incoming.recv(65_536)
        if not data:
            raise OSError("the camera hangs up")
        self._received += data

    def _connect(self) -> socket.socket:
        line = self._reached()
        if self._source.endpoint.is_tls:
            line = _tls(self._source).wrap_socket(line, server_hostname=self._place.host)
        return self._open.enter_context(line)

    def _reached(self) -> socket.socket:
        """The first of the camera's addresses that answers."""
        for number in self._numbers[:-1]:
            with suppress(OSError):
                return socket.create_connection((number, self._place.port), self._left_s())
        return socket.create_connection((self._numbers[-1] or self._place.host, self._place.port), self._left_s())

    def _dig(self) -> None:
        """Open the two ends of an HTTP tunnel."""
        cookie, path = secrets.token_hex(11), urlsplit(self._place.url).path or "/"
        common = f"x-sessioncookie: {cookie}\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n"
        self._incoming.sendall(f"GET {path} HTTP/1.0\r\n{common}Accept: {_TUNNEL}\r\n\r\n".encode())
        status, _ = self.head()
        if status != OK:
            raise OSError(f"no HTTP tunnel: {status}")
        self._outgoing = self._connect()
        more = f"Content-Type: {_TUNNEL}\r\nContent-Length: 32767\r\nExpires: Sun, 9 Jan 1972 00:00:00 GMT\r\n"
        self._outgoing.sendall(f"POST {path} HTTP/1.0\r\n{common}{more}\r\n".encode())

    def _left_s(self) -> float:
        left_s = self._deadline_s - time.monotonic()
        if left_s <= 0.0:
            raise TimeoutError
        return left_s


def _tls(source: RtspSource) -> ssl.SSLContext:
    endpoint = source.endpoint
    context = ssl.create_default_context(cadata="\n".join(endpoint.trusted_pem) or None)
    context.check_hostname = not (endpoint.ignores_hostname or endpoint.ignores_signature)
    if endpoint.ignores_signature:
        context.verify_mode = ssl.CERT_NONE
    return context
