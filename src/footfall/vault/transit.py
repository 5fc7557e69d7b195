"""A key in a key server that speaks the HTTP API of Vault's transit engine, as OpenBao and HashiCorp Vault do.

`POST /v1/<mount>/encrypt/<key>` takes `{"plaintext": Base64}` and answers `{"data": {"ciphertext": "vault:v1:..."}}`;
`decrypt` is its inverse. The key never leaves the server. What it refuses (4xx) is revoked; where it is sealed, busy,
away or answers nonsense, nobody knows.
"""

from __future__ import annotations

import base64
import binascii
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import httpx
import msgspec

from footfall.vault.faults import KeyAway, KeyRevoked

MOST_BYTES: Final = 65_536
_LATER: Final = frozenset({408, 412, 425, 429, 472, 473})
"""Vault's ways of saying "not now" below 500: too many requests, a replica that lags, a standby."""


class _Data(msgspec.Struct):
    ciphertext: str = ""
    plaintext: str = ""


class _Answer(msgspec.Struct):
    data: _Data


class _Errors(msgspec.Struct):
    errors: list[str] = []


@dataclass(frozen=True, slots=True)
class TransitKey:
    """A key of a transit engine.

    Raises:
        As `Protector`.
    """

    server: str
    """`https://vault.example:8200`."""
    key: str
    """Its name there."""
    token: Callable[[], str] = field(repr=False)
    """Gives the token, read anew for each request: an agent may renew it."""
    trust: ssl.SSLContext = field(repr=False)
    mount: str = "transit"
    namespace: str = ""
    timeout_s: float = 5.0

    @property
    def name(self) -> str:
        """As `Protector`."""
        return f"{self.server}/v1/{self.mount}/keys/{self.key}"

    def seal(self, key: bytes) -> bytes:
        """As `Protector`."""
        return self._ask("encrypt", {"plaintext": base64.b64encode(key).decode()}).ciphertext.encode()

    def open(self, sealed: bytes) -> bytes:
        """As `Protector`."""
        try:
            data = self._ask("decrypt", {"ciphertext": sealed.decode("ascii")})
            return base64.b64decode(data.plaintext, validate=True)
        except UnicodeDecodeError as error:
            raise KeyRevoked(f"{self.name}: what it should open was sealed by another protector") from error
        except binascii.Error as error:
            raise KeyAway(f"{self.name}: answers with what is no Base64") from error

    def _ask(self, operation: str, body: dict[str, str]) -> _Data:
        status, answer = self._send(f"{self.server}/v1/{self.mount}/{operation}/{self.key}", msgspec.json.encode(body))
        if status == httpx.codes.OK:
            try:
                data = msgspec.json.decode(answer, type=_Answer).data
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise KeyAway(f"{self.name}: answers as no transit engine does") from error
            if not (data.ciphertext or data.plaintext):
                raise KeyAway(f"{self.name}: answers with nothing")
            return data
        what = f"{self.name}: {_said(answer) or 'refuses'} ({status})"
        raise KeyRevoked(what) if 400 <= status < 500 and status not in _LATER else KeyAway(what)

    def _send(self, url: str, body: bytes) -> tuple[int, bytes]:
        headers = {"X-Vault-Request": "true", "X-Vault-Token": self._token(), "Content-Type": "application/json"}
        if self.namespace:
            headers["X-Vault-Namespace"] = self.namespace
        try:
            with (
                httpx.Client(verify=self.trust, timeout=self.timeout_s, trust_env=False) as client,
                client.stream("POST", url, content=body, headers=headers) as response,
            ):
                answer = bytearray()
                for part in response.iter_bytes():
                    answer += part
                    if len(answer) > MOST_BYTES:
                        raise KeyAway(f"{self.name}: answers with more than {MOST_BYTES} bytes")
                return response.status_code, bytes(answer)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise KeyAway(f"{self.name}: {error or type(error).__name__}") from error

    def _token(self) -> str:
        try:
            token = self.token().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise KeyRevoked(f"{self.name}: its token cannot be read") from error
        if not token or not token.isascii() or not token.isprintable():
            raise KeyRevoked(f"{self.name}: there is no token")
        return token


def _said(answer: bytes) -> str:
    try:
        errors = msgspec.json.decode(answer, type=_Errors).errors
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    return "; ".join(" ".join(error.split())[:200] for error in errors[:3])
