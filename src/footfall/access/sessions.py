"""Sessions: what a browser has after a login. A cookie with a secret, of which only the hash is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Engine, RowMapping, delete, select

from footfall.access.credentials import derived, hash_of, is_same, new_id, new_secret
from footfall.access.faults import NotThere
from footfall.access.roles import Caller, Kind
from footfall.access.tables import from_us, rights_in, sessions, to_us, users
from footfall.access.users import find
from footfall.core.ports import Clock
from footfall.store.database import reading, writing

LIFE: Final = timedelta(hours=24)
IDLE: Final = timedelta(hours=2)
"""A session that nobody uses for so long has ended."""
NOTED_EVERY: Final = timedelta(minutes=1)
"""How exactly the last use is known: not every request writes."""
CSRF: Final = "csrf"


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session."""

    secret: str = field(repr=False)
    """The cookie's value; told once."""
    csrf: str = field(repr=False)
    ends: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """One that goes on."""

    id: str
    user: str
    made: datetime
    used: datetime
    ends: datetime
    address: str
    """From where it was opened."""


class Sessions:
    """All sessions."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def open(self, name: str, address: str) -> Opened:
        """Let somebody in; those that have ended are forgotten.

        Raises:
            NotThere: nobody is called so.
        """
        secret = new_secret()
        with writing(self._engine) as connection:
            now = self._clock.now()  # of who is let in after another: to an earlier one that one's session is to come
            connection.execute(delete(sessions).where(~_alive(now)))
            row = {"id": new_id(), "secret": hash_of(secret), "user": find(connection, name)["id"], "address": address}
            times = {"made_us": to_us(now), "used_us": to_us(now), "ends_us": to_us(now + LIFE)}
            connection.execute(sessions.insert().values(**row, **times))
        return Opened(secret, derived(secret, CSRF), now + LIFE)

    def caller(self, secret: str) -> Caller | None:
        """Whose cookie this is; None: nobody's, or not any more."""
        now, digest = self._clock.now(), hash_of(secret)
        statement = select(sessions, users).join(users, users.c.id == sessions.c.user).where(_alive(now))
        with reading(self._engine) as connection:
            row = connection.execute(statement.where(sessions.c.secret == digest)).mappings().first()
        if row is None or not is_same(row[sessions.c.secret], digest):
            return None
        if to_us(now) - row[sessions.c.used_us] > NOTED_EVERY // timedelta(microseconds=1):
            self._note(row[sessions.c.id], now)
        return Caller(row["name"], rights_in(row), Kind.SESSION, row[sessions.c.id], derived(secret, CSRF))

    def of(self, name: str) -> Sequence[Session]:
        """Those of one account, the newest first."""
        statement = select(sessions, users.c.name).join(users).where(_alive(self._clock.now()))
        with reading(self._engine) as connection:
            rows = connection.execute(
                statement.where(users.c.id == find(connection, name)["id"]).order_by(sessions.c.made_us.desc())
            )
            return [_session(row) for row in rows.mappings()]

    def get(self, session: str) -> Session:
        """One that goes on.

        Raises:
            NotThere: there is none.
        """
        statement = select(sessions, users.c.name).join(users).where(_alive(self._clock.now()))
        with reading(self._engine) as connection:
            row = connection.execute(statement.where(sessions.c.id == session)).mappings().first()
        if row is None:
            raise NotThere("there is no such session")
        return _session(row)

    def end(self, name: str, session: str) -> None:
        """End one session of an account.

        Raises:
            NotThere: there is none.
        """
        with writing(self._engine) as connection:
            mine = (sessions.c.user == find(connection, name)["id"]) & (sessions.c.id == session)
            if not connection.execute(delete(sessions).where(mine)).rowcount:
                raise NotThere("there is no such session")

    def _note(self, session: str, now: datetime) -> None:
        with writing(self._engine) as connection:
            connection.execute(sessions.update().where(sessions.c.id == session).values(used_us=to_us(now)))


def _alive(now: datetime) -> ColumnElement[bool]:
    """A clock that was set back ends sessions that begin in its future: none outlives its 24 hours that way."""
    is_idle = sessions.c.used_us <= to_us(now - IDLE)
    return (sessions.c.ends_us > to_us(now)) & (sessions.c.ends_us <= to_us(now + LIFE)) & ~is_idle


def _session(row: RowMapping) -> Session:
    made, used, ends = (from_us(row[name]) for name in ("made_us", "used_us", "ends_us"))
    return Session(row["id"], row["name"], made, used, ends, row["address"])
