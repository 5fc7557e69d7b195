"""Counters, stage timers and logs. Only the shell calls this; pure code is measured from outside."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Final, TextIO


@dataclass
class Metrics:
    """Figures of one graph; safe to use from several threads."""

    counts: Counter[str] = field(default_factory=Counter)
    """`frames_in`, `frames_analysed`, `frames_dropped`, `events`, `reconnects`, `source_errors`."""
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Time spent per stage."""
    latencies_s: deque[float] = field(default_factory=lambda: deque(maxlen=4096))
    """Capture of a frame -> its events handed over, newest last."""
    people: int = 0
    lag_s: float = 0.0
    """Age of the newest analysed frame when its analysis ended."""
    clock_offset_s: float | None = None
    """How far the camera's clock is ahead of ours; None where it tells no time."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, name: str, by: int = 1) -> None:
        """Add to a counter."""
        with self._lock:
            self.counts[name] += by

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time spent inside to a stage."""
        start = perf_counter()
        try:
            yield
        finally:
            with self._lock:
                self.seconds[stage] += perf_counter() - start


class StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to what `sys.stderr` is at the moment: above a progress bar while there is one."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        self.stream = sys.stderr
        super().emit(record)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: UTC, LocalTime, LOGLEVEL, PID, CLASS, DATA (spec/container.md section 8.1)."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        data = record.getMessage()
        if record.exc_info:
            data = f"{data}\n{self.formatException(record.exc_info)}"
        utc = datetime.fromtimestamp(record.created, UTC)
        return json.dumps(
            {
                "UTC": utc.isoformat(timespec="milliseconds"),
                "LocalTime": utc.astimezone().isoformat(timespec="milliseconds"),
                "LOGLEVEL": record.levelname,
                "PID": record.process,
                "CLASS": record.name,
                "DATA": data,
            }
        )


LEVELS: Final = {
    "none": logging.CRITICAL + 1,
    "error": logging.ERROR,
    "warning": logging.WARNING,
    "info": logging.INFO,
    "verbose": logging.DEBUG,
}
"""From silent to talkative (spec/container.md section 8.1)."""


def set_up_logging(level: str, *, as_json: bool) -> None:
    """Send the log to stderr. `level` is one of none, verbose, info, warning, error."""
    handler = StderrHandler()
    plain = logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S")
    handler.setFormatter(JsonFormatter() if as_json else plain)
    root = logging.getLogger("footfall")
    root.handlers[:] = [handler]
    root.propagate = False
    set_level(level)


def set_level(level: str, name: str = "footfall") -> None:
    """How much a logger and those below it say; an unknown level is `info`."""
    logging.getLogger(name).setLevel(LEVELS.get(level, logging.INFO))
