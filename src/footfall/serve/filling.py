"""What fills the store from its outbox, and what it last said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine

from footfall.core.errors import SinkError
from footfall.core.types import Message
from footfall.store.sink import StoreSink


class Filling:
    """A sink; events may be left out, numbers never.

    Args:
        engine: the store; closed with the sink.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._whole = StoreSink(engine)
        self._numbers = StoreSink(engine, aggregate_only=True)
        self._sink = self._whole
        self.trouble = ""
        """Why the store does not take anything; empty while it does."""
        self.oldest: datetime | None = None
        """When that was which the store has not taken; None: it takes everything."""

    def keep_events(self, *, wanted: bool) -> None:
        """Whether events are kept from now on."""
        self._sink = self._whole if wanted else self._numbers

    def send(self, messages: Sequence[Message]) -> None:
        """Store messages.

        Raises:
            SinkUnavailable: the store is away; they are kept in the outbox.
            SinkRejected: one will never be taken.
        """
        try:
            self._sink.send(messages)
        except SinkError as error:
            self.trouble = str(error)
            self.oldest = messages[0].utc if messages else self.oldest
            self._engine.dispose()  # a file that went away and came back is opened anew
            raise
        self.trouble, self.oldest = "", None

    def close(self) -> None:
        """Let go of the store; safe to call twice."""
        self._whole.close()
