"""GET for video: wherever redirects lead, every connection is judged; a login is said once somebody asks for it."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from logging import WARNING, getLogger
from typing import Final

import httpcore
import httpx

from footfall.core.errors import Blocked, SourceUnavailable
from footfall.core.ports import Lead
from footfall.ingest.digest import Login, authorization, challenge_of
from footfall.network.led_tcp import LedBackend
from footfall.network.patience import Patience

MAX_REQUESTS: Final = 10
"""For one answer: eight redirects and a login."""
_REASONS: Final = {401: "unauthorized", 403: "unauthorized", 404: "not-found", 410: "not-found"}
_WEB: Final = frozenset({"http", "https"})


class HttpClient:
    """Asks a camera's server, and those that it names. Connections are not kept: each answer has its own.

    Args:
        name: of the camera, for errors; without secrets.
        lead: asked for every connection.
        patience: of the camera.
    """

    def __init__(self, name: str, lead: Lead, patience: Patience) -> None:
        self._name = name
        self._patience = patience
        self._client = httpx.Client(
            transport=_Transport(lead, patience),
            headers={"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "footfall"},
            trust_env=False,
        )
        getLogger("httpx").setLevel(WARNING)  # at INFO it writes whole URLs, and theirs may be secret

    def get(self, address: str, start: int = 0, end: int = 0) -> httpx.Response:
        """The head of an answer; its body is read by `parts`, and closed by whoever asked.

        Args:
            address: http or https, perhaps with a login.
            start: first byte.
            end: one after the last; 0: all of it.

        Raises:
            SourceUnavailable: nobody answers, or with anything but the body.
            Blocked: nobody goes there.
        """
        with self._told():
            url = httpx.URL(address)
            login = Login(url.username, url.password) if url.userinfo else None
            span = {"Range": f"bytes={start}-{end - 1 if end else ''}"}
            request = self._client.build_request("GET", url.copy_with(userinfo=b""), headers=span)
            response = self._final(request, login)
        status = response.status_code
        if response.is_success and (not start or status == httpx.codes.PARTIAL_CONTENT):
            return response
        response.close()
        raise SourceUnavailable(_REASONS.get(status, "broken"), f"{self._name}: the server answers {status}")

    def parts(self, response: httpx.Response) -> Iterator[bytes]:
        """A body as it arrives.

        Raises:
            SourceUnavailable: it breaks off, or nothing comes.
        """
        with self._told():
            yield from response.iter_raw()

    def close(self) -> None:
        """Let go of every connection."""
        self._client.close()

    def _final(self, request: httpx.Request, login: Login | None) -> httpx.Response:
        home = _origin(request.url)
        for _ in range(MAX_REQUESTS):
            response = self._client.send(request, stream=True)
            answer = _logged_in(response, login) if login and _origin(request.url) == home else None
            further = response.next_request or answer
            if further is None:
                return response
            response.close()
            request = further
        raise SourceUnavailable("broken", f"{self._name}: the server redirects without end")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn failures into `SourceUnavailable`; their own words may hold the address with its password."""
        try:
            yield
        except Blocked as error:
            if error.reason != "unknown-host":
                raise
            raise SourceUnavailable("broken", f"{self._name}: {error}") from None
        except (TimeoutError, httpcore.TimeoutException):
            silence = f"{self._name}: no answer for {self._patience.timeout_s:g} s"
            raise SourceUnavailable("timeout", silence) from None
        except httpcore.ConnectError as error:
            is_refused = any(isinstance(cause, ConnectionRefusedError) for cause in error.args)
            reason = "refused" if is_refused else "broken"
            raise SourceUnavailable(reason, f"{self._name}: no connection") from None
        except (httpcore.NetworkError, httpcore.ProtocolError):
            raise SourceUnavailable("broken", f"{self._name}: the connection broke, or what came is not HTTP") from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError):
            raise SourceUnavailable("broken", f"{self._name}: leads to what is no address") from None


class _Transport(httpx.BaseTransport):
    """httpx over connections that are led."""

    def __init__(self, lead: Lead, patience: Patience) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trusting(), max_keepalive_connections=0, network_backend=LedBackend(lead, patience)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.scheme not in _WEB:
            raise httpx.UnsupportedProtocol("only http and https can be opened here")
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        answer = self._pool.handle_request(httpcore.Request(b"GET", target, headers=request.headers.raw))
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def _logged_in(response: httpx.Response, login: Login) -> httpx.Request | None:
    """The request that answers a question for the login; None: it was not asked for, or was said already."""
    request = response.request
    challenge = challenge_of(response.headers.get_list("WWW-Authenticate"))
    if response.status_code != 401 or challenge is None or "Authorization" in request.headers:
        return None
    said = authorization(challenge, login, "GET", request.url.raw_path.decode("ascii"), secrets.token_hex(8))
    return httpx.Request("GET", request.url, headers=[*request.headers.raw, (b"Authorization", said.encode())])


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _trusting() -> ssl.SSLContext:
    """What FFmpeg takes: cameras make their certificates themselves, and old ones know no newer TLS."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context
