"""The sink behind an outbox that fills the store."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from sqlalchemy import Engine, exc

from footfall.core.errors import ConfigError, SinkRejected
from footfall.core.types import Message
from footfall.store.faults import StoreUnavailable
from footfall.store.prepare import prepare
from footfall.store.records import Batch
from footfall.store.wire import read_message
from footfall.store.write import append

_REFUSED = (ValueError, exc.DataError, exc.IntegrityError)


class StoreSink:
    """Takes events, facts and presence (`store.wire`). For one thread.

    Args:
        engine: of `store.database.connect`; tables are made when the first message comes, if need be.
        aggregate_only: events are not kept, so no id of a person ever is.
    """

    def __init__(self, engine: Engine, *, aggregate_only: bool = False) -> None:
        self._engine = engine
        self._aggregate_only = aggregate_only
        self._is_prepared = False

    def send(self, messages: Sequence[Message]) -> None:
        """Store all that the messages tell, in one transaction; a second time changes nothing.

        Raises:
            SinkUnavailable: the database is away, locked or full; nothing was stored.
            SinkRejected: a message is malformed, or the database will never take it; those before it were stored.
        """
        batches: list[Batch] = []
        for message in messages:
            try:
                batches.append(self._told(message))
            except ValueError as error:
                self._store(batches)
                raise SinkRejected("malformed", str(error), delivered=len(batches)) from error
        self._store(batches)

    def close(self) -> None:
        """Let go of the database; safe to call twice."""
        self._engine.dispose()

    def _told(self, message: Message) -> Batch:
        batch = read_message(message)
        return Batch((), batch.facts, batch.presence) if self._aggregate_only else batch

    def _store(self, batches: Sequence[Batch]) -> None:
        if not batches:
            return
        try:
            self._prepare()
            append(self._engine, _whole(batches))
        except _REFUSED:
            self._one_by_one(batches)
        except StoreUnavailable:
            self._is_prepared = False
            raise

    def _prepare(self) -> None:
        """Whatever was there at the start, what is there now may be another database, or none."""
        if self._is_prepared:
            return
        try:
            prepare(self._engine, "store")
        except ConfigError as error:
            raise StoreUnavailable("storage", str(error)) from error
        self._is_prepared = True

    def _one_by_one(self, batches: Sequence[Batch]) -> None:
        """Find the one that the database does not take."""
        for delivered, batch in enumerate(batches):
            try:
                append(self._engine, batch)
            except _REFUSED as error:
                what = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
                raise SinkRejected("refused", what, delivered=delivered) from error
            except StoreUnavailable as error:
                error.delivered = delivered
                raise


def _whole(batches: Sequence[Batch]) -> Batch:
    return Batch(
        tuple(chain.from_iterable(batch.events for batch in batches)),
        tuple(chain.from_iterable(batch.facts for batch in batches)),
        tuple(chain.from_iterable(batch.presence for batch in batches)),
    )
