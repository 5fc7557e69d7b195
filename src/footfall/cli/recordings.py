"""Recorded tracks as a report reads them: line by line, camera by camera, on one clock."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

from footfall.cli.bars import progress_bar
from footfall.core.errors import ConfigError, Problem
from footfall.core.types import Observed
from footfall.events.tracks import read_tracks

TELL_EVERY = 500
"""Lines between two updates of the progress bar."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One file; its frames can be read once."""

    path: str
    source: str
    """What the file calls its camera, else its own name."""
    frames: Iterator[Observed]


class Reading:
    """How much of all files has been read, as a bar on standard error."""

    def __init__(self, paths: Sequence[str]) -> None:
        known = [Path(path).stat().st_size for path in paths if Path(path).is_file()]
        self._bar = progress_bar()
        self._task = self._bar.add_task("reading", total=sum(known) if len(known) == len(paths) else None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def advance(self, count: int) -> None:
        """So many more bytes."""
        self._bar.advance(self._task, count)

    def say(self, words: str) -> None:
        """What is being done now."""
        self._bar.update(self._task, description=words)


def open_recording(path: str, size_px: tuple[int, int] | None, advance: Callable[[int], None]) -> Recording:
    """The first frame is read at once, the rest as it is asked for.

    Raises:
        ConfigError: the file cannot be read, or holds no frame; later: a line is none.
    """
    frames = read_tracks(lines_of(path, advance), file=path, size_px=size_px)
    first = next(frames, None)
    if first is None:
        cure = "record some with `footfall run VIDEO --tracks FILE`"
        raise ConfigError([Problem(path, "$", "no recorded frames", cure)])
    return Recording(path, first.source_id or (Path(path).stem if path != "-" else "camera"), chain([first], frames))


def lines_of(path: str, advance: Callable[[int], None] = lambda _: None) -> Iterator[bytes]:
    """The lines of a file, one after the other; `-` is standard input.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        with sys.stdin.buffer if path == "-" else Path(path).open("rb") as file:
            unsaid = 0
            for number, line in enumerate(file):
                yield line
                unsaid += len(line)
                if number % TELL_EVERY == 0:
                    advance(unsaid)
                    unsaid = 0
    except OSError as error:
        problem = Problem(path, "$", error.strerror or str(error), "check the path and its permissions")
        raise ConfigError([problem]) from error


def by_camera(recordings: Sequence[Recording], *, is_one: bool) -> dict[str, list[Recording]]:
    """Camera -> its recordings in the order given; `is_one`: all are of the first one's camera."""
    cameras: dict[str, list[Recording]] = {}
    for recording in recordings:
        cameras.setdefault(recordings[0].source if is_one else recording.source, []).append(recording)
    return cameras


class Clock:
    """Puts recordings that follow each other on one time line.

    A recording whose time goes on where the last one ended keeps its own clock, any other begins at that end, or
    where `starts` puts it.

    Args:
        starts: where the recordings begin, in seconds: none, the first only, or all of them.
    """

    def __init__(self, starts: Sequence[float]) -> None:
        self._starts = list(starts)
        self._number = 0
        self._offset_s = self._end_s = starts[0] if starts else 0.0

    def begin(self, first_s: float) -> float:
        """A recording begins whose first frame bears the time `first_s`: what leads from its times to ours."""
        number, self._number = self._number, self._number + 1
        if number == 0 or first_s + self._offset_s < self._end_s:
            self._offset_s = self._end_s
        if number < len(self._starts):
            self._offset_s = self._starts[number]
        return self._offset_s

    def see(self, t_s: float) -> float:
        """A frame of it bears the time `t_s`: what our clock says then."""
        self._end_s = t_s + self._offset_s
        return self._end_s
