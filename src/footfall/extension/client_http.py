"""Asks an HTTP extension, one picture at a time (spec/grpc-extension.md section 12)."""

from __future__ import annotations

import logging
import ssl
import threading
from dataclasses import dataclass
from time import monotonic
from uuid import uuid4

import httpx

from footfall.config.media import Extension
from footfall.core.errors import ConfigError, Problem
from footfall.core.outside import HostMap
from footfall.core.types import Frame
from footfall.extension.address import find_web
from footfall.extension.client import Annotations, Answer, Asker, Diagnostic, Ears, Trouble
from footfall.extension.client_grpc import pause_s
from footfall.extension.login import BasicOrDigest, tls_context
from footfall.extension.placing import fixed_size, place
from footfall.extension.prepare import content_type, pixel_format, prepare
from footfall.extension.verdict import Verdict, verdict
from footfall.extension.waiting import Offer, Waiting

log = logging.getLogger(__name__)

BUSY_PAUSE_S, LONGEST_BUSY_PAUSE_S = 1.0, 300.0
LARGEST_REPLY_BYTES = 16 * 1_048_576
CONNECTS_WITHIN_S = 5.0


class _Lost(Exception):
    """A picture that got no verdict."""

    def __init__(self, code: str, detail: str, after_s: float | None = None) -> None:
        self.code, self.after_s = code, after_s
        """`after_s`: how long the server wants to be left alone; None: it did not say, or could not."""
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: httpx.Headers
    content: bytes


_KINDS = {"401": Diagnostic.AUTHENTICATION, "403": Diagnostic.AUTHORIZATION, "415": Diagnostic.MEDIA_FORMAT}


