"""Accounts: who there is, and what they may do. Every change is in the audit log."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, RowMapping, func, select

from footfall.access.audit import Audit
from footfall.access.faults import BeyondRights, NotThere, Taken, unfit
from footfall.access.passwords import Passwords, require_fit
from footfall.access.roles import Rights, Role
from footfall.access.tables import from_us, rights_in, rights_out, sessions, to_us, users
from footfall.core.ports import Clock
from footfall.store.database import reading, writing

LONGEST_NAME: Final = 64
RESERVED: Final = ("file", "footfall")
"""Authors of configurations that nobody wrote on the page."""


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    name: str
    rights: Rights
    made: datetime
    last_login: datetime | None
    has_password: bool
    """False: only single sign-on opens it."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something about accounts."""

    name: str
    """For the audit log."""
    rights: Rights


SERVICE: Final = Author("footfall", Rights(Role.ADMIN, None, real_pixels=True))
"""The service itself: set-up link, single sign-on."""


class Users:
    """All accounts."""

    def __init__(self, engine: Engine, clock: Clock, audit: Audit, passwords: Passwords) -> None:
        self._engine = engine
        self._clock = clock
        self._audit = audit
        self._passwords = passwords

    def all(self) -> Sequence[User]:
        """By name."""
        with reading(self._engine) as connection:
            return [_user(row) for row in connection.execute(select(users).order_by(users.c.folded)).mappings()]

    def get(self, name: str) -> User:
        """One of them.

        Raises:
            NotThere: nobody is called so.
        """
        with reading(self._engine) as connection:
            return _user(find(connection, name))

    def is_empty(self) -> bool:
        """Whether nobody has an account."""
        with reading(self._engine) as connection:
            return connection.execute(select(users.c.id).limit(1)).first() is None

    def add(self, name: str, password: str | None, rights: Rights, author: Author, subject: str | None = None) -> User:
        """Make an account.

        Args:
            name: as shown; names that differ only in case are the same.
            password: None: only single sign-on opens it.
            rights: what it may do.
            author: who makes it.
            subject: who that is for the provider of single sign-on.

        Raises:
            ConfigError: name or password do not do.
            Taken: somebody is called so.
            BeyondRights: the author gives more than they have.
        """
        name = fit_user(name)
        _require_within(author, rights)
        if password is not None:
            require_fit(password, name)
        made = None if password is None else self._passwords.hash(password)
        with writing(self._engine) as connection:
            if connection.execute(select(users.c.id).where(users.c.folded == fold(name))).first():
                raise Taken(f"there is a user {name!r} already")
            row = {"name": name, "folded": fold(name), "password": made, "subject": subject, **rights_out(rights)}
            connection.execute(users.insert().values(**row, made_us=to_us(self._clock.now())))
        self._audit.record("user-added", author.name, {"user": name, **shown(rights)})
        return self.get(name)

    def change(self, name: str, rights: Rights, author: Author) -> User:
        """Give an account other rights; they hold from the next request on.

        Raises:
            NotThere: nobody is called so.
            Taken: it is the last admin.
            BeyondRights: the author gives more than they have, or the account has more.
        """
        with writing(self._engine) as connection:
            row = find(connection, name)
            _require_within(author, rights)
            _require_within(author, rights_in(row))
            if not _leads(rights):
                _require_other_admin(connection, row)
            connection.execute(users.update().where(users.c.id == row["id"]).values(**rights_out(rights)))
        self._audit.record("user-changed", author.name, {"user": row["name"], **shown(rights)})
        return self.get(name)

    def remove(self, name: str, author: Author) -> None:
        """Take an account away, with its sessions and tokens.

        Raises:
            NotThere: nobody is called so.
            Taken: it is the last admin.
            BeyondRights: the account has more rights than the author.
        """
        with writing(self._engine) as connection:
            row = find(connection, name)
            _require_within(author, rights_in(row))
            _require_other_admin(connection, row)
            connection.execute(users.delete().where(users.c.id == row["id"]))
        self._audit.record("user-removed", author.name, {"user": row["name"]})

    def set_password(self, name: str, password: str, author: Author, keep_session: str = "") -> None:
        """Give an account another password and end its sessions.

        Args:
            name: whose.
            password: the new one.
            author: who does it.
            keep_session: id of the session that goes on.

        Raises:
            NotThere: nobody is called so.
            ConfigError: it does not do.
            BeyondRights: the account has more rights than the author.
        """
        with reading(self._engine) as connection:
            row = find(connection, name)
        _require_within(author, rights_in(row))
        require_fit(password, row["name"])
        made = self._passwords.hash(password)
        with writing(self._engine) as connection:
            connection.execute(users.update().where(users.c.id == row["id"]).values(password=made))
            others = (sessions.c.user == row["id"]) & (sessions.c.id != keep_session)
            connection.execute(sessions.delete().where(others))
        self._audit.record("password-changed", author.name, {"user": row["name"]})

    def by_subject(self, subject: str) -> User | None:
        """Who that is for the provider of single sign-on."""
        with reading(self._engine) as connection:
            row = connection.execute(select(users).where(users.c.subject == subject)).mappings().first()
        return None if row is None else _user(row)

    def by_login(self, name: str, password: str) -> User | None:
        """Who logs in; takes as long for names that nobody has."""
        with reading(self._engine) as connection:
            row = connection.execute(select(users).where(users.c.folded == fold(name))).mappings().first()
        made = None if row is None else row["password"]
        if not self._passwords.check(password, made) or row is None:
            return None
        values: dict[str, Any] = {"login_us": to_us(self._clock.now())}
        if self._passwords.is_outdated(row["password"]):
            values["password"] = self._passwords.hash(password)
        with writing(self._engine) as connection:
            connection.execute(users.update().where(users.c.id == row["id"]).values(**values))
        return _user(row)


