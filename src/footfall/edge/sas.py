"""Shared access signatures: who may speak for a device, a module or a hub's policy (spec/iot.md section 2.1). Pure.

A token names a resource and a time, and proves that its maker knows the key. `HostName` in a resource is the hub's
name, also where the connection goes through a gateway.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from urllib.parse import quote, unquote

PREFIX: Final = "SharedAccessSignature "


@dataclass(frozen=True, slots=True)
class SharedAccess:
    """A token taken apart."""

    resource: str
    """Percent-encoded as it was sent: the signature is over this very text."""
    signature: str = field(repr=False)
    """Base64 of the HMAC-SHA256."""
    expiry_s: int
    """Unix time in seconds at which it ends."""
    policy: str = ""
    """Hub-level tokens: the policy whose key signed."""

    @property
    def name(self) -> str:
        """The resource in clear: `{host}/devices/{device}/modules/{module}`."""
        return unquote(self.resource)

    @property
    def token(self) -> str:
        """As it goes over the wire."""
        policy = f"&skn={quote(self.policy, safe='')}" if self.policy else ""
        return f"{PREFIX}sr={self.resource}&sig={quote(self.signature, safe='')}&se={self.expiry_s}{policy}"

    def is_signed_with(self, key: str) -> bool:
        """Whether the owner of this base64 key made it; takes the same time for every wrong signature."""
        try:
            expected = signature(key, text_to_sign(self.resource, self.expiry_s))
        except ValueError:
            return False
        return hmac.compare_digest(expected.encode(), self.signature.encode())


def resource_of(host: str, device: str, module: str | None = None) -> str:
    """The percent-encoded resource of a device or module."""
    modules = f"/modules/{module}" if module is not None else ""
    return quote(f"{host}/devices/{device}{modules}", safe="")


def text_to_sign(resource: str, expiry_s: int) -> str:
    """What the HMAC is over."""
    return f"{resource}\n{expiry_s}"


def signature(key: str, text: str) -> str:
    """Base64 of HMAC-SHA256 of a text under a base64 key.

    Raises:
        ValueError: the key is not base64.
    """
    try:
        secret = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("the key is not base64") from None
    return base64.b64encode(hmac.new(secret, text.encode(), sha256).digest()).decode()


def signed(key: str, resource: str, expiry_s: int, policy: str = "") -> SharedAccess:
    """A token of the owner of this base64 key.

    Raises:
        ValueError: the key is not base64.
    """
    return SharedAccess(resource, signature(key, text_to_sign(resource, expiry_s)), expiry_s, policy)


def parse_token(text: str) -> SharedAccess:
    """Take a token apart; its fields may stand in any order.

    Raises:
        ValueError: it is not a token.
    """
    if not text.startswith(PREFIX):
        raise ValueError("not a shared access signature")
    fields = dict(part.partition("=")[::2] for part in text.removeprefix(PREFIX).split("&"))
    if not {"sr", "sig", "se"} <= fields.keys():
        raise ValueError("a shared access signature has sr, sig and se")
    if not (fields["se"].isascii() and fields["se"].isdigit() and len(fields["se"]) <= LONGEST_EXPIRY):
        raise ValueError("the time at which the signature ends is no number")
    return SharedAccess(fields["sr"], unquote(fields["sig"]), int(fields["se"]), unquote(fields.get("skn", "")))


LONGEST_EXPIRY: Final = 18
"""Digits of the largest time that is read."""
