"""Tables of projects, tags, images and labels; `store/migrations/vision/versions` makes them.

**Eras.** A project counts eras. Tags, images, labels and regions are there from the era `since` up to, and without, the
era `until`: `NEVER` for those in the workspace. A training freezes an era and begins the next one, so a snapshot costs
one row, and what the workspace drops stays where a snapshot holds it, and only there (`snapshots`).

Times are microseconds of UTC. Numbers of rows are in the order in which they came.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    literal_column,
)

metadata = MetaData()
NEVER: Final = 2**53
"""`until` of what is in the workspace."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def _of_project() -> Column[str]:
    return Column("project_id", Text, ForeignKey("projects.id", ondelete="CASCADE"))


def _of_image() -> Column[int]:
    return Column("image", Integer, ForeignKey("images.number", ondelete="CASCADE"))


def _eras() -> tuple[Column[int], Column[int]]:
    return Column("since", BigInteger), Column("until", BigInteger)


projects = Table(
    "projects",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text),
    Column("folded", Text),
    Column("description", Text),
    Column("domain_id", Text),
    Column("classification_type", Text),
    Column("platforms", Text),
    Column("augmentation", Text),
    Column("container_uri", Text),
    Column("queue_uri", Text),
    Column("created_us", BigInteger),
    Column("modified_us", BigInteger),
    Column("era", BigInteger),
)
"""`folded` is how names are compared; `platforms` and `augmentation` are JSON."""

tags = Table(
    "tags",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text),
    _of_project(),
    Column("name", Text),
    Column("folded", Text),
    Column("description", Text),
    Column("type", Text),
    Column("created_us", BigInteger),
    *_eras(),
)
"""A tag that is renamed after a training has two rows: snapshots keep the old name."""

images = Table(
    "images",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text),
    _of_project(),
    Column("created_us", BigInteger),
    Column("width", Integer),
    Column("height", Integer),
    Column("fingerprint", LargeBinary),
    *_eras(),
)
"""Only what is in the workspace has pixels and a `fingerprint`: an HMAC of the bytes, which says nothing of them."""

labels = Table(
    "labels",
    metadata,
    Column("number", Integer, primary_key=True),
    _of_project(),
    _of_image(),
    Column("tag_id", Text),
    Column("created_us", BigInteger),
    *_eras(),
)
"""Tags of images; also those that an image has through its regions."""

regions = Table(
    "regions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text),
    _of_project(),
    _of_image(),
    Column("tag_id", Text),
    Column("left", Float),
    Column("top", Float),
    Column("width", Float),
    Column("height", Float),
    Column("created_us", BigInteger),
    *_eras(),
)

image_metadata = Table(
    "image_metadata",
    metadata,
    Column("image", Integer, ForeignKey("images.number", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    _of_project(),
    Column("value", Text),
)
"""Not frozen: it goes with the pixels."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("iteration_id", Text, primary_key=True),
    _of_project(),
    Column("era", BigInteger),
)
"""Which era an iteration was trained on; an iteration without a row here is not known to reads of tags and images."""

publications = Table(
    "publications",
    metadata,
    _of_project(),
    Column("name", Text),
    Column("iteration_id", Text),
    Column("resource_id", Text),
    Column("published_us", BigInteger),
)
"""Iterations that answer predictions, by name; `publishing` writes them. A project with any cannot be deleted."""

doomed = Table(
    "doomed",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("project_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
)
"""Objects that are to go, whatever happens (`erasing`); a row of kind `PROJECT` stands for a whole project."""


def is_present(table: Table) -> ColumnElement[bool]:
    """Whether rows are in the workspace; `NEVER` stands in the statement, as the indices on present rows want it."""
    return table.c.until == literal_column(str(NEVER))


def to_us(utc: datetime) -> int:
    """Microseconds since 1970."""
    return (utc - EPOCH) // _MICROSECOND


def from_us(us: int) -> datetime:
    """The time again."""
    return EPOCH + us * _MICROSECOND
