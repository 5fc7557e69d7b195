"""Audits of accuracy: what was looked at, and what people counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "accuracy_1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "accuracy",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("camera", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("begin_us", sa.BigInteger, nullable=False),
        sa.Column("end_us", sa.BigInteger, nullable=False),
        sa.Column("drawn", sa.LargeBinary, nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("accuracy")
