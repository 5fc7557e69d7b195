"""Basic and Digest as cameras ask for them (RFC 7617, RFC 7616), said only after a 401. Pure."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

_FIELD: Final = re.compile(r'([a-zA-Z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))')
_ESCAPED: Final = re.compile(r"\\(.)")
_ALGORITHMS: Final = {"md5": "md5", "sha-256": "sha256"}


@dataclass(frozen=True, slots=True)
class Login:
    """Who we are."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server asks for."""

    scheme: str
    """`basic` or `digest`."""
    fields: Mapping[str, str]


def challenge_of(headers: Sequence[str]) -> Challenge | None:
    """The best of the `WWW-Authenticate` headers that can be answered: Digest before Basic; None: none can."""
    found: dict[str, Challenge] = {}
    for header in headers:
        scheme, _, rest = header.strip().partition(" ")
        fields = {name.lower(): _ESCAPED.sub(r"\1", quoted) or plain for name, quoted, plain in _FIELD.findall(rest)}
        known = fields.get("algorithm", "MD5").lower() in _ALGORITHMS and "nonce" in fields
        if scheme.lower() == "basic" or (scheme.lower() == "digest" and known):
            found.setdefault(scheme.lower(), Challenge(scheme.lower(), fields))
    return found.get("digest") or found.get("basic")


def authorization(challenge: Challenge, login: Login, method: str, uri: str, nonce: str) -> str:
    """The value of an `Authorization` header for the first request that answers this challenge.

    Args:
        challenge: of the server.
        login: ours.
        method: of the request.
        uri: as it stands in the request.
        nonce: our own random text, for servers that want one.
    """
    if challenge.scheme == "basic":
        return "Basic " + base64.b64encode(f"{login.user}:{login.password}".encode()).decode()
    fields = challenge.fields
    realm, theirs = fields.get("realm", ""), fields["nonce"]
    algorithm = _ALGORITHMS[fields.get("algorithm", "MD5").lower()]
    secret = _hash(algorithm, f"{login.user}:{realm}:{login.password}")
    request = _hash(algorithm, f"{method}:{uri}")
    said = {"username": login.user, "realm": realm, "nonce": theirs, "uri": uri}
    counted = ""
    if "auth" in [part.strip() for part in fields.get("qop", "").split(",")]:
        response = _hash(algorithm, f"{secret}:{theirs}:00000001:{nonce}:auth:{request}")
        counted = f', qop=auth, nc=00000001, cnonce="{nonce}"'
    else:
        response = _hash(algorithm, f"{secret}:{theirs}:{request}")
    said["response"] = response
    said |= {name: fields[name] for name in ("opaque",) if name in fields}
    named = f", algorithm={fields['algorithm']}" if "algorithm" in fields else ""
    return "Digest " + ", ".join(f'{name}="{_quoted(value)}"' for name, value in said.items()) + named + counted


def _quoted(text: str) -> str:
    """Inside a quoted string of HTTP; line breaks cannot stand in one."""
    return re.sub(r'(["\\])', r"\\\1", re.sub(r"[\r\n]", "", text))


def _hash(algorithm: str, text: str) -> str:
    return hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()
