"""Webhooks: one signed POST per event over a kept connection."""

from __future__ import annotations

import hashlib
import hmac
import ssl
from collections.abc import Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from logging import WARNING, getLogger

import httpx

from footfall.core.errors import Blocked, SinkError, SinkRejected, SinkUnavailable
from footfall.core.ports import Clock, Lead
from footfall.core.types import Message
from footfall.sinks.led_http import LedTransport, has_proxy
from footfall.sinks.spec import WebhookAddress
from footfall.sinks.tls import client_context

logger = getLogger(__name__)

_LATER = (408, 425, 429)
_MAX_RETRY_AFTER_S = 300.0
_MAX_ANSWER_BYTES = 65536


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What `X-Footfall-Signature` says: HMAC-SHA256 (RFC 2104) over `timestamp`, a dot and the body.

    >>> signature("s3cret", "1700000000", b"{}")[:23]
    'sha256=97926816e98fbb41'
    """
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return "sha256=" + digest.hexdigest()


class WebhookSink:
    """POSTs each message; 2xx means taken. Redirects are not followed: a signed event goes where it was sent."""

    def __init__(self, address: WebhookAddress, clock: Clock, secret: str = "", lead: Lead | None = None) -> None:
        self._address = address
        self._clock = clock
        self._secret = secret
        self._not_before_s = clock.monotonic_s()
        verify = client_context(address.tls) if address.url.startswith("https") else ssl.create_default_context()
        timeout = httpx.Timeout(address.timeout_s, connect=min(5.0, address.timeout_s))
        transport = None if lead is None or has_proxy(address.url) else LedTransport(lead, verify)
        self._client = httpx.Client(verify=verify, timeout=timeout, follow_redirects=False, transport=transport)
        getLogger("httpx").setLevel(WARNING)  # at INFO it writes whole URLs, and theirs may be secret
        if address.tls.insecure:
            logger.warning("%s: the certificate is not verified", address.redacted)

    def send(self, messages: Sequence[Message]) -> None:
        """Deliver one by one, in order.

        Raises:
            SinkUnavailable: no connection, 408, 425, 429, 5xx or a redirect; `Retry-After` is kept to.
            SinkRejected: any other answer.
        """
        for delivered, message in enumerate(messages):
            try:
                self._post(message)
            except SinkError as error:
                error.delivered = delivered
                raise

    def close(self) -> None:
        """Close the connection; safe to call twice."""
        self._client.close()

    def _post(self, message: Message) -> None:
        wait_s = self._not_before_s - self._clock.monotonic_s()
        if wait_s > 0:
            raise self._unavailable("busy", "asked to wait", wait_s)
        try:
            status, retry_after = self._exchange(message)
        except Blocked as error:
            reason = "not-found" if error.reason == "unknown-host" else "blocked"
            raise self._unavailable(reason, str(error)) from error
        except httpx.TimeoutException as error:
            raise self._unavailable("timeout", "no answer") from error
        except (httpx.TransportError, RuntimeError) as error:
            raise self._unavailable(_reason(error), str(error)) from error
        if 200 <= status < 300:
            return
        if status < 400:
            raise self._unavailable("redirected", f"status {status}: give the final address")
        if status in _LATER or status >= 500:
            wait_s = self._wait_s(retry_after)
            self._not_before_s = self._clock.monotonic_s() + wait_s
            raise self._unavailable("busy", f"status {status}", wait_s)
        raise SinkRejected(f"status-{status}", self._address.redacted)

    def _exchange(self, message: Message) -> tuple[int, str]:
        """Status and `Retry-After`; of the answer only as much is read as keeps the connection usable."""
        deadline_s = self._clock.monotonic_s() + self._address.timeout_s
        headers = self._headers(message)
        with self._client.stream("POST", self._address.url, content=message.body, headers=headers) as response:
            size = 0
            for chunk in response.iter_raw():
                size += len(chunk)
                if size > _MAX_ANSWER_BYTES or self._clock.monotonic_s() > deadline_s:
                    break
            return response.status_code, response.headers.get("Retry-After", "")

    def _headers(self, message: Message) -> dict[str, str]:
        timestamp = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "footfall",
            "X-Footfall-Event-Id": message.key,
            "X-Footfall-Timestamp": timestamp,
        }
        if self._secret:
            headers["X-Footfall-Signature"] = signature(self._secret, timestamp, message.body)
        return headers

    def _wait_s(self, retry_after: str) -> float:
        """Seconds or a date (RFC 9110, 10.2.3); nonsense counts as no wish."""
        if retry_after.isascii() and retry_after.isdigit():
            return min(float(retry_after), _MAX_RETRY_AFTER_S)
        try:
            when = parsedate_to_datetime(retry_after)
        except ValueError:
            return 0.0
        wait_s = (when.replace(tzinfo=when.tzinfo or UTC) - self._clock.now()).total_seconds()
        return min(max(wait_s, 0.0), _MAX_RETRY_AFTER_S)

    def _unavailable(self, reason: str, detail: str, retry_after_s: float = 0.0) -> SinkUnavailable:
        error = SinkUnavailable(reason, f"{self._address.redacted}: {detail}")
        error.retry_after_s = retry_after_s
        return error


def _reason(error: Exception) -> str:
    text = str(error)
    if "CERTIFICATE" in text or "SSL" in text:
        return "tls"
    if isinstance(error, httpx.ConnectError):
        return "refused"
    return "closed" if isinstance(error, RuntimeError) else "broken"
