"""Audits of accuracy in `own.sqlite`: which moments there were, which are looked at, and what people counted."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Column, Engine, Integer, LargeBinary, MetaData, Row, Table, Text, select

from footfall.spatial.audit.estimate import Answer, AuditReport, estimate
from footfall.spatial.audit.moments import Moment, Pair, sample
from footfall.store.database import reading, writing
from footfall.store.instants import from_us, in_us
from footfall.web.desk import Unknown

KEPT: Final = 50
"""Audits in a list."""

_accuracy = Table(
    "accuracy",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("camera", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("begin_us", BigInteger, nullable=False),
    Column("end_us", BigInteger, nullable=False),
    Column("drawn", LargeBinary, nullable=False),
    Column("answers", Text, nullable=False),
)


class Drawn(msgspec.Struct, frozen=True):
    """What was cut and how it was drawn."""

    moments: tuple[Moment, ...]
    size: int
    seed: int
    words: dict[str, tuple[str, str]]
    """Region -> what its two ways are called."""


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit."""

    id: str
    camera: str
    author: str
    at: datetime
    begin: datetime
    end: datetime
    drawn: Drawn = field(repr=False)
    answers: Mapping[int, Pair] = field(default_factory=dict)
    """Number of a wanted moment -> what was counted."""

    def wanted(self) -> Sequence[Moment]:
        """Those that were drawn by lot, in the order in which to ask."""
        return sample(self.drawn.moments, self.drawn.size, self.drawn.seed)

    def report(self, wanted: Sequence[Moment]) -> AuditReport | None:
        """How right the counts are; None before the first answer."""
        given = [Answer(wanted[number], counted) for number, counted in sorted(self.answers.items())]
        return estimate(self.drawn.moments, given, self.drawn.seed) if given else None


class Audits:
    """All of a service.

    Args:
        engine: the database `own`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, audit: Audit) -> None:
        """Keep a new one."""
        row = {
            "id": audit.id,
            "camera": audit.camera,
            "author": audit.author,
            "at_us": in_us(audit.at),
            "begin_us": in_us(audit.begin),
            "end_us": in_us(audit.end),
            "drawn": zlib.compress(msgspec.json.encode(audit.drawn)),
            "answers": _text_of(audit.answers),
        }
        with writing(self._engine) as connection:
            connection.execute(_accuracy.insert().values(row))

    def all(self) -> list[Audit]:
        """Newest first."""
        asked = select(_accuracy).order_by(_accuracy.c.number.desc()).limit(KEPT)
        with reading(self._engine) as connection:
            return [_audit(row) for row in connection.execute(asked)]

    def get(self, audit_id: str) -> Audit:
        """One by its id.

        Raises:
            Unknown: there is none.
        """
        with reading(self._engine) as connection:
            row = connection.execute(select(_accuracy).where(_accuracy.c.id == audit_id)).one_or_none()
        if row is None:
            raise Unknown("there is no such audit")
        return _audit(row)

    def answer(self, audit_id: str, given: Mapping[int, Pair | None]) -> Audit:
        """Add answers; None takes one back.

        Raises:
            Unknown: there is no such audit.
        """
        with writing(self._engine) as connection:
            row = connection.execute(select(_accuracy).where(_accuracy.c.id == audit_id)).one_or_none()
            if row is None:
                raise Unknown("there is no such audit")
            before = _audit(row)
            answers = {number: pair for number, pair in {**before.answers, **given}.items() if pair is not None}
            change = _accuracy.update().where(_accuracy.c.id == audit_id).values(answers=_text_of(answers))
            connection.execute(change)
        return replace(before, answers=answers)


_DRAWN = msgspec.json.Decoder(Drawn)
_ANSWERS_IN = msgspec.json.Decoder(dict[int, tuple[int, int]])


def _text_of(answers: Mapping[int, Pair]) -> str:
    return msgspec.json.encode(dict(answers)).decode()


def _audit(row: Row[Any]) -> Audit:
    return Audit(
        row.id,
        row.camera,
        row.author,
        from_us(row.at_us),
        from_us(row.begin_us),
        from_us(row.end_us),
        _DRAWN.decode(zlib.decompress(row.drawn)),
        _ANSWERS_IN.decode(row.answers),
    )
