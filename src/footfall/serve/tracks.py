"""Recorded people, where somebody wants that: gathered in pieces of ten seconds, written beside the cameras."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from footfall.core.types import Observed
from footfall.engine.worker import Mailbox, Policy, StopSignal, Worker
from footfall.events.tracks import format_frame
from footfall.store import tracks
from footfall.store.faults import StoreUnavailable
from footfall.store.records import TracksRecord

log = logging.getLogger(__name__)

PIECE_S = 10.0
APART_S = 0.5
"""Recorded people are dated as exactly as this."""
AGAIN_S = 2.0
WAITING = 200
"""Pieces in memory while the store is away; older ones are lost: tracks are for looking back, not for counting."""


class TrackPieces:
    """One camera's people, piece by piece.

    Args:
        camera: its name.
        keep: takes a piece that is done.
    """

    def __init__(self, camera: str, keep: Callable[[TracksRecord], None]) -> None:
        self._camera = camera
        self._keep = keep
        self._lines: list[bytes] = []
        self._begin: Observed | None = None
        self._end: datetime | None = None

    def add(self, observed: Observed) -> None:
        """Take one frame."""
        begin = self._begin
        if begin is None or not _belongs(observed, begin):
            self.end()
            begin = self._begin = observed
        line = replace(observed, t_s=observed.t_s - begin.t_s)
        self._lines.append(format_frame(line, is_first=not self._lines))
        self._end = observed.utc

    def end(self) -> None:
        """Nothing more belongs to this piece."""
        if self._begin is not None and self._end is not None:
            begin, end = self._begin.utc, max(self._begin.utc, self._end)
            self._keep(TracksRecord(self._camera, begin, end, b"".join(self._lines)))
        self._begin, self._end, self._lines = None, None, []


def _belongs(observed: Observed, begin: Observed) -> bool:
    """Whether a frame goes on with the piece that another one began: of the same shape, and the two clocks agree.

    Where they part, as when a camera sends its first seconds all at once, a new piece begins with a date of its own.
    """
    stream_s = observed.t_s - begin.t_s
    apart_s = (observed.utc - begin.utc).total_seconds() - stream_s
    return 0.0 <= stream_s < PIECE_S and abs(apart_s) <= APART_S and observed.size_px == begin.size_px


class TrackWriter:
    """Writes pieces into the store, in a thread of its own.

    Args:
        engine: the store.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._mailbox: Mailbox[TracksRecord] = Mailbox(WAITING, Policy.DROP_OLDEST)
        self._worker = Worker("tracks", self._run)
        self._stop = StopSignal()

    def start(self) -> None:
        """Begin."""
        self._worker.start()

    def keep(self, record: TracksRecord) -> None:
        """Write a piece soon."""
        self._mailbox.put(record)

    def close(self, patience_s: float) -> None:
        """Write what is there, and end."""
        self._stop.set()
        self._mailbox.close()
        self._worker.join(patience_s)

    def _run(self) -> None:
        is_away = False
        for record in self._mailbox:
            while (error := self._write(record)) is not None:
                if not is_away:
                    log.warning("recorded tracks wait in memory: %s", error)
                is_away = True
                if self._stop.wait(AGAIN_S):
                    break
            else:
                is_away = False

    def _write(self, record: TracksRecord) -> StoreUnavailable | None:
        try:
            tracks.append(self._engine, record)
        except StoreUnavailable as error:
            return error
        return None
