"""Custom Vision: projects, tags, images, labels."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "projects_1"
down_revision = None
branch_labels = None
depends_on = None

NEVER = 2**53


def upgrade() -> None:
    """Make the tables."""
    _projects()
    _tags()
    _images()
    _labels()
    _regions()
    _image_metadata()
    _snapshots()
    op.create_table("doomed", _key("kind"), _key("project_id"), _key("id"), sqlite_with_rowid=False)


def downgrade() -> None:
    """Take them back."""
    for table in (
        "doomed",
        "publications",
        "snapshots",
        "image_metadata",
        "regions",
        "labels",
        "images",
        "tags",
        "projects",
    ):
        op.drop_table(table)


def _projects() -> None:
    op.create_table(
        "projects",
        _key("id"),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False, unique=True),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("domain_id", sa.Text, nullable=False),
        sa.Column("classification_type", sa.Text),
        sa.Column("platforms", sa.Text, nullable=False),
        sa.Column("augmentation", sa.Text),
        sa.Column("container_uri", sa.Text),
        sa.Column("queue_uri", sa.Text),
        _number("created_us"),
        _number("modified_us"),
        _number("era"),
    )


def _tags() -> None:
    op.create_table(
        "tags",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False),
        _project(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        _number("created_us"),
        *_eras(),
    )
    present = sa.text(f"until = {NEVER}")
    op.create_index("tags_of_project", "tags", ["project_id", "until"])
    op.create_index("one_row_a_tag", "tags", ["id"], unique=True, sqlite_where=present)
    op.create_index("tag_names", "tags", ["project_id", "folded"], unique=True, sqlite_where=present)
    negative = sa.text(f"until = {NEVER} AND type = 'Negative'")
    op.create_index("one_negative_tag", "tags", ["project_id"], unique=True, sqlite_where=negative)


def _images() -> None:
    op.create_table(
        "images",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        _project(),
        _number("created_us"),
        _number("width"),
        _number("height"),
        sa.Column("fingerprint", sa.LargeBinary),
        *_eras(),
    )
    op.create_index("images_of_project", "images", ["project_id", "until"])
    op.create_index("images_of_snapshots", "images", ["project_id"])
    op.create_index("fingerprints", "images", ["project_id", "fingerprint"], unique=True)


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("number", sa.Integer, primary_key=True),
        _project(),
        _image(),
        sa.Column("tag_id", sa.Text, nullable=False),
        _number("created_us"),
        *_eras(),
    )
    present = sa.text(f"until = {NEVER}")
    op.create_index("labels_of_image", "labels", ["image", "until"])
    op.create_index("labels_of_tag", "labels", ["project_id", "until", "tag_id", "since", "image"])
    op.create_index("one_label_a_tag", "labels", ["image", "tag_id"], unique=True, sqlite_where=present)


def _regions() -> None:
    op.create_table(
        "regions",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        _project(),
        _image(),
        sa.Column("tag_id", sa.Text, nullable=False),
        *(sa.Column(side, sa.Float, nullable=False) for side in ("left", "top", "width", "height")),
        _number("created_us"),
        *_eras(),
    )
    op.create_index("regions_of_image", "regions", ["image", "until"])
    op.create_index("regions_of_tag", "regions", ["project_id", "until", "tag_id"])


def _image_metadata() -> None:
    op.create_table(
        "image_metadata",
        sa.Column(
            "image", sa.Integer, sa.ForeignKey("images.number", ondelete="CASCADE"), primary_key=True, nullable=False
        ),
        _key("key"),
        _project(),
        sa.Column("value", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("images_by_metadata", "image_metadata", ["project_id", "key", "value", "image"])


def _snapshots() -> None:
    op.create_table("snapshots", _key("iteration_id"), _project(), _number("era"))
    op.create_index("snapshots_of_project", "snapshots", ["project_id", "era"])
    op.create_table(
        "publications",
        _project(primary_key=True),
        _key("name"),
        sa.Column("iteration_id", sa.Text, nullable=False, unique=True),
        sa.Column("resource_id", sa.Text, nullable=False),
        _number("published_us"),
        sqlite_with_rowid=False,
    )


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _project(**options: Any) -> sa.Column[str]:
    return sa.Column("project_id", sa.Text, sa.ForeignKey("projects.id", ondelete="CASCADE"), nullable=False, **options)


def _image() -> sa.Column[int]:
    return sa.Column("image", sa.Integer, sa.ForeignKey("images.number", ondelete="CASCADE"), nullable=False)


def _eras() -> tuple[sa.Column[int], sa.Column[int]]:
    return _number("since"), _number("until")
