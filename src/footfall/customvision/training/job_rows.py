"""Where trainings stand, in the table of iterations: what waits, what runs, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from footfall.core.ports import Clock
from footfall.customvision.training.iteration_rows import minutes
from footfall.customvision.training.iteration_tables import came, iterations
from footfall.customvision.wire.words import IterationStatus
from footfall.customvision.workspace.tables import from_us, to_us
from footfall.store.database import reading, writing


def next_waiting(engine: Engine) -> Row[Any] | None:
    """The training that is to be done next, the oldest first."""
    waiting = select(iterations).where(_trains)
    with reading(engine) as connection:
        return connection.execute(waiting.order_by(came(iterations)).limit(1)).one_or_none()


def begin(engine: Engine, clock: Clock, iteration_id: str) -> bool:
    """It is its turn: one attempt more. False: it was cancelled or deleted meanwhile."""
    values = {
        "attempts": iterations.c.attempts + 1,
        "started_us": to_us(clock.now()),
        "share": 0.0,
        "words": "starting",
    }
    with writing(engine) as connection:
        return _change(connection, iteration_id, values)


def hand_back(engine: Engine, iteration_id: str) -> None:
    """It was interrupted, and not by a fault of its own: the attempt does not count."""
    values = {"attempts": iterations.c.attempts - 1, "started_us": None, "share": 0.0, "words": "waiting"}
    with writing(engine) as connection:
        _change(connection, iteration_id, values)


def tell(engine: Engine, iteration_id: str, share: float, words: str) -> None:
    """How far it is."""
    with writing(engine) as connection:
        _change(connection, iteration_id, {"share": min(1.0, max(0.0, share)), "words": words})


def complete(connection: Connection, clock: Clock, row: Row[Any]) -> bool:
    """It has come to a good end; false: it was deleted meanwhile."""
    now = to_us(clock.now())
    values = {"status": IterationStatus.COMPLETED, "trained_us": now, "share": 1.0, "words": "done"}
    return _change(connection, row.id, values | _ended(connection, clock, row))


def fail(engine: Engine, clock: Clock, row: Row[Any], details: str) -> None:
    """It has come to a bad end."""
    values: dict[str, Any] = {"status": IterationStatus.FAILED, "error": details, "words": details}
    with writing(engine) as connection:
        _change(connection, row.id, values | _ended(connection, clock, row))


def cancel(engine: Engine, clock: Clock, project_id: str, iteration_id: str | None) -> None:
    """Nobody wants it, or those of a project, any more."""
    ours = iterations.c.project_id == project_id
    if iteration_id is not None:
        ours &= iterations.c.id == iteration_id
    values: dict[str, Any] = {"status": IterationStatus.FAILED, "error": _CANCELLED, "words": _CANCELLED}
    values["modified_us"] = to_us(clock.now())
    with writing(engine) as connection:
        connection.execute(update(iterations).where(ours, _trains).values(values))


def _ended(connection: Connection, clock: Clock, row: Row[Any]) -> dict[str, int]:
    now = clock.now()
    started_us = connection.execute(select(iterations.c.started_us).where(iterations.c.id == row.id)).scalar()
    begun = now if started_us is None else from_us(started_us)
    return {"modified_us": to_us(now), "training_minutes": minutes(begun, now)}


def _change(connection: Connection, iteration_id: str, values: Mapping[str, Any]) -> bool:
    """Only what still trains is changed."""
    return (
        connection.execute(update(iterations).where(iterations.c.id == iteration_id, _trains).values(values)).rowcount
        == 1
    )


_trains = iterations.c.status == IterationStatus.TRAINING
_CANCELLED = "cancelled"
