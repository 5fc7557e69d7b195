"""Everything about who may come in, in one place: what the web and the service hold."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine, delete, select

from footfall.access.attempts import Attempts
from footfall.access.audit import Audit
from footfall.access.credentials import hash_of, is_same, new_secret
from footfall.access.faults import NotThere, Taken, WrongLogin
from footfall.access.limits import TooMany
from footfall.access.passwords import Passwords, require_fit
from footfall.access.roles import Caller, Rights, Role
from footfall.access.secrets import Secrets
from footfall.access.sessions import Opened, Sessions
from footfall.access.tables import setup_links, to_us
from footfall.access.tokens import Tokens
from footfall.access.users import SERVICE, Author, User, Users, fit_user
from footfall.core.ports import Clock
from footfall.store.database import writing

if TYPE_CHECKING:
    from footfall.access.sign_on import SignOn

log = logging.getLogger(__name__)

LINK_LIFE: Final = timedelta(hours=24)
DEVICES: Final = "footfall: devices"
"""Name of the secret that signs device cookies."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody has come in."""

    user: User
    session: Opened
    device: str = field(repr=False)
    """For the device cookie."""


class Gate:
    """Accounts, sessions, tokens, secrets and the audit log of one data folder.

    Args:
        engine: the database `own`, up to date.
        data: the data folder; keys are in `keys` below it, made at the first start.
        clock: for everything that ends.
        passwords: with another cost than the usual.

    Raises:
        ConfigError: the keys cannot be read or made.
    """

    def __init__(self, engine: Engine, data: Path, clock: Clock, passwords: Passwords | None = None) -> None:
        keys = data / "keys"
        self._engine = engine
        self.clock = clock
        self.audit = Audit(engine, keys, clock)
        self.secrets = Secrets(engine, keys, self.audit)
        self.users = Users(engine, clock, self.audit, passwords or Passwords())
        self.sessions = Sessions(engine, clock)
        self.tokens = Tokens(engine, clock, self.audit)
        self.sign_on: SignOn | None = None
        """Single sign-on, where it is configured."""
        self._attempts = Attempts(clock, self._device_key())

    def needs_setup(self) -> bool:
        """Whether there is no account yet."""
        return self.users.is_empty()

    def new_setup_link(self) -> str:
        """The secret of a new link, which makes the first admin once within 24 hours; older ones end.

        Raises:
            Taken: there is an account already.
        """
        if not self.needs_setup():
            raise Taken("it is set up already: log in")
        secret = new_secret()
        with writing(self._engine) as connection:
            connection.execute(delete(setup_links))
            ends_us = to_us(self.clock.now() + LINK_LIFE)
            connection.execute(setup_links.insert().values(secret=hash_of(secret), ends_us=ends_us))
        self.audit.record("set-up-link-made", SERVICE.name)
        return secret

    def set_up(self, link: str, name: str, password: str, address: str) -> Entry:
        """Make the first admin and let them in.

        Raises:
            ConfigError: name or password do not do; the link can be used again.
            Taken: there is an account already.
            WrongLogin: the link is not the one, was used, or has ended.
            TooMany: too many attempts.
        """
        if not self.needs_setup():
            raise Taken("it is set up already: log in")
        name = fit_user(name)
        require_fit(password, name)
        with self._attempts.link(address):
            if not self._use_link(link):
                self.audit.record("set-up-failed", "", {"address": address})
                raise WrongLogin("this link is not valid: footfall serve --setup-link prints a new one")
        user = self.users.add(name, password, Rights(Role.ADMIN), SERVICE)
        self.audit.record("set-up", user.name, {"address": address})
        return self.let_in(user, address)

    def log_in(self, name: str, password: str, address: str, device: str = "") -> Entry:
        """Let somebody in by their password.

        Args:
            name: of the account.
            password: theirs.
            address: where they are.
            device: their browser's device cookie.

        Raises:
            WrongLogin: there is no such account, or the password is another.
            TooMany: too many attempts.
        """
        try:
            with self._attempts.login(name, address, device):
                user = self.users.by_login(name, password)
                if user is None:
                    known = self._known(name)
                    self.audit.record("login-failed", known, {"address": address})
                    raise WrongLogin("name or password is wrong")
        except TooMany:
            log.warning("too many attempts to log in from %s", address)
            raise
        self.audit.record("login", user.name, {"address": address})
        return self.let_in(user, address, device)

    def signed_on(self, user: User, address: str) -> Entry:
        """Let in somebody for whom a provider vouches."""
        self.audit.record("login", user.name, {"address": address, "by": "single sign-on"})
        return self.let_in(user, address)

    def refused_sign_on(self, address: str) -> None:
        """Somebody came back from a provider with nothing that holds.

        Raises:
            TooMany: once too often.
        """
        self._attempts.token_refused(address)
        self.audit.record("login-failed", "", {"address": address, "by": "single sign-on"})

    def let_in(self, user: User, address: str, device: str = "") -> Entry:
        """A session for somebody who has shown who they are."""
        known = device if self._attempts.knows(user.name, device) else self._attempts.new_device(user.name)
        return Entry(user, self.sessions.open(user.name, address), known)

    def log_out(self, caller: Caller) -> None:
        """End the caller's session."""
        self.sessions.end(caller.name, caller.credential)
        self.audit.record("logout", caller.author)

    def end_session(self, name: str, session: str, caller: Caller) -> None:
        """End a session of somebody.

        Raises:
            NotThere: there is none.
        """
        self.sessions.end(name, session)
        self.audit.record("session-ended", caller.author, {"user": self.users.get(name).name, "id": session})

    def change_password(self, caller: Caller, old: str, new: str, address: str, device: str = "") -> None:
        """Change one's own password; the other sessions end.

        Raises:
            WrongLogin: the old one is another.
            ConfigError: the new one does not do.
            TooMany: too many attempts.
        """
        with self._attempts.login(caller.name, address, device):
            if self.users.by_login(caller.name, old) is None:
                self.audit.record("login-failed", caller.name, {"address": address})
                raise WrongLogin("the old password is wrong")
        author = Author(caller.author, SERVICE.rights)
        self.users.set_password(caller.name, new, author, keep_session=caller.credential)

    def by_session(self, cookie: str) -> Caller | None:
        """Whose session it is; None: nobody's, or not any more."""
        return self.sessions.caller(cookie)

    def by_token(self, token: str, address: str) -> Caller | None:
        """Whose token it is; None: nobody's, or not any more. Wrong ones never keep a right one out.

        Raises:
            TooMany: too many wrong ones from this address.
        """
        caller = self.tokens.caller(token)
        if caller is None:
            self._attempts.token_refused(address)
            self.audit.record("token-refused", "", {"address": address})
        return caller

    def _use_link(self, link: str) -> bool:
        digest = hash_of(link)
        with writing(self._engine) as connection:
            row = connection.execute(select(setup_links)).first()
            if row is None or not is_same(row.secret, digest) or row.ends_us <= to_us(self.clock.now()):
                return False
            connection.execute(delete(setup_links))
        return True

    def _known(self, name: str) -> str:
        """Names that are nobody's are not written down: people type passwords into the wrong field."""
        try:
            return self.users.get(name).name
        except NotThere:
            return ""

    def _device_key(self) -> str:
        try:
            return self.secrets.open(DEVICES)
        except NotThere:
            self.secrets.keep(DEVICES, new_secret())
            return self.secrets.open(DEVICES)
