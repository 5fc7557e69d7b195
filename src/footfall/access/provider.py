"""An OpenID Connect provider, as its client sees it (OpenID Connect Core 1.0, Discovery 1.0, PKCE of RFC 7636)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from footfall.access.faults import ProviderAway, WrongLogin
from footfall.access.outbound_http import AnswerTooLarge, Outbound, read
from footfall.access.sign_on_spec import SignOnSpec
from footfall.core.errors import Blocked
from footfall.core.ports import Clock

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "RS384", "RS512", "PS384", "PS512", "Ed25519", "EdDSA")
"""With public keys only: `none`, and keys that both sides know, are refused whatever a token says."""
LARGEST_ANSWER: Final = 512 * 1024
KNOWN_FOR: Final = timedelta(hours=1)
"""How long discovery document and keys are kept."""
ASKED_AGAIN: Final = timedelta(minutes=1)
"""Keys that are not known are asked for at most so often."""
LEEWAY_S: Final = 60
"""Clocks differ."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the provider says about itself."""

    authorization: str
    token: str
    keys: KeySet
    at: datetime


@dataclass(frozen=True, slots=True)
class Handshake:
    """What one login's two halves have in common."""

    state: str
    nonce: str
    verifier: str
    redirect: str


class Provider:
    """One provider."""

    def __init__(self, spec: SignOnSpec, outbound: Outbound, clock: Clock) -> None:
        self._spec = spec
        self._outbound = outbound
        self._clock = clock
        self._known: _Known | None = None

    async def login_address(self, hand: Handshake) -> str:
        """Where a browser goes to log in.

        Raises:
            ProviderAway: the provider does not answer.
        """
        known = await self._discover()
        challenge = base64.urlsafe_b64encode(sha256(hand.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code", "client_id": self._spec.client_id, "redirect_uri": hand.redirect,
            "scope": self._spec.scopes, "state": hand.state, "nonce": hand.nonce,
            "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{known.authorization}{'&' if '?' in known.authorization else '?'}{urlencode(query)}"

    async def claims(self, code: str, hand: Handshake, secret: str) -> Mapping[str, Any]:
        """What the provider says about somebody who has come back with a code.

        Raises:
            WrongLogin: the code, or the provider's answer, is not right.
            ProviderAway: the provider does not answer.
        """
        known = await self._discover()
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": hand.redirect,
            "client_id": self._spec.client_id, "code_verifier": hand.verifier,
        }  # fmt: skip
        login = base64.b64encode(f"{quote(self._spec.client_id, safe='')}:{quote(secret, safe='')}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Accept": "application/json"}
        status, body = await self._ask(httpx.Request("POST", known.token, data=form, headers=headers))
        answer = _object(body)
        token = answer.get("id_token")
        if status != 200 or not isinstance(token, str):
            raise WrongLogin("the provider did not accept this login")
        return await self._checked(token, hand.nonce, known)

    async def _checked(self, token: str, nonce: str, known: _Known) -> Mapping[str, Any]:
        now = self._clock.now()
        try:
            return _claims(token, nonce, known.keys, self._spec, now)
        except WrongLogin:
            if now - known.at < ASKED_AGAIN:
                raise
        return _claims(token, nonce, (await self._discover(anew=True)).keys, self._spec, now)

    async def _discover(self, *, anew: bool = False) -> _Known:
        now = self._clock.now()
        if self._known is not None and not anew and timedelta(0) <= now - self._known.at < KNOWN_FOR:
            return self._known
        issuer = self._spec.issuer
        said = await self._get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != issuer:
            raise ProviderAway("the discovery document is of another issuer")
        ends = [said.get(f"{name}_endpoint") for name in ("authorization", "token")]
        keys_at = said.get("jwks_uri")
        if not all(isinstance(end, str) and _is_safe(end, issuer) for end in (*ends, keys_at)):
            raise ProviderAway("the discovery document lacks addresses, or they are not https")
        try:
            keys = KeySet.import_key_set(await self._get(str(keys_at)))  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderAway("the provider's keys cannot be read") from error
        self._known = _Known(str(ends[0]), str(ends[1]), keys, now)
        return self._known

    async def _get(self, url: str) -> dict[str, Any]:
        status, body = await self._ask(httpx.Request("GET", url, headers={"Accept": "application/json"}))
        if status != 200:
            raise ProviderAway(f"the provider answers with {status}")
        return _object(body)

    async def _ask(self, request: httpx.Request) -> tuple[int, bytes]:
        try:
            async with self._outbound.client() as client:
                return await read(client, request, LARGEST_ANSWER)
        except (httpx.HTTPError, Blocked, AnswerTooLarge) as error:
            raise ProviderAway(f"the provider does not answer: {error}") from error


def _claims(token: str, nonce: str, keys: KeySet, spec: SignOnSpec, now: datetime) -> Mapping[str, Any]:
    """Claims of an ID token (OpenID Connect Core, 3.1.3.7).

    Raises:
        WrongLogin: it is not the provider's, not for us, not for this login, or too old.
    """
    rules = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": spec.issuer},
        aud={"essential": True, "value": spec.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        rules.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise WrongLogin(f"the provider's word does not hold: {type(error).__name__}") from None
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != spec.client_id:
        raise WrongLogin("the provider's word is for somebody else, too")
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise WrongLogin("the provider does not say who it is")
    return claims


def _is_safe(url: str, issuer: str) -> bool:
    return url.startswith("https://") or not issuer.startswith("https://")


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise ProviderAway("the provider answers with something else than JSON")
    return answer
