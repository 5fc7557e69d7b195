"""Tables of accounts, for statements; `store/migrations/own/versions` makes them. Times are microseconds of UTC."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, RowMapping, Table, Text

from footfall.access.roles import Rights, Role

metadata = MetaData()
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def _rights() -> tuple[Column[Any], ...]:
    return Column("role", Text), Column("cameras", Text), Column("real_pixels", Boolean)


def _credential() -> tuple[Column[Any], ...]:
    return (
        Column("id", Text, primary_key=True),
        Column("secret", LargeBinary),
        Column("user", Integer, ForeignKey("users.id")),
        Column("made_us", BigInteger),
        Column("used_us", BigInteger),
    )


users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text),
    Column("folded", Text),
    Column("password", Text),
    Column("subject", Text),
    *_rights(),
    Column("made_us", BigInteger),
    Column("login_us", BigInteger),
)
"""`folded` is how names are compared; `password` a hash, or null where only single sign-on opens the account;
`subject` who that is for the provider."""

sessions = Table("sessions", metadata, *_credential(), Column("address", Text), Column("ends_us", BigInteger))
"""`secret` is a hash; `id` is of no use to log in."""

tokens = Table(
    "tokens",
    metadata,
    *_credential(),
    Column("label", Text),
    Column("prefix", Text),
    *_rights(),
    Column("ends_us", BigInteger),
)
"""As sessions. `ends_us` is null where it never ends."""

setup_links = Table("setup_links", metadata, Column("secret", LargeBinary), Column("ends_us", BigInteger))

secrets = Table(
    "secrets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("key_id", LargeBinary),
    Column("wrapped", LargeBinary),
    Column("nonce", LargeBinary),
    Column("sealed", LargeBinary),
)

audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger, primary_key=True),
    Column("utc_us", BigInteger),
    Column("event", Text),
    Column("author", Text),
    Column("what", Text),
    Column("hash", LargeBinary),
)


def to_us(utc: datetime) -> int:
    """Microseconds since 1970."""
    return (utc - EPOCH) // _MICROSECOND


def from_us(us: int) -> datetime:
    """The time again."""
    return EPOCH + us * _MICROSECOND


def rights_in(row: Mapping[str, Any] | RowMapping) -> Rights:
    """The rights that a row holds."""
    cameras = None if row["cameras"] is None else frozenset(json.loads(row["cameras"]))
    return Rights(Role(row["role"]), cameras, bool(row["real_pixels"]))


def rights_out(rights: Rights) -> dict[str, Any]:
    """The same for a row."""
    cameras = None if rights.cameras is None else json.dumps(sorted(rights.cameras), ensure_ascii=False)
    return {"role": rights.role.value, "cameras": cameras, "real_pixels": rights.real_pixels}
