"""The log of a module: kept in files, asked for by the direct method `getRTCVLogs` (spec/container.md section 8.2)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from footfall.core.ports import Clock
from footfall.runtime.log_query import BadQuery, Found, LogQuery, read_query, search
from footfall.telemetry import JsonFormatter

log = logging.getLogger(__name__)

FILE_BYTES: Final = 10_000_000
FILES: Final = 10
"""As the deployments of old let Docker keep them, but for the number."""
HOUR_MS: Final = 3_600_000
BLOB_CONTAINER: Final = "rtcvlogs"


class LogFiles:
    """Log files of one module in a folder, oldest lines first."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "module.log"

    def handler(self) -> logging.Handler:
        """Writes them.

        Raises:
            OSError: the folder cannot be written.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(self._path, maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding="utf-8")
        handler.setFormatter(JsonFormatter())
        return handler

    def lines(self) -> Iterator[bytes]:
        """All lines that are kept, with their line ends."""
        for number in reversed(range(FILES)):
            path = self._path if number == 0 else self._path.with_name(f"{self._path.name}.{number}")
            try:
                with path.open("rb") as file:
                    yield from file
            except FileNotFoundError:
                continue


@dataclass(frozen=True, slots=True)
class LogOwner:
    """Whose log it is."""

    name: str
    """Of the module; its container's name, too."""
    container: str
    """Its container's id."""


class ModuleLogs:
    """Answers `getRTCVLogs`.

    Args:
        owner: whose log it is.
        files: where its log is.
        target: folder that uploads go to.
        clock: time of day.
        later: runs an upload without keeping the caller waiting.
    """

    def __init__(
        self,
        owner: LogOwner,
        files: LogFiles,
        target: Path,
        clock: Clock,
        later: Callable[[Callable[[], None]], object],
    ) -> None:
        self._name = owner.name
        self._container = owner.container
        self._files = files
        self._target = target
        self._clock = clock
        self._later = later
        self._start_ms = self._now_ms()

    def answer(self, payload: object) -> tuple[int, object]:
        """Status and payload for the payload of a request."""
        try:
            query = read_query(payload)
        except BadQuery as error:
            return 400, {"error": str(error)}
        if query.container is None:
            about = {"Id": self._container, "Name": self._name, "Image": "footfall", "State": "running"}
            return 200, {"Containers": [about]}
        if query.container not in {self._container, self._name}:
            return 404, {"error": f"there is no container {query.container}; ask without ContainerId for all"}
        now_ms = self._now_ms()
        exact = self._exact(query, now_ms)
        if not query.does_post:
            return 200, self._report(query, exact, search(self._files.lines(), exact))
        self._later(lambda: self._upload(exact, now_ms))
        return 200, self._report(query, exact, Found())

    def _exact(self, query: LogQuery, now_ms: int) -> LogQuery:
        """The query without open ends: both open mean the last hour."""
        end_ms = now_ms if query.end_ms == -1 else query.end_ms
        start_ms = query.start_ms
        if start_ms == -1:
            start_ms = end_ms - HOUR_MS if query.end_ms == -1 else self._start_ms
        return replace(query, start_ms=start_ms, end_ms=end_ms)

    def _report(self, asked: LogQuery, exact: LogQuery, found: Found) -> dict[str, object]:
        """Misspelt names are those of old."""
        metas = {
            "TimeStamp": self._clock.now().isoformat(timespec="milliseconds"),
            "ContainerId": self._container,
            "FetchCounter": found.fetched.lines,
            "FetchSizeInByte": found.fetched.size,
            "MatchCounter": found.matched.lines,
            "MatchSizeInByte": found.matched.size,
            "FilterCount": found.filtered.lines,
            "FilterSizeInByte": found.filtered.size,
            "FetchLogsDurationInMiliSec": found.fetch_ms,
            "PaseLogsDurationInMiliSec": found.parse_ms,
            "PostLogsDurationInMiliSec": 0,
        }
        return {
            "DoPost": asked.does_post,
            "TimeFilter": [asked.start_ms, exact.end_ms],
            "ValueFilters": {key: list(values) for key, values in asked.filters.items()},
            "Metas": metas,
        }

    def _upload(self, query: LogQuery, now_ms: int) -> None:
        found = search(self._files.lines(), query)
        path = self._target / BLOB_CONTAINER / self._name / f"{query.start_ms}-{query.end_ms}-{now_ms}.log"
        part = path.with_suffix(".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                for at in range(0, len(found.lines), query.throttle):
                    file.writelines(found.lines[at : at + query.throttle])
            part.rename(path)
        except OSError as error:
            log.warning("%s cannot be written (%s)", path, error.strerror)
        else:
            log.info("%d lines of the log were written to %s", found.filtered.lines, path)

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)
