"""Log lines of the media module on standard output (spec/media-graph.md section 11).

`<6> 2026-01-05 10:00:00.000 +00:00 Application: The module is now running.`
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final, TextIO

APPLICATION: Final = "Application"
EVENTS: Final = "Events"
PIPELINE: Final = "MediaPipeline"
EVENT_LOG: Final = "footfall.events.sent"
"""Name of the logger of events as they go out."""
LEVELS: Final = {
    "Verbose": logging.DEBUG,
    "Information": logging.INFO,
    "Warning": logging.WARNING,
    "Error": logging.ERROR,
    "None": logging.CRITICAL + 1,
}
_SYSLOG: Final = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
_OF_THE_MODULE: Final = ("footfall.mediagraph", "footfall.runtime", "footfall.edge", "footfall.sinks")


class ModuleFormatter(logging.Formatter):
    """Syslog level, time in UTC, category, text."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, but for tracebacks."""
        utc = datetime.fromtimestamp(record.created, UTC)
        when = f"{utc:%Y-%m-%d %H:%M:%S}.{utc.microsecond // 1000:03d} +00:00"
        text = record.getMessage()
        if record.exc_info:
            text = f"{text}\n{self.formatException(record.exc_info)}"
        return f"<{_SYSLOG.get(record.levelno, 6)}> {when} {category(record.name)}: {text}"


def category(logger: str) -> str:
    """What kind of line a logger writes."""
    if logger == EVENT_LOG:
        return EVENTS
    return APPLICATION if logger.startswith(_OF_THE_MODULE) else PIPELINE


def set_up_module_logging(level: str, categories: Collection[str], stream: TextIO = sys.stdout) -> None:
    """Send the log to standard output, from now on at this level and of these categories.

    Args:
        level: a key of `LEVELS`.
        categories: `Application`, `Events`, `MediaPipeline`.
        stream: where to.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ModuleFormatter())
    handler.addFilter(lambda record: category(record.name) in categories)
    root = logging.getLogger("footfall")
    root.handlers[:] = [handler]
    root.propagate = False
    root.setLevel(LEVELS[level])
