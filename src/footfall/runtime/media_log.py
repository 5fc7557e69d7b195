"""Log lines of the media module on standard output (spec/media-graph.md section 11).

`<6> 2026-01-05 10:00:00.000 +00:00 Application: The module is now running.`
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final, TextIO, TypeVar

log = logging.getLogger(__name__)
H = TypeVar("H", bound=logging.Handler)

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


def set_up_module_logging(
    level: str, categories: Collection[str], debug_folder: Path | None = None, stream: TextIO = sys.stdout
) -> None:
    """Send the log to standard output, from now on at this level and of these categories.

    Args:
        level: a key of `LEVELS`.
        categories: `Application`, `Events`, `MediaPipeline`.
        debug_folder: where everything about media is written down as well, in `media-pipeline.log`; None: nowhere.
        stream: instead of standard output.
    """
    root = logging.getLogger("footfall")
    old = root.handlers[:]
    root.handlers[:] = [_shown(logging.StreamHandler(stream), LEVELS[level], categories)]
    root.propagate = False
    root.setLevel(LEVELS[level])
    for handler in old:
        handler.close()
    if debug_folder is not None:
        _write_down(root, debug_folder)


def _write_down(root: logging.Logger, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(folder / DEBUG_LOG, maxBytes=DEBUG_BYTES, backupCount=DEBUG_FILES, encoding="utf-8")
    except OSError as error:
        log.warning("no debug log in %s: %s", folder, error.strerror)
        return
    root.addHandler(_shown(file, logging.DEBUG, {PIPELINE}))
    root.setLevel(logging.DEBUG)


def _shown(handler: H, level: int, categories: Collection[str]) -> H:
    handler.setLevel(level)
    handler.setFormatter(ModuleFormatter())
    handler.addFilter(lambda record: category(record.name) in categories)
    return handler


DEBUG_LOG: Final = "media-pipeline.log"
DEBUG_BYTES: Final = 10 * 2**20
DEBUG_FILES: Final = 3
