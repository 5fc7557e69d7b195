"""Everything that the store holds."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
)

revision = "store_1"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make it."""
    op.create_table(
        "series",
        Column("id", Integer, primary_key=True),
        Column("camera", Text, nullable=False),
        Column("region", Text, nullable=False),
        Column("what", Text, nullable=False),
        UniqueConstraint("camera", "region", "what"),
    )
    _rows()
    for name in ("minute", "hour"):
        op.create_table(
            name, *_key("begin"), *_estimate(NUMBER), *_doubles("dwell_s", "dwell_s2"), sqlite_with_rowid=False
        )
        bins = (
            Column("bin", SmallInteger, primary_key=True, autoincrement=False),
            Column("visits", NUMBER, nullable=False),
        )
        op.create_table(f"dwell_{name}", *_key("begin"), *bins, sqlite_with_rowid=False)
    counts = (Column(name, Integer, nullable=False) for name in ("peak", "low", "high"))
    op.create_table("presence", *_key("minute"), *_doubles("mean"), *counts, sqlite_with_rowid=False)


def downgrade() -> None:
    """Take it back."""
    for name in ("tracks", "presence", "dwell_hour", "hour", "dwell_minute", "minute", "facts", "events", "series"):
        op.drop_table(name)


def _rows() -> None:
    """Tables with one row for each thing that came in."""
    op.create_table(
        "events",
        Column("number", NUMBER, primary_key=True, autoincrement=True),
        Column("id", Text, nullable=False, unique=True),
        _series(),
        Column("utc_us", NUMBER, nullable=False),
        Column("track_id", Text, nullable=False),
        Column("body", LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("events_by_series", "events", ["series", "utc_us", "number"])
    op.create_index("events_by_time", "events", ["utc_us", "number"])
    op.create_table(
        "facts",
        Column("number", NUMBER, primary_key=True, autoincrement=True),
        Column("id", LargeBinary, nullable=False, unique=True),
        _series(),
        Column("utc_us", NUMBER, nullable=False),
        *_estimate(Integer()),
        Column("dwell_s", Double),
    )
    op.create_index("facts_by_time", "facts", ["utc_us"])
    op.create_table(
        "tracks",
        Column("number", NUMBER, primary_key=True, autoincrement=True),
        _series(),
        Column("begin_us", NUMBER, nullable=False),
        Column("end_us", NUMBER, nullable=False),
        Column("body", LargeBinary, nullable=False),
        UniqueConstraint("series", "begin_us"),
    )
    op.create_index("tracks_by_end", "tracks", ["end_us"])


def _series() -> Column[int]:
    return Column("series", Integer, ForeignKey("series.id"), nullable=False)


def _key(time: str) -> tuple[Column[int], Column[int]]:
    return (
        Column("series", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
        Column(time, Integer, primary_key=True, autoincrement=False),
    )


def _estimate(told: BigInteger | Integer) -> tuple[Column[int] | Column[float], ...]:
    return Column("told", told, nullable=False), *_doubles("extra", "extra_variance", "missed", "missed_variance")


def _doubles(*names: str) -> tuple[Column[float], ...]:
    return tuple(Column(name, Double, nullable=False) for name in names)