class HttpClient:
    """An `ExtensionClient` over HTTP; while a picture is under way only the newest frame waits.

    Raises:
        ConfigError: an address or certificates that are none, or pictures that cannot be made.
    """

    def __init__(self, spec: Extension, asker: Asker, ears: Ears, hosts: HostMap) -> None:
        self._spec, self._asker, self._ears = spec, asker, ears
        self._waiting = Waiting(ears.patience.between_drop_reports_s)
        self._changed = self._waiting.changed
        self._closes_at_s: float | None = None
        self._is_deaf = False
        self._told: set[str] = set()
        self._address = find_web(spec.endpoint, asker.node, hosts)
        self._client = self._opened()
        logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it writes whole URLs, and theirs may be secret
        self._thread = threading.Thread(target=self._live, name=f"extension {asker.node}", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """How many frames were offered and never sent."""
        return self._waiting.dropped

    def offer(self, frame: Frame, media_time_90k: int, annotations: Annotations = ()) -> None:
        """Send a frame after the one that is under way; never blocks."""
        with self._changed:
            if self._closes_at_s is None:
                self._waiting.put(Offer(frame, media_time_90k, tuple(annotations)), room=1)

    def close(self, patience_s: float = 2.0) -> None:
        """Wait for the last reply, then end; safe to call twice."""
        with self._changed:
            if self._closes_at_s is None:
                self._closes_at_s = monotonic() + patience_s
                self._changed.notify_all()
        self._thread.join(patience_s)
        self._is_deaf = True
        self._client.close()

    def _live(self) -> None:
        failed = 0
        while (offer := self._next()) is not None:
            try:
                self._answer(offer)
                failed = 0
            except _Lost as error:
                failed = failed + 1 if error.after_s is None else 0
                self._tell(error)
                self._pause(pause_s(failed, self._ears.patience) if error.after_s is None else error.after_s)
            self._tell_drops()
        with self._changed:
            self._waiting.drop_all()

    def _next(self) -> Offer | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closes_at_s is not None or len(self._waiting))
            is_over = self._closes_at_s is not None and monotonic() >= self._closes_at_s
            return self._waiting.take() if len(self._waiting) and not is_over else None

    def _answer(self, offer: Offer) -> None:
        height, width = offer.frame.image.shape[:2]
        placing = place((width, height), self._spec.image)
        reply = self._asked(prepare(offer.frame.image, placing, self._spec.image).tobytes())
        said = Verdict()
        if reply.status == httpx.codes.OK:
            said = verdict(reply.headers.get("Content-Type", ""), reply.content, placing)
        if self._told:
            log.info("%s: %s answers again", self._asker.node, self._address.shown)
            self._told.clear()
        if not self._is_deaf:
            upstream = offer.annotations
            self._ears.hear(Answer(offer.timestamp_90k, said.inferences, offer.frame, upstream, said.opaque))

    def _asked(self, picture: bytes) -> _Reply:
        """The reply, 200 or 204.

        Raises:
            _Lost: none, or another one.
        """
        try:
            reply = self._exchanged(picture)
        except httpx.TimeoutException as error:
            raise _Lost("timeout", "no answer in time") from error
        except (httpx.HTTPError, httpx.StreamError, RuntimeError) as error:
            raise _Lost("unreachable", type(error).__name__) from error
        if reply.status in (httpx.codes.OK, httpx.codes.NO_CONTENT):
            return reply
        after_s = 0.0
        if reply.status == httpx.codes.SERVICE_UNAVAILABLE:
            after_s = _busy_s(reply.headers.get("Retry-After", ""))
        raise _Lost(str(reply.status), f"status {reply.status}", after_s)

    def _exchanged(self, picture: bytes) -> _Reply:
        ends_at_s = monotonic() + self._ears.patience.answer_s
        call = self._client.stream(
            "POST",
            self._address.url,
            content=picture,
            headers=self._headers(),
            extensions={"sni_hostname": self._address.name},
        )
        with call as response:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if monotonic() > ends_at_s:
                    raise _Lost("timeout", "no whole answer in time")
                if len(content) > LARGEST_REPLY_BYTES:
                    raise _Lost("too-large", f"an answer of more than {LARGEST_REPLY_BYTES} bytes", 0.0)
            return _Reply(response.status_code, response.headers, bytes(content))

    def _headers(self) -> dict[str, str]:
        own = self._spec.endpoint.header
        return {
            "Host": self._address.host,
            "Accept": "application/json, */*",
            "User-Agent": "Azure Media Services",
            "x-ms-client-request-id": str(uuid4()),
            "Content-Type": content_type(self._spec.image),
        } | ({own[0]: own[1]} if own else {})

    def _tell(self, error: _Lost) -> None:
        """Once an outage. A server that is busy, or could not work on a picture, is only worth a line in the log."""
        detail = f"{self._address.shown}: {error}"
        kind = _KINDS.get(error.code, Diagnostic.NETWORK if error.after_s is None else None)
        what = kind.value if kind else error.code
        if what in self._told or self._is_deaf:
            return
        self._told.add(what)
        log.warning("%s: %s; a picture is lost", self._asker.node, detail)
        if kind is not None:
            key = "code" if kind is Diagnostic.MEDIA_FORMAT else "errorCode"
            self._ears.warn(Trouble(kind, {key: error.code}, detail))

    def _tell_drops(self) -> None:
        with self._changed:
            drops = self._waiting.drops(monotonic())
        if drops and not self._is_deaf:
            self._ears.warn(drops)

    def _pause(self, length_s: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._closes_at_s is not None, length_s)

    def _opened(self) -> httpx.Client:
        endpoint, patience_s = self._spec.endpoint, self._ears.patience.answer_s
        try:
            pixel_format(self._spec.image)
            fixed_size(self._spec.image)
        except ValueError as error:
            raise self._wrong("image", str(error), "see the formats in docs/how-to/frames-over-grpc.md") from error
        try:
            trusted = tls_context(endpoint)
        except ssl.SSLError as error:
            what, cure = "no certificates that can be read", "give certificates in PEM form"
            raise self._wrong("endpoint.trustedCertificates", what, cure) from error
        timeout = httpx.Timeout(patience_s, connect=min(CONNECTS_WITHIN_S, patience_s))
        login = BasicOrDigest(endpoint.user, endpoint.password) if endpoint.user else None
        return httpx.Client(verify=trusted, auth=login, timeout=timeout, follow_redirects=False)

    def _wrong(self, where: str, what: str, cure: str) -> ConfigError:
        return ConfigError([Problem("media graph", f"{self._asker.node}.{where}", what, cure)])


def _busy_s(retry_after: str) -> float:
    """How long to leave a busy server alone."""
    wish = retry_after.strip()
    return min(float(wish), LONGEST_BUSY_PAUSE_S) if wish.isascii() and wish.isdigit() else BUSY_PAUSE_S
