"""From the outbox to the receiver: oldest first, kept until taken."""

from __future__ import annotations

from dataclasses import dataclass
from logging import getLogger

from footfall.core.errors import SinkRejected, SinkUnavailable
from footfall.core.ports import Sink
from footfall.core.retry import backoff_s
from footfall.sinks.outbox import Outbox, Stored

logger = getLogger(__name__)

MAX_BACKOFF_S = 5.0


@dataclass(frozen=True, slots=True)
class DrainResult:
    """What one turn did."""

    delivered: int = 0
    rejected: int = 0
    unavailable: SinkUnavailable | None = None
    """Why the turn ended early; the messages are kept."""


class Forwarder:
    """Moves messages from an outbox to a sink, one turn at a time; the caller's loop sleeps between turns."""

    def __init__(self, outbox: Outbox, sink: Sink, name: str) -> None:
        """`name` is what logs call the sink: the redacted address."""
        self._outbox = outbox
        self._sink = sink
        self._name = name
        self._failures = 0
        self._trouble: SinkUnavailable | None = None
        self._is_rejecting = False

    def drain_once(self, limit: int = 100) -> DrainResult:
        """Deliver up to `limit` of the oldest messages; with none waiting, keep the connection alive.

        A message that the receiver will never take is put aside and counted. When nobody answers, the rest stays.
        """
        delivered = rejected = 0
        try:
            batch = self._outbox.peek(limit)
            while True:
                taken, refusal = self._send(batch)
                delivered += taken
                self._note_refusal(refusal)
                if refusal is None:
                    break
                rejected += 1
                batch = batch[taken + 1 :]
                if not batch:
                    break
        except SinkUnavailable as error:
            self._note_trouble(error)
            return DrainResult(delivered + error.delivered, rejected, error)
        self._note_success()
        self._is_rejecting = self._is_rejecting and (rejected > 0 or delivered == 0)
        return DrainResult(delivered, rejected)

    def wait_s(self, random_0_1: float) -> float:
        """Seconds to sleep before the next turn: 0 unless the last one found nobody."""
        if self._trouble is None:
            return 0.0
        return max(backoff_s(self._failures, random_0_1, MAX_BACKOFF_S), self._trouble.retry_after_s)

    def _send(self, batch: list[Stored]) -> tuple[int, SinkRejected | None]:
        """Offer a batch; how many were taken, and the refusal of the next one if there was one."""
        try:
            self._sink.send([item.message for item in batch])
        except SinkUnavailable as error:
            self._outbox.remove(batch[: error.delivered])
            raise
        except SinkRejected as error:
            self._outbox.remove(batch[: error.delivered])
            self._outbox.reject(batch[error.delivered], str(error))
            return error.delivered, error
        if batch:
            self._outbox.remove(batch)
        return len(batch), None

    def _note_trouble(self, error: SinkUnavailable) -> None:
        if self._trouble is None or self._trouble.reason != error.reason:
            logger.warning("sink %s is away (%s); events are kept", self._name, error)
        self._trouble = error
        self._failures = 1 if error.delivered else self._failures + 1

    def _note_success(self) -> None:
        if self._trouble is not None:
            logger.warning("sink %s is back", self._name)
        self._trouble = None
        self._failures = 0

    def _note_refusal(self, refusal: SinkRejected | None) -> None:
        if refusal is not None and not self._is_rejecting:
            logger.warning("sink %s refuses events for good (%s); they are put aside", self._name, refusal)
            self._is_rejecting = True
