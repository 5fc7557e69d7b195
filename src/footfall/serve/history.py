"""Every version of the configuration: who made it of what, when and why. Nothing is overwritten; undoing adds one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Engine, Integer, MetaData, Row, Table, Text, delete, func, insert, select

from footfall.config.load import Kind, read
from footfall.core.errors import ConfigError
from footfall.store.database import reading, writing
from footfall.web.desk import Document, Unknown, Version

KEPT = 1000
"""So many versions, and the newest of each author; older ones go."""

_versions = Table(
    "configurations",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("text", Text, nullable=False),
    sqlite_autoincrement=True,
)


class History:
    """Versions in `own.sqlite`.

    Args:
        engine: the open database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, text: str, *, author: str, comment: str, at: datetime) -> Version:
        """Keep a further version.

        Args:
            text: without secrets.
            author: who.
            comment: why.
            at: when; UTC.
        """
        row = {"at": at.isoformat(), "author": author, "comment": comment, "text": text}
        with writing(self._engine) as connection:
            result = connection.execute(insert(_versions).values(row))
            assert result.inserted_primary_key is not None
            number = int(result.inserted_primary_key[0])
            newest = select(func.max(_versions.c.number)).group_by(_versions.c.author)
            is_old = (_versions.c.number <= number - KEPT) & _versions.c.number.not_in(newest)
            connection.execute(delete(_versions).where(is_old))
        return Version(number, at, author, comment, text, document_of(text))

    def latest(self, author: str | None = None) -> Version | None:
        """The newest version, of all or of one author; None before the first."""
        question = select(_versions).order_by(_versions.c.number.desc()).limit(1)
        if author is not None:
            question = question.where(_versions.c.author == author)
        with reading(self._engine) as connection:
            row = connection.execute(question).one_or_none()
        return None if row is None else _version(row)

    def latest_text(self, author: str) -> str | None:
        """The text of an author's newest version, not read; None before the first."""
        question = select(_versions.c.text).where(_versions.c.author == author)
        with reading(self._engine) as connection:
            return connection.execute(question.order_by(_versions.c.number.desc()).limit(1)).scalar_one_or_none()

    def get(self, number: int) -> Version:
        """One version.

        Raises:
            Unknown: it is not kept.
        """
        with reading(self._engine) as connection:
            row = connection.execute(select(_versions).where(_versions.c.number == number)).one_or_none()
        if row is None:
            raise Unknown(f"version {number} of the configuration is not kept")
        return _version(row)

    def newest(self, before: int | None, limit: int) -> Sequence[Version]:
        """Newest first, from the one before `before` on."""
        question = select(_versions).order_by(_versions.c.number.desc()).limit(limit)
        if before is not None:
            question = question.where(_versions.c.number < before)
        with reading(self._engine) as connection:
            return [_version(row) for row in connection.execute(question)]


def document_of(text: str) -> Document | None:
    """A footfall.yaml as data; None for other dialects."""
    try:
        parsed = read(text, file="configuration", lenient=True)
    except ConfigError:
        return None
    return dict(parsed.value) if parsed.kind is Kind.FOOTFALL and isinstance(parsed.value, dict) else None


def _version(row: Row[Any]) -> Version:
    return Version(row.number, datetime.fromisoformat(row.at), row.author, row.comment, row.text, document_of(row.text))
