"""Tokens: what programs show instead of a password. Any number side by side: one follows another without a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Engine, RowMapping, Select, delete, select

from footfall.access.audit import Audit
from footfall.access.credentials import hash_of, is_same, new_id, new_secret
from footfall.access.faults import BeyondRights, NotThere, unfit
from footfall.access.roles import Caller, Kind, Rights
from footfall.access.tables import from_us, rights_in, rights_out, to_us, tokens, users
from footfall.access.users import find, fit_name, shown
from footfall.core.ports import Clock
from footfall.store.database import reading, writing

PREFIX: Final = "ffp_"
SHOWN: Final = len(PREFIX) + 4
"""So many characters of a token are shown, to tell tokens apart."""
NOTED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Token:
    """One token, without its secret."""

    id: str
    label: str
    prefix: str
    maker: str
    """Name of the account that it acts for."""
    rights: Rights
    """What it may do, at most what its maker may."""
    made: datetime
    used: datetime | None
    """None: never."""
    ends: datetime | None
    """None: never."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new token."""

    token: Token
    secret: str = field(repr=False)
    """Told once."""


class Tokens:
    """All tokens."""

    def __init__(self, engine: Engine, clock: Clock, audit: Audit) -> None:
        self._engine = engine
        self._clock = clock
        self._audit = audit

    def make(self, label: str, rights: Rights, maker: Caller, ends: datetime | None = None) -> Made:
        """A token that acts for its maker.

        Args:
            label: what it is for.
            rights: what it may do.
            maker: who makes it; with the account, all its tokens go.
            ends: when it ends; None: with its maker.

        Raises:
            ConfigError: the label does not do, or the end has passed.
            BeyondRights: it would have more rights than its maker.
        """
        now, secret, label = self._clock.now(), new_secret(PREFIX), fit_name(label)
        if not maker.rights.covers(rights):
            raise BeyondRights("a token has no more rights than its maker")
        if ends is not None and ends <= now:
            raise unfit("$.ends", "this time has passed", "give a time to come, or none")
        row = {"id": new_id(), "secret": hash_of(secret), "label": label, "prefix": secret[:SHOWN]}
        times = {"made_us": to_us(now), "used_us": 0, "ends_us": None if ends is None else to_us(ends)}
        with writing(self._engine) as connection:
            user = find(connection, maker.name)["id"]
            connection.execute(tokens.insert().values(user=user, **row, **times, **rights_out(rights)))
        self._audit.record("token-made", maker.author, {"id": row["id"], "label": label, **shown(rights)})
        return Made(self.get(str(row["id"])), secret)

    def caller(self, secret: str) -> Caller | None:
        """Whose token this is; None: nobody's, or not any more."""
        now, digest = self._clock.now(), hash_of(secret)
        with reading(self._engine) as connection:
            found = connection.execute(_joined().where(tokens.c.secret == digest, _alive(now))).mappings().first()
        if found is None or not is_same(found["secret"], digest):
            return None
        if to_us(now) - found["used_us"] > NOTED_EVERY // timedelta(microseconds=1):
            with writing(self._engine) as connection:
                used = tokens.update().where(tokens.c.id == found["id"])
                connection.execute(used.values(used_us=to_us(now)))
        token = _token(found)
        return Caller(token.maker, token.rights, Kind.TOKEN, token.id, label=token.label)

    def all(self) -> Sequence[Token]:
        """The newest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(_joined().where(_alive(self._clock.now())).order_by(tokens.c.made_us.desc()))
            return [_token(row) for row in rows.mappings()]

    def get(self, token: str) -> Token:
        """One of them.

        Raises:
            NotThere: there is none.
        """
        with reading(self._engine) as connection:
            row = connection.execute(_joined().where(tokens.c.id == token)).mappings().first()
        if row is None:
            raise NotThere("there is no such token")
        return _token(row)

    def remove(self, token: str, author: str) -> None:
        """End a token at once.

        Raises:
            NotThere: there is none.
        """
        label = self.get(token).label
        with writing(self._engine) as connection:
            connection.execute(delete(tokens).where(tokens.c.id == token))
        self._audit.record("token-removed", author, {"id": token, "label": label})


def _joined() -> Select[tuple[object, ...]]:
    limits = [users.c[name].label(f"maker_{name}") for name in ("name", "role", "cameras", "real_pixels")]
    return select(tokens, *limits).join(users, users.c.id == tokens.c.user)


def _alive(now: datetime) -> ColumnElement[bool]:
    return tokens.c.ends_us.is_(None) | (tokens.c.ends_us > to_us(now))


def _token(row: RowMapping) -> Token:
    limit = rights_in({name: row[f"maker_{name}"] for name in ("role", "cameras", "real_pixels")})
    used, ends = row["used_us"], row["ends_us"]
    return Token(
        row["id"],
        row["label"],
        row["prefix"],
        row["maker_name"],
        rights_in(row).within(limit),
        from_us(row["made_us"]),
        from_us(used) if used else None,
        None if ends is None else from_us(ends),
    )
