"""Iterations and their trainings, exports, predictions that were kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "iterations_1"
down_revision = None
branch_labels = None
depends_on = "projects_1"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "iterations",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("created_us", sa.Integer, nullable=False),
        sa.Column("modified_us", sa.Integer, nullable=False),
        sa.Column("trained_us", sa.Integer),
        sa.Column("domain_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("training_type", sa.Text, nullable=False),
        sa.Column("budget_hours", sa.Integer, nullable=False),
        sa.Column("training_minutes", sa.Integer, nullable=False),
        sa.Column("base_project_id", sa.Text),
        sa.Column("base_iteration_id", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("recipe", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("started_us", sa.Integer),
        sa.Column("share", sa.Double, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.UniqueConstraint("project_id", "name"),
    )
    op.create_index("iterations_by_status", "iterations", ["status", "created_us"])
    op.create_table(
        "exports",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("iteration_id", sa.Text, sa.ForeignKey("iterations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("flavor", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("created_us", sa.Integer, nullable=False),
        sa.UniqueConstraint("iteration_id", "platform", "flavor"),
    )
    op.create_table(
        "predictions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("project_id", sa.Text, sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
        sa.Column("iteration_id", sa.Text, nullable=False),
        sa.Column("domain_id", sa.Text, nullable=False),
        sa.Column("created_us", sa.Integer, nullable=False),
        sa.Column("expires_us", sa.Integer, nullable=False),
        sa.Column("application", sa.Text),
        sa.Column("uncertainty", sa.Double, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("predictions_by_time", "predictions", ["project_id", "created_us", "number"])
    op.create_index("predictions_by_end", "predictions", ["expires_us"])
    op.create_table(
        "prediction_tags",
        sa.Column("prediction", sa.Integer, sa.ForeignKey("predictions.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("tag_id", sa.Text, primary_key=True),
        sa.Column("probability", sa.Double, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table("seen", sa.Column("utc_us", sa.Integer, nullable=False))


def downgrade() -> None:
    """Take them back."""
    for table in ("seen", "prediction_tags", "predictions", "exports", "iterations"):
        op.drop_table(table)
