"""Tables of what trainings make, for statements; `migrations/vision/versions/0002_iterations.py` makes them.

Times are microseconds of UTC. What people see in pictures is not here: of stored predictions only ids and numbers.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, ColumnElement, Double, Integer, MetaData, Table, Text, literal_column

metadata: Final = MetaData()

iterations: Final = Table(
    "iterations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project_id", Text),
    Column("name", Text),
    Column("status", Text),
    Column("created_us", Integer),
    Column("modified_us", Integer),
    Column("trained_us", Integer),
    Column("domain_id", Text),
    Column("kind", Text),
    Column("training_type", Text),
    Column("budget_hours", Integer),
    Column("training_minutes", Integer),
    Column("base_project_id", Text),
    Column("base_iteration_id", Text),
    Column("error", Text),
    Column("recipe", Text),
    Column("tags", Text),
    Column("attempts", Integer),
    Column("started_us", Integer),
    Column("share", Double),
    Column("words", Text),
)
"""`kind` as in a lesson; `recipe` is what was asked for beside the workspace, in JSON; `tags` are JSON, in the order of
the model's outputs; `started_us` is null while others are before it."""

exports: Final = Table(
    "exports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("iteration_id", Text),
    Column("platform", Text),
    Column("flavor", Text),
    Column("status", Text),
    Column("created_us", Integer),
)
"""`flavor` is empty where none was asked for."""

predictions: Final = Table(
    "predictions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text),
    Column("project_id", Text),
    Column("iteration_id", Text),
    Column("domain_id", Text),
    Column("created_us", Integer),
    Column("expires_us", Integer),
    Column("application", Text),
    Column("uncertainty", Double),
    sqlite_autoincrement=True,
)
"""`number` grows and is never given twice. Picture and answer are in the object of the same id."""

prediction_tags: Final = Table(
    "prediction_tags",
    metadata,
    Column("prediction", Integer, primary_key=True, autoincrement=False),
    Column("tag_id", Text, primary_key=True),
    Column("probability", Double),
)
"""The highest probability of each tag, to search by."""

seen: Final = Table("seen", metadata, Column("utc_us", Integer))
"""One row at most: the time when somebody last looked for what has expired."""


def came(table: Table) -> ColumnElement[int]:
    """Rows of a table in the order in which they came, to sort by."""
    return literal_column(f"{table.name}.rowid", Integer)
