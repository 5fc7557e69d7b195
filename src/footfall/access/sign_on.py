"""Single sign-on: the two halves of a login, and the account that comes of it."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from anyio import to_thread

from footfall.access.credentials import hash_of, is_same, new_secret
from footfall.access.faults import NotThere, Taken, WrongLogin
from footfall.access.provider import Handshake, Provider
from footfall.access.roles import Rights
from footfall.access.secrets import Secrets
from footfall.access.sign_on_spec import SignOnSpec
from footfall.access.users import SERVICE, User, Users
from footfall.core.ports import Clock

_SEALED: Final = re.compile(r"\$\{(.+)\}")
HALF_LIFE: Final = timedelta(minutes=10)
"""How long somebody may take to log in at the provider."""
MOST: Final = 1000
"""So many logins may be half done; the oldest is forgotten first."""
NAMESAKES: Final = 20


@dataclass(frozen=True, slots=True)
class _Half:
    """A login that has begun."""

    hand: Handshake
    browser: bytes
    """Hash of the browser's cookie: only the browser that began may end it."""
    until: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """What a browser needs to go on."""

    address: str
    cookie: str


class SignOn:
    """Logins by one provider.

    Args:
        spec: what its words mean here.
        provider: who is asked.
        users: where accounts are made and changed.
        secrets: holds the client's secret, where the spec names it as `${NAME}`.
        clock: for halves that are never finished.
    """

    def __init__(self, spec: SignOnSpec, provider: Provider, users: Users, secrets: Secrets, clock: Clock) -> None:
        self._spec = spec
        self._provider = provider
        self._users = users
        self._secrets = secrets
        self._clock = clock
        self._halves: OrderedDict[str, _Half] = OrderedDict()

    async def begin(self, redirect: str) -> Begun:
        """The first half; `redirect` is our own address for the second.

        Raises:
            ProviderAway: the provider does not answer.
        """
        hand = Handshake(new_secret(), new_secret(), new_secret(), redirect)
        address = await self._provider.login_address(hand)
        cookie = new_secret()
        self._halves[hand.state] = _Half(hand, hash_of(cookie), self._clock.now() + HALF_LIFE)
        if len(self._halves) > MOST:
            self._halves.popitem(last=False)
        return Begun(address, cookie)

    async def finish(self, state: str, code: str, cookie: str) -> User:
        """The second half: who has come back.

        Raises:
            WrongLogin: this browser began no such login, it took too long, or the provider's word does not hold.
            ProviderAway: the provider does not answer.
        """
        half = self._halves.pop(state, None)
        if half is None or half.until <= self._clock.now() or not is_same(half.browser, hash_of(cookie)):
            raise WrongLogin("this login was not begun here, or took too long: try again")
        secret = await to_thread.run_sync(self._secret)
        claims = await self._provider.claims(code, half.hand, secret)
        return await to_thread.run_sync(self._account, claims)

    def _secret(self) -> str:
        named = _SEALED.fullmatch(self._spec.client_secret)
        try:
            return self._secrets.open(named[1]) if named else self._spec.client_secret
        except NotThere:
            raise WrongLogin("the secret for the provider is missing: give it anew") from None

    def _account(self, claims: Mapping[str, Any]) -> User:
        """The account of somebody, made at their first login; the provider's word about rights holds each time."""
        rights = self._spec.rights(claims)
        if rights is None:
            raise WrongLogin("the provider gives you no role here")
        subject = f"{self._spec.issuer} {claims['sub']}"
        user = self._users.by_subject(subject)
        if user is None:
            return self._new(self._spec.name(claims), rights, subject)
        wanted = Rights(rights.role, rights.cameras, user.rights.real_pixels)
        return user if wanted == user.rights else self._users.change(user.name, wanted, SERVICE)

    def _new(self, name: str, rights: Rights, subject: str) -> User:
        """A namesake's account is theirs: who comes later gets a number."""
        for number in range(1, NAMESAKES):
            try:
                return self._users.add(name if number == 1 else f"{name} {number}", None, rights, SERVICE, subject)
            except Taken:
                continue
        raise WrongLogin("too many people have this name here")
