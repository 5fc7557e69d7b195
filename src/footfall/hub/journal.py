"""Group commit: what many connections want kept goes to the disk together, and they hear of it together.

While one batch is being written, the next one gathers: the more is asked of the hub, the larger the batches.
"""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from logging import getLogger

from footfall.hub.log import EventLog
from footfall.hub.messages import StorageFailed
from footfall.hub.store import Change, Store

log = getLogger(__name__)


@dataclass(slots=True)
class _Batch:
    done: asyncio.Future[None]
    lines: list[bytes] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    size: int = 0
    """Bytes, about."""


class Journal:
    """For one asyncio loop; a thread of its own writes."""

    def __init__(self, store: Store, events: EventLog) -> None:
        self._store = store
        self._events = events
        self._batch = self._present = _empty()
        self._wake = asyncio.Event()
        self._is_failing = False
        self.written = asyncio.Event()
        """Set when the event log has grown; a new one takes its place then."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def waiting_bytes(self) -> int:
        """Size of the batch that gathers."""
        return self._batch.size

    def log(self, line: bytes) -> None:
        """Append a line to the event log."""
        self._batch.lines.append(line)
        self._batch.size += len(line)
        self._wake.set()

    def change(self, *changes: Change) -> None:
        """Make changes in the store, in one transaction with all others of the batch."""
        self._batch.changes += changes
        self._batch.size += sum(len(v) if isinstance(v, str | bytes) else 8 for c in changes for v in c.values)
        self._wake.set()

    def settled(self) -> asyncio.Future[None]:
        """Done when all that was asked until now is on the disk, in the order in which it was asked.

        It holds a `StorageFailed` where the disk is full or broken. For callbacks: others wait for it too.
        """
        if self._task.done():
            _refuse(self._batch, "it has stopped")
        self._wake.set()
        return self._batch.done

    async def sync(self) -> None:
        """Wait until all that was asked until now is on the disk. Whoever waits may be cancelled.

        Raises:
            StorageFailed: the disk is full or broken.
        """
        await asyncio.shield(self.settled())

    async def close(self) -> None:
        """Write what is left, then stop; raises the mistake in the program that has stopped it before, if any."""
        await asyncio.wait([self.settled()])
        self._announce()
        self._task.cancel()
        await asyncio.wait([self._task])
        if not self._task.cancelled():
            self._task.result()

    async def stopped(self) -> None:
        """Wait until it stops, which it should not."""
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            with ThreadPoolExecutor(1, "hub journal") as writer:
                while True:
                    await self._wake.wait()
                    self._wake.clear()
                    self._present, self._batch = self._batch, _empty()
                    await self._keep(self._present, writer)
        finally:
            for batch in (self._present, self._batch):
                _refuse(batch, "it has stopped")

    async def _keep(self, batch: _Batch, writer: ThreadPoolExecutor) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(writer, self._write, batch)
        except (OSError, sqlite3.Error) as error:
            if not self._is_failing:
                log.warning("the hub cannot write (%s): nothing is confirmed until it can", error)
            self._is_failing = True
            _refuse(batch, str(error))
        else:
            self._is_failing = False
            batch.done.set_result(None)
            if batch.lines:
                self._announce()

    def _announce(self) -> None:
        self.written.set()
        self.written = asyncio.Event()

    def _write(self, batch: _Batch) -> None:
        if batch.changes:
            self._store.write(batch.changes)
        if batch.lines:
            self._events.append(batch.lines)


def _refuse(batch: _Batch, why: str) -> None:
    if not batch.done.done():
        batch.done.set_exception(StorageFailed(f"the hub cannot write: {why}"))
        batch.done.exception()  # nobody has to wait for it


def _empty() -> _Batch:
    return _Batch(asyncio.get_running_loop().create_future())