def find(connection: Connection, name: str) -> RowMapping:
    """The row of an account.

    Raises:
        NotThere: nobody is called so.
    """
    row = connection.execute(select(users).where(users.c.folded == fold(name))).mappings().first()
    if row is None:
        raise NotThere("there is no such user")
    return row


def fold(name: str) -> str:
    """How names are compared (Unicode's caseless matching); what no database takes becomes a question mark."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


def fit_name(name: str) -> str:
    """A name as it is kept.

    Raises:
        ConfigError: it is empty, too long, or holds what cannot be printed.
    """
    text = unicodedata.normalize("NFC", name).strip()
    if not 0 < len(text) <= LONGEST_NAME or not text.isprintable() or not fold(text):
        raise unfit("$.name", "this is no name", f"take 1 to {LONGEST_NAME} characters that can be printed")
    return text


def fit_user(name: str) -> str:
    """The same for a user.

    Raises:
        ConfigError: as `fit_name`, or the service itself is called so.
    """
    text = fit_name(name)
    if fold(text) in RESERVED:
        raise unfit("$.name", "the service itself is called so in its history", "take another name")
    return text


def shown(rights: Rights) -> dict[str, Any]:
    """Rights in the audit log."""
    cameras = "*" if rights.cameras is None else sorted(rights.cameras)
    return {"role": rights.role.value, "cameras": cameras, "real_pixels": rights.real_pixels}


def _require_within(author: Author, rights: Rights) -> None:
    """An admin may give the right to real pictures without having it: that, too, is in the audit log."""
    if not Rights(author.rights.role, author.rights.cameras, real_pixels=True).covers(rights):
        raise BeyondRights("these rights go beyond your own")


def _leads(rights: Rights) -> bool:
    return rights.role is Role.ADMIN and rights.cameras is None


def _require_other_admin(connection: Connection, row: RowMapping) -> None:
    others = (users.c.role == Role.ADMIN.value) & users.c.cameras.is_(None) & (users.c.id != row["id"])
    if _leads(rights_in(row)) and not connection.execute(select(func.count()).where(others)).scalar():
        raise Taken("this is the last admin of all cameras: give somebody else that role first")


def _user(row: RowMapping) -> User:
    login = None if row["login_us"] is None else from_us(row["login_us"])
    return User(row["name"], rights_in(row), from_us(row["made_us"]), login, row["password"] is not None)
