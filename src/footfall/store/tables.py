"""Tables of the store, for statements; `migrations/store/versions` makes them.

Times are whole numbers of UTC: microseconds (`utc_us`), minutes and hours since 1970, so that both databases agree.
Numbers are asked of `minute`, `hour` and their `dwell_` companions, never of `facts`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData()

NUMBER: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits in both."""


def _series(name: str = "series") -> Column[int]:
    return Column(name, Integer, ForeignKey("series.id"), nullable=False)


series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("camera", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("what", Text, nullable=False),
    UniqueConstraint("camera", "region", "what"),
)
"""What is told about: a measure, `presence`, `tracks` or the type of an event, of a region of a camera."""

events = Table(
    "events",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    _series(),
    Column("utc_us", NUMBER, nullable=False),
    Column("track_id", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("events_by_series", "series", "utc_us", "number"),
    Index("events_by_time", "utc_us", "number"),
    sqlite_autoincrement=True,
)
"""`number` grows in the order of arrival and is never given twice."""

facts = Table(
    "facts",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("id", LargeBinary, nullable=False, unique=True),
    _series(),
    Column("utc_us", NUMBER, nullable=False),
    Column("told", Integer, nullable=False),
    Column("extra", Double, nullable=False),
    Column("extra_variance", Double, nullable=False),
    Column("missed", Double, nullable=False),
    Column("missed_variance", Double, nullable=False),
    Column("dwell_s", Double),
    Index("facts_by_time", "utc_us"),
)


def _sums(name: str) -> Table:
    """Sums of facts over a stretch of time; `dwell_s2` of the squares of visits."""
    return Table(
        name,
        metadata,
        Column("series", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
        Column("begin", Integer, primary_key=True, autoincrement=False),
        Column("told", NUMBER, nullable=False),
        Column("extra", Double, nullable=False),
        Column("extra_variance", Double, nullable=False),
        Column("missed", Double, nullable=False),
        Column("missed_variance", Double, nullable=False),
        Column("dwell_s", Double, nullable=False),
        Column("dwell_s2", Double, nullable=False),
        sqlite_with_rowid=False,
    )


def _bins(name: str) -> Table:
    """How many visits were about how long; `bin` as in `dwell.bin_of`."""
    return Table(
        name,
        metadata,
        Column("series", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
        Column("begin", Integer, primary_key=True, autoincrement=False),
        Column("bin", SmallInteger, primary_key=True, autoincrement=False),
        Column("visits", NUMBER, nullable=False),
        sqlite_with_rowid=False,
    )


minute, hour = _sums("minute"), _sums("hour")
dwell_minute, dwell_hour = _bins("dwell_minute"), _bins("dwell_hour")

presence = Table(
    "presence",
    metadata,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("minute", Integer, primary_key=True, autoincrement=False),
    Column("mean", Double, nullable=False),
    Column("peak", Integer, nullable=False),
    Column("low", Integer, nullable=False),
    Column("high", Integer, nullable=False),
    sqlite_with_rowid=False,
)

tracks = Table(
    "tracks",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    _series(),
    Column("begin_us", NUMBER, nullable=False),
    Column("end_us", NUMBER, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("series", "begin_us"),
    Index("tracks_by_end", "end_us"),
)
"""`body` is zlib-compressed."""
