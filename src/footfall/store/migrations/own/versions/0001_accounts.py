"""Accounts, sessions, tokens, sealed secrets, audit log."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, Text

revision = "accounts_1"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "users",
        Column("id", Integer, primary_key=True),
        Column("name", Text, nullable=False),
        Column("folded", Text, nullable=False, unique=True),
        Column("password", Text),
        Column("subject", Text, unique=True),
        *_rights(),
        Column("made_us", NUMBER, nullable=False),
        Column("login_us", NUMBER),
    )
    op.create_table(
        "sessions",
        *_credential(),
        Column("address", Text, nullable=False),
        Column("ends_us", NUMBER, nullable=False),
    )
    op.create_table(
        "tokens",
        *_credential(),
        Column("label", Text, nullable=False),
        Column("prefix", Text, nullable=False),
        *_rights(),
        Column("ends_us", NUMBER),
    )
    op.create_table(
        "setup_links",
        Column("secret", LargeBinary, primary_key=True),
        Column("ends_us", NUMBER, nullable=False),
    )
    op.create_table(
        "secrets",
        Column("name", Text, primary_key=True),
        Column("key_id", LargeBinary, nullable=False),
        Column("wrapped", LargeBinary, nullable=False),
        Column("nonce", LargeBinary, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )
    op.create_table(
        "audit",
        Column("number", NUMBER, primary_key=True),
        Column("utc_us", NUMBER, nullable=False),
        Column("event", Text, nullable=False),
        Column("author", Text, nullable=False),
        Column("what", Text, nullable=False),
        Column("hash", LargeBinary, nullable=False),
    )


def downgrade() -> None:
    """Take them back."""
    for name in ("audit", "secrets", "setup_links", "tokens", "sessions", "users"):
        op.drop_table(name)


def _rights() -> tuple[Column[object], ...]:
    return (
        Column("role", Text, nullable=False),
        Column("cameras", Text),
        Column("real_pixels", Boolean, nullable=False),
    )


def _credential() -> tuple[Column[object], ...]:
    return (
        Column("id", Text, primary_key=True),
        Column("secret", LargeBinary, nullable=False, unique=True),
        Column("user", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
        Column("made_us", NUMBER, nullable=False),
        Column("used_us", NUMBER, nullable=False),
    )
